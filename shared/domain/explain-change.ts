import type { CohortFunnel } from './funnel-cohort.ts'
import { judgeCounts, judgeShares, type Trials, type Verdict } from './funnel-compare.ts'

/**
 * Why a total changed, as contributions that add up to the change exactly.
 *
 * The won deals W are what is left of a chain: `r(0)` deals stand in the first layer, `r(i+1) = r(i)·s(i) + j(i+1)`, where s is the share
 * that goes on to the next shown layer and j those that began there; W = r(m) + those won beside the shown layers, m being the won milestone. Each product
 * is split by the means of both sides, Δ(r·s) = s̄·Δr + r̄·Δs (T. L. Bennet, "The theory of measurement of changes in cost of living", 1920;
 * for rates E. M. Kitagawa, "Components of a difference between two rates", 1955), step after step, so that
 *   entries  = Δr(0)·Π s̄(k),   conversion of i = r̄(i)·Δs(i)·Π s̄(k > i),   joined at i = Δj(i)·Π s̄(k ≥ i),   beside = Δ(W − r(m)).
 * A share that one side does not have is taken from the other: it explains nothing.
 * Money A = W·a, with a the average won deal: the same contributions times ā, and W̄·Δa for the average.
 * The share of won W / N: the same chain with every number divided by its side's N.
 *
 * By slices T = Σ n·q with n deals of a slice value and q what one of them brings: q̄·Δn for their number, n̄·Δq for what they bring. For the share of won n
 * is the part of all deals, and the number's contribution is (q̄ − Q̄)·Δn, Q̄ the mean of both totals: a mix changes nothing where all are alike.
 */
export type Measure = 'won' | 'amount' | 'share'
export const explainedMeasures = ['won', 'amount', 'share'] as const satisfies readonly Measure[]

/** A layer up to the won milestone: deals. */
export type Step = {
  readonly statusId: number
  readonly reached: number
  readonly through: number
  readonly joined: number
}
export type ChangeSide = {
  readonly deals: number
  readonly won: number
  readonly wonAmountMinor: number
  readonly steps: readonly Step[]
}

/** `value` in deals, minor units or share 0..1, by the measure; `now` and `before` what changed, of the same kind as the cause. */
export type LayerEffect = {
  readonly cause: 'entries' | 'conversion' | 'joined' | 'beside' | 'average'
  /** The layer; null where the cause is none. */
  readonly statusId: number | null
  readonly now: number
  readonly before: number
  readonly value: number
  readonly verdict: Verdict | null
}

export function sideOf({ layers, totals }: CohortFunnel): ChangeSide {
  const milestone = layers.findIndex(({ status }) => status.isWon)
  const chain = milestone < 0 ? layers : layers.slice(0, milestone + 1)
  return {
    deals: totals.deals,
    won: totals.won,
    wonAmountMinor: totals.wonAmountMinor,
    steps: chain.map(({ status, reached, through, joined }) => ({ statusId: status.id, reached, through, joined })),
  }
}

export function measureTotal({ deals, won, wonAmountMinor }: Omit<ChangeSide, 'steps'>, measure: Measure): number | null {
  if (measure === 'share') return deals === 0 ? null : won / deals
  return measure === 'won' ? won : wonAmountMinor
}

/** Whether the change of the total could be chance; null: of money that cannot be told. */
export function judgeChange(now: ChangeSide, before: ChangeSide, measure: Measure): Verdict | null {
  const counts = judgeCounts(now.won, before.won)
  if (measure === 'won') return counts
  if (measure === 'amount') return counts === 'few' ? 'few' : null
  return judgeShares({ successes: now.won, n: now.deals }, { successes: before.won, n: before.deals })
}

/** Contributions of the layers, in the order of the funnel; none when a share cannot be told. Both sides have the same steps. */
export function explainByLayers(now: ChangeSide, before: ChangeSide, measure: Measure): readonly LayerEffect[] {
  if (measureTotal(now, measure) === null || measureTotal(before, measure) === null) return []
  const isShare = measure === 'share'
  const effects = explainChain(now, before, isShare ? { now: now.deals, before: before.deals } : { now: 1, before: 1 })
  if (measure !== 'amount') return effects
  const averages = pair(ratio(now.wonAmountMinor, now.won), ratio(before.wonAmountMinor, before.won))
  const money = effects.map((effect) => ({ ...effect, value: effect.value * mean(averages) }))
  const average: LayerEffect = {
    cause: 'average',
    statusId: null,
    ...averages,
    value: mean({ now: now.won, before: before.won }) * (averages.now - averages.before),
    verdict: null,
  }
  return [...money, average]
}

type Both = { readonly now: number; readonly before: number }

function explainChain(now: ChangeSide, before: ChangeSide, sizes: Both): LayerEffect[] {
  const last = now.steps.length - 1
  const per = (own: number, other: number): Both => ({ now: own / sizes.now, before: other / sizes.before })
  const change = (both: Both): number => both.now - both.before
  const effects: LayerEffect[] = []
  // From the milestone upwards: what one deal more at a layer brings there.
  let worth = 1
  for (let index = last; index >= 0; index--) {
    const [own, other] = [now.steps[index]!, before.steps[index]!]
    if (index < last) {
      const shares = pair(ratio(own.through, own.reached), ratio(other.through, other.reached))
      const value = mean(per(own.reached, other.reached)) * change(shares) * worth
      const verdict = judgeShares(trialsOf(own), trialsOf(other))
      effects.unshift({ cause: 'conversion', statusId: own.statusId, ...shares, value, verdict })
      worth *= mean(shares)
    }
    const [cause, came] = index === 0 ? (['entries', 'reached'] as const) : (['joined', 'joined'] as const)
    const verdict = judgeCounts(own[came], other[came])
    const value = change(per(own[came], other[came])) * worth
    effects.unshift({ cause, statusId: own.statusId, now: own[came], before: other[came], value, verdict })
  }
  const besides = { now: now.won - (now.steps[last]?.reached ?? 0), before: before.won - (before.steps[last]?.reached ?? 0) }
  effects.push({ cause: 'beside', statusId: null, ...besides, value: change(per(besides.now, besides.before)), verdict: null })
  return effects
}

function trialsOf({ through, reached }: Step): Trials {
  return { successes: through, n: reached }
}

/** Deals of one value of a slice: a type, department, employee or client. */
export type SliceTotals = {
  readonly key: number
  readonly deals: number
  readonly won: number
  readonly wonAmountMinor: number
}
/** `number`: how many deals it has (of the share of won: its part of all deals); `rate`: what one of them brings. */
export type SliceEffect = {
  readonly cause: 'number' | 'rate'
  readonly key: number
  readonly now: number
  readonly before: number
  readonly value: number
  readonly verdict: Verdict | null
}

/** Contributions of the slice's values, two each; they add up to the change of the whole. None when a share cannot be told. */
export function explainBySlices(
  now: readonly SliceTotals[],
  before: readonly SliceTotals[],
  measure: Measure,
): readonly SliceEffect[] {
  const [whole, otherWhole] = [sumOf(now), sumOf(before)]
  const values = pair(measureTotal(whole, measure), measureTotal(otherWhole, measure))
  if (measure === 'share' && (whole.deals === 0 || otherWhole.deals === 0)) return []
  const [ownByKey, otherByKey] = [new Map(now.map((one) => [one.key, one])), new Map(before.map((one) => [one.key, one]))]
  return [...new Set([...ownByKey.keys(), ...otherByKey.keys()])].flatMap((key): SliceEffect[] => {
    const [own, other] = [ownByKey.get(key) ?? noDeals(key), otherByKey.get(key) ?? noDeals(key)]
    const isShare = measure === 'share'
    const sizes = isShare
      ? { now: own.deals / whole.deals, before: other.deals / otherWhole.deals }
      : { now: own.deals, before: other.deals }
    const brought = (one: SliceTotals) => ratio(measure === 'amount' ? one.wonAmountMinor : one.won, one.deals)
    const rates = pair(brought(own), brought(other))
    const worth = mean(rates) - (isShare ? mean(values) : 0)
    const verdict =
      measure === 'amount' ? null : judgeShares({ successes: own.won, n: own.deals }, { successes: other.won, n: other.deals })
    return [
      { cause: 'number', key, ...sizes, value: worth * (sizes.now - sizes.before), verdict: judgeCounts(own.deals, other.deals) },
      { cause: 'rate', key, ...rates, value: mean(sizes) * (rates.now - rates.before), verdict },
    ]
  })
}

function noDeals(key: number): SliceTotals {
  return { key, deals: 0, won: 0, wonAmountMinor: 0 }
}

function sumOf(slices: readonly SliceTotals[]): Omit<SliceTotals, 'key'> {
  const add = (read: (one: SliceTotals) => number) => slices.reduce((sum, one) => sum + read(one), 0)
  return { deals: add((one) => one.deals), won: add((one) => one.won), wonAmountMinor: add((one) => one.wonAmountMinor) }
}

/** The few that matter most: the largest, as long as each is a tenth of all that moved or more. */
export function largestEffects<Effect extends { readonly value: number }>(
  effects: readonly Effect[],
  most = 3,
): readonly Effect[] {
  const moved = effects.reduce((sum, { value }) => sum + Math.abs(value), 0)
  return effects
    .filter(({ value }) => value !== 0 && Math.abs(value) >= moved / 10)
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .slice(0, most)
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

function pair(now: number | null, before: number | null): Both {
  return { now: now ?? before ?? 0, before: before ?? now ?? 0 }
}

function mean({ now, before }: Both): number {
  return (now + before) / 2
}
