import type { AppStatusesKey } from '../../../../shared/messages/ru/app-statuses.ts'
import { createMessages } from '../i18n.svelte.ts'

/** Texts of the dictionary of statuses. */
export const statusMessages = createMessages<AppStatusesKey>({
  ru: async () => (await import('../../../../shared/messages/ru/app-statuses.ts')).appStatusesRu,
  en: async () => (await import('../../../../shared/messages/en/app-statuses.ts')).appStatusesEn,
})

export const t = statusMessages.t
