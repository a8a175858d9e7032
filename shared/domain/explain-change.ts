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
 * Money goes down the same chain in minor units: there s is the share of the amount that goes on.
 * The share of won W / N: the same chain, in deals or in money, with every number divided by its side's N.
 *
 * By slices T = Σ n·q with n deals of a slice value and q what one of them brings: q̄·Δn for their number, n̄·Δq for what they bring. For the share of won n
 * is the part of all deals or of their amount, and the number's contribution is (q̄ − Q̄)·Δn, Q̄ the mean of both totals: a mix changes nothing where all
 * are alike.
 */
export type Measure = 'won' | 'amount' | 'share'
export const explainedMeasures = ['won', 'amount', 'share'] as const satisfies readonly Measure[]
/** What a chain is counted in: deals, or minor units. */
export type CountedIn = 'count' | 'amount'
/** What is explained. `by`: what a share is of; the other measures say it themselves. */
export type Explained = { readonly measure: Measure; readonly by: CountedIn }

export function countedIn({ measure, by }: Explained): CountedIn {
  return measure === 'share' ? by : measure === 'amount' ? 'amount' : 'count'
}

/** A layer up to the won milestone. */
export type Step = {
  readonly statusId: number
  readonly reached: number
  readonly through: number
  readonly joined: number
}
/** All that entered, those won, and the layers between. */
export type Chain = { readonly all: number; readonly won: number; readonly steps: readonly Step[] }
export type ChangeSide = Readonly<Record<CountedIn, Chain>>

/** `value` in deals, minor units or share 0..1, by the measure; `now` and `before` what changed: shares of a conversion, else as the chain is counted. */
export type LayerEffect = {
  readonly cause: 'entries' | 'conversion' | 'joined' | 'beside'
  /** The layer; null where the cause is none. */
  readonly statusId: number | null
  readonly now: number
  readonly before: number
  readonly value: number
  /** Null: of money chance cannot be told. */
  readonly verdict: Verdict | null
}

export function sideOf({ layers, totals }: CohortFunnel): ChangeSide {
  const milestone = layers.findIndex(({ status }) => status.isWon)
  const steps = milestone < 0 ? layers : layers.slice(0, milestone + 1)
  const stepOf = ({ id }: { readonly id: number }, { reached, through, joined }: Omit<Step, 'statusId'>): Step => ({
    statusId: id,
    reached,
    through,
    joined,
  })
  return {
    count: { all: totals.deals, won: totals.won, steps: steps.map((layer) => stepOf(layer.status, layer)) },
    amount: {
      all: totals.amountMinor,
      won: totals.wonAmountMinor,
      steps: steps.map(({ status, amountMinor }) => stepOf(status, amountMinor)),
    },
  }
}

export function measureTotal(side: Readonly<Record<CountedIn, Omit<Chain, 'steps'>>>, explained: Explained): number | null {
  const { all, won } = side[countedIn(explained)]
  return explained.measure === 'share' ? ratio(won, all) : won
}

/** Whether the change of the total could be chance; null: of money that cannot be told. */
export function judgeChange(now: ChangeSide, before: ChangeSide, explained: Explained): Verdict | null {
  const [own, other] = [now.count, before.count]
  const counts = judgeCounts(own.won, other.won)
  if (countedIn(explained) === 'amount') return counts === 'few' ? 'few' : null
  if (explained.measure === 'won') return counts
  return judgeShares({ successes: own.won, n: own.all }, { successes: other.won, n: other.all })
}

/** Contributions of the layers, in the order of the funnel; none when a share cannot be told. Both sides have the same steps. */
export function explainByLayers(now: ChangeSide, before: ChangeSide, explained: Explained): readonly LayerEffect[] {
  if (measureTotal(now, explained) === null || measureTotal(before, explained) === null) return []
  const inWhat = countedIn(explained)
  const [own, other] = [now[inWhat], before[inWhat]]
  const sizes = explained.measure === 'share' ? { now: own.all, before: other.all } : { now: 1, before: 1 }
  const effects = explainChain(own, other, sizes)
  return inWhat === 'count' ? effects : effects.map((effect) => ({ ...effect, verdict: null }))
}

type Both = { readonly now: number; readonly before: number }

function explainChain(now: Chain, before: Chain, sizes: Both): LayerEffect[] {
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
  readonly amountMinor: number
  readonly won: number
  readonly wonAmountMinor: number
}
/** `number`: how many deals it has (of the share of won: its part of all deals, or of their amount); `rate`: what one of them brings. */
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
  explained: Explained,
): readonly SliceEffect[] {
  const [whole, otherWhole] = [sumOf(now), sumOf(before)]
  const isShare = explained.measure === 'share'
  const inWhat = countedIn(explained)
  const values = pair(measureTotal(whole, explained), measureTotal(otherWhole, explained))
  if (isShare && (whole[inWhat].all === 0 || otherWhole[inWhat].all === 0)) return []
  const [ownByKey, otherByKey] = [new Map(now.map((one) => [one.key, one])), new Map(before.map((one) => [one.key, one]))]
  return [...new Set([...ownByKey.keys(), ...otherByKey.keys()])].flatMap((key): SliceEffect[] => {
    const [own, other] = [sumOf(inList(ownByKey.get(key))), sumOf(inList(otherByKey.get(key)))]
    // A share is of the chain's own whole; what is won in deals or money comes of so many deals.
    const base = isShare ? inWhat : 'count'
    const sizes = isShare
      ? { now: own[base].all / whole[base].all, before: other[base].all / otherWhole[base].all }
      : { now: own.count.all, before: other.count.all }
    const rates = pair(ratio(own[inWhat].won, own[base].all), ratio(other[inWhat].won, other[base].all))
    const worth = mean(rates) - (isShare ? mean(values) : 0)
    const trials = ({ count }: typeof own): Trials => ({ successes: count.won, n: count.all })
    const counts = base === 'count' ? judgeCounts(own.count.all, other.count.all) : null
    const verdict = inWhat === 'amount' ? null : judgeShares(trials(own), trials(other))
    return [
      { cause: 'number', key, ...sizes, value: worth * (sizes.now - sizes.before), verdict: counts },
      { cause: 'rate', key, ...rates, value: mean(sizes) * (rates.now - rates.before), verdict },
    ]
  })
}

function inList(slice: SliceTotals | undefined): readonly SliceTotals[] {
  return slice ? [slice] : []
}

function sumOf(slices: readonly SliceTotals[]): Readonly<Record<CountedIn, Omit<Chain, 'steps'>>> {
  const add = (read: (one: SliceTotals) => number) => slices.reduce((sum, one) => sum + read(one), 0)
  return {
    count: { all: add((one) => one.deals), won: add((one) => one.won) },
    amount: { all: add((one) => one.amountMinor), won: add((one) => one.wonAmountMinor) },
  }
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

export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

export function pair(now: number | null, before: number | null): Both {
  return { now: now ?? before ?? 0, before: before ?? now ?? 0 }
}

export function mean({ now, before }: Both): number {
  return (now + before) / 2
}
