import { z } from 'zod'
import { editNoticeSettings, type NoticeSettings, showNoticeSettings } from '../../api/usecases/chat/notice-settings.ts'
import { type NoticeTopic, noticeTopics, type QuietHours } from '../../shared/domain/notices.ts'
import { EditNotices } from '../../shared/schemas/notices.ts'
import type { Locale } from '../../shared/views/common.ts'
import type { Bot } from '../bot.ts'
import { defineButton, linkedTurn, onPress } from '../buttons.ts'
import { ask, defineDialog, endDialog, noticeAsked } from '../dialogs.ts'
import { bold } from '../html.ts'
import { type Key, type Keys, pressKey } from '../keyboards.ts'
import { readSpan } from '../read-time.ts'
import { botText } from '../texts.ts'
import { answerPress, type LinkedTurn, type Screen, say, show } from '../turn.ts'

const openNotifyButton = defineButton('notify', z.strictObject({}))
const setTopicButton = defineButton('notify.topic', z.strictObject({ topic: z.enum(noticeTopics), on: z.boolean() }))
const openQuietButton = defineButton('notify.quiet', z.strictObject({}))
const setQuietButton = defineButton('notify.setQuiet', EditNotices.pick({ quiet: true }).required())
const askQuietButton = defineButton('notify.askQuiet', z.strictObject({}))
/** On a notice itself: no more of its kind. */
const lessButton = defineButton('notify.less', z.strictObject({ topic: z.enum(noticeTopics) }))

const offered: readonly QuietHours[] = [
  { from: '20:00', to: '08:00' },
  { from: '22:00', to: '08:00' },
  { from: '19:00', to: '09:00' },
  { from: '23:00', to: '07:00' },
]

function notifyScreen(turn: LinkedTurn, { topics, quiet }: NoticeSettings): Screen {
  const { t } = turn
  return {
    text: [bold(t('notify.title')), '', t('notify.about'), '', sayQuiet(turn, quiet)].join('\n'),
    keys: [
      ...noticeTopics.map((topic) => [
        pressKey(`${topics[topic] ? '✓ ' : ''}${t(`topic.${topic}`)}`, setTopicButton, { topic, on: !topics[topic] }),
      ]),
      [pressKey(t('key.quiet', { span: spanOf(turn, quiet) }), openQuietButton, {})],
    ],
  }
}

function sayQuiet({ t, session }: LinkedTurn, quiet: QuietHours | null): string {
  if (quiet === null) return t('notify.neverQuiet')
  return t('notify.quiet', { ...quiet, zone: session.organization.timeZone })
}

function spanOf({ t }: LinkedTurn, quiet: QuietHours | null): string {
  return quiet === null ? t('quiet.none') : t('quiet.span', quiet)
}

function quietScreen(turn: LinkedTurn, { quiet }: NoticeSettings): Screen {
  const { t } = turn
  const isChosen = ({ from, to }: QuietHours) => quiet?.from === from && quiet.to === to
  const keyOf = (hours: QuietHours): Key =>
    pressKey(`${isChosen(hours) ? '✓ ' : ''}${hours.from}–${hours.to}`, setQuietButton, { quiet: hours })
  const hours = quiet === null || offered.some(isChosen) ? offered : [quiet, ...offered]
  return {
    text: [bold(t('notify.quietTitle')), '', t('notify.quietAbout', { zone: turn.session.organization.timeZone })].join('\n'),
    keys: [
      hours.slice(0, -2).map(keyOf),
      hours.slice(-2).map(keyOf),
      [
        pressKey(t('key.otherQuiet'), askQuietButton, {}),
        pressKey(quiet === null ? `✓ ${t('key.neverQuiet')}` : t('key.neverQuiet'), setQuietButton, { quiet: null }),
      ],
      [pressKey(t('key.notify'), openNotifyButton, {})],
    ],
  }
}

/** Hours of one's own, written by hand. */
export const quietDialog = defineDialog('notify.quiet', z.strictObject({}), async (turn, _payload, text) => {
  const quiet = readSpan(text)
  if (quiet === null) return say(turn, { text: turn.t('notify.quietWrong'), keys: backToQuiet(turn) })
  await endDialog(turn)
  await say(turn, notifyScreen(turn, await editNoticeSettings(turn.session, { quiet })))
})

async function askQuiet(turn: LinkedTurn): Promise<void> {
  await ask(turn, quietDialog, {})
  noticeAsked(turn)
  await show(turn, { text: turn.t('notify.quietAsk'), keys: backToQuiet(turn) })
}

function backToQuiet(turn: LinkedTurn): Keys {
  return [[pressKey(turn.t('key.back'), openQuietButton, {})]]
}

/** On every notice: its reader turns its kind off where it disturbs him. */
export function lessKey(locale: Locale, topic: NoticeTopic): Key {
  return pressKey(botText(locale)('key.less'), lessButton, { topic })
}

export function registerNotify(bot: Bot): void {
  bot.command('notify', async (ctx) => {
    const turn = linkedTurn(ctx)
    await say(turn, notifyScreen(turn, await showNoticeSettings(turn.session)))
  })
  bot.action(
    openNotifyButton.filter,
    onPress(openNotifyButton, async (turn) => show(turn, notifyScreen(turn, await showNoticeSettings(turn.session)))),
  )
  bot.action(
    setTopicButton.filter,
    onPress(setTopicButton, async (turn, { topic, on }) => {
      const settings = await editNoticeSettings(turn.session, { topics: { [topic]: on } })
      answerPress(turn, turn.t(on ? 'notify.on' : 'notify.off', { topic: turn.t(`topic.${topic}`) }))
      await show(turn, notifyScreen(turn, settings))
    }),
  )
  bot.action(
    openQuietButton.filter,
    onPress(openQuietButton, async (turn) => show(turn, quietScreen(turn, await showNoticeSettings(turn.session)))),
  )
  bot.action(
    setQuietButton.filter,
    onPress(setQuietButton, async (turn, { quiet }) =>
      show(turn, notifyScreen(turn, await editNoticeSettings(turn.session, { quiet }))),
    ),
  )
  bot.action(askQuietButton.filter, onPress(askQuietButton, askQuiet))
  bot.action(
    lessButton.filter,
    onPress(lessButton, async (turn, { topic }) => {
      await editNoticeSettings(turn.session, { topics: { [topic]: false } })
      answerPress(turn, turn.t('notify.less', { topic: turn.t(`topic.${topic}`) }), true)
    }),
  )
}
