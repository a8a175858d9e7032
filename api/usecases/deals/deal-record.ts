import { type Deal, DealEvent, ProcessRun, StatusVisit, type UndoState } from '../../../db/entities/deal.ts'
import { Employee } from '../../../db/entities/organization.ts'
import { type Stage, Status } from '../../../db/entities/process.ts'
import type { DealTask } from '../../../db/entities/work.ts'
import type { DealEventBody, StageRef, VisitCause } from '../../../shared/domain/events.ts'
import type { Relation } from '../../../shared/domain/permissions.ts'
import type { RuleEvent } from '../../../shared/domain/status-rules.ts'
import type { Session } from '../../session.ts'

/** A deal being changed: locked, seen, permitted; and what the verb and the rules have done to it so far. */
export type Change = {
  readonly session: Session
  readonly deal: Deal
  /** How the actor stood to the deal before the change. */
  readonly relation: Relation
  /** What the rules are to hear once the verb is done, in this order. */
  readonly heard: Heard[]
  readonly effects: Effects
  /** How many rules have answered to what set all this off, in deals that rules made too. */
  readonly chain: { fired: number; depth: number }
  /** The run that the verb moves, as it was. */
  run: RunBefore | null
  /** Whether the deal has got its new moment of change. */
  touched: boolean
}
type RunBefore = NonNullable<UndoState['run']>

/** Something that happened, for the rules; where it is the entering of a stage, with the status that the built-in rule gives. */
export type Heard = {
  readonly event: RuleEvent
  readonly runId: number | null
  readonly builtIn?: { readonly statusId: number; readonly stage: Stage; readonly ref: StageRef }
}

/** What an undo has to take back, besides the deal's own fields. */
export type Effects = {
  readonly opened: StatusVisit[]
  closed: StatusVisit | null
  readonly companions: DealEvent[]
  readonly tasks: DealTask[]
  /** Open before, cancelled by the change. */
  readonly cancelledTasks: DealTask[]
  readonly runs: ProcessRun[]
}

/** @param chain given where a rule's action changes another deal: it goes on with the same chain */
export function newChange(
  session: Session,
  deal: Deal,
  relation: Relation,
  chain: Change['chain'] = { fired: 0, depth: 0 },
): Change {
  return {
    session,
    deal,
    relation,
    heard: [],
    effects: { opened: [], closed: null, companions: [], tasks: [], cancelledTasks: [], runs: [] },
    chain,
    run: null,
    touched: false,
  }
}

/** The deal changes now: always later than before, so that what changed makes a new version also within one millisecond. Once per change. */
export function touchDeal(change: Change): void {
  const { session, deal } = change
  if (!change.touched) deal.changedAt = new Date(Math.max(session.now.getTime(), deal.changedAt.getTime() + 1))
  change.touched = true
}

/** Closes the open visit and opens the next. The deal's status follows, and the rules hear of it. */
export async function enterStatus(
  change: Change,
  status: { readonly id: number; readonly code: string },
  cause: VisitCause,
  stage: Stage | null,
): Promise<void> {
  const { session, deal, effects, heard } = change
  const open = await session.em.findOneOrFail(StatusVisit, { deal, leftAt: null, voidedAt: null })
  open.leftAt = new Date(Math.max(session.now.getTime(), open.enteredAt.getTime()))
  await session.em.flush()
  effects.closed ??= open
  deal.status = session.em.getReference(Status, status.id)
  deal.statusSince = open.leftAt
  touchDeal(change)
  effects.opened.push(openVisit(session, deal, cause, stage))
  heard.push({ event: { kind: 'status_changed', status: status.code }, runId: null })
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

/** A fact that goes with the verb's own, and is undone with it. */
export function recordCompanion(change: Change, body: DealEventBody): DealEvent {
  const event = recordEvent(change.session, change.deal, body)
  change.effects.companions.push(event)
  return event
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
