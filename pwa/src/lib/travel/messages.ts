import type { AppTravelKey } from '../../../../shared/messages/ru/app-travel.ts'
import { createMessages } from '../i18n.svelte.ts'

/** Texts of the screens of comparison and of the ways of deals. */
export const travelMessages = createMessages<AppTravelKey>({
  ru: async () => (await import('../../../../shared/messages/ru/app-travel.ts')).appTravelRu,
  en: async () => (await import('../../../../shared/messages/en/app-travel.ts')).appTravelEn,
})

export const t = travelMessages.t
