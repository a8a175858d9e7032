import { type DealClass, type FunnelStatus, ladderOf, type Paths, standingOf } from './funnel.ts'
import { chapterMeasuresIn, longChapters } from './funnel-chapters.ts'
import {
  type CohortSums,
  emptySums,
  isWon,
  type LayerSums,
  type Measure,
  measuresIn,
  milestonesOf,
  type TotalSums,
} from './funnel-sums.ts'
import { addDays, type Day, type Period } from './periods.ts'

/** Sums of the funnel as they are kept by day, department and person: what is kept of a class, and how a figure comes out of it. */

/** The measures that are kept. Strictly, `passed` and `passable` are less by `skipped`, and nothing else but `through` differs. */
export const cellMeasures = [
  'passed',
  'lost',
  'finished',
  'open',
  'skipped',
  'through',
  'strict_through',
  'applicable',
  'passable',
] as const
export type CellMeasure = (typeof cellMeasures)[number]

/** Layer number of the whole: there `applicable` are all deals, `passed` the won, `lost` the lost, `skipped` those won not strictly. */
export const wholeLayer = 0

export type ClassLayer = { readonly layerId: number } & Readonly<Record<CellMeasure, 0 | 1>>

/** What a deal of the class counts as, in the whole and in every layer and chapter where it counts as anything. */
export function classLayers(dealClass: DealClass, statuses: readonly FunnelStatus[], paths: Paths): readonly ClassLayer[] {
  const ladder = ladderOf(statuses)
  const milestones = milestonesOf(statuses)
  const standing = standingOf(dealClass, ladder, paths)
  const [won, strictlyWon] = [false, true].map((strict) => isWon(standing, milestones, ladder, strict))
  const whole = classLayer(wholeLayer, ['applicable'], {
    passed: won,
    lost: standing.isLost,
    skipped: won && !strictlyWon,
  })
  const rows = ladder.layers.map(({ id }, index) =>
    classLayer(id, measuresIn(standing, index, ladder, false), {
      strict_through: measuresIn(standing, index, ladder, true).includes('through'),
    }),
  )
  const chapters = longChapters(statuses).map((chapter) =>
    classLayer(chapter.id, chapterMeasuresIn(standing, chapter, ladder, false), {}),
  )
  return [whole, ...[...rows, ...chapters].filter((row) => cellMeasures.some((name) => row[name] === 1))]
}

function classLayer(
  layerId: number,
  names: readonly Measure[],
  more: Readonly<Partial<Record<CellMeasure, boolean | undefined>>>,
): ClassLayer {
  const flags = cellMeasures.map((name) => [name, (names as readonly string[]).includes(name) || more[name] ? 1 : 0])
  return { layerId, ...(Object.fromEntries(flags) as Record<CellMeasure, 0 | 1>) }
}

/** Sums of one layer, or of the whole, in the order of `measures`; amounts in minor units. */
export type CellRow = { readonly layerId: number; readonly deals: readonly number[]; readonly money: readonly number[] }

/**
 * Sums as the funnel is computed from.
 * @param rows at most one for each layer; `through` as the question wants it
 */
export function sumsOfCells(rows: readonly CellRow[], statuses: readonly FunnelStatus[], strict: boolean): CohortSums {
  const sums = emptySums(statuses)
  for (const { layerId, deals, money } of rows) {
    if (layerId === wholeLayer) {
      Object.assign(sums.totals, { deals: totalsOf(deals, strict), money: totalsOf(money, strict) })
    } else if (sums.layers.has(layerId)) {
      sums.layers.set(layerId, { deals: asAsked(deals, strict), money: asAsked(money, strict) })
    }
  }
  return sums
}

function totalsOf(of: readonly number[], strict: boolean): TotalSums {
  const { passed, lost, applicable } = asAsked(of, strict)
  return { all: applicable, won: passed, lost }
}

function asAsked(of: readonly number[], strict: boolean): LayerSums {
  const [passed = 0, lost = 0, finished = 0, open = 0, skipped = 0, through = 0, applicable = 0, passable = 0] = of
  const less = strict ? skipped : 0
  return {
    passed: passed - less,
    lost,
    finished,
    open,
    skipped: skipped - less,
    through,
    applicable,
    passable: passable - less,
  }
}

/** Lengths of time that sums are kept for. */
export const grains = { day: 1, third: 2, month: 3, quarter: 4, year: 5 } as const
export type Grain = keyof typeof grains

/** Neighbouring buckets of one grain: the first days of the first, and of the one after the last. */
export type Buckets = { readonly grain: Grain; readonly from: Day; readonly to: Day }

const coarsestFirst: readonly Grain[] = ['year', 'quarter', 'month', 'third', 'day']

/**
 * A period as few buckets as can be.
 * @param finest leaves out of the cover what only finer grains could cover: `rest` has it
 */
export function coverPeriod(
  { from, to }: Period,
  finest: Grain = 'day',
): { readonly buckets: readonly Buckets[]; readonly rest: readonly Period[] } {
  const buckets: Buckets[] = []
  const rest: Period[] = []
  const usable = coarsestFirst.filter((grain) => grains[grain] >= grains[finest])
  for (let at = from; at < to; ) {
    const [grain, end] = longestAt(at, to, usable) ?? [null, least(to, endOf(finest, at))]
    const last = grain ? buckets.at(-1) : rest.at(-1)
    if (last?.to === at && (!grain || (last as Buckets).grain === grain)) (last as { to: Day }).to = end
    else if (grain) buckets.push({ grain, from: at, to: end })
    else rest.push({ from: at, to: end })
    at = end
  }
  return { buckets, rest }
}

/** The longest of the grains that begins here and ends in time, and its end. */
function longestAt(at: Day, to: Day, usable: readonly Grain[]): readonly [Grain, Day] | null {
  for (const grain of usable) {
    if (!startsAt(grain, at)) continue
    const end = endOf(grain, at)
    if (end <= to) return [grain, end]
  }
  return null
}

function least(first: Day, second: Day): Day {
  return first < second ? first : second
}

function startsAt(grain: Grain, day: Day): boolean {
  const [month, date] = [day.slice(5, 7), day.slice(8)]
  switch (grain) {
    case 'day':
      return true
    case 'third':
      return date === '01' || date === '11' || date === '21'
    case 'month':
      return date === '01'
    case 'quarter':
      return date === '01' && (Number(month) - 1) % 3 === 0
    case 'year':
      return date === '01' && month === '01'
  }
}

/** First day after the bucket that a day lies in. Without dates of JavaScript, since periods are covered for every figure. */
function endOf(grain: Grain, day: Day): Day {
  const [year, month, date] = [Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8))]
  switch (grain) {
    case 'day':
      return addDays(day, 1)
    case 'third':
      return date > 20 ? firstOf(year, month + 1) : `${day.slice(0, 8)}${date > 10 ? '21' : '11'}`
    case 'month':
      return firstOf(year, month + 1)
    case 'quarter':
      return firstOf(year, month + 3 - ((month - 1) % 3))
    case 'year':
      return firstOf(year + 1, 1)
  }
}

/** First day of a month, which may be the thirteenth. */
function firstOf(year: number, month: number): Day {
  const isNextYear = month > 12
  return `${String(isNextYear ? year + 1 : year).padStart(4, '0')}-${String(isNextYear ? month - 12 : month).padStart(2, '0')}-01`
}
