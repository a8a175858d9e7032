/**
 * How long deals stay, when some have not left yet: the product-limit estimate of Kaplan and Meier (J. Amer. Statist. Assoc. 53 (1958), 457–481).
 * Deals that left count with their time; those still there count as staying at least as long as they have stood.
 */
export type Stays = {
  /** Times of deals that left, in any unit and order. */
  readonly left: readonly number[]
  /** Times so far of deals that are still there, in the same unit. */
  readonly here: readonly number[]
}

export type StayQuantile = {
  /** The first time by which the share has left, by the estimate; null when the curve does not come down to it. */
  readonly time: number | null
  /** Where `time` is null: the share stays longer than this, whatever becomes of those still there; null without any deal. */
  readonly over: number | null
}

/** Shares are products of many fractions: equal ones may differ in the last digits. */
const tolerance = 1e-9

/**
 * Quantiles of the stay.
 * @param shares of the deals that have left, 0..1: 0.5 is the median
 */
export function stayQuantiles({ left, here }: Stays, shares: readonly number[]): readonly StayQuantile[] {
  const events = Float64Array.from(left).sort()
  const censored = Float64Array.from(here).sort()
  const times: (number | null)[] = shares.map(() => null)
  let surviving = 1
  let gone = 0
  for (let at = 0; at < events.length; ) {
    const time = events[at]!
    let leaving = 0
    while (events[at + leaving] === time) leaving++
    // Those who stand as long as this and have not left are still at risk.
    while (gone < censored.length && censored[gone]! < time) gone++
    surviving *= 1 - leaving / (events.length - at + censored.length - gone)
    shares.forEach((share, index) => {
      if (times[index] === null && surviving <= 1 - share + tolerance) times[index] = time
    })
    at += leaving
  }
  return shares.map((share, index) => ({
    time: times[index] ?? null,
    over: times[index] === null ? (lowest(events, censored, share) ?? null) : null,
  }))
}

/** The quantile if everybody still there left this instant: nobody's stay is shorter than that. */
function lowest(events: Float64Array, censored: Float64Array, share: number): number | undefined {
  const all = Float64Array.from([...events, ...censored]).sort()
  return all[Math.max(0, Math.ceil(all.length * share - tolerance) - 1)]
}
