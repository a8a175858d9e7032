import { noticesRu } from './notices.ts'

/** Words of the app about what the bot tells unasked. */
export const appNoticesRu = {
  ...noticesRu,
  'notices.title': 'Уведомления в Telegram',
  'notices.about': 'Бот пишет о том, что включено.',
  'notices.quiet': 'Тихие часы',
  'notices.quietNote': 'Что случится в это время, придёт в их конце. Время: {zone}.',
  'notices.from': 'С',
  'notices.to': 'До',
  'notices.same': 'Начало и конец тихих часов — разное время.',
  'notices.moved': 'Этап или статус, проигрыш, возврат в работу',
  'notices.report': 'Свои, по расписанию, приходят всегда и в своё время',
} as const satisfies Record<string, string>

export type AppNoticesKey = keyof typeof appNoticesRu
