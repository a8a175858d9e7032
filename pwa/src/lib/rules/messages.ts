import type { AppRulesKey } from '../../../../shared/messages/ru/app-rules.ts'
import { createMessages } from '../i18n.svelte.ts'

/** Texts of the screens of status rules. */
export const ruleMessages = createMessages<AppRulesKey>({
  ru: async () => (await import('../../../../shared/messages/ru/app-rules.ts')).appRulesRu,
  en: async () => (await import('../../../../shared/messages/en/app-rules.ts')).appRulesEn,
})

export const t = ruleMessages.t
