import {
  editSchedule,
  listSchedules,
  removeSchedule,
  runSchedule,
  type ScheduleCard,
  showSchedule,
} from '../../api/usecases/reports/schedules.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { isAble } from '../../shared/domain/permissions.ts'
import type { Bot } from '../bot.ts'
import { linkedTurn, onPress } from '../buttons.ts'
import { bold, line } from '../html.ts'
import { inRows, type Key, linkKey, pressKey } from '../keyboards.ts'
import {
  askRemovalButton,
  firstWhat,
  openSchedulesButton,
  removeScheduleButton,
  runScheduleButton,
  showScheduleButton,
  switchScheduleButton,
  whatScheduleButton,
  whenScheduleButton,
} from '../schedule-choice.ts'
import { sayLast, sayReaders, scheduleLines } from '../schedule-words.ts'
import { scheduleText } from '../texts.ts'
import { answerPress, type LinkedTurn, type Screen, say, show } from '../turn.ts'
import { registerNewSchedule } from './new-schedule.ts'

const listed = 8

/** The reader's own, also where he may see everybody's. @throws AppError forbidden */
export async function scheduleList(turn: LinkedTurn): Promise<Screen> {
  const { session, t } = turn
  if (!isAble(session.actor, 'report.make')) throw new AppError('forbidden')
  const own = (await listSchedules(session)).filter(({ schedule }) => schedule.employee.id === session.actor.id)
  const shown = own.slice(0, listed)
  const rows = shown.map((card, index) => `${index + 1}. ${scheduleLines(turn, card).join('\n')}`)
  const title = bold(scheduleText(turn.locale)('schedules.title'))
  const more = own.length > shown.length ? [t('schedule.more', { count: own.length - shown.length })] : []
  return {
    text: own.length === 0 ? `${title}\n\n${t('schedule.none')}` : [title, ...rows, ...more].join('\n\n'),
    keys: [
      ...inRows(
        shown.map(({ schedule }, index) => pressKey(`${index + 1}. ${schedule.name}`, showScheduleButton, { id: schedule.id })),
        1,
      ),
      [
        pressKey(t('key.newSchedule'), whatScheduleButton, firstWhat(session), 'primary'),
        ...(turn.appUrl === null ? [] : [linkKey(t('key.open'), `${turn.appUrl}/more/schedules`)]),
      ],
    ],
  }
}

export function scheduleScreen(turn: LinkedTurn, card: ScheduleCard): Screen {
  const { t } = turn
  const { id, version, isActive, rhythm, atTime: time } = card.schedule
  const words = scheduleText(turn.locale)
  const [name = '', when = ''] = scheduleLines(turn, card)
  const what = [
    words(`schedule.basis.${basisOf(card)}`),
    ...(basisOf(card) === 'snapshot' ? [] : [words(`period.${card.schedule.period}`)]),
  ]
  return {
    text: [name, what.join(' · '), when, sayReaders(turn, card), sayLast(turn, card)].join('\n'),
    keys: [
      [
        pressKey(t(isActive ? 'key.pause' : 'key.resumeSchedule'), switchScheduleButton, { id, version, active: !isActive }),
        pressKey(t('key.runSchedule'), runScheduleButton, { id }),
      ],
      [
        pressKey(t('key.changeWhen'), whenScheduleButton, { of: { id, version }, rhythm: plain(rhythm), time }),
        pressKey(t('key.removeSchedule'), askRemovalButton, { id, version }, 'danger'),
      ],
      [backKey(turn)],
    ],
  }
}

type PlainRhythm = { kind: 'daily' } | { kind: 'weekly'; weekdays: number[] } | { kind: 'monthly'; day: number }

function plain(rhythm: ScheduleCard['schedule']['rhythm']): PlainRhythm {
  return rhythm.kind === 'weekly' ? { ...rhythm, weekdays: [...rhythm.weekdays] } : rhythm
}

function basisOf({ schedule }: ScheduleCard): 'cohort' | 'snapshot' | 'flow' {
  const basis = schedule.query['basis']
  return basis === 'snapshot' || basis === 'flow' ? basis : 'cohort'
}

function backKey(turn: LinkedTurn): Key {
  return pressKey(turn.t('key.schedules'), openSchedulesButton, {})
}

async function askRemoval(turn: LinkedTurn, seen: { readonly id: number; readonly version: number }): Promise<void> {
  const { schedule } = await showSchedule(turn.session, seen)
  await show(turn, {
    text: `${bold(line(schedule.name, 150))}\n\n${scheduleText(turn.locale)('schedule.removeSure')}`,
    keys: [
      [
        pressKey(turn.t('key.removeNow'), removeScheduleButton, seen, 'danger'),
        pressKey(scheduleText(turn.locale)('schedule.keep'), showScheduleButton, { id: seen.id }),
      ],
    ],
  })
}

/** After a refusal: the schedule as it is now, the list where it is no more. */
export async function scheduleAsItIs(turn: LinkedTurn, id: number): Promise<Screen> {
  try {
    return scheduleScreen(turn, await showSchedule(turn.session, { id }))
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return scheduleList(turn)
    throw error
  }
}

export function registerSchedule(bot: Bot): void {
  bot.command('schedule', async (ctx) => say(linkedTurn(ctx), await scheduleList(linkedTurn(ctx))))
  bot.action(
    openSchedulesButton.filter,
    onPress(openSchedulesButton, async (turn) => show(turn, await scheduleList(turn))),
  )
  bot.action(
    showScheduleButton.filter,
    onPress(showScheduleButton, async (turn, { id }) => show(turn, await scheduleAsItIs(turn, id))),
  )
  bot.action(
    switchScheduleButton.filter,
    onPress(switchScheduleButton, async (turn, input) => {
      const card = await editSchedule(turn.session, input, turn.mailIsSetUp)
      answerPress(turn, turn.t(input.active ? 'schedule.resumed' : 'schedule.stopped'))
      await show(turn, scheduleScreen(turn, card))
    }),
  )
  bot.action(
    runScheduleButton.filter,
    onPress(runScheduleButton, async (turn, { id }) => {
      await runSchedule(turn.session, { id }, turn.mailIsSetUp)
      answerPress(turn, scheduleText(turn.locale)('schedule.running'))
      await show(turn, scheduleScreen(turn, await showSchedule(turn.session, { id })))
    }),
  )
  bot.action(askRemovalButton.filter, onPress(askRemovalButton, askRemoval))
  bot.action(
    removeScheduleButton.filter,
    onPress(removeScheduleButton, async (turn, seen) => {
      await removeSchedule(turn.session, seen)
      answerPress(turn, scheduleText(turn.locale)('schedule.removed'))
      await show(turn, await scheduleList(turn))
    }),
  )
  registerNewSchedule(bot)
}
