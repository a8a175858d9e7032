import type { AppCurrenciesKey } from '../../../../shared/messages/ru/app-currencies.ts'
import { createMessages } from '../i18n.svelte.ts'

/** Texts of the table of exchange rates. */
export const currencyMessages = createMessages<AppCurrenciesKey>({
  ru: async () => (await import('../../../../shared/messages/ru/app-currencies.ts')).appCurrenciesRu,
  en: async () => (await import('../../../../shared/messages/en/app-currencies.ts')).appCurrenciesEn,
})

export const t = currencyMessages.t
