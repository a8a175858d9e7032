import {
  type DealClass,
  type FunnelStatus,
  isApplicable,
  type Ladder,
  type LayerPart,
  ladderOf,
  outcomeIn,
  type Paths,
  type Standing,
  standingOf,
} from './funnel.ts'
import { chapterMeasuresIn, longChapters } from './funnel-chapters.ts'

/**
 * What of a class of deals is added up. Every figure of the cohort funnel follows from these sums, and the sums of two sets of deals are the
 * sums of both: so they can be kept by day and department, and added when asked for.
 */
export const measures = ['passed', 'lost', 'finished', 'open', 'skipped', 'through', 'applicable', 'passable'] as const
export type Measure = (typeof measures)[number]
export type LayerSums = Readonly<Record<Measure, number>>

/** Of a layer or of the whole: deals, and their amounts in minor units. */
export type CohortSums = {
  /** By status id of the layer, or by the id of a chapter of several layers. */
  readonly layers: ReadonlyMap<number, { readonly deals: LayerSums; readonly money: LayerSums }>
  readonly totals: { readonly deals: TotalSums; readonly money: TotalSums }
}
export type TotalSums = { readonly all: number; readonly won: number; readonly lost: number }
type Mutable<Sums> = { -readonly [Key in keyof Sums]: Sums[Key] }
type MutableSums = {
  readonly layers: Map<number, { readonly deals: Mutable<LayerSums>; readonly money: Mutable<LayerSums> }>
  readonly totals: { readonly deals: Mutable<TotalSums>; readonly money: Mutable<TotalSums> }
}

/** Everything that places classes; `strict`: only deals that really visited the layer. */
export type SumsInput = {
  readonly statuses: readonly FunnelStatus[]
  readonly paths: Paths
  readonly classes: readonly DealClass[]
  readonly strict: boolean
}

/** The parts of layer number `index` that the deals of this standing belong to: none when they have not reached it. */
export function partsIn(standing: Standing, index: number, ladder: Ladder, strict: boolean): readonly LayerPart[] {
  const layer = ladder.layers[index]
  const outcome = layer && outcomeIn(standing, layer.id, ladder, strict)
  if (!layer || !outcome) return []
  const above = ladder.layers[index - 1]
  const below = ladder.layers[index + 1]
  const found: LayerPart[] = ['reached', outcome]
  if (!standing.visited.has(layer.id)) found.push('skipped')
  if (below && outcome === 'passed' && outcomeIn(standing, below.id, ladder, strict)) found.push('through')
  if (above && !outcomeIn(standing, above.id, ladder, strict)) found.push('joined')
  return found
}

/** The measures of layer number `index` that the deals of this standing count in. */
export function measuresIn(standing: Standing, index: number, ladder: Ladder, strict: boolean): readonly Measure[] {
  const parts = partsIn(standing, index, ladder, strict)
  const names: Measure[] = measures.filter((measure) => (parts as readonly string[]).includes(measure))
  if (names.includes('passed') || (parts.length > 0 && standing.hasFurther)) names.push('passable')
  if (isApplicable(standing, ladder.layers[index]!.id)) names.push('applicable')
  return names
}

/** Statuses that make a deal won. */
export function milestonesOf(statuses: readonly FunnelStatus[]): readonly FunnelStatus[] {
  return statuses.filter((status) => status.isWon && status.category !== 'lost')
}

/** Reached a won milestone, by the layers' own definition: skipped in practice counts, unless `strict`. */
export function isWon(standing: Standing, milestones: readonly FunnelStatus[], ladder: Ladder, strict: boolean): boolean {
  return milestones.some((status) => outcomeIn(standing, status.id, ladder, strict) !== null)
}

const summed = new WeakMap<readonly FunnelStatus[], readonly number[]>()

/** What sums are of besides the whole: the layers, and chapters of several layers. */
export function summedIds(statuses: readonly FunnelStatus[]): readonly number[] {
  const ids = summed.get(statuses) ?? [...ladderOf(statuses).layers, ...longChapters(statuses)].map(({ id }) => id)
  summed.set(statuses, ids)
  return ids
}

export function emptySums(statuses: readonly FunnelStatus[]): MutableSums {
  const zeros = () => ({ passed: 0, lost: 0, finished: 0, open: 0, skipped: 0, through: 0, applicable: 0, passable: 0 })
  const nobody = () => ({ all: 0, won: 0, lost: 0 })
  return {
    layers: new Map(summedIds(statuses).map((id) => [id, { deals: zeros(), money: zeros() }])),
    totals: { deals: nobody(), money: nobody() },
  }
}

/** Adds classes up. Deals that never were in a non-lost status are in the totals and in no layer. */
export function sumClasses({ statuses, paths, classes, strict }: SumsInput): CohortSums {
  const ladder = ladderOf(statuses)
  const milestones = milestonesOf(statuses)
  const sums = emptySums(statuses)
  const rows = ladder.layers.map(({ id }) => sums.layers.get(id)!)
  const chapters = longChapters(statuses)
  for (const dealClass of classes) {
    const { count, amountMinor } = dealClass
    const standing = standingOf(dealClass, ladder, paths)
    const add = (row: { deals: Mutable<LayerSums>; money: Mutable<LayerSums> }, names: readonly Measure[]) => {
      for (const name of names) {
        row.deals[name] += count
        row.money[name] += amountMinor
      }
    }
    rows.forEach((row, index) => {
      add(row, measuresIn(standing, index, ladder, strict))
    })
    for (const chapter of chapters) add(sums.layers.get(chapter.id)!, chapterMeasuresIn(standing, chapter, ladder, strict))
    const won = isWon(standing, milestones, ladder, strict)
    const names = ['all', ...(won ? ['won'] : []), ...(standing.isLost ? ['lost'] : [])] as (keyof TotalSums)[]
    for (const name of names) {
      sums.totals.deals[name] += count
      sums.totals.money[name] += amountMinor
    }
  }
  return sums
}

/** Both together; of the same ladder. */
export function addSums(statuses: readonly FunnelStatus[], first: CohortSums, second: CohortSums): CohortSums {
  const both = emptySums(statuses)
  for (const kind of ['deals', 'money'] as const) {
    for (const [id, row] of both.layers)
      for (const name of measures)
        row[kind][name] = (first.layers.get(id)?.[kind][name] ?? 0) + (second.layers.get(id)?.[kind][name] ?? 0)
    for (const name of ['all', 'won', 'lost'] as const)
      both.totals[kind][name] = first.totals[kind][name] + second.totals[kind][name]
  }
  return both
}
