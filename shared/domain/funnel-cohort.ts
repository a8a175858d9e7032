import type { PartFigures } from '../views/funnel.ts'
import { AppError } from './app-error.ts'
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

/** The cohort's deals as classes, with all that is needed to place them. `strict`: only deals that really visited the layer. */
export type CohortInput = {
  readonly statuses: readonly FunnelStatus[]
  readonly paths: Paths
  readonly classes: readonly DealClass[]
  readonly strict: boolean
}

/** Figures of a layer in one measure: deals or minor units. */
export type LayerFigures = PartFigures & {
  readonly skipped: number
  readonly through: number
  readonly joined: number
  /** Deals of the cohort for which the layer is applicable, reached or not: the base of the cumulative conversion. */
  readonly applicable: number
  /** Reached deals that passed, or whose path goes on after this layer: 0 where the layer ends every path. */
  readonly passable: number
}

/** Shares 0..1; null where nothing is divided. */
export type Conversion = { readonly resolved: number | null; readonly soFar: number | null; readonly cumulative: number | null }

export type CohortFigures = LayerFigures & {
  readonly status: FunnelStatus
  readonly amountMinor: LayerFigures
  /** By number of deals. */
  readonly conversion: Conversion
  readonly conversionByAmount: Conversion
}

export type CohortTotals = {
  readonly deals: number
  readonly amountMinor: number
  readonly won: number
  readonly wonAmountMinor: number
  readonly lost: number
  readonly lostAmountMinor: number
  readonly winRate: number | null
}

export type CohortFunnel = { readonly layers: readonly CohortFigures[]; readonly totals: CohortTotals }

const parts = [
  'reached',
  'passed',
  'lost',
  'finished',
  'open',
  'skipped',
  'through',
  'joined',
] as const satisfies readonly LayerPart[]
const figureNames = [...parts, 'applicable', 'passable'] as const satisfies readonly (keyof LayerFigures)[]
type Mutable<Figures> = { -readonly [Key in keyof Figures]: Figures[Key] }

/** A share, or null when nothing is divided: "no data" is never 0 %. */
export function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

/**
 * resolved = passed / (passed + lost); soFar = passed / (reached - finished); cumulative = reached / applicable, where applicable
 * are the deals that entered the funnel and have the layer on their path (or were in it): a status skipped by design leaves
 * numerator and denominator.
 */
export function conversionOf(figures: LayerFigures): Conversion {
  return {
    resolved: shareOf(figures.passed, figures.passed + figures.lost),
    soFar: shareOf(figures.passed, figures.reached - figures.finished),
    cumulative: shareOf(figures.reached, figures.applicable),
  }
}

/** The parts of layer number `index` that the deals of this standing belong to: none when they have not reached it. */
function partsIn(standing: Standing, index: number, ladder: Ladder, strict: boolean): readonly LayerPart[] {
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

function emptyFigures(): Mutable<LayerFigures> {
  return Object.fromEntries(figureNames.map((name) => [name, 0])) as Mutable<LayerFigures>
}

function addLayer(
  deals: Mutable<LayerFigures>,
  money: Mutable<LayerFigures>,
  dealClass: DealClass,
  names: readonly (keyof LayerFigures)[],
) {
  for (const name of names) {
    deals[name] += dealClass.count
    money[name] += dealClass.amountMinor
  }
}

function figureNamesIn(standing: Standing, index: number, ladder: Ladder, strict: boolean): readonly (keyof LayerFigures)[] {
  const names: (keyof LayerFigures)[] = [...partsIn(standing, index, ladder, strict)]
  if (names.includes('passed') || (names.length > 0 && standing.hasFurther)) names.push('passable')
  if (isApplicable(standing, ladder.layers[index]!.id)) names.push('applicable')
  return names
}

/** Reached a won milestone, by the layers' own definition: skipped in practice counts, unless `strict`. */
function isWon(standing: Standing, milestones: readonly FunnelStatus[], ladder: Ladder, strict: boolean): boolean {
  return milestones.some((status) => outcomeIn(standing, status.id, ladder, strict) !== null)
}

/**
 * The funnel of a cohort (product.md, section 3). Layers are the shown, non-lost statuses in funnel order, empty ones included.
 * Deals that never were in a non-lost status (created straight as lost) are in the totals and in no layer. `joined` of the first
 * layer is 0: nothing stands above it. `totals.lost` are the deals lost now, also those lost after they were won; a deal both
 * won and lost counts on both sides of `winRate` = won / (won + lost).
 */
export function cohortFunnel({ statuses, paths, classes, strict }: CohortInput): CohortFunnel {
  const ladder = ladderOf(statuses)
  const milestones = statuses.filter((status) => status.isWon && status.category !== 'lost')
  const rows = ladder.layers.map((status) => ({ status, deals: emptyFigures(), money: emptyFigures() }))
  const totals = { deals: 0, amountMinor: 0, won: 0, wonAmountMinor: 0, lost: 0, lostAmountMinor: 0 }
  for (const dealClass of classes) {
    const standing = standingOf(dealClass, ladder, paths)
    rows.forEach((row, index) => {
      addLayer(row.deals, row.money, dealClass, figureNamesIn(standing, index, ladder, strict))
    })
    const won = isWon(standing, milestones, ladder, strict)
    totals.deals += dealClass.count
    totals.amountMinor += dealClass.amountMinor
    totals.won += won ? dealClass.count : 0
    totals.wonAmountMinor += won ? dealClass.amountMinor : 0
    totals.lost += standing.isLost ? dealClass.count : 0
    totals.lostAmountMinor += standing.isLost ? dealClass.amountMinor : 0
  }
  return {
    layers: rows.map(({ status, deals, money }) => ({
      status,
      ...deals,
      amountMinor: money,
      conversion: conversionOf(deals),
      conversionByAmount: conversionOf(money),
    })),
    totals: { ...totals, winRate: shareOf(totals.won, totals.won + totals.lost) },
  }
}

/**
 * The classes whose deals make up one figure: counts and sums over them equal the figure of `cohortFunnel`.
 * @throws AppError not_found when the status is not a layer (lost, hidden or unknown).
 */
export function classesOf<Class extends DealClass>(
  { statuses, paths, classes, strict }: Omit<CohortInput, 'classes'> & { readonly classes: readonly Class[] },
  layerStatusId: number,
  part: LayerPart,
): readonly Class[] {
  const ladder = ladderOf(statuses)
  const index = ladder.layers.findIndex((layer) => layer.id === layerStatusId)
  if (index < 0) throw new AppError('not_found')
  return classes.filter((dealClass) => partsIn(standingOf(dealClass, ladder, paths), index, ladder, strict).includes(part))
}
