import { LockMode, wrap } from '@mikro-orm/core'
import { Deal, DealEvent, ProcessRun, StatusVisit, type UndoState } from '../../../db/entities/deal.ts'
import { Employee } from '../../../db/entities/organization.ts'
import { type Stage, Status } from '../../../db/entities/process.ts'
import { visibleDeals } from '../../../db/queries/visibility.ts'
import { selectRow, selectRows, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import type { DealEventBody, VisitCause } from '../../../shared/domain/events.ts'
import { can, type DealAction, type Relation, relationTo } from '../../../shared/domain/permissions.ts'
import { type Session, transact } from '../../session.ts'
import { notifyDealEvent } from '../chat/notify-deal-event.ts'
import { type DealCard, showDeal } from './show-deal.ts'

/** A deal being changed: locked, seen, permitted; and what the verb has done to it so far. */
export type Change = {
  readonly session: Session
  readonly deal: Deal
  /** How the actor stood to the deal before the change. */
  readonly relation: Relation
  readonly statuses: { opened: StatusVisit | null; closed: StatusVisit | null }
  run: RunBefore | null
}
type RunBefore = NonNullable<UndoState['run']>

/** Columns that an undo puts back. */
const undoable = [
  'title',
  'description',
  'amountMinor',
  'currency',
  'statusSince',
  'statusHeld',
  'probabilityPct',
  'expectedCloseOn',
  'lostReason',
  'counterparty',
  'contact',
  'owner',
  'department',
  'status',
] as const

/**
 * The one path of every change to a deal: find it among what the actor sees (else not_found), check the right (forbidden) and the
 * version he saw (version_stale with the present card), let `verb` change it, record its event, tell the listeners; one transaction.
 * @returns the card after the change.
 */
export async function changeDeal(
  session: Session,
  target: { readonly number: number; readonly version: number },
  action: DealAction,
  verb: (change: Change) => Promise<{ readonly event: DealEventBody; readonly undoable: boolean } | null>,
): Promise<DealCard> {
  return transact(session, async (inside) => {
    const { deal, relation } = await lockDeal(inside, target.number, action)
    if (deal.version !== target.version) throw new AppError('version_stale', { current: await showDeal(inside, target) })
    const before = snapshot(deal)
    const change: Change = { session: inside, deal, relation, statuses: { opened: null, closed: null }, run: null }
    const outcome = await verb(change)
    if (outcome) {
      // Always later than before: what changed makes a new version, also within one millisecond.
      deal.changedAt = new Date(Math.max(inside.now.getTime(), deal.changedAt.getTime() + 1))
      const event = recordEvent(inside, deal, outcome.event)
      await inside.em.flush()
      if (outcome.undoable) {
        event.undoState = {
          versionAfter: deal.version,
          openedVisitId: change.statuses.opened?.id ?? null,
          closedVisitId: change.statuses.closed?.id ?? null,
          deal: before,
          run: change.run,
        }
      }
      await inside.em.flush()
      await tellOthers(inside, deal, event)
    }
    return showDeal(inside, target)
  })
}

/** @throws AppError not_found, forbidden */
export async function lockDeal(
  session: Session,
  number: number,
  action: DealAction,
): Promise<{ readonly deal: Deal; readonly relation: Relation }> {
  const found = await selectRow<{ id: number; ownerId: number; isParticipant: boolean; inSubtree: boolean }>(
    session.em,
    sql`select deal.id, deal.owner_id as "ownerId",
      exists (select 1 from deal_participant dp where dp.deal_id = deal.id and dp.employee_id = ${session.actor.id}) as "isParticipant",
      deal.department_id in (select department_subtree(${session.actor.departmentId})) as "inSubtree"
    from deal where deal.number = ${number} and ${visibleDeals(session.actor)} for update of deal`,
  )
  if (!found) throw new AppError('not_found')
  const relation = relationTo(session.actor, found)
  if (!can(session.actor, action, relation)) throw new AppError('forbidden')
  return { deal: await session.em.findOneOrFail(Deal, found.id, { refresh: true, lockMode: LockMode.NONE }), relation }
}

/** Closes the open visit and opens the next. The deal's status follows. */
export async function enterStatus(change: Change, statusId: number, cause: VisitCause, stage: Stage | null): Promise<void> {
  const { session, deal, statuses } = change
  const open = await session.em.findOneOrFail(StatusVisit, { deal, leftAt: null, voidedAt: null })
  open.leftAt = new Date(Math.max(session.now.getTime(), open.enteredAt.getTime()))
  await session.em.flush()
  statuses.closed = open
  deal.status = session.em.getReference(Status, statusId)
  deal.statusSince = open.leftAt
  statuses.opened = openVisit(session, deal, cause, stage)
}

/** Opens a visit for the status that the deal has now, with owner, department and amount as they are. */
export function openVisit(session: Session, deal: Deal, cause: VisitCause, stage: Stage | null): StatusVisit {
  const visit = session.em.create(StatusVisit, {
    deal,
    status: deal.status,
    enteredAt: deal.statusSince,
    leftAt: null,
    recordedAt: session.now,
    owner: deal.owner,
    department: deal.department,
    amountMinor: deal.amountMinor,
    currency: deal.currency,
    cause,
    actor: actorReference(session),
    stage,
    voidedAt: null,
    voidedBy: null,
  })
  session.em.persist(visit)
  return visit
}

/** Writes a typed fact into the deal's history. */
export function recordEvent(session: Session, deal: Deal, body: DealEventBody): DealEvent {
  const event = session.em.create(DealEvent, {
    deal,
    kind: body.kind,
    body,
    occurredAt: session.now,
    recordedAt: session.now,
    actor: actorReference(session),
    door: session.door,
    undoState: null,
    voidedAt: null,
  })
  session.em.persist(event)
  return event
}

/** After a change: the owner is notified, every process hears of it. */
export async function tellOthers(session: Session, deal: Deal, event: DealEvent): Promise<void> {
  await notifyDealEvent(session, { number: deal.number, ownerId: deal.owner.id }, { id: event.id, body: event.body })
  await announceDeal(session, deal)
}

/** Tells every process that a deal changed; heard only if the transaction commits. */
export async function announceDeal(
  session: Session,
  deal: { readonly id: number; readonly number: number; readonly version: number },
): Promise<void> {
  await selectRows(
    session.em,
    sql`select pg_notify('deal_changed', ${JSON.stringify({ id: deal.id, number: deal.number, version: deal.version })})`,
  )
}

/** Remembers a run as it was, for undo. */
export function rememberRun(change: Change, run: ProcessRun): void {
  change.run = {
    id: run.id,
    stageId: run.stage.id,
    stageSince: run.stageSince.toISOString(),
    state: run.state,
    endedAt: run.endedAt?.toISOString() ?? null,
  }
}

export function findMainRun(change: Change): Promise<ProcessRun | null> {
  return change.session.em.findOne(ProcessRun, { deal: change.deal, isMain: true }, { populate: ['stage'] })
}

function actorReference(session: Session): Employee | null {
  return session.actor.id > 0 ? session.em.getReference(Employee, session.actor.id) : null
}

function snapshot(deal: Deal): Record<string, unknown> {
  const plain = wrap(deal).toPOJO() as Record<string, unknown>
  return Object.fromEntries(undoable.map((field) => [field, idOf(plain[field], deal[field])]))
}

function idOf(plain: unknown, value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  if (value !== null && typeof value === 'object' && 'id' in value) return (value as { id: number }).id
  return plain ?? null
}
