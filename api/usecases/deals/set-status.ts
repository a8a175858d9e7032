import { AppError } from '../../../shared/domain/app-error.ts'
import type { LiftHoldInput, SetStatusInput } from '../../../shared/schemas/deals.ts'
import type { Session } from '../../session.ts'
import { readStatuses, refOf } from '../dictionary.ts'
import { changeDeal } from './change-deal.ts'
import { enterStatus } from './deal-record.ts'
import type { DealCard } from './show-deal.ts'

/**
 * Sets an open or paused status by hand, with a reason; held, it is left alone by rules until the hold is lifted.
 * The same status with a hold only holds it.
 * @throws AppError not_found, forbidden, version_stale, deal_lost, status_archived, status_unchanged, not_a_lost_status (a loss has its own verb)
 */
export function setStatus(session: Session, input: SetStatusInput): Promise<DealCard> {
  return changeDeal(session, input, 'setStatus', async (change) => {
    const { session: inside, deal } = change
    const statuses = await readStatuses(inside)
    const from = statuses.resolve(deal.status.id)
    const to = statuses.find(input.status)
    if (from.category === 'lost') throw new AppError('deal_lost')
    if (to.category === 'lost') throw new AppError('input_invalid', { problems: 'PUT /loss' })
    if (to.archived) throw new AppError('status_archived', { status: to.names[inside.locale] })
    if (from.id === to.id) {
      if (!input.hold || deal.statusHeld) throw new AppError('status_unchanged', { status: to.names[inside.locale] })
      deal.statusHeld = true
      return { event: { kind: 'status_held', status: refOf(to), reason: input.reason }, undoable: true }
    }
    const cause = { kind: 'user', reason: input.reason } as const
    await enterStatus(change, to, cause, null)
    deal.statusHeld = input.hold
    const held = input.hold ? ({ held: true } as const) : {}
    return { event: { kind: 'status_changed', from: refOf(from), to: refOf(to), cause, ...held }, undoable: true }
  })
}

/** Lifts the hold; the status stays until the next event moves it. @throws AppError not_found, forbidden, version_stale, hold_not_set */
export function liftHold(session: Session, input: LiftHoldInput): Promise<DealCard> {
  return changeDeal(session, input, 'setStatus', async ({ session: inside, deal }) => {
    if (!deal.statusHeld) throw new AppError('hold_not_set')
    deal.statusHeld = false
    const status = (await readStatuses(inside)).resolve(deal.status.id)
    return { event: { kind: 'hold_lifted', status: refOf(status) }, undoable: true }
  })
}
