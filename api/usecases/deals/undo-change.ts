import { Contact, Counterparty } from '../../../db/entities/counterparty.ts'
import { type Deal, DealEvent, ProcessRun, StatusVisit, type UndoState } from '../../../db/entities/deal.ts'
import { Department, Employee } from '../../../db/entities/organization.ts'
import { Stage, Status } from '../../../db/entities/process.ts'
import { DealTask } from '../../../db/entities/work.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { actionBehind, can } from '../../../shared/domain/permissions.ts'
import type { UndoChangeInput } from '../../../shared/schemas/deals.ts'
import type { Session } from '../../session.ts'
import { changeDeal } from './change-deal.ts'
import { ownerFor } from './create-deal.ts'
import { type DealCard, undoWindowMs } from './show-deal.ts'

/**
 * Undoes the last change within ten minutes: its visit is voided (kept, ignored by every figure), the one before goes on, the deal's
 * fields and its process are as they were. It takes the right to do what is undone.
 * @throws AppError not_found, forbidden, version_stale, nothing_to_undo, undo_too_late, undo_changed_since, employee_inactive, reassign_outside
 */
export function undoChange(session: Session, input: UndoChangeInput): Promise<DealCard> {
  return changeDeal(session, input, 'undo', async ({ session: inside, deal, relation }) => {
    const event = await inside.em.findOne(DealEvent, { id: input.eventId, deal }, { populate: ['undoState'] as never })
    const state = event?.undoState
    if (!event || !state || event.voidedAt !== null) throw new AppError('nothing_to_undo')
    if (state.versionAfter !== deal.version) throw new AppError('undo_changed_since')
    if (event.recordedAt.getTime() + undoWindowMs <= inside.now.getTime()) throw new AppError('undo_too_late')
    const action = actionBehind(event.body.kind)
    if (action === null || !can(inside.actor, action, relation)) throw new AppError('forbidden')
    if (action === 'reassign') await ownerFor(inside, Number(state.deal['owner']))
    await restoreVisits(inside, deal, state)
    restoreDeal(inside, deal, state)
    await restoreRun(inside, state)
    event.voidedAt = inside.now
    await takeBackCompanions(inside, deal, state)
    return { event: { kind: 'change_undone', eventId: event.id, undone: event.body.kind }, undoable: false }
  })
}

/** What the rules did beside: their facts are voided, their tasks and processes cancelled. A linked deal stays: it has a life of its own. */
async function takeBackCompanions(session: Session, deal: Deal, state: UndoState): Promise<void> {
  const { em, now } = session
  for (const event of await em.find(DealEvent, { id: { $in: [...state.companionIds] }, deal })) event.voidedAt = now
  for (const task of await em.find(DealTask, { id: { $in: [...state.taskIds] }, deal, state: 'open' })) {
    task.state = 'cancelled'
    task.closedAt = now
  }
  for (const task of await em.find(DealTask, { id: { $in: [...(state.cancelledTaskIds ?? [])] }, deal, state: 'cancelled' })) {
    task.state = 'open'
    task.closedAt = null
  }
  for (const run of await em.find(ProcessRun, { id: { $in: [...state.runIds] }, deal, state: 'running' })) {
    run.state = 'cancelled'
    run.endedAt = now
  }
}

async function restoreVisits(session: Session, deal: Deal, state: UndoState): Promise<void> {
  if (state.openedVisitIds.length === 0 || state.closedVisitId === null) return
  for (const opened of await session.em.find(StatusVisit, { id: { $in: [...state.openedVisitIds] }, deal })) {
    opened.voidedAt = session.now
    opened.voidedBy = session.em.getReference(Employee, session.actor.id)
  }
  await session.em.flush()
  const closed = await session.em.findOneOrFail(StatusVisit, { id: state.closedVisitId, deal })
  closed.leftAt = null
}

function restoreDeal(session: Session, deal: Deal, { deal: was }: UndoState): void {
  const reference = <T extends object>(entity: new () => T, id: unknown): T | null =>
    id === null || id === undefined ? null : (session.em.getReference(entity as never, id as never) as T)
  deal.title = String(was['title'])
  deal.description = String(was['description'])
  deal.amountMinor = Number(was['amountMinor'])
  deal.currency = String(was['currency'])
  deal.statusSince = new Date(String(was['statusSince']))
  deal.statusHeld = Boolean(was['statusHeld'])
  deal.probabilityPct = was['probabilityPct'] as number | null
  deal.expectedCloseOn = was['expectedCloseOn'] as string | null
  deal.lostReason = was['lostReason'] as string | null
  deal.counterparty = reference(Counterparty, was['counterparty'])
  deal.contact = reference(Contact, was['contact'])
  deal.owner = session.em.getReference(Employee, Number(was['owner']))
  deal.department = session.em.getReference(Department, Number(was['department']))
  deal.status = session.em.getReference(Status, Number(was['status']))
  if (was['fields']) deal.fields = was['fields'] as Deal['fields']
}

async function restoreRun(session: Session, { run: was }: UndoState): Promise<void> {
  if (!was) return
  const run = await session.em.findOneOrFail(ProcessRun, was.id)
  run.stage = session.em.getReference(Stage, was.stageId)
  run.stageSince = new Date(was.stageSince)
  run.state = was.state as ProcessRun['state']
  run.endedAt = was.endedAt === null ? null : new Date(was.endedAt)
}
