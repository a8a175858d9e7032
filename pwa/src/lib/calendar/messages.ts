import type { AppCalendarKey } from '../../../../shared/messages/ru/app-calendar.ts'
import { createMessages } from '../i18n.svelte.ts'

/** Texts of the working calendar. */
export const calendarMessages = createMessages<AppCalendarKey>({
  ru: async () => (await import('../../../../shared/messages/ru/app-calendar.ts')).appCalendarRu,
  en: async () => (await import('../../../../shared/messages/en/app-calendar.ts')).appCalendarEn,
})

export const t = calendarMessages.t
