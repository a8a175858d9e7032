import type { AppKitsKey } from '../../../../shared/messages/ru/app-kits.ts'
import { createMessages } from '../i18n.svelte.ts'

/** Texts of the screens of starter kits; wait for `ready` in the `load` of each route that shows them. */
export const kitMessages = createMessages<AppKitsKey>({
  ru: async () => (await import('../../../../shared/messages/ru/app-kits.ts')).appKitsRu,
  en: async () => (await import('../../../../shared/messages/en/app-kits.ts')).appKitsEn,
})

export const t = kitMessages.t
