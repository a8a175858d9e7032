import type { AppDocumentsKey } from '../../../../../shared/messages/ru/app-documents.ts'
import { createMessages } from '../../i18n.svelte.ts'

/** Texts of a deal's documents and payments. */
export const documentMessages = createMessages<AppDocumentsKey>({
  ru: async () => (await import('../../../../../shared/messages/ru/app-documents.ts')).appDocumentsRu,
  en: async () => (await import('../../../../../shared/messages/en/app-documents.ts')).appDocumentsEn,
})

export const t = documentMessages.t
