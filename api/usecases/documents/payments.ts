import { Payment } from '../../../db/entities/document.ts'
import { Employee } from '../../../db/entities/organization.ts'
import { selectPaidMinor, selectPaymentPlace } from '../../../db/queries/documents.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { isPaidInFull, takesPayments } from '../../../shared/domain/documents.ts'
import { nameDocumentState } from '../../../shared/messages/describe-condition.ts'
import type { RecordPaymentInput, VoidPaymentInput } from '../../../shared/schemas/documents.ts'
import type { Session } from '../../session.ts'
import type { DealCard } from '../deals/show-deal.ts'
import { assertCurrencyOf, changeDocument, currencyOf, documentRef, mayWithDocuments } from './change-document.ts'

/**
 * Books money that came in on a document; the rules hear whether all is paid now. More than the amount is taken too: clients overpay.
 * @throws AppError not_found, forbidden, version_stale, currency_unsupported, document_not_payable, document_amount_missing
 */
export function recordPayment(session: Session, input: RecordPaymentInput): Promise<DealCard> {
  return changeDocument(session, input, mayWithDocuments(session, 'pay'), async (change, document) => {
    const { session: inside, deal } = change
    const { documentType, amountMinor: dueMinor } = document
    assertCurrencyOf(deal, input.amount.currency)
    if (!documentType.isPayable || !takesPayments(document.state))
      throw new AppError('document_not_payable', { state: nameDocumentState(document.state, inside.locale) })
    if (dueMinor == null) throw new AppError('document_amount_missing')
    const { amountMinor } = input.amount
    const payment = inside.em.create(Payment, {
      document,
      amountMinor,
      paidOn: input.paidOn,
      comment: input.comment,
      recordedAt: inside.now,
      recordedBy: inside.actor.id > 0 ? inside.em.getReference(Employee, inside.actor.id) : null,
      voidedAt: null,
    })
    inside.em.persist(payment)
    await inside.em.flush()
    const isFull = isPaidInFull(dueMinor, await selectPaidMinor(inside.em, document.id))
    change.heard.push({ event: { kind: 'payment_received', documentType: documentType.code, isFull }, runId: null })
    return { kind: 'payment_recorded', ...documentRef(document), amountMinor, ...currencyOf(change), voided: false, isFull }
  })
}

/** Takes a payment back: it stays in sight and counts no more. @throws AppError not_found, forbidden, payment_voided */
export async function voidPayment(session: Session, { id }: VoidPaymentInput): Promise<DealCard> {
  const place = await selectPaymentPlace(session.em, session.actor, id)
  if (!place) throw new AppError('not_found', { what: 'payment' })
  const target = { id: place.documentId, version: null }
  return changeDocument(session, target, mayWithDocuments(session, 'pay'), async (change, document) => {
    const { session: inside } = change
    const payment = await inside.em.findOneOrFail(Payment, { id, document }, { refresh: true })
    if (payment.voidedAt !== null) throw new AppError('payment_voided')
    payment.voidedAt = inside.now
    return {
      kind: 'payment_recorded',
      ...documentRef(document),
      amountMinor: payment.amountMinor,
      ...currencyOf(change),
      voided: true,
    }
  })
}
