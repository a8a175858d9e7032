import { StatusVisit } from '../../../db/entities/deal.ts'
import { selectProcessVersions } from '../../../db/queries/dictionaries.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { isLastStage } from '../../../shared/domain/process.ts'
import type { LoseDealInput, ReopenDealInput } from '../../../shared/schemas/deals.ts'
import type { Session } from '../../session.ts'
import { readStatuses, refOf } from '../dictionary.ts'
import { cancelRunTasks } from '../tasks/give-task.ts'
import { changeDeal } from './change-deal.ts'
import { enterStatus, findMainRun, rememberRun } from './deal-record.ts'
import type { DealCard } from './show-deal.ts'

/**
 * Loses a deal: a status of category lost, with the reason. The main process stops where it is.
 * @throws AppError not_found, forbidden, version_stale, deal_lost (already), not_a_lost_status, status_archived
 */
export function loseDeal(session: Session, input: LoseDealInput): Promise<DealCard> {
  return changeDeal(session, input, 'lose', async (change) => {
    const { session: inside, deal } = change
    const statuses = await readStatuses(inside)
    const from = statuses.resolve(deal.status.id)
    const to = statuses.find(input.status)
    if (from.category === 'lost') throw new AppError('deal_lost')
    if (to.category !== 'lost') throw new AppError('not_a_lost_status', { status: to.names[inside.locale] })
    if (to.archived) throw new AppError('status_archived', { status: to.names[inside.locale] })
    const run = await findMainRun(change)
    if (run) {
      rememberRun(change, run)
      run.state = 'cancelled'
      run.endedAt = inside.now
      await cancelRunTasks(change, run)
    }
    await enterStatus(change, to, { kind: 'user', reason: input.reason }, null)
    deal.statusHeld = false
    deal.lostReason = input.reason
    return { event: { kind: 'deal_lost', from: refOf(from), to: refOf(to), reason: input.reason }, undoable: true }
  })
}

/**
 * Takes a lost deal back into work, in the status it was lost from; the loss stops counting.
 * @throws AppError not_found, forbidden, version_stale, deal_not_lost
 */
export function reopenDeal(session: Session, input: ReopenDealInput): Promise<DealCard> {
  return changeDeal(session, input, 'reopen', async (change) => {
    const { session: inside, deal } = change
    const statuses = await readStatuses(inside)
    const from = statuses.resolve(deal.status.id)
    if (from.category !== 'lost') throw new AppError('deal_not_lost')
    const visits = await inside.em.find(StatusVisit, { deal, voidedAt: null }, { orderBy: { enteredAt: 'desc', id: 'desc' } })
    const last = visits
      .map((visit) => statuses.resolve(visit.status.id))
      .find((status) => status.category !== 'lost' && !status.archived)
    const to = last ?? statuses.all.find((status) => status.category === 'open' && !status.archived)
    if (!to) throw new AppError('not_found', { what: 'status' })
    const run = await findMainRun(change)
    if (run) {
      rememberRun(change, run)
      const version = (await selectProcessVersions(inside.em, [run.templateVersion.id]))[0]
      const finished = version ? isLastStage(version, run.stage.id) : false
      run.state = finished ? 'finished' : 'running'
      run.endedAt = finished ? inside.now : null
    }
    await enterStatus(change, to, { kind: 'user', reason: input.reason }, null)
    deal.lostReason = null
    return { event: { kind: 'deal_reopened', from: refOf(from), to: refOf(to), reason: input.reason }, undoable: true }
  })
}
