import type { ProcessDraft, StageDraft } from '../schemas/process.ts'
import {
  type AmountRanges,
  amountsThrough,
  amountsWhere,
  anyAmount,
  intersect,
  isSameAmounts,
  noAmount,
  unite,
} from './amount-ranges.ts'

/** Where deals of a draft can get, by stage code. */
export type Reach = {
  /** Amounts with which a deal can come to the stage, were there no gates; none: no way leads there. */
  readonly byWays: ReadonlyMap<string, AmountRanges>
  /** Amounts that the gates let come, too; none where the gates contradict one another or those passed before. */
  readonly throughGates: ReadonlyMap<string, AmountRanges>
}

/**
 * Follows all ways from the first stage. Conditions are taken as possibly true, but for what they ask of the amount; gates bar ways forward only.
 */
export function reachOf(draft: ProcessDraft): Reach {
  return { byWays: follow(draft, false), throughGates: follow(draft, true) }
}

/** Amounts that can go a way, of those that stand at its beginning. Nothing goes a way to nowhere. */
export function amountsOn(
  draft: ProcessDraft,
  from: StageDraft,
  way: StageDraft['ways'][number],
  standing: AmountRanges,
): AmountRanges {
  const to = draft.stages.find((stage) => stage.code === way.to)
  if (!to || to === from) return noAmount
  const open = intersect(standing, amountsWhere(way.condition))
  return isForward(draft, from, to) ? intersect(open, amountsThrough(to.gates)) : open
}

/** Does the target stand later in the draft? */
export function isForward(draft: ProcessDraft, from: StageDraft, to: StageDraft): boolean {
  return draft.stages.indexOf(to) > draft.stages.indexOf(from)
}

/** A stage without a way forward: entering it finishes the process. */
export function isEnd(draft: ProcessDraft, stage: StageDraft): boolean {
  const later = draft.stages.slice(draft.stages.indexOf(stage) + 1)
  return !stage.ways.some((way) => later.some((other) => other.code === way.to))
}

/** Ends, because sets of amounts only grow and their bounds are those that the draft names. */
function follow(draft: ProcessDraft, withGates: boolean): Map<string, AmountRanges> {
  const ungated = withGates ? draft : { ...draft, stages: draft.stages.map((stage) => ({ ...stage, gates: [] })) }
  const found = new Map<string, AmountRanges>(draft.stages.map((stage) => [stage.code, noAmount]))
  const waiting: StageDraft[] = []
  const first = ungated.stages[0]
  if (first) {
    found.set(first.code, anyAmount)
    waiting.push(first)
  }
  for (let from = waiting.shift(); from; from = waiting.shift()) {
    for (const way of from.ways) {
      const to = ungated.stages.find((stage) => stage.code === way.to)
      const before = found.get(way.to)
      if (!to || !before) continue
      const after = unite(before, amountsOn(ungated, from, way, found.get(from.code) ?? noAmount))
      if (isSameAmounts(before, after)) continue
      found.set(way.to, after)
      if (!waiting.includes(to)) waiting.push(to)
    }
  }
  return found
}
