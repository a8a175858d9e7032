import type { BottleneckKind, BottleneckView } from '../views/funnel.ts'
import type { FunnelStatus } from './funnel.ts'
import type { CohortFigures } from './funnel-cohort.ts'
import { wilsonInterval } from './funnel-wilson.ts'

/** Where the business is stuck (product.md, section 3, "Bottleneck"). Judged by number of deals, whatever measure is shown. */

/** Fewer resolved deals than this prove nothing, in the period or in the baseline. */
export const enoughResolved = 20
const slowerThanBefore = 1.5
const weeksRunning = 3

/** What a layer's figures must have to be judged; `CohortFigures` has it. */
export type JudgedLayer = Pick<CohortFigures, 'status' | 'passed' | 'lost' | 'passable'>

export type WeekFlow = { readonly arrivals: number; readonly departures: number }

export type BottleneckInput = {
  readonly layers: readonly JudgedLayer[]
  /** The same slices over the 12 months before the period. */
  readonly baselineLayers: readonly JudgedLayer[]
  /** Median hours in status by status id, over the period (at least so many, where it cannot be told yet) and over the 12 months before. */
  readonly medianHours: ReadonlyMap<number, number>
  readonly baselineMedianHours: ReadonlyMap<number, number>
  /** Whole weeks by status id, oldest first, up to the as-of instant. */
  readonly weeks: ReadonlyMap<number, readonly WeekFlow[]>
  /** Which of the layers may be named the narrowest; left out: all. */
  readonly isInView?: (status: FunnelStatus) => boolean
  /** Average amount of a won deal, minor units; null when none was won. */
  readonly averageWonMinor: number | null
}

/** `set`: by the administrator; `before`: the preceding 12 months. */
export type TargetSource = 'set' | 'before'
export type Bottleneck = BottleneckView & { readonly targetSource: TargetSource | null }

export type BottleneckReport = {
  /** One for each layer, in the layers' order; null where the rule finds none. */
  readonly byLayer: readonly (Bottleneck | null)[]
  /** Status id of the lowest resolved conversion; layers that end every path are no step and never count. */
  readonly narrowestId: number | null
  readonly narrowestTooFew: boolean
}

type Step = { readonly passed: number; readonly lost: number }

function resolvedOf(step: Step | undefined): number | null {
  const n = step ? step.passed + step.lost : 0
  return step && n > 0 ? step.passed / n : null
}

function hasEnough(step: Step | undefined): boolean {
  return step !== undefined && step.passed + step.lost >= enoughResolved
}

function targetOf(status: FunnelStatus, before: JudgedLayer | undefined): { share: number | null; source: TargetSource | null } {
  if (status.targetConversionPct !== null) return { share: status.targetConversionPct / 100, source: 'set' }
  const share = hasEnough(before) ? resolvedOf(before) : null
  return { share, source: share === null ? null : 'before' }
}

function isSlow(status: FunnelStatus, input: BottleneckInput): boolean {
  const median = input.medianHours.get(status.id)
  const before = input.baselineMedianHours.get(status.id)
  if (median === undefined) return false
  return (
    (status.timeLimitHours !== null && median > status.timeLimitHours) ||
    (before !== undefined && median > slowerThanBefore * before)
  )
}

function isQueueing(statusId: number, input: BottleneckInput): boolean {
  const recent = (input.weeks.get(statusId) ?? []).slice(-weeksRunning)
  return recent.length === weeksRunning && recent.every((week) => week.arrivals > week.departures)
}

/**
 * The share of the deals that pass layer `index` which go on to the won milestone: product of the conversions of the layers after
 * it and before the first milestone above it. 1 when the milestone is next or behind; null when a conversion on the way is not
 * known, now or before, or when there is no milestone.
 */
function shareWonAfter(index: number, input: BottleneckInput, before: ReadonlyMap<number, JudgedLayer>): number | null {
  const { layers } = input
  const milestones = layers.flatMap((layer, place) => (layer.status.isWon ? [place] : []))
  if (milestones.length === 0) return null
  const milestone = milestones.find((place) => place > index)
  if (milestone === undefined) return 1
  return layers.slice(index + 1, milestone).reduce<number | null>((product, layer) => {
    const share = resolvedOf(layer) ?? resolvedOf(before.get(layer.status.id))
    return product === null || share === null ? null : product * share
  }, 1)
}

/** n x (target - p) x later conversions up to the milestone x average won amount, minor units; 0 when it cannot be told. */
function impactOf(
  index: number,
  target: number | null,
  input: BottleneckInput,
  before: ReadonlyMap<number, JudgedLayer>,
): number {
  const layer = input.layers[index]!
  const share = resolvedOf(layer)
  const later = shareWonAfter(index, input, before)
  if (target === null || share === null || later === null || input.averageWonMinor === null) return 0
  return Math.max(0, Math.round((layer.passed + layer.lost) * (target - share) * later * input.averageWonMinor))
}

function judge(index: number, input: BottleneckInput, before: ReadonlyMap<number, JudgedLayer>): Bottleneck | null {
  const layer = input.layers[index]!
  if (!hasEnough(layer)) return null
  const target = targetOf(layer.status, before.get(layer.status.id))
  const upperBound = wilsonInterval(layer.passed, layer.passed + layer.lost)?.upper ?? null
  const kinds: BottleneckKind[] = []
  if (layer.passable > 0 && target.share !== null && upperBound !== null && upperBound < target.share) kinds.push('conversion')
  if (isSlow(layer.status, input)) kinds.push('time')
  if (isQueueing(layer.status.id, input)) kinds.push('queue')
  if (kinds.length === 0) return null
  return {
    kinds,
    target: target.share,
    targetSource: target.source,
    upperBound,
    impactMinor: impactOf(index, target.share, input, before),
  }
}

/** Judges every layer and names the narrowest one; of equal ones the one with more resolved deals, then the earlier. */
export function findBottlenecks(input: BottleneckInput): BottleneckReport {
  const before = new Map(input.baselineLayers.map((layer) => [layer.status.id, layer]))
  const steps = input.layers.flatMap((layer) => {
    const share = layer.passable > 0 && (input.isInView?.(layer.status) ?? true) ? resolvedOf(layer) : null
    return share === null ? [] : [{ layer, share, n: layer.passed + layer.lost }]
  })
  const narrowest = steps.sort((a, b) => a.share - b.share || b.n - a.n)[0]
  return {
    byLayer: input.layers.map((_, index) => judge(index, input, before)),
    narrowestId: narrowest?.layer.status.id ?? null,
    narrowestTooFew: narrowest !== undefined && narrowest.n < enoughResolved,
  }
}

type Ranked = { readonly bottleneck: { readonly kinds: readonly string[]; readonly impactMinor: number } | null }

/**
 * The one loud thing: the layer whose bottleneck has most money at stake; of equal ones a conversion bottleneck, then the one
 * with more kinds, then the earlier layer. Null when no layer has any.
 */
export function primaryBottleneck<Layer extends Ranked>(layers: readonly Layer[]): Layer | null {
  const weight = (layer: Layer) => {
    const kinds = layer.bottleneck?.kinds ?? []
    return [layer.bottleneck?.impactMinor ?? 0, kinds.includes('conversion') ? 1 : 0, kinds.length] as const
  }
  const found = layers.filter((layer) => layer.bottleneck !== null)
  return (
    found.sort((a, b) => {
      const [one, other] = [weight(a), weight(b)]
      return other[0] - one[0] || other[1] - one[1] || other[2] - one[2]
    })[0] ?? null
  )
}
