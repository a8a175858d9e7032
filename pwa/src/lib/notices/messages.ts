import type { AppNoticesKey } from '../../../../shared/messages/ru/app-notices.ts'
import { createMessages } from '../i18n.svelte.ts'

/** Texts of what the bot tells unasked. */
export const noticesMessages = createMessages<AppNoticesKey>({
  ru: async () => (await import('../../../../shared/messages/ru/app-notices.ts')).appNoticesRu,
  en: async () => (await import('../../../../shared/messages/en/app-notices.ts')).appNoticesEn,
})

export const t = noticesMessages.t
