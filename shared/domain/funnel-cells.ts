import { type DealClass, type FunnelStatus, ladderOf, type Paths, standingOf } from './funnel.ts'
import { chapterMeasuresIn, longChapters } from './funnel-chapters.ts'
import { type CohortSums, isWon, type LayerSums, type Measure, measuresIn, milestonesOf, type TotalSums } from './funnel-sums.ts'
import { packNumbers, unpackNumbers } from './packed-sums.ts'

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

/** What a deal of a class adds to the packed sums, and what a minor unit of its amount adds. */
export type PackedClass = { readonly deals: string; readonly money: string }

/** Digits that a sum may have: ± 4,999,999,999 deals, and amounts beyond what a number of JavaScript holds. */
const dealDigits = 10
const moneyDigits = 17
const rowWidths = [...cellMeasures.map(() => dealDigits), ...cellMeasures.map(() => moneyDigits)]

/** The rows of a pack, from its last digits on: what few deals reach stands in front, and takes no room where nobody is. */
export function packedLayers(statuses: readonly FunnelStatus[]): readonly number[] {
  const known = packedFor.get(statuses)
  if (known) return known
  const ids = [wholeLayer, ...longChapters(statuses).map(({ id }) => id), ...ladderOf(statuses).layers.map(({ id }) => id)]
  packedFor.set(statuses, ids)
  return ids
}

const packedFor = new WeakMap<readonly FunnelStatus[], readonly number[]>()

/** @param packed as `packedLayers` has them */
export function packClass(layers: readonly ClassLayer[], packed: readonly number[]): PackedClass {
  const byId = new Map(layers.map((layer) => [layer.layerId, layer]))
  const flags = packed.map((id) => cellMeasures.map((name) => byId.get(id)?.[name] ?? 0))
  const nothing = cellMeasures.map(() => 0)
  return {
    deals: packNumbers(
      flags.flatMap((own) => [...own, ...nothing]),
      rowWidths,
    ),
    money: packNumbers(
      flags.flatMap((own) => [...nothing, ...own]),
      rowWidths,
    ),
  }
}

/**
 * Sums as the funnel is computed from.
 * @param sums packs added up; @throws RangeError when they are of other statuses
 */
export function sumsOfPacks(sums: string, statuses: readonly FunnelStatus[], strict: boolean): CohortSums {
  const packed = packedLayers(statuses)
  const numbers = unpackNumbers(sums, packed.length * rowWidths.length, rowWidths)
  const layers = new Map<number, { readonly deals: LayerSums; readonly money: LayerSums }>()
  for (let place = 0; place < packed.length; place++) {
    const first = place * rowWidths.length
    layers.set(packed[place]!, {
      deals: asAsked(numbers, first, strict),
      money: asAsked(numbers, first + cellMeasures.length, strict),
    })
  }
  const { deals, money } = layers.get(wholeLayer)!
  layers.delete(wholeLayer)
  return { layers, totals: { deals: totalsOf(deals), money: totalsOf(money) } }
}

function totalsOf({ passed, lost, applicable }: LayerSums): TotalSums {
  return { all: applicable, won: passed, lost }
}

/** In the order of `cellMeasures`, from the place of the first. */
function asAsked(of: readonly number[], first: number, strict: boolean): LayerSums {
  const skipped = of[first + 4]!
  const less = strict ? skipped : 0
  return {
    passed: of[first]! - less,
    lost: of[first + 1]!,
    finished: of[first + 2]!,
    open: of[first + 3]!,
    skipped: skipped - less,
    through: of[first + (strict ? 6 : 5)]!,
    applicable: of[first + 7]!,
    passable: of[first + 8]! - less,
  }
}
