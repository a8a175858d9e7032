import { LockMode, wrap } from '@mikro-orm/core'
import { Deal, type DealEvent, type UndoState } from '../../../db/entities/deal.ts'
import { visibleDeals } from '../../../db/queries/visibility.ts'
import { selectRow, selectRows, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import type { DealEventBody } from '../../../shared/domain/events.ts'
import { can, type DealAction, type Relation, relationTo } from '../../../shared/domain/permissions.ts'
import { type Session, transact } from '../../session.ts'
import { notifyDealEvent } from '../chat/notify-deal-event.ts'
import { notifyNewWork } from '../chat/notify-work.ts'
import { applyRules } from '../rules/apply-rules.ts'
import { type Change, newChange, recordEvent, touchDeal } from './deal-record.ts'
import { type DealCard, showDeal } from './show-deal.ts'

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
  'fields',
] as const

/** What a change takes: an action of the table, or a right of its own by the actor's relation to the deal. */
export type Right = DealAction | ((relation: Relation) => boolean)

/**
 * The one path of every change to a deal: find it among what the actor sees (else not_found), check the right (forbidden) and the
 * version he saw (version_stale with the present card), let `verb` change it, record its event, tell the listeners; one transaction.
 * @param target version null: what changes has a version of its own, or cannot conflict
 * @returns the card after the change.
 */
export async function changeDeal(
  session: Session,
  target: { readonly number: number; readonly version: number | null },
  right: Right,
  verb: (change: Change) => Promise<{ readonly event: DealEventBody; readonly undoable: boolean } | null>,
): Promise<DealCard> {
  return transact(session, async (inside) => {
    const { deal, relation } = await lockDeal(inside, target.number, right)
    if (target.version !== null && deal.version !== target.version)
      throw new AppError('version_stale', { current: await showDeal(inside, target) })
    const before = snapshot(deal)
    const change = newChange(inside, deal, relation)
    const outcome = await verb(change)
    if (outcome) {
      const event = recordEvent(inside, deal, outcome.event)
      // A status that follows is written together with the moment, as one version.
      if (!change.heard.some((heard) => heard.builtIn)) touchDeal(change)
      await inside.em.flush()
      await applyRules(change, event)
      touchDeal(change)
      await inside.em.flush()
      if (outcome.undoable) event.undoState = undoStateOf(change, before)
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
  right: Right,
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
  const isPermitted = typeof right === 'function' ? right(relation) : can(session.actor, right, relation)
  if (!isPermitted) throw new AppError('forbidden')
  return { deal: await session.em.findOneOrFail(Deal, found.id, { refresh: true, lockMode: LockMode.NONE }), relation }
}

/** After a change: the owner is notified, every process hears of it. */
export async function tellOthers(session: Session, deal: Deal, event: DealEvent): Promise<void> {
  await notifyDealEvent(session, { number: deal.number, ownerId: deal.owner.id }, { id: event.id, body: event.body })
  await announceDeal(session, deal)
}

/** Tells people of the work that a change of the deal brought them, and every process that it changed; heard only if the transaction commits. */
export async function announceDeal(
  session: Session,
  deal: { readonly id: number; readonly number: number; readonly version: number },
): Promise<void> {
  await notifyNewWork(session, deal)
  await selectRows(
    session.em,
    sql`select pg_notify('deal_changed', ${JSON.stringify({ id: deal.id, number: deal.number, version: deal.version })})`,
  )
}

function undoStateOf({ deal, effects, run }: Change, before: UndoState['deal']): UndoState {
  const idsOf = (rows: readonly { readonly id: number }[]): number[] => rows.map((row) => row.id)
  return {
    versionAfter: deal.version,
    openedVisitIds: idsOf(effects.opened),
    closedVisitId: effects.closed?.id ?? null,
    companionIds: idsOf(effects.companions),
    taskIds: idsOf(effects.tasks),
    cancelledTaskIds: idsOf(effects.cancelledTasks),
    runIds: idsOf(effects.runs),
    deal: before,
    run,
  }
}

function snapshot(deal: Deal): Record<string, unknown> {
  const plain = wrap(deal).toPOJO() as Record<string, unknown>
  const kept = undoable.map((field) => [field, field === 'fields' ? deal.fields : idOf(plain[field], deal[field])])
  return Object.fromEntries(kept)
}

function idOf(plain: unknown, value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  if (value !== null && typeof value === 'object' && 'id' in value) return (value as { id: number }).id
  return plain ?? null
}
