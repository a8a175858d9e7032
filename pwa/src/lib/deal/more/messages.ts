import type { AppMoreKey } from '../../../../../shared/messages/ru/app-more.ts'
import { createMessages } from '../../i18n.svelte.ts'

/** Texts of «Ещё» and of administration. */
export const moreMessages = createMessages<AppMoreKey>({
  ru: async () => (await import('../../../../../shared/messages/ru/app-more.ts')).appMoreRu,
  en: async () => (await import('../../../../../shared/messages/en/app-more.ts')).appMoreEn,
})

export const t = moreMessages.t
