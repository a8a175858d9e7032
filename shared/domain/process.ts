import { AppError } from './app-error.ts'
import { type Condition, type Facts, holds } from './conditions.ts'
import { type Gate, unmetGates } from './rules.ts'
import type { Assignee, Words } from './status-rules.ts'

/** A task that a stage gives to somebody when it is entered. */
export type StageTask = { readonly title: Words; readonly assignee: Assignee; readonly dueInHours: number | null }

/** A stage of a published version as the rules need it. */
export type ProcessStage = {
  readonly id: number
  readonly code: string
  readonly position: number
  readonly statusId: number | null
  /** What must hold to enter it on a way forward. */
  readonly gates: readonly Gate[]
  /** The ways to the stages that may follow, in the order they are offered. */
  readonly ways: readonly ProcessWay[]
}

/** A way to a stage of the same version; offered when its condition holds, null: always. */
export type ProcessWay = { readonly to: number; readonly names: Words | null; readonly condition: Condition | null }

/** A version of a process template: stages in order of position. */
export type ProcessVersion = { readonly id: number; readonly statusId: number | null; readonly stages: readonly ProcessStage[] }

export type WayKind = 'forward' | 'back'

/** Something that does not hold yet and must before a stage may be entered: there is no such way (now), or a gate is closed. */
export type Requirement =
  | { readonly kind: 'no_way'; readonly from: string; readonly to: string }
  | { readonly kind: 'gate'; readonly gate: Gate }

/** Forward when the target stands later in the template. */
export function kindOfWay(from: ProcessStage, to: ProcessStage): WayKind {
  return to.position > from.position ? 'forward' : 'back'
}

/** The ways on from a stage: forward ones first, nearest first. @param facts leave out ways whose condition does not hold */
export function waysFrom(
  version: ProcessVersion,
  stageId: number,
  facts?: Facts,
): { readonly stage: ProcessStage; readonly kind: WayKind; readonly way: ProcessWay }[] {
  const from = stageOf(version, stageId)
  return from.ways
    .filter((way) => !facts || way.condition === null || holds(way.condition, facts))
    .map((way) => ({ way, stage: stageOf(version, way.to) }))
    .map(({ way, stage }) => ({ way, stage, kind: kindOfWay(from, stage) }))
    .sort((a, b) => (a.kind === b.kind ? a.stage.position - b.stage.position : a.kind === 'forward' ? -1 : 1))
}

/** All that stands in the way of entering `to` from `from`; empty when it may be entered. Gates bar ways forward only. */
export function unmetRequirements(version: ProcessVersion, fromId: number, toId: number, facts: Facts): readonly Requirement[] {
  const from = stageOf(version, fromId)
  const way = waysFrom(version, fromId, facts).find(({ stage }) => stage.id === toId)
  if (!way) return [{ kind: 'no_way', from: from.code, to: stageOf(version, toId).code }]
  return way.kind === 'back' ? [] : unmetGates(way.stage.gates, facts).map((gate) => ({ kind: 'gate', gate }))
}

/** True when nothing lies ahead: entering such a stage finishes the run. */
export function isLastStage(version: ProcessVersion, stageId: number): boolean {
  return !waysFrom(version, stageId).some((way) => way.kind === 'forward')
}

/** The statuses a version can give, in no order: the `path` of product.md, section 3. */
export function pathOf(version: ProcessVersion): readonly number[] {
  const ids = version.stages.map((stage) => stage.statusId ?? version.statusId)
  return [...new Set(ids.filter((id) => id !== null))]
}

/** @throws AppError not_found when the version has no such stage. */
export function stageOf(version: ProcessVersion, stageId: number): ProcessStage {
  const stage = version.stages.find((candidate) => candidate.id === stageId)
  if (!stage) throw new AppError('not_found')
  return stage
}
