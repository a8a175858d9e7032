import type { AppProcessKey } from '../../../../shared/messages/ru/app-process.ts'
import { createMessages } from '../i18n.svelte.ts'

/** Texts of the editors of processes, conditions and assignees; wait for `ready` in the `load` of each route that shows them. */
export const processMessages = createMessages<AppProcessKey>({
  ru: async () => (await import('../../../../shared/messages/ru/app-process.ts')).appProcessRu,
  en: async () => (await import('../../../../shared/messages/en/app-process.ts')).appProcessEn,
})

export const t = processMessages.t
