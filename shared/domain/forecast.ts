/**
 * What a period is likely to bring (product.md, section 3, "Forecast"): won in it, and what is expected in it, each deal's amount times its
 * probability. Lost deals count 0, also when they had been won. Everything that is not certain enough for the sum stands in a bucket of its own:
 * expectations whose day has passed, and deals that nobody expects on any day.
 */
export type OutcomeBucket = 'won' | 'wonThenLost' | 'expected' | 'overdue' | 'undated' | 'outside'

/** `outside`: expected on a day that has not come, but not in the period. `wonThenLost`: won in the period, lost since. */
export const forecastBuckets = [
  'won',
  'expected',
  'overdue',
  'undated',
  'outside',
  'wonThenLost',
] as const satisfies readonly OutcomeBucket[]

/** Deals that count alike. Amounts in minor units of the base currency, those without a rate left out. */
export type OutcomeClass = {
  readonly bucket: OutcomeBucket
  readonly typeId: number
  readonly departmentId: number
  /** Of an open deal: where it stands. */
  readonly statusId: number | null
  /** Of an open deal: its own, by hand. */
  readonly handPct: number | null
  readonly count: number
  readonly amountMinor: number
  readonly withoutRate: number
}

/** What became of the deals of a type that have been in a status. */
export type Learned = { readonly wins: number; readonly resolved: number }

/** So many made-up deals, won at the default rate, are added to those known: few deals teach little, none teach nothing. */
const weightOfDefault = 10

/**
 * The learned probability with shrinkage: (wins + 10 · default) / (resolved + 10). Nothing resolved gives the default itself.
 * @param defaultPct of the status, 0..100 @returns share 0..1
 */
export function learnedProbability({ wins, resolved }: Learned, defaultPct: number): number {
  return (wins + (weightOfDefault * defaultPct) / 100) / (resolved + weightOfDefault)
}

export type ProbabilityBook = {
  /** Null where nothing was learned. */
  readonly learned: (typeId: number, statusId: number) => Learned | null
  readonly defaultPct: (statusId: number) => number
}

/** Share 0..1 at which the class counts: 1 won, 0 lost, by hand, else learned, else the default. */
export function probabilityOf(
  one: Pick<OutcomeClass, 'bucket' | 'typeId' | 'statusId' | 'handPct'>,
  book: ProbabilityBook,
): number {
  if (one.bucket === 'won') return 1
  if (one.bucket === 'wonThenLost') return 0
  if (one.handPct !== null) return one.handPct / 100
  if (one.statusId === null) return 0
  return learnedProbability(book.learned(one.typeId, one.statusId) ?? { wins: 0, resolved: 0 }, book.defaultPct(one.statusId))
}

export type BucketFigures = {
  readonly deals: number
  readonly amountMinor: number
  /** Amount × probability, rounded once at the end. */
  readonly weightedMinor: number
  readonly withoutRate: number
}
export type Forecast = {
  readonly buckets: Readonly<Record<OutcomeBucket, BucketFigures>>
  /** Won + expected × probability. */
  readonly totalMinor: number
}

/** Adds classes up. The total is rounded from the exact sum: it is the won amount and the weighted one. */
export function forecastOf(classes: readonly OutcomeClass[], book: ProbabilityBook): Forecast {
  const figures = (bucket: OutcomeBucket): BucketFigures => {
    const own = classes.filter((one) => one.bucket === bucket)
    const sum = (read: (one: OutcomeClass) => number) => own.reduce((total, one) => total + read(one), 0)
    return {
      deals: sum((one) => one.count),
      amountMinor: sum((one) => one.amountMinor),
      weightedMinor: Math.round(sum((one) => one.amountMinor * probabilityOf(one, book))),
      withoutRate: sum((one) => one.withoutRate),
    }
  }
  const buckets = Object.fromEntries(forecastBuckets.map((bucket) => [bucket, figures(bucket)])) as Forecast['buckets']
  return { buckets, totalMinor: buckets.won.amountMinor + buckets.expected.weightedMinor }
}

/** How far a forecast was from what came: (forecast − came) / came; null when nothing came. */
export function forecastError(forecastMinor: number, cameMinor: number): number | null {
  return cameMinor === 0 ? null : (forecastMinor - cameMinor) / cameMinor
}
