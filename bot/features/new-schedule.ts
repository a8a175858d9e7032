import { createSchedule, editSchedule } from '../../api/usecases/reports/schedules.ts'
import { listDealTypes } from '../../api/usecases/settings.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { isAble } from '../../shared/domain/permissions.ts'
import type { Bot } from '../bot.ts'
import { onPress } from '../buttons.ts'
import { ask, defineDialog, endDialog, noticeAsked } from '../dialogs.ts'
import { bold, line } from '../html.ts'
import { inRows, type Key, type Keys, pressKey } from '../keyboards.ts'
import { readTime } from '../read-time.ts'
import { bases, fitChoice, formats, scopesFor } from '../report-choice.ts'
import {
  askTimeButton,
  firstWhen,
  nameOf,
  offeredDays,
  offeredPeriods,
  offeredTimes,
  openSchedulesButton,
  type ScheduleWhat,
  ScheduleWhen,
  saveScheduleButton,
  scheduleInput,
  showScheduleButton,
  toggleWeekday,
  typesScheduleButton,
  whatScheduleButton,
  whenScheduleButton,
} from '../schedule-choice.ts'
import { sayWeekday, sayWhen } from '../schedule-words.ts'
import { scheduleText } from '../texts.ts'
import { answerPress, type LinkedTurn, type Screen, say, show } from '../turn.ts'
import { scheduleScreen } from './schedule.ts'

const mark = (on: boolean, label: string) => (on ? `✓ ${label}` : label)

/** First what it is about; everything in one message, in place. @throws AppError forbidden */
async function whatScreen(turn: LinkedTurn, wanted: ScheduleWhat): Promise<Screen> {
  const { session, t } = turn
  if (!isAble(session.actor, 'report.make')) throw new AppError('forbidden')
  const what = fitChoice(session, wanted)
  const words = scheduleText(turn.locale)
  const type = (await listDealTypes(session)).find(({ code }) => code === what.type)
  const option = (on: boolean, label: string, change: Partial<ScheduleWhat>): Key =>
    pressKey(mark(on, label), whatScheduleButton, { ...what, ...change })
  const allowed = scopesFor(session)
  // A period that only the app offers, or that the report began with, stays choosable.
  const periods = [...new Set([...offeredPeriods, what.period])]
  return {
    text: `${bold(words('schedules.new'))}\n\n${t('schedule.chooseWhat')}`,
    keys: [
      bases.map((basis) => option(what.basis === basis, t(`report.basis.${basis}`), { basis })),
      ...(what.basis === 'snapshot'
        ? []
        : inRows(
            periods.map((period) => option(what.period === period, words(`period.${period}`), { period })),
            2,
          )),
      [pressKey(t('report.type', { name: type?.names[turn.locale] ?? t('report.allTypes') }), typesScheduleButton, what)],
      allowed.length > 1 ? allowed.map((who) => option(what.who === who, t(`report.who.${who}`), { who })) : [],
      formats.map((format) => option(what.format === format, t(`report.format.${format}`), { format })),
      [
        pressKey(t('key.schedules'), openSchedulesButton, {}),
        pressKey(t('key.toWhen'), whenScheduleButton, { of: what, ...whenOf(firstWhen) }, 'primary'),
      ],
    ],
  }
}

async function typesScreen(turn: LinkedTurn, what: ScheduleWhat): Promise<Screen> {
  const types = (await listDealTypes(turn.session)).filter((type) => !type.archived)
  const keys = [
    pressKey(turn.t('report.allTypes'), whatScheduleButton, { ...what, type: null }),
    ...types.map(({ code, names }) => pressKey(names[turn.locale], whatScheduleButton, { ...what, type: code })),
  ]
  return { text: turn.t('report.chooseType'), keys: inRows(keys, 2) }
}

type Rhythm = ScheduleWhen['rhythm']

function whenOf({ rhythm, time }: typeof firstWhen): { rhythm: Rhythm; time: string } {
  return { rhythm: rhythm.kind === 'weekly' ? { ...rhythm, weekdays: [...rhythm.weekdays] } : rhythm, time }
}

/** Then when it comes. The same for one that is there. */
function whenScreen(turn: LinkedTurn, when: ScheduleWhen): Screen {
  const { t, locale, session } = turn
  const words = scheduleText(locale)
  const option = (on: boolean, label: string, change: Partial<ScheduleWhen>): Key =>
    pressKey(mark(on, label), whenScheduleButton, { ...when, ...change })
  const { rhythm, time, of } = when
  const isNew = 'basis' in of
  const times = [...new Set([...offeredTimes, time])].sort()
  const said = sayWhen({ rhythm, time, timeZone: session.organization.timeZone }, turn)
  return {
    text: [
      ...(isNew ? [`${bold(line(nameOf(session, of), 150))} · ${words(`format.${of.format}`)}`] : []),
      `${bold(line(said, 150))}\n`,
      t(rhythm.kind === 'monthly' ? 'schedule.chooseDay' : 'schedule.chooseWhen', { zone: session.organization.timeZone }),
    ].join('\n'),
    keys: [
      rhythmKinds.map((kind) => option(rhythm.kind === kind, words(`rhythm.${kind}`), { rhythm: rhythmOf(kind, rhythm) })),
      ...dayRows(when, locale, option),
      times.map((one) => option(one === time, one, { time: one })),
      [pressKey(t('key.otherTime'), askTimeButton, when)],
      [
        isNew ? pressKey(t('key.back'), whatScheduleButton, of) : pressKey(t('key.back'), showScheduleButton, { id: of.id }),
        pressKey(t(isNew ? 'key.createSchedule' : 'key.saveSchedule'), saveScheduleButton, when, 'primary'),
      ],
    ],
  }
}

const rhythmKinds = ['daily', 'weekly', 'monthly'] as const

function rhythmOf(kind: Rhythm['kind'], present: Rhythm): Rhythm {
  if (kind === present.kind) return present
  return kind === 'weekly' ? { kind, weekdays: [1] } : kind === 'monthly' ? { kind, day: 1 } : { kind }
}

function dayRows(
  { rhythm }: ScheduleWhen,
  locale: LinkedTurn['locale'],
  option: (on: boolean, label: string, change: Partial<ScheduleWhen>) => Key,
): Key[][] {
  switch (rhythm.kind) {
    case 'daily':
      return []
    case 'weekly': {
      const keys = [1, 2, 3, 4, 5, 6, 7].map((day) =>
        option(rhythm.weekdays.includes(day), sayWeekday(day, locale), {
          rhythm: { kind: 'weekly', weekdays: toggleWeekday(rhythm.weekdays, day) },
        }),
      )
      return [keys.slice(0, 4), keys.slice(4)]
    }
    case 'monthly': {
      const days = [...new Set([...offeredDays, rhythm.day])].sort((one, other) => one - other)
      return inRows(
        days.map((day) => option(rhythm.day === day, String(day), { rhythm: { kind: 'monthly', day } })),
        4,
      )
    }
  }
}

/** Any other time of day, written by hand. */
export const scheduleTimeDialog = defineDialog('schedule.time', ScheduleWhen, async (turn, when, text) => {
  const time = readTime(text)
  if (time === null) return say(turn, { text: turn.t('schedule.timeWrong'), keys: backToWhen(turn, when) })
  await endDialog(turn)
  await say(turn, whenScreen(turn, { ...when, time }))
})

async function askTime(turn: LinkedTurn, when: ScheduleWhen): Promise<void> {
  await ask(turn, scheduleTimeDialog, when)
  noticeAsked(turn)
  await show(turn, { text: turn.t('schedule.timeAsk'), keys: backToWhen(turn, when) })
}

/** Nothing of what was chosen is lost. */
function backToWhen(turn: LinkedTurn, when: ScheduleWhen): Keys {
  return [[pressKey(turn.t('key.back'), whenScheduleButton, when)]]
}

async function save(turn: LinkedTurn, { of, ...when }: ScheduleWhen): Promise<void> {
  const { session, mailIsSetUp } = turn
  const card =
    'basis' in of
      ? await createSchedule(session, scheduleInput(session, of, when), mailIsSetUp)
      : await editSchedule(session, { ...of, ...when }, mailIsSetUp)
  answerPress(turn, scheduleText(turn.locale)('schedule.saved'))
  await show(turn, scheduleScreen(turn, card))
}

export function registerNewSchedule(bot: Bot): void {
  bot.action(
    whatScheduleButton.filter,
    onPress(whatScheduleButton, async (turn, what) => show(turn, await whatScreen(turn, what))),
  )
  bot.action(
    typesScheduleButton.filter,
    onPress(typesScheduleButton, async (turn, what) => show(turn, await typesScreen(turn, what))),
  )
  bot.action(
    whenScheduleButton.filter,
    onPress(whenScheduleButton, (turn, when) => show(turn, whenScreen(turn, when))),
  )
  bot.action(askTimeButton.filter, onPress(askTimeButton, askTime))
  bot.action(saveScheduleButton.filter, onPress(saveScheduleButton, save))
}
