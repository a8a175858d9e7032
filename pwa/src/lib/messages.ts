import type { AppKey } from '../../../shared/messages/ru/app.ts'
import { createMessages } from './i18n.svelte.ts'

/** Texts of shell, login and funnel. */
export const appMessages = createMessages<AppKey>({
  ru: async () => (await import('../../../shared/messages/ru/app.ts')).appRu,
  en: async () => (await import('../../../shared/messages/en/app.ts')).appEn,
})

export const t = appMessages.t
