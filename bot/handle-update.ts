import type { Update } from '@grammyjs/types'
import { OptimisticLockError } from '@mikro-orm/core'
import type { Logger } from 'pino'
import { limitTransaction } from '../api/usecases/chat/transaction.ts'
import { claimUpdate, finishUpdate, holdUpdate, postponeUpdate, type StoredUpdate } from '../api/usecases/chat/updates.ts'
import { largestFile } from '../api/usecases/files.ts'
import type { Em, Orm } from '../db/orm.ts'
import { AppError } from '../shared/domain/app-error.ts'
import { type FetchedFiles, FileWanted } from './fetched-files.ts'
import { openTurn, type TurnParts } from './open-turn.ts'
import { apologise, explainRefusal } from './refusals.ts'
import { fetchLimitMs, readFailure, type TelegramApi } from './telegram-api.ts'
import type { Turn } from './turn.ts'

export type HandleParts = TurnParts & {
  readonly orm: Orm
  readonly api: TelegramApi
  readonly now: () => Date
  readonly log: Logger
  /** Lets the bot do what the update asks for. */
  readonly dispatch: (turn: Turn) => Promise<void>
  /** Answers to presses that are on their way. */
  readonly answering: Set<Promise<unknown>>
  /** There are messages to send. */
  readonly wakeOutbox: () => void
}

const mostAttempts = 5

/**
 * Handles the next update. Its effects, its messages and the mark that it is handled are one transaction: killed at any moment, it has
 * either happened or will happen, once. A refusal takes its changes back and is explained; a failure of ours is tried again; what
 * fails five times is set aside with an apology.
 * @returns false when nothing is due.
 */
export async function handleNext(parts: HandleParts, taken: () => void): Promise<boolean> {
  let update: StoredUpdate | null = null
  try {
    const turn = await parts.orm.em.fork().transactional(async (em) => {
      update = await claimUpdate(em, parts.now())
      if (!update) return null
      taken()
      return handleInside(parts, em, update, new Map())
    })
    if (turn) afterwards(parts, turn)
    return turn !== null || update !== null
  } catch (error) {
    if (!update) throw error
    await (error instanceof FileWanted ? handleWithFile(parts, update, error.fileId) : settleError(parts, update, error))
    return true
  }
}

/** Fetches the file that the update's turn asked for, outside of any transaction, and takes the turn anew with it. */
async function handleWithFile(parts: HandleParts, update: StoredUpdate, fileId: string): Promise<void> {
  const { updateId } = update
  try {
    await holdUpdate(parts.orm.em.fork(), updateId, new Date(parts.now().getTime() + fetchLimitMs + 5000))
    const files = new Map([[fileId, await parts.api.fetchFile(fileId, largestFile)]])
    const turn = await parts.orm.em.fork().transactional(async (em) => {
      const claimed = await claimUpdate(em, parts.now(), updateId)
      return claimed && handleInside(parts, em, claimed, files)
    })
    if (turn) afterwards(parts, turn)
  } catch (error) {
    await settleError(parts, update, error)
  }
}

async function handleInside(parts: HandleParts, em: Em, update: StoredUpdate, files: FetchedFiles): Promise<Turn | null> {
  await limitTransaction(em)
  const turn = await openTurn(parts, em, update.body as unknown as Update, parts.now(), files)
  if (turn) await parts.dispatch(turn)
  await finishUpdate(em, update.updateId, parts.now())
  return turn
}

async function settleError(parts: HandleParts, update: StoredUpdate, error: unknown): Promise<void> {
  const refusal = error instanceof OptimisticLockError ? new AppError('conflict') : error
  try {
    if (refusal instanceof AppError) return await explain(parts, update, (turn) => explainRefusal(turn, refusal), null)
    parts.log.error({ err: error, updateId: update.updateId, attempts: update.attempts + 1 }, 'update failed')
    if (update.attempts + 1 >= mostAttempts) return await explain(parts, update, apologise, String(error))
    const retryAt = new Date(parts.now().getTime() + 250 * 4 ** update.attempts)
    await postponeUpdate(parts.orm.em.fork(), update.updateId, { error: String(error), retryAt })
  } catch (second) {
    // The explanation failed too: count it, so that the chat does not stand still for ever.
    parts.log.error({ err: second, updateId: update.updateId }, 'update could not be explained')
    const em = parts.orm.em.fork()
    if (update.attempts + 1 >= mostAttempts) await finishUpdate(em, update.updateId, parts.now(), String(second))
    else await postponeUpdate(em, update.updateId, { error: String(second), retryAt: new Date(parts.now().getTime() + 1000) })
  }
}

/** A transaction of its own, without the changes that were taken back. */
async function explain(
  parts: HandleParts,
  { updateId }: StoredUpdate,
  say: (turn: Turn) => Promise<void>,
  error: string | null,
): Promise<void> {
  const turn = await parts.orm.em.fork().transactional(async (em) => {
    const update = await claimUpdate(em, parts.now(), updateId)
    if (!update) return null
    await limitTransaction(em)
    const opened = await openTurn(parts, em, update.body as unknown as Update, parts.now())
    if (opened) await say(opened)
    await finishUpdate(em, updateId, parts.now(), error)
    return opened
  })
  if (turn) afterwards(parts, turn)
}

/** What is not worth a place in the outbox: the answer to a press is of use only at once. */
function afterwards(parts: HandleParts, turn: Turn): void {
  parts.wakeOutbox()
  const { answer, query } = turn
  if (!query) return
  const args = { callback_query_id: query.id, ...(answer?.text ? { text: answer.text, show_alert: answer.alert } : {}) }
  const answering = parts.api
    .call('answerCallbackQuery', args)
    .catch((error: unknown) => parts.log.info({ failure: readFailure(error).kind }, 'a press was not answered'))
    .finally(() => parts.answering.delete(answering))
  parts.answering.add(answering)
}
