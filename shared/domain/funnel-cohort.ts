import type { Phase } from '../views/common.ts'
import type { PartFigures } from '../views/funnel.ts'
import { AppError } from './app-error.ts'
import { type DealClass, type FunnelStatus, type Ladder, type LayerPart, ladderOf, type Standing, standingOf } from './funnel.ts'
import { chapterPartsIn, chaptersOf } from './funnel-chapters.ts'
import { type CohortSums, type LayerSums, partsIn, type SumsInput, sumClasses } from './funnel-sums.ts'

/** The cohort's deals as classes, with all that is needed to place them. `strict`: only deals that really visited the layer. */
export type CohortInput = SumsInput

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

/**
 * The funnel of a cohort (product.md, section 3). Layers are the shown, non-lost statuses in funnel order, empty ones included.
 * Deals that never were in a non-lost status (created straight as lost) are in the totals and in no layer. `joined` of the first
 * layer is 0: nothing stands above it. `totals.lost` are the deals lost now, also those lost after they were won; a deal both
 * won and lost counts on both sides of `winRate` = won / (won + lost).
 */
export function cohortFunnel(input: CohortInput): CohortFunnel {
  return funnelOfSums(input.statuses, sumClasses(input))
}

/** The same funnel from sums, wherever they were added up. @param sums of every layer of these statuses */
export function funnelOfSums(statuses: readonly FunnelStatus[], sums: CohortSums): CohortFunnel {
  const { layers } = ladderOf(statuses)
  const { deals: counts, money: amounts } = sums.totals
  return {
    layers: layers.map((status, index) => {
      const above = sums.layers.get(layers[index - 1]?.id ?? 0)
      const own = sums.layers.get(status.id)!
      const [deals, money] = [figuresOf(own.deals, above?.deals), figuresOf(own.money, above?.money)]
      return {
        status,
        ...deals,
        amountMinor: money,
        conversion: conversionOf(deals),
        conversionByAmount: conversionOf(money),
      }
    }),
    totals: {
      deals: counts.all,
      amountMinor: amounts.all,
      won: counts.won,
      wonAmountMinor: amounts.won,
      lost: counts.lost,
      lostAmountMinor: amounts.lost,
      winRate: shareOf(counts.won, counts.won + counts.lost),
    },
  }
}

export type ChapterFigures = Omit<LayerFigures, 'through' | 'joined'> & {
  readonly phase: Phase
  /** The chapter's layers, in order. */
  readonly layers: readonly FunnelStatus[]
  readonly amountMinor: Omit<LayerFigures, 'through' | 'joined'>
  /** Of those that left the chapter, forward or lost; null where the last chapter ends every path. */
  readonly resolved: number | null
  readonly resolvedByAmount: number | null
}

/** The chapters of the same funnel. A chapter of one layer has that layer's figures. */
export function chaptersOfSums(statuses: readonly FunnelStatus[], sums: CohortSums): readonly ChapterFigures[] {
  const chapters = chaptersOf(ladderOf(statuses))
  return chapters.map(({ id, phase, layers }, index) => {
    const own = sums.layers.get(layers.length > 1 ? id : layers[0]!.id)!
    const pick = (of: LayerSums) => {
      const { through: _through, joined: _joined, ...figures } = figuresOf(of, undefined)
      return figures
    }
    const [deals, money] = [pick(own.deals), pick(own.money)]
    const isEnd = index === chapters.length - 1 && deals.passed === 0
    return {
      phase,
      layers,
      ...deals,
      amountMinor: money,
      resolved: isEnd ? null : shareOf(deals.passed, deals.passed + deals.lost),
      resolvedByAmount: isEnd ? null : shareOf(money.passed, money.passed + money.lost),
    }
  })
}

/** reached = passed + lost + finished + open; reached here = through above + joined here. */
function figuresOf(sums: LayerSums, above: LayerSums | undefined): LayerFigures {
  const { passed, lost, finished, open, skipped, through, applicable, passable } = sums
  const reached = passed + lost + finished + open
  const joined = above ? reached - above.through : 0
  return { reached, passed, lost, finished, open, skipped, through, joined, applicable, passable }
}

/**
 * Figures of a layer, or of a chapter of the same funnel. @param placeId of the layer's status, or of the chapter
 * @throws AppError not_found when there is no such layer or chapter
 */
export function figuresAt(
  statuses: readonly FunnelStatus[],
  sums: CohortSums,
  placeId: number,
): LayerFigures & { readonly amountMinor: LayerFigures } {
  const ladder = ladderOf(statuses)
  const layer = funnelOfSums(statuses, sums).layers.find(({ status }) => status.id === placeId)
  if (layer) return layer
  const at = chaptersOf(ladder).findIndex(({ id }) => id === placeId)
  const chapter = chaptersOfSums(statuses, sums)[at]
  if (!chapter) throw new AppError('not_found')
  const none = { through: 0, joined: 0 }
  return { ...chapter, ...none, amountMinor: { ...chapter.amountMinor, ...none } }
}

/**
 * The classes whose deals make up one figure: counts and sums over them equal the figure of `cohortFunnel`, or of `chaptersOfSums`.
 * @param placeId of the layer's status, or of the chapter
 * @throws AppError not_found when there is no such layer (lost, hidden or unknown) or chapter
 */
export function classesOf<Class extends DealClass>(
  { statuses, paths, classes, strict }: Omit<CohortInput, 'classes'> & { readonly classes: readonly Class[] },
  placeId: number,
  part: LayerPart,
): readonly Class[] {
  const ladder = ladderOf(statuses)
  const partsOf = partsAt(placeId, ladder, strict)
  return classes.filter((dealClass) => partsOf(standingOf(dealClass, ladder, paths)).includes(part))
}

function partsAt(placeId: number, ladder: Ladder, strict: boolean): (standing: Standing) => readonly LayerPart[] {
  const chapter = chaptersOf(ladder).find(({ id }) => id === placeId)
  if (chapter) return (standing) => chapterPartsIn(standing, chapter, ladder, strict)
  const index = ladder.layers.findIndex(({ id }) => id === placeId)
  if (index < 0) throw new AppError('not_found')
  return (standing) => partsIn(standing, index, ladder, strict)
}
