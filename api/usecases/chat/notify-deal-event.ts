import type { DealEventBody } from '../../../shared/domain/events.ts'
import type { Session } from '../../session.ts'
import { findLinkedChat } from '../telegram.ts'
import { enqueueOutgoing } from './outgoing.ts'

/** The facts of a notification. They are put in words, and the reader's right is checked, when it is sent. */
export type Notice = {
  readonly kind: 'notice'
  readonly chatId: number
  readonly employeeId: number
  readonly dealNumber: number
  readonly actorName: string
  readonly body: DealEventBody
}

/**
 * Tells a deal's owner, in the transaction of the event itself, what another did: gave him the deal, commented it, decided on a stage or
 * a document, or recorded a payment.
 * Nothing is written when he did it himself or has no Telegram linked.
 * @param event `id` of the deal_event row: one event is told once.
 */
export async function notifyDealEvent(
  session: Session,
  deal: { readonly number: number; readonly ownerId: number },
  event: { readonly id: number; readonly body: DealEventBody },
): Promise<void> {
  const reader = readerOf(deal, event.body)
  if (reader === null || reader === session.actor.id) return
  const chatId = await findLinkedChat(session.em, reader)
  if (chatId === null) return
  const notice: Notice = {
    kind: 'notice',
    chatId,
    employeeId: reader,
    dealNumber: deal.number,
    actorName: session.actor.name,
    body: event.body,
  }
  await enqueueOutgoing(
    session.em,
    { orderKey: `telegram:${chatId}`, dedupeKey: `event:${event.id}:${reader}`, payload: notice },
    session.now,
  )
}

function readerOf(deal: { readonly ownerId: number }, body: DealEventBody): number | null {
  switch (body.kind) {
    case 'deal_reassigned':
      return body.to.id
    case 'comment_added':
    case 'approval_given':
      return deal.ownerId
    case 'document_changed':
      return isDecision(body) ? deal.ownerId : null
    case 'payment_recorded':
      return body.voided ? null : deal.ownerId
    default:
      return null
  }
}

/** The state was changed, to one that the owner waits for. */
function isDecision({ state, changes }: Extract<DealEventBody, { kind: 'document_changed' }>): boolean {
  return !changes && (state === 'approved' || state === 'rejected' || state === 'signed')
}
