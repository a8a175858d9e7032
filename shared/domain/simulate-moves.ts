import type { ProcessDraft } from '../schemas/process.ts'
import { type Facts, factsIn, holds } from './conditions.ts'
import { isLastStage, kindOfWay, type ProcessStage, type ProcessVersion, type ProcessWay, type Requirement } from './process.ts'
import { type Gate, unmetGates } from './rules.ts'
import { isSame } from './same-data.ts'

/** A process that is not in force, to be tried on the past. */
export type TriedProcess = {
  readonly template: string
  readonly version: ProcessVersion
  /** Versions that were in force, by id: what they asked for has been asked. */
  readonly past: ReadonlyMap<number, ProcessVersion>
  /** The version in force now; null before the first. What it asks for is not the draft's doing. */
  readonly present: ProcessVersion | null
  /** Stages that give tasks which the version in force does not: whether those would have been done is not known. */
  readonly newTasks: ReadonlySet<string>
}

/** One run of the tried process while it is played. */
export type PlayedRun = {
  /** Where it stands in the play; null while that is not known. */
  stage: string | null
  /** ISO instant. */
  since: string
  /** Where it really stood since when, as far as the play has come. */
  real: { stage: string | null; since: string }
  /** Stages really entered that the draft held it back from, with the decisions there were. */
  readonly held: Map<string, ReadonlyMap<string, boolean>>
  /** Decisions of the real stay, by role; the newest counts. */
  approvals: Map<string, boolean>
}

export type RealMove = { readonly at: string; readonly from: string | null; readonly to: string; readonly versionId: number }
/** What the play could not know, because nobody was asked then or no history is kept: it did not bar the move. */
export type Unknown = { readonly kind: 'fact' | 'approval' | 'tasks'; readonly what: string }
export type MovePlayed = {
  /** The stages entered, in their order; the last is the move's own unless it was refused. */
  readonly entered: readonly string[]
  readonly refused: { readonly from: string; readonly to: string; readonly requirements: readonly Requirement[] } | null
  readonly unknown: readonly Unknown[]
}

const hourMs = 3_600_000

/**
 * What the tried process makes of a real move. The run goes from where the play has it to where people really took it: straight, or forward
 * through stages that they could not choose then (new ones, and those it was held back from before), as far as the gates on the way let it.
 *
 * History is the better witness than facts restored: what the run's own version asked of this very move, and what the version in force asks
 * already, is not asked again, so that an unchanged template refuses nothing. Pure.
 * @param factsOf the deal's facts at the move, before it
 * @param unsure facts that history does not keep: they are taken as they are, and named
 */
export function playMove(
  tried: TriedProcess,
  run: PlayedRun,
  move: RealMove,
  facts: Facts,
  unsure: ReadonlySet<string>,
): MovePlayed {
  const { version } = tried
  if (run.stage === null || run.stage === move.to)
    return { entered: run.stage === null ? [move.to] : [], refused: null, unknown: [] }
  const unknown: Unknown[] = []
  const hop: Hop = { tried, run, move, facts, unsure, unknown }
  const path = pathBetween(hop, run.stage, move.to)
  if (!path) return { entered: [], refused: { from: run.stage, to: move.to, requirements: [noWay(run.stage, move.to)] }, unknown }
  const entered: string[] = []
  let from = stageOf(version, run.stage)!
  for (const to of path) {
    const unmet = unmetAt(hop, from, to, entered.length === 0)
    if (unmet.length > 0) {
      const requirements = unmet.map((gate) => ({ kind: 'gate', gate }) as const)
      return { entered, refused: { from: from.code, to: to.code, requirements }, unknown }
    }
    entered.push(to.code)
    from = to
  }
  return { entered, refused: null, unknown }
}

type Hop = {
  readonly tried: TriedProcess
  readonly run: PlayedRun
  readonly move: RealMove
  readonly facts: Facts
  readonly unsure: ReadonlySet<string>
  readonly unknown: Unknown[]
}

function noWay(from: string, to: string): Requirement {
  return { kind: 'no_way', from, to }
}

/** The shortest open way: straight, or forward through stages that people could not choose then. Null when there is none. */
function pathBetween(hop: Hop, from: string, to: string): readonly ProcessStage[] | null {
  const { version, past } = hop.tried
  const [start, target] = [stageOf(version, from)!, stageOf(version, to)!]
  if (isOpen(hop, start, target)) return [target]
  if (kindOfWay(start, target) === 'back') return null
  const own = past.get(hop.move.versionId)
  const isPassable = ({ code }: ProcessStage) => hop.run.held.has(code) || (own !== undefined && stageOf(own, code) === undefined)
  const queue: (readonly ProcessStage[])[] = [[start]]
  const seen = new Set([from])
  for (let path = queue.shift(); path; path = queue.shift()) {
    const last = path.at(-1)!
    if (path.length > 1 && isOpen(hop, last, target)) return [...path.slice(1), target]
    for (const next of version.stages) {
      const isOnTheWay = next.position > last.position && next.position < target.position
      if (!isOnTheWay || seen.has(next.code) || !isPassable(next) || !isOpen(hop, last, next)) continue
      seen.add(next.code)
      queue.push([...path, next])
    }
  }
  return null
}

function isOpen({ tried, move, facts, unsure, unknown }: Hop, from: ProcessStage, to: ProcessStage): boolean {
  const way = wayBetween(tried.version, from.code, to.code)
  const isReal = from.code === move.from && to.code === move.to
  const witnesses = witnessesOf(tried, move)
  if (!way) {
    // A move that the version in force does not offer either is not the draft's doing.
    const { present } = tried
    const isOffered = !present || wayBetween(present, from.code, to.code) !== undefined
    const isKnown = present && stageOf(present, from.code) !== undefined && stageOf(present, to.code) !== undefined
    return isReal && !isOffered && isKnown === true
  }
  if (way.condition === null) return true
  const same = (other: ProcessVersion) => {
    const real = wayBetween(other, from.code, to.code)
    return real !== undefined && isSame(real.condition, way.condition)
  }
  if (isReal && witnesses.some(same)) return true
  note(unknown, unsure, factsIn(way.condition))
  return holds(way.condition, { ...facts, stage: from.code })
}

/** @param isFirst the run has stood in `from` since its stay began; further on it has only just come there */
function unmetAt(hop: Hop, from: ProcessStage, to: ProcessStage, isFirst: boolean): readonly Gate[] {
  const { tried, run, move, facts, unsure, unknown } = hop
  if (kindOfWay(from, to) === 'back') return []
  const wasEntered = to.code === move.to || run.held.has(to.code)
  const isInStep = isFirst && run.real.stage === run.stage && run.real.since === run.since
  const asked = wasEntered ? witnessesOf(tried, move).flatMap((version) => stageOf(version, to.code)?.gates ?? []) : []
  const approvals = new Map([...(run.held.get(to.code) ?? []), ...run.approvals])
  const own = tried.past.get(move.versionId)
  const rolesAsked = new Set(own && move.from ? rolesBefore(own, move.from) : [])
  const gates = to.gates.filter((gate) => {
    if (gate.kind === 'time') return !(isInStep && asked.some((other) => isSame(other, gate)))
    if (asked.some((other) => isSame(other, gate))) return false
    if (gate.kind === 'approval' && !approvals.has(gate.role) && !rolesAsked.has(gate.role)) {
      unknown.push({ kind: 'approval', what: gate.role })
      return false
    }
    if (gate.kind === 'tasks' && tried.newTasks.has(from.code)) unknown.push({ kind: 'tasks', what: from.code })
    return true
  })
  note(unknown, unsure, gates.flatMap(factsAskedBy))
  const hours = isFirst ? Math.floor((Date.parse(move.at) - Date.parse(run.since)) / hourMs) : 0
  const decided = Object.fromEntries([...approvals].map(([role, approved]) => [`approval.${role}`, approved]))
  return unmetGates(gates, { ...facts, ...decided, stage: from.code, hoursInStage: hours })
}

function factsAskedBy(gate: Gate): readonly string[] {
  if (gate.kind === 'fields') return gate.facts
  return gate.kind === 'requisites' ? ['requisitesComplete'] : []
}

function note(unknown: Unknown[], unsure: ReadonlySet<string>, facts: readonly string[]): void {
  unknown.push(...facts.filter((fact) => unsure.has(fact)).map((what) => ({ kind: 'fact', what }) as const))
}

/** Roles whose decision could be given while a run stood in a stage. */
function rolesBefore(version: ProcessVersion, stage: string): readonly string[] {
  const from = stageOf(version, stage)
  const next = version.stages.filter(
    (to) => from && kindOfWay(from, to) === 'forward' && from.ways.some((way) => way.to === to.id),
  )
  return next.flatMap(({ gates }) => gates.flatMap((gate) => (gate.kind === 'approval' ? [gate.role] : [])))
}

function witnessesOf({ past, present }: TriedProcess, { versionId }: RealMove): readonly ProcessVersion[] {
  return [past.get(versionId), present].filter((version) => version != null)
}

function wayBetween(version: ProcessVersion, from: string, to: string): ProcessWay | undefined {
  const target = stageOf(version, to)
  return stageOf(version, from)?.ways.find((way) => way.to === target?.id)
}

export function stageOf(version: ProcessVersion, code: string): ProcessStage | undefined {
  return version.stages.find((stage) => stage.code === code)
}

export function isLastOf(version: ProcessVersion, code: string): boolean {
  const stage = stageOf(version, code)
  return stage !== undefined && isLastStage(version, stage.id)
}

/** A draft as the rules of processes read it; ids are places. Ways to nowhere are left out. */
export function versionOfDraft(draft: ProcessDraft): ProcessVersion {
  const placeOf = new Map(draft.stages.map((stage, index) => [stage.code, index + 1]))
  return {
    id: 0,
    statusId: null,
    stages: draft.stages.map((stage, index) => ({
      id: index + 1,
      code: stage.code,
      position: index + 1,
      statusId: null,
      gates: stage.gates,
      ways: stage.ways.flatMap(({ to, names, condition }) => {
        const place = placeOf.get(to)
        return place === undefined ? [] : [{ to: place, names: names ?? null, condition: condition ?? null }]
      }),
    })),
  }
}
