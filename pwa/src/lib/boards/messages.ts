import type { AppBoardsKey } from '../../../../shared/messages/ru/app-boards.ts'
import { createMessages } from '../i18n.svelte.ts'

/** Texts of dashboards. */
export const boardsMessages = createMessages<AppBoardsKey>({
  ru: async () => (await import('../../../../shared/messages/ru/app-boards.ts')).appBoardsRu,
  en: async () => (await import('../../../../shared/messages/en/app-boards.ts')).appBoardsEn,
})

export const t = boardsMessages.t
