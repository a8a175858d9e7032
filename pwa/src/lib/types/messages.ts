import type { AppTypesKey } from '../../../../shared/messages/ru/app-types.ts'
import { createMessages } from '../i18n.svelte.ts'

/** Texts of the screens on deal types; wait for `ready` in the `load` of each route that shows them. */
export const typeMessages = createMessages<AppTypesKey>({
  ru: async () => (await import('../../../../shared/messages/ru/app-types.ts')).appTypesRu,
  en: async () => (await import('../../../../shared/messages/en/app-types.ts')).appTypesEn,
})

export const t = typeMessages.t
