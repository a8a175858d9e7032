import assert from 'node:assert/strict'
import type { DealCard } from '../../api/usecases/deals/show-deal.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import type { ErrorCode } from '../../shared/messages/errors.ts'

/** What a caller who has this card before him sends along. */
export function seen(card: DealCard): { number: number; version: number } {
  return { number: card.deal.number, version: card.deal.version }
}

/** Code of the status that the deal stands in. */
export function statusOf(card: DealCard): string {
  return card.statuses.byId(card.deal.statusId).code
}

/** The refusal of work that must be refused with this code. */
export async function refused(work: Promise<unknown>, code: ErrorCode): Promise<AppError> {
  const outcome = await work.then(
    () => 'nothing was refused',
    (error: unknown) => error,
  )
  assert.ok(outcome instanceof AppError, `${code} expected: ${outcome}`)
  assert.equal(outcome.code, code)
  return outcome
}
