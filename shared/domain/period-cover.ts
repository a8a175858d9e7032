import type { Day, Period } from './periods.ts'

/** Lengths of time that sums are kept for. */
export const grains = { day: 1, month: 2, year: 3 } as const
export type Grain = keyof typeof grains

/** Neighbouring buckets of one grain: the first days of the first, and of the one after the last. `isTaken`: their sums are taken away. */
export type Buckets = { readonly grain: Grain; readonly from: Day; readonly to: Day; readonly isTaken: boolean }

const finerThan = { year: 'month', month: 'day', day: null } as const

/**
 * A period as few buckets as can be: ten months are a year less two.
 * @param finest leaves out of the cover what only days could cover: `rest` has it
 */
export function coverPeriod(
  { from, to }: Period,
  finest: 'day' | 'month' = 'day',
): { readonly buckets: readonly Buckets[]; readonly rest: readonly Period[] } {
  if (finest === 'day') return { buckets: cover(from, to, 'year', finest), rest: [] }
  const [first, last] = [ceilTo('month', from), startOf('month', to)]
  if (first >= last) return { buckets: [], rest: from < to ? [{ from, to }] : [] }
  const ends = [
    { from, to: first },
    { from: last, to },
  ]
  return { buckets: cover(first, last, 'year', finest), rest: ends.filter((end) => end.from < end.to) }
}

function cover(from: Day, to: Day, grain: Grain, finest: Grain): readonly Buckets[] {
  if (from >= to) return []
  if (grain === finest || grain === 'day') return [{ grain, from, to, isTaken: false }]
  const [first, last] = [ceilTo(grain, from), startOf(grain, to)]
  if (first > last) return coverWithin(from, to, grain, finest)
  const whole = first < last ? [{ grain, from: first, to: last, isTaken: false }] : []
  return [...coverWithin(from, first, grain, finest), ...whole, ...coverWithin(last, to, grain, finest)]
}

/** A part of one bucket of the grain: shorter ones added up, or the whole less the others, whichever is fewer. */
function coverWithin(from: Day, to: Day, grain: Exclude<Grain, 'day'>, finest: Grain): readonly Buckets[] {
  if (from >= to) return []
  const finer = finerThan[grain]
  const added = cover(from, to, finer, finest)
  const [start, end] = [startOf(grain, from), endOf(grain, from)]
  const others = [...cover(start, from, finer, finest), ...cover(to, end, finer, finest)]
  if (countBuckets(added) <= countBuckets(others) + 1) return added
  return [{ grain, from: start, to: end, isTaken: false }, ...others.map((one) => ({ ...one, isTaken: !one.isTaken }))]
}

/** How many buckets are read. */
export function countBuckets(buckets: readonly Buckets[]): number {
  return buckets.reduce((sum, { grain, from, to }) => sum + lengthIn[grain](from, to), 0)
}

const monthOf = (day: Day) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7))
const lengthIn = {
  day: (from: Day, to: Day) => (Date.parse(to) - Date.parse(from)) / 86_400_000,
  month: (from: Day, to: Day) => monthOf(to) - monthOf(from),
  year: (from: Day, to: Day) => Number(to.slice(0, 4)) - Number(from.slice(0, 4)),
} as const

/** First day of the bucket that a day lies in. Without dates of JavaScript, since periods are covered for every figure. */
function startOf(grain: 'month' | 'year', day: Day): Day {
  return grain === 'month' ? `${day.slice(0, 7)}-01` : `${day.slice(0, 4)}-01-01`
}

function ceilTo(grain: 'month' | 'year', day: Day): Day {
  return startOf(grain, day) === day ? day : endOf(grain, day)
}

/** First day after the bucket that a day lies in. */
function endOf(grain: 'month' | 'year', day: Day): Day {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))]
  return grain === 'month' && month < 12 ? firstOf(year, month + 1) : firstOf(year + 1, 1)
}

function firstOf(year: number, month: number): Day {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-01`
}
