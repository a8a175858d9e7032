import type { AppOutcomesKey } from '../../../../shared/messages/ru/app-outcomes.ts'
import { createMessages } from '../i18n.svelte.ts'

/** Texts of forecast, win rates and sales velocity. */
export const outcomeMessages = createMessages<AppOutcomesKey>({
  ru: async () => (await import('../../../../shared/messages/ru/app-outcomes.ts')).appOutcomesRu,
  en: async () => (await import('../../../../shared/messages/en/app-outcomes.ts')).appOutcomesEn,
})

export const t = outcomeMessages.t
