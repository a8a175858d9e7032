import type { AppDealsKey } from '../../../../shared/messages/ru/app-deals.ts'
import { createMessages } from '../i18n.svelte.ts'

/** Texts of the screens around deals. */
export const dealMessages = createMessages<AppDealsKey>({
  ru: async () => (await import('../../../../shared/messages/ru/app-deals.ts')).appDealsRu,
  en: async () => (await import('../../../../shared/messages/en/app-deals.ts')).appDealsEn,
})

export const t = dealMessages.t
