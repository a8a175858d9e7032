import type { Logger } from 'pino'
import { keepCard } from '../api/usecases/chat/cards.ts'
import { heldKeyOf } from '../api/usecases/chat/notice-settings.ts'
import {
  type ClaimedOutgoing,
  claimOutgoing,
  dropWaiting,
  enqueueOutgoing,
  markFailed,
  markSent,
  postponeOutgoing,
} from '../api/usecases/chat/outgoing.ts'
import { endLinkOfChat } from '../api/usecases/telegram.ts'
import type { Em, Orm } from '../db/orm.ts'
import { createFloodGuard, type FloodGuard } from './flood-guard.ts'
import { type Outgoing, type OutgoingCall, type OutgoingReport, repeatable } from './outgoing.ts'
import { createPump, type Pump } from './pump.ts'
import { answerLimitMs, type Failure, readFailure, type TelegramApi } from './telegram-api.ts'
import { botText } from './texts.ts'
import { orderKeyOf } from './turn.ts'

export type OutboxParts = {
  readonly orm: Orm
  readonly api: TelegramApi
  readonly now: () => Date
  readonly log: Logger
  /** Puts a notice or a report into a call; null when the reader may not have it any more. May take long; no transaction is open. */
  readonly prepare: (em: Em, payload: Exclude<Outgoing, { kind: 'call' }>) => Promise<OutgoingCall | null>
}
type Sending = OutboxParts & { readonly flood: FloodGuard; readonly wake: () => void }

/** Whoever takes longer has died: a call has its own limit, and the largest report is made within minutes. */
const leasesMs = { call: answerLimitMs + 5000, made: 3 * 60_000 }
const longestPauseMs = 60_000
const mostAttempts = 50
/** A message that cannot be made the third time will not be made. */
const mostMakings = 3
const unknownOutcome = 'unknown: no answer came, it may have been sent'

/** Sends what the transactions have left in the outbox: in order per chat, several chats at once. */
export function createOutbox(parts: OutboxParts): Pump {
  const flood = createFloodGuard()
  const pump = createPump({
    lanes: 8,
    idleMs: 500,
    takeOne: (taken) => sendNext({ ...parts, flood, wake: () => pump.wake() }, taken),
    onError: (err) => parts.log.error({ err }, 'outbox failed'),
  })
  return pump
}

async function sendNext(parts: Sending, taken: () => void): Promise<boolean> {
  const { orm, now } = parts
  if (parts.flood.isOver(now())) return false
  const em = orm.em.fork()
  const message = await claimOutgoing(em, now(), leasesMs)
  if (!message) return false
  taken()
  const payload = message.payload as unknown as Outgoing
  // Whoever sent it died before it could say how it went.
  if (message.interrupted && payload.kind === 'call' && !mayRepeat(payload))
    await markFailed(em, message.id, now(), unknownOutcome)
  else await sendOne(parts, em, message, payload)
  return true
}

async function sendOne(parts: Sending, em: Em, message: ClaimedOutgoing, payload: Outgoing): Promise<void> {
  let call: OutgoingCall | null
  try {
    call = payload.kind === 'call' ? (payload as OutgoingCall) : await parts.prepare(em.fork(), payload)
  } catch (error) {
    parts.log.error({ err: error, message: message.id }, 'message could not be made')
    if (message.attempts >= mostMakings && payload.kind === 'report') return apologise(parts, em, message, payload)
    return tryLater(parts, em, message, { error, afterMs: null, most: mostMakings })
  }
  if (call === null) return markFailed(em, message.id, parts.now(), 'not for this reader any more')
  try {
    const result = await parts.api.call(call.method, call.args)
    await finish(parts, em, message, call, (result as { message_id?: number } | true) ?? true)
  } catch (error) {
    await settleFailure(parts, em, message, { call, error, urgent: payload.kind === 'notice' || payload.kind === 'work' })
  }
}

async function finish(
  parts: Sending,
  em: Em,
  message: ClaimedOutgoing,
  call: OutgoingCall,
  result: { message_id?: number } | true,
): Promise<void> {
  const messageId = result === true ? undefined : result.message_id
  const chatId = chatOf(call)
  await em.transactional(async (inside) => {
    if (call.card !== undefined && messageId !== undefined) await keepCard(inside, { chatId, messageId }, call.card, parts.now())
    await markSent(inside, message.id, parts.now())
  })
}

type FailedCall = { readonly call: OutgoingCall; readonly error: unknown; readonly urgent: boolean }

async function settleFailure(parts: Sending, em: Em, message: ClaimedOutgoing, failed: FailedCall): Promise<void> {
  const { call, error } = failed
  const failure: Failure = readFailure(error)
  const chatId = chatOf(call)
  const now = parts.now()
  switch (failure.kind) {
    case 'unchanged':
      return markSent(em, message.id, now)
    case 'later':
      if (failure.flood && failure.afterMs !== null) parts.flood.report(chatId, new Date(now.getTime() + failure.afterMs), now)
      return tryLater(parts, em, message, { error, afterMs: failure.afterMs, most: mostAttempts })
    case 'unsure':
      // A card shown twice confuses, a notification lost harms.
      if (mayRepeat(call) || failed.urgent) return tryLater(parts, em, message, { error, afterMs: null, most: mostAttempts })
      parts.log.warn({ err: error, message: message.id }, 'message may or may not have been sent')
      return markFailed(em, message.id, now, unknownOutcome)
    case 'gone':
      return replaceEdit(parts, em, message, call)
    case 'migrated':
      return resend(parts, em, message, { ...call, args: { ...call.args, chat_id: failure.chatId } } as Outgoing, failure.chatId)
    case 'blocked':
      parts.log.info({ chatId }, 'chat cannot be reached: its link ends')
      await markFailed(em, message.id, now, describe(error))
      await dropWaiting(em, [orderKeyOf(chatId, 'messages'), orderKeyOf(chatId, 'files'), heldKeyOf(chatId)], now, 'blocked')
      return endLinkOfChat({ em: em.fork(), now }, { chatId })
    case 'refused':
      parts.log.error({ err: error, message: message.id, method: call.method }, 'Telegram refused a message')
      return markFailed(em, message.id, now, describe(error))
  }
}

/** Whoever waits for a report is told that it will not come. */
async function apologise(parts: Sending, em: Em, message: ClaimedOutgoing, report: OutgoingReport): Promise<void> {
  const text = botText(report.locale)('report.failed', { id: String(message.id) })
  const args = { chat_id: report.chatId, text }
  await resend(parts, em, message, { kind: 'call', method: 'sendMessage', args }, report.chatId)
}

/** The message to edit is gone: the screen is sent anew, at its place in the line. */
function replaceEdit(parts: Sending, em: Em, message: ClaimedOutgoing, call: OutgoingCall): Promise<void> {
  if (call.method !== 'editMessageText') return markFailed(em, message.id, parts.now(), 'message is gone')
  const { message_id: _gone, ...args } = call.args as { message_id: number; chat_id: number }
  return resend(parts, em, message, { ...call, method: 'sendMessage', args } as unknown as Outgoing, chatOf(call))
}

async function resend(parts: Sending, em: Em, message: ClaimedOutgoing, payload: Outgoing, chatId: number): Promise<void> {
  await em.transactional(async (inside) => {
    await markFailed(inside, message.id, parts.now(), 'sent another way')
    await enqueueOutgoing(inside, { orderKey: orderKeyOf(chatId, 'messages'), payload }, parts.now())
  })
  parts.wake()
}

async function tryLater(
  parts: Sending,
  em: Em,
  message: ClaimedOutgoing,
  why: { readonly error: unknown; readonly afterMs: number | null; readonly most: number },
): Promise<void> {
  if (message.attempts >= why.most) return markFailed(em, message.id, parts.now(), describe(why.error))
  const pause = why.afterMs ?? Math.min(500 * 2 ** (message.attempts - 1), longestPauseMs)
  await postponeOutgoing(em, message.id, new Date(parts.now().getTime() + pause), describe(why.error))
  setTimeout(parts.wake, pause + 5).unref()
}

function mayRepeat(call: { readonly method: OutgoingCall['method'] }): boolean {
  return repeatable.has(call.method)
}

function chatOf(call: OutgoingCall): number {
  return Number((call.args as { chat_id?: number }).chat_id)
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
