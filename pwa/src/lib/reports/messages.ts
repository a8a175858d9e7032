import type { AppReportsKey } from '../../../../shared/messages/ru/app-reports.ts'
import { createMessages } from '../i18n.svelte.ts'

/** Texts of links to reports, mail and schedules. */
export const reportsMessages = createMessages<AppReportsKey>({
  ru: async () => (await import('../../../../shared/messages/ru/app-reports.ts')).appReportsRu,
  en: async () => (await import('../../../../shared/messages/en/app-reports.ts')).appReportsEn,
})

export const t = reportsMessages.t
