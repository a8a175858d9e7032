import type { AppNoticesKey } from '../ru/app-notices.ts'
import { noticesEn } from './notices.ts'

/** Words of the app about what the bot tells unasked. */
export const appNoticesEn = {
  ...noticesEn,
  'notices.title': 'Notices in Telegram',
  'notices.about': 'The bot writes of what is on.',
  'notices.quiet': 'Quiet hours',
  'notices.quietNote': 'What happens in them comes at their end. Times: {zone}.',
  'notices.from': 'From',
  'notices.to': 'To',
  'notices.same': 'Quiet hours begin and end at different times.',
  'notices.moved': 'A stage or status, a loss, a return to work',
  'notices.report': 'Your own, by schedule, always come and at their time',
} as const satisfies Record<AppNoticesKey, string>
