import { selectDocumentPage } from '../../../db/queries/documents.ts'
import type { IdCursor } from '../../../db/queries/people.ts'
import type { ListDocumentsInput } from '../../../shared/schemas/documents.ts'
import type { Session } from '../../session.ts'
import { decodeCursor } from '../cursor.ts'
import { type DealDocumentCard, withRights } from './document-rights.ts'

export type DocumentPage = {
  readonly documents: readonly DealDocumentCard[]
  readonly next: IdCursor | null
  readonly total: number
}

/** Documents of the deals that the actor sees, newest first. @throws AppError input_invalid for a foreign cursor */
export async function listDocuments(session: Session, { limit, cursor, ...filter }: ListDocumentsInput): Promise<DocumentPage> {
  const page = { limit, cursor: decodeCursor(cursor, 'id') }
  const { rows, next, total } = await selectDocumentPage(session.em, session.actor, filter, page)
  return { documents: rows.map((row) => withRights(session, row)), next, total }
}
