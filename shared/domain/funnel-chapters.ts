import type { Phase } from '../views/common.ts'
import { type FunnelStatus, isApplicable, type Ladder, ladderOf, outcomeIn, type Standing } from './funnel.ts'

/**
 * Phases as chapters of the funnel: the layers of one phase together. A deal that reached any of them has entered the chapter, and has left it forward
 * when it came further than all of them; the rest is as in a layer: entered = passed + lost + finished + open.
 */
export const phaseOrder = ['presale', 'sale', 'delivery', 'support', 'renewal'] as const satisfies readonly Phase[]

export type Chapter = {
  /** Below zero: kept beside layers, whose numbers are those of statuses. */
  readonly id: number
  readonly phase: Phase
  readonly layers: readonly FunnelStatus[]
  /** Places of the first and the last layer among all that are not lost. */
  readonly first: number
  readonly last: number
}
export type ChapterMeasure = 'passed' | 'lost' | 'finished' | 'open' | 'skipped' | 'applicable' | 'passable'

/** Chapters that have layers, in the order of their first ones. */
export function chaptersOf({ layers, places }: Ladder): readonly Chapter[] {
  return [...Map.groupBy(layers, ({ phase }) => phase)].map(([phase, own]) => {
    const at = own.map(({ id }) => places.get(id)!)
    return { id: -1 - phaseOrder.indexOf(phase), phase, layers: own, first: Math.min(...at), last: Math.max(...at) }
  })
}

/** Chapters whose figures are not those of their only layer. */
export function longChapters(statuses: readonly FunnelStatus[]): readonly Chapter[] {
  return chaptersOf(ladderOf(statuses)).filter(({ layers }) => layers.length > 1)
}

/** What the deals of this standing count as in a chapter. `strict`: only deals that really visited a status of it. */
export function chapterMeasuresIn(
  standing: Standing,
  chapter: Chapter,
  ladder: Ladder,
  strict: boolean,
): readonly ChapterMeasure[] {
  const { layers, first, last } = chapter
  const measures: ChapterMeasure[] = layers.some(({ id }) => isApplicable(standing, id)) ? ['applicable'] : []
  if (!layers.some(({ id }) => outcomeIn(standing, id, ladder, false))) return measures
  const isPast = standing.top > last
  const isVisited = layers.some(({ id }) => outcomeIn(standing, id, ladder, true)) || (!isPast && standing.top >= first)
  if (strict && !isVisited) return measures
  measures.push(isPast ? 'passed' : standing.isLost ? 'lost' : standing.hasFurther ? 'open' : 'finished')
  if (isPast || standing.hasFurther) measures.push('passable')
  if (isPast && !isVisited) measures.push('skipped')
  return measures
}
