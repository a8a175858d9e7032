import { sumPayments } from '../../shared/domain/documents.ts'
import type { DealDocumentView, DocumentListView } from '../../shared/views/processes.ts'
import { encodeCursor } from '../usecases/cursor.ts'
import type { DealDocumentCard } from '../usecases/documents/document-rights.ts'
import type { DocumentPage } from '../usecases/documents/list-documents.ts'
import type { Reader } from './deals.ts'

export function presentDocument({ row, next, actions }: DealDocumentCard, reader: Reader): DealDocumentView {
  const money = (amountMinor: number) => ({ amountMinor, currency: row.currency })
  return {
    id: row.id,
    type: { id: row.typeId, code: row.typeCode, name: row.typeNames[reader.locale] },
    number: row.number,
    datedOn: row.datedOn,
    amount: row.amountMinor === null ? null : money(row.amountMinor),
    paid: money(sumPayments(row.payments)),
    isPayable: row.isPayable,
    state: row.state,
    next,
    actions,
    file: row.file,
    payments: row.payments.map(({ id, amountMinor, paidOn, comment, byId, byName, voided }) => ({
      id,
      amount: money(amountMinor),
      paidOn,
      by: byId === null ? null : { id: byId, name: byName ?? '' },
      comment,
      voided,
    })),
    version: row.version,
  }
}

export function presentDocumentPage({ documents, next, total }: DocumentPage, reader: Reader): DocumentListView {
  return {
    items: documents.map((document) => ({
      ...presentDocument(document, reader),
      deal: { number: document.row.dealNumber, title: document.row.dealTitle },
    })),
    nextCursor: encodeCursor(next),
    total,
  }
}
