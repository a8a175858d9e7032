import type { CohortFigures, CohortFunnel } from './funnel-cohort.ts'
import { wilsonInterval } from './funnel-wilson.ts'

/** Two funnels side by side: the same question asked twice, of two periods, departments, people, types or clients. */

/** `real`: unlikely to be chance; `chance`: could be; `few`: too few are known to tell; `same`: no difference at all. */
export type Verdict = 'real' | 'chance' | 'few' | 'same'
export type Trials = { readonly successes: number; readonly n: number }

/** Fewer resolved deals on either side prove nothing (the bottleneck's own bar, product.md, section 3). */
export const fewestTrials = 20

/**
 * Whether two shares differ by more than chance, at 95 %: the interval of their difference from their two Wilson intervals
 * (R. G. Newcombe, "Interval estimation for the difference between independent proportions", Statistics in Medicine 17, 1998, method 10).
 */
export function judgeShares(now: Trials, before: Trials): Verdict {
  const [first, second] = [wilsonInterval(now.successes, now.n), wilsonInterval(before.successes, before.n)]
  if (!first || !second || now.n < fewestTrials || before.n < fewestTrials) return 'few'
  const [p, q] = [now.successes / now.n, before.successes / before.n]
  if (p === q) return 'same'
  const lower = p - q - Math.hypot(p - first.lower, second.upper - q)
  const upper = p - q + Math.hypot(first.upper - p, q - second.lower)
  return lower > 0 || upper < 0 ? 'real' : 'chance'
}

/**
 * Whether two numbers of deals differ by more than chance, at 95 %: were both of one source, half of all would be on each side
 * (the conditional test of two Poisson counts, J. Przyborowski and H. Wilenski, Biometrika 31, 1940, by the Wilson interval).
 */
export function judgeCounts(now: number, before: number): Verdict {
  if (now === before) return 'same'
  const interval = wilsonInterval(now, now + before)
  if (!interval || now + before < fewestTrials) return 'few'
  return interval.lower > 0.5 || interval.upper < 0.5 ? 'real' : 'chance'
}

/** Both figures and `now - before`; null where one of them is not there. */
export type Difference = { readonly now: number | null; readonly before: number | null; readonly change: number | null }
export type JudgedDifference = Difference & { readonly verdict: Verdict }

export type LayerDifference = {
  readonly statusId: number
  /** Deals that reached the layer, and their money. */
  readonly count: JudgedDifference
  readonly amountMinor: Difference
  /** Resolved conversion, 0..1, by number of deals: only that can be judged. */
  readonly conversion: JudgedDifference
}
export type TotalDifference = {
  readonly deals: JudgedDifference
  readonly amountMinor: Difference
  readonly won: JudgedDifference
  readonly wonAmountMinor: Difference
  /** Won of all that entered, 0..1. */
  readonly wonShare: JudgedDifference
}

export function differ(now: number | null, before: number | null): Difference {
  return { now, before, change: now === null || before === null ? null : now - before }
}

/**
 * Layer by layer; both funnels are of the same statuses.
 * @param isKnown whether all the days of both sides are; else no verdict is given, every figure being of too few
 */
export function compareCohorts(
  now: CohortFunnel,
  before: CohortFunnel,
  isKnown = true,
): { readonly layers: readonly LayerDifference[]; readonly totals: TotalDifference } {
  const others = new Map(before.layers.map((layer) => [layer.status.id, layer]))
  const layers = now.layers.flatMap((layer) => {
    const other = others.get(layer.status.id)
    return other ? [compareLayers(layer, other, isKnown)] : []
  })
  return { layers, totals: compareTotals(now.totals, before.totals, isKnown) }
}

/** @param isKnown whether the days of both sides are */
export function judged(difference: Difference, verdict: Verdict, isKnown: boolean): JudgedDifference {
  return { ...difference, verdict: isKnown || verdict === 'same' ? verdict : 'few' }
}

function compareLayers(now: CohortFigures, before: CohortFigures, isKnown: boolean): LayerDifference {
  const resolved = ({ passed, lost }: CohortFigures): Trials => ({ successes: passed, n: passed + lost })
  return {
    statusId: now.status.id,
    count: judged(differ(now.reached, before.reached), judgeCounts(now.reached, before.reached), isKnown),
    amountMinor: differ(now.amountMinor.reached, before.amountMinor.reached),
    conversion: judged(
      differ(now.conversion.resolved, before.conversion.resolved),
      judgeShares(resolved(now), resolved(before)),
      isKnown,
    ),
  }
}

function compareTotals(now: CohortFunnel['totals'], before: CohortFunnel['totals'], isKnown: boolean): TotalDifference {
  const share = ({ won, deals }: CohortFunnel['totals']) => (deals === 0 ? null : won / deals)
  const trials = ({ won, deals }: CohortFunnel['totals']): Trials => ({ successes: won, n: deals })
  return {
    deals: judged(differ(now.deals, before.deals), judgeCounts(now.deals, before.deals), isKnown),
    amountMinor: differ(now.amountMinor, before.amountMinor),
    won: judged(differ(now.won, before.won), judgeCounts(now.won, before.won), isKnown),
    wonAmountMinor: differ(now.wonAmountMinor, before.wonAmountMinor),
    wonShare: judged(differ(share(now), share(before)), judgeShares(trials(now), trials(before)), isKnown),
  }
}
