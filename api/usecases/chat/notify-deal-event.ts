import type { DealEventBody } from '../../../shared/domain/events.ts'
import { topicOfEvent } from '../../../shared/domain/notices.ts'
import type { Session } from '../../session.ts'
import { findLinkedChat } from '../telegram.ts'
import { enqueueNotice } from './notice-settings.ts'

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
 * a document, recorded a payment, or moved it.
 * Nothing is written when he did it himself, has no Telegram linked, or does not want to be told of such things.
 * @param event `id` of the deal_event row: one event is told once.
 */
export async function notifyDealEvent(
  session: Session,
  deal: { readonly number: number; readonly ownerId: number },
  event: { readonly id: number; readonly body: DealEventBody },
): Promise<void> {
  const topic = topicOfEvent(event.body)
  // What a rule tells is the rule's to write.
  if (topic === null || topic === 'rule') return
  const reader = event.body.kind === 'deal_reassigned' ? event.body.to.id : deal.ownerId
  if (reader === session.actor.id) return
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
  await enqueueNotice(
    session.em,
    { topic, reader: { employeeId: reader, chatId }, dedupeKey: `event:${event.id}:${reader}`, payload: notice },
    session.now,
  )
}
