import type { AppRulePreviewKey } from '../../../../shared/messages/ru/app-rule-preview.ts'
import { createMessages } from '../i18n.svelte.ts'

/** Texts of the check of a rule on the past. */
export const rulePreviewMessages = createMessages<AppRulePreviewKey>({
  ru: async () => (await import('../../../../shared/messages/ru/app-rule-preview.ts')).appRulePreviewRu,
  en: async () => (await import('../../../../shared/messages/en/app-rule-preview.ts')).appRulePreviewEn,
})

export const t = rulePreviewMessages.t
