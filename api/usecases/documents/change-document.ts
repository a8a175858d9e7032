import type { Deal } from '../../../db/entities/deal.ts'
import { DealDocument, StoredFile } from '../../../db/entities/document.ts'
import { selectDocumentDeal } from '../../../db/queries/documents.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { canWithDocuments, type DocumentAction } from '../../../shared/domain/documents.ts'
import type { DealEventBody, StatusRef } from '../../../shared/domain/events.ts'
import type { Session } from '../../session.ts'
import { changeDeal, type Right } from '../deals/change-deal.ts'
import type { Change } from '../deals/deal-record.ts'
import { type DealCard, showDeal } from '../deals/show-deal.ts'
import { findFile } from '../files.ts'

/** The right to do this with the documents of a deal. */
export function mayWithDocuments(session: Session, action: DocumentAction): Right {
  return (relation) => canWithDocuments(session.actor, action, relation)
}

/**
 * The one path of every change to a document: its deal is found among what the actor sees and locked, so that changes of one deal follow
 * each other; the version he saw is checked against the document's. The rules hear of it in the same transaction.
 * @param right by the actor's relation to the deal @throws AppError not_found, forbidden, version_stale with the present card
 */
export async function changeDocument(
  session: Session,
  target: { readonly id: number; readonly version: number | null },
  right: Right,
  verb: (change: Change, document: DealDocument) => Promise<DealEventBody | null>,
): Promise<DealCard> {
  const place = await selectDocumentDeal(session.em, session.actor, target.id)
  if (!place) throw new AppError('not_found', { what: 'document' })
  return changeDeal(session, { number: place.number, version: null }, right, async (change) => {
    const { em } = change.session
    const document = await em.findOneOrFail(DealDocument, target.id, { populate: ['documentType'], refresh: true })
    if (target.version !== null && document.version !== target.version)
      throw new AppError('version_stale', { current: await showDeal(change.session, place) })
    const event = await verb(change, document)
    if (event === null) return null
    // Always later than before: what changed makes a new version, also within one millisecond.
    document.changedAt = new Date(Math.max(change.session.now.getTime(), document.changedAt.getTime() + 1))
    await em.flush()
    return { event, undoable: false }
  })
}

/** Documents and payments are in the currency of their deal. @throws AppError currency_unsupported */
export function assertCurrencyOf(deal: Deal, currency: string): void {
  if (currency !== deal.currency) throw new AppError('currency_unsupported', { currency, base: deal.currency })
}

/** How an event says that its amount is not in the organisation's currency. */
export function currencyOf({ session, deal }: Change): { readonly currency?: string } {
  return deal.currency === session.organization.baseCurrency ? {} : { currency: deal.currency }
}

/** How an event names the document. */
export function documentRef({ id, documentType, number }: DealDocument): {
  readonly documentId: number
  readonly type: StatusRef
  readonly number: string
} {
  const { code, nameRu, nameEn } = documentType
  return { documentId: id, type: { code, name: { ru: nameRu, en: nameEn } }, number }
}

/** The rules hear that the document has come to the state it is in. */
export function hearState({ heard }: Change, { documentType, state }: DealDocument): void {
  heard.push({ event: { kind: 'document_changed', documentType: documentType.code, state }, runId: null })
}

/** The file to attach, when it exists for the actor. @throws AppError not_found */
export async function fileFor(session: Session, id: number): Promise<StoredFile> {
  await findFile(session, id)
  return session.em.getReference(StoredFile, id)
}
