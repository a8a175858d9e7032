import { DealDocument, DocumentType } from '../../../db/entities/document.ts'
import { selectDocumentTypesFor } from '../../../db/queries/documents.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import type { CreateDocumentInput } from '../../../shared/schemas/documents.ts'
import type { Session } from '../../session.ts'
import { changeDeal } from '../deals/change-deal.ts'
import type { DealCard } from '../deals/show-deal.ts'
import { assertCurrencyOf, documentRef, fileFor, hearState, mayWithDocuments } from './change-document.ts'

/**
 * Adds a document to a deal, as a draft. Documents at once never conflict.
 * @throws AppError not_found (deal, type or file), forbidden, document_type_foreign, document_amount_missing, currency_unsupported
 */
export function createDocument(session: Session, input: CreateDocumentInput): Promise<DealCard> {
  const right = mayWithDocuments(session, 'write')
  return changeDeal(session, { number: input.deal, version: null }, right, async (change) => {
    const { session: inside, deal } = change
    const documentType = await inside.em.findOne(DocumentType, { code: input.type, archivedAt: null })
    if (!documentType) throw new AppError('not_found', { what: 'document_type' })
    const belonging = await selectDocumentTypesFor(inside.em, deal.type.id)
    if (!belonging.some((type) => type.id === documentType.id)) throw new AppError('document_type_foreign')
    if (input.amount) assertCurrencyOf(deal, input.amount.currency)
    if (documentType.isPayable && !input.amount) throw new AppError('document_amount_missing')
    const document = inside.em.create(DealDocument, {
      deal,
      documentType,
      number: input.number,
      datedOn: input.datedOn,
      amountMinor: input.amount?.amountMinor ?? null,
      file: input.fileId ? await fileFor(inside, input.fileId) : null,
      createdAt: inside.now,
      changedAt: inside.now,
    })
    inside.em.persist(document)
    await inside.em.flush()
    hearState(change, document)
    return { event: { kind: 'document_changed', ...documentRef(document), state: document.state }, undoable: false }
  })
}
