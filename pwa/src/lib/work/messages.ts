import type { AppWorkKey } from '../../../../shared/messages/ru/app-work.ts'
import { createMessages } from '../i18n.svelte.ts'

/** Texts of tasks, approvals and further processes. */
export const workMessages = createMessages<AppWorkKey>({
  ru: async () => (await import('../../../../shared/messages/ru/app-work.ts')).appWorkRu,
  en: async () => (await import('../../../../shared/messages/en/app-work.ts')).appWorkEn,
})

export const t = workMessages.t
