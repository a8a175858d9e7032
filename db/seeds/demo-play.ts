import type { DealEventBody, VisitCause } from '../../shared/domain/events.ts'
import { isLastStage, stageOf } from '../../shared/domain/process.ts'
import { statusForStage } from '../../shared/domain/rules.ts'
import { departmentSeeds, personSeeds } from './demo-people.ts'
import type { PlayedDeal, PlayedEvent, PlayedFields, PlayedRun, PlayedVisit } from './demo-played.ts'
import { type StageSeed, type TypeSeed, typeSeed } from './demo-processes.ts'
import type { DealScript, DemoVerb } from './demo-verbs.ts'
import { type StatusSeed, statusSeed, statusSeeds } from './statuses.ts'

type Play = {
  id: number
  type: TypeSeed
  deal: PlayedFields
  run: PlayedRun
  visits: PlayedVisit[]
  events: PlayedEvent[]
  participants: number[]
  /** What the last deed changed, as it was before: what an undo puts back. */
  undo: { readonly deal: PlayedFields; readonly run: PlayedRun; readonly visits: number } | null
  /** Facts that go with the deed at hand, to be written after its own. */
  readonly following: DealEventBody[]
}

/**
 * Plays a script by the rules of the use-cases on deals, with the same pure rules and without a database, so that thousands of lives load
 * in seconds. tests/usecases/demo.test.ts replays lives through the use-cases themselves and finds the same.
 */
export function playDeal(id: number, script: DealScript): PlayedDeal {
  const first = script[0]
  if (first?.verb !== 'create') throw new Error(`deal ${id} does not begin with its creation`)
  const play = create(id, first)
  for (const verb of script.slice(1)) {
    const before = { deal: { ...play.deal }, run: { ...play.run }, visits: play.visits.length }
    const body = perform(play, verb)
    if (body === null) continue
    for (const fact of [body, ...play.following.splice(0)]) record(play, verb, fact)
    if (verb.verb === 'comment') continue
    play.undo = before
    play.deal.changedAt = verb.at
    play.deal.version++
  }
  return play
}

function create(id: number, verb: DemoVerb & { verb: 'create' }): Play {
  const type = typeSeed(verb.typeCode)
  const stage = type.version.stages[0]!
  const status = statusById(statusForStage(type.version, stage, { statusId: 0, statusHeld: false })!)
  const { title, description, counterpartyId, contactId, ownerId, amountMinor, expectedCloseOn, at } = verb
  const deal: PlayedFields = {
    title,
    description,
    counterpartyId,
    contactId,
    ownerId,
    amountMinor,
    expectedCloseOn,
    departmentId: departmentOf(ownerId),
    statusId: status.id,
    statusSince: at,
    statusHeld: false,
    probabilityPct: null,
    lostReason: null,
    createdAt: at,
    changedAt: at,
    version: 1,
  }
  const run: PlayedRun = { stageId: stage.id, stageSince: at, state: 'running', startedAt: at, endedAt: null }
  const play: Play = { id, type, deal, run, visits: [], events: [], participants: [], undo: null, following: [] }
  openVisit(play, verb, { kind: 'creation' }, stage)
  record(play, verb, { kind: 'deal_created', status: refOf(status) })
  return play
}

/** Does a verb to the deal. @returns its event, null when it changed nothing; a move leaves the change of status in `following`. */
function perform(play: Play, verb: DemoVerb): DealEventBody | null {
  const { deal } = play
  switch (verb.verb) {
    case 'move':
      return move(play, verb)
    case 'setStatus': {
      const [from, to] = [statusById(deal.statusId), statusSeed(verb.status)]
      const cause = { kind: 'user', reason: verb.reason } as const
      enterStatus(play, verb, to.id, cause, null)
      deal.statusHeld = verb.hold
      return { kind: 'status_changed', from: refOf(from), to: refOf(to), cause, ...(verb.hold ? { held: true as const } : {}) }
    }
    case 'liftHold':
      deal.statusHeld = false
      return { kind: 'hold_lifted', status: refOf(statusById(deal.statusId)) }
    case 'lose':
      return lose(play, verb)
    case 'reopen':
      return reopen(play, verb)
    case 'reassign':
      return reassign(play, verb)
    case 'participants': {
      const added = verb.employeeIds.filter((id) => !play.participants.includes(id)).map(employeeRef)
      const removed = play.participants.filter((id) => !verb.employeeIds.includes(id)).map(employeeRef)
      play.participants = [...verb.employeeIds]
      return { kind: 'participants_changed', added, removed }
    }
    case 'edit':
      return edit(play, verb)
    case 'comment':
      return { kind: 'comment_added', text: verb.text }
    case 'undo':
      return undo(play, verb)
    case 'create':
      throw new Error(`deal ${play.id} is created twice`)
  }
}

function move(play: Play, verb: DemoVerb & { verb: 'move' }): DealEventBody {
  const { type, run, deal } = play
  const from = stageOf(type.version, run.stageId) as StageSeed
  const to = type.version.stages.find((stage) => stage.code === verb.stage)!
  Object.assign(run, { stageId: to.id, stageSince: verb.at, ...stateAt(type, to.id, verb.at) })
  const statusId = statusForStage(type.version, to, deal)
  if (statusId !== null) {
    const before = refOf(statusById(deal.statusId))
    const cause = { kind: 'stage', stage: refOf(to) } as const
    enterStatus(play, verb, statusId, cause, to)
    play.following.push({ kind: 'status_changed', from: before, to: refOf(statusById(statusId)), cause })
  }
  return {
    kind: 'stage_entered',
    runId: play.id,
    from: refOf(from),
    to: refOf(to),
    ...(verb.comment ? { comment: verb.comment } : {}),
  }
}

function lose(play: Play, verb: DemoVerb & { verb: 'lose' }): DealEventBody {
  const { deal, run } = play
  const [from, to] = [statusById(deal.statusId), statusSeed(verb.status)]
  Object.assign(run, { state: 'cancelled', endedAt: verb.at })
  enterStatus(play, verb, to.id, { kind: 'user', reason: verb.reason }, null)
  deal.statusHeld = false
  deal.lostReason = verb.reason
  return { kind: 'deal_lost', from: refOf(from), to: refOf(to), reason: verb.reason }
}

function reopen(play: Play, verb: DemoVerb & { verb: 'reopen' }): DealEventBody {
  const { deal, run, visits } = play
  const from = statusById(deal.statusId)
  const to = visits
    .filter((visit) => visit.voidedAt === null)
    .map((visit) => statusById(visit.statusId))
    .findLast((status) => status.category !== 'lost')!
  Object.assign(run, stateAt(play.type, run.stageId, verb.at))
  enterStatus(play, verb, to.id, { kind: 'user', reason: verb.reason }, null)
  deal.lostReason = null
  return { kind: 'deal_reopened', from: refOf(from), to: refOf(to), reason: verb.reason }
}

function reassign(play: Play, verb: DemoVerb & { verb: 'reassign' }): DealEventBody {
  const { deal } = play
  const from = employeeRef(deal.ownerId)
  deal.ownerId = verb.employeeId
  deal.departmentId = departmentOf(verb.employeeId)
  const { id, name } = departmentSeeds.find((department) => department.id === deal.departmentId)!
  return { kind: 'deal_reassigned', from, to: employeeRef(verb.employeeId), department: { id, name }, comment: verb.comment }
}

function edit({ deal }: Play, verb: DemoVerb & { verb: 'edit' }): DealEventBody | null {
  const changes = (['amountMinor', 'expectedCloseOn', 'probabilityPct'] as const)
    .filter((field) => verb[field] !== undefined && verb[field] !== deal[field])
    .map((field) => ({ field, before: deal[field], after: verb[field]! }))
  Object.assign(deal, Object.fromEntries(changes.map(({ field, after }) => [field, after])))
  return changes.length === 0 ? null : { kind: 'deal_edited', changes }
}

/** Voids the visit that the last deed opened, lets the one before go on, and puts deal and run back. */
function undo(play: Play, verb: DemoVerb): DealEventBody {
  const { deal, run, visits, events, undo: before } = play
  const undone = events.find((event) => event.at === events.at(-1)?.at)!
  if (before === null) throw new Error(`deal ${play.id} has nothing to undo`)
  if (visits.length > before.visits) {
    Object.assign(visits.at(-1)!, { voidedAt: verb.at, voidedById: verb.actorId })
    openVisitOf(play, before.visits).leftAt = null
  }
  const { changedAt: _changedAt, version: _version, ...fields } = before.deal
  Object.assign(deal, fields)
  Object.assign(run, before.run)
  const companions = events.filter((event) => event.at === undone.at && event !== undone)
  for (const event of [undone, ...companions]) event.voidedAt = verb.at
  return { kind: 'change_undone', eventId: events.indexOf(undone), undone: undone.body.kind }
}

function record({ events }: Play, { at, actorId, door }: DemoVerb, body: DealEventBody): void {
  events.push({ at, actorId, door, body, voidedAt: null })
}

/** The last visit that counts, among the first `count`. */
function openVisitOf({ visits }: Play, count = visits.length): PlayedVisit {
  return visits.slice(0, count).findLast((visit) => visit.voidedAt === null)!
}

function enterStatus(play: Play, verb: DemoVerb, statusId: number, cause: VisitCause, stage: StageSeed | null): void {
  openVisitOf(play).leftAt = verb.at
  play.deal.statusId = statusId
  play.deal.statusSince = verb.at
  openVisit(play, verb, cause, stage)
}

function openVisit({ deal, visits }: Play, verb: DemoVerb, cause: VisitCause, stage: StageSeed | null): void {
  const { statusId, ownerId, departmentId, amountMinor } = deal
  const stageId = stage?.id ?? null
  visits.push({
    statusId,
    enteredAt: verb.at,
    leftAt: null,
    ownerId,
    departmentId,
    amountMinor,
    cause,
    actorId: verb.actorId,
    stageId,
    voidedAt: null,
    voidedById: null,
  })
}

function stateAt(type: TypeSeed, stageId: number, at: Date): Pick<PlayedRun, 'state' | 'endedAt'> {
  return isLastStage(type.version, stageId) ? { state: 'finished', endedAt: at } : { state: 'running', endedAt: null }
}

function statusById(id: number): StatusSeed {
  return statusSeeds.find((status) => status.id === id)!
}

function refOf({ code, names }: { readonly code: string; readonly names: { readonly ru: string; readonly en: string } }) {
  return { code, name: names }
}

function employeeRef(id: number): { readonly id: number; readonly name: string } {
  return { id, name: personSeeds.find((employee) => employee.id === id)!.name }
}

function departmentOf(employeeId: number): number {
  return personSeeds.find((employee) => employee.id === employeeId)!.departmentId
}
