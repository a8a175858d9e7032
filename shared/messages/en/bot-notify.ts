import type { botNotifyRu } from '../ru/bot-notify.ts'
import { noticesEn } from './notices.ts'

/** Texts of the bot about what it tells people unasked. HTML, as in `bot.ts`. */
export const botNotifyEn = {
  ...noticesEn,
  'notify.title': 'Notices',
  'notify.about': 'I write to you here about everything marked ✓. Tap an item to turn it on or off.',
  'notify.neverQuiet': 'No quiet hours: I write at once.',
  'notify.quiet':
    'Quiet hours: {from} to {to} ({zone}). What happens in them comes at {to}. Answers to what you ask and the reports of your own schedules come at once.',
  'notify.quietTitle': 'Quiet hours',
  'notify.quietAbout': 'When should I not write? What happens then comes at the end of the quiet hours. Times: {zone}.',
  'notify.quietAsk': 'From when to when should I not write? Write it. For example: 21:30–7.',
  'notify.quietWrong': 'Two different times are needed, for example: 21:30–7.',
  'notify.on': 'I will write about: {topic}',
  'notify.off': 'I will not write about: {topic}',
  'notify.less': 'I will not write about: {topic}. To get it back: /notify',
  'key.quiet': 'Quiet hours: {span}',
  'key.otherQuiet': 'Other hours…',
  'key.neverQuiet': 'No quiet hours',
  'key.notify': '‹ To the notices',
  'key.less': 'No more of this',
} as const satisfies Record<keyof typeof botNotifyRu, string>
