import type { AppPreviewKey } from '../../../../shared/messages/ru/app-preview.ts'
import { createMessages } from '../i18n.svelte.ts'

/** Texts of the play of the past; wait for `ready` in the `load` of each route that shows it. */
export const previewMessages = createMessages<AppPreviewKey>({
  ru: async () => (await import('../../../../shared/messages/ru/app-preview.ts')).appPreviewRu,
  en: async () => (await import('../../../../shared/messages/en/app-preview.ts')).appPreviewEn,
})

export const t = previewMessages.t
