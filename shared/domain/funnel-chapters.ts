import type { Phase } from '../views/common.ts'
import type { FunnelPart } from '../views/funnel.ts'
import { AppError } from './app-error.ts'
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

/** @throws AppError not_found when no layer is of this phase */
export function findChapter(statuses: readonly FunnelStatus[], phase: Phase): Chapter {
  const chapter = chaptersOf(ladderOf(statuses)).find((one) => one.phase === phase)
  if (!chapter) throw new AppError('not_found')
  return chapter
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

/** What of a chapter has a list of deals behind it: a chapter has no other beside it that it would pass deals on to. */
export type ChapterPart = FunnelPart | 'skipped'
const parts: readonly ChapterPart[] = ['passed', 'lost', 'finished', 'open', 'skipped']

/** The parts of a chapter that the deals of this standing belong to: none when they have not entered it. */
export function chapterPartsIn(standing: Standing, chapter: Chapter, ladder: Ladder, strict: boolean): readonly ChapterPart[] {
  const measures: readonly string[] = chapterMeasuresIn(standing, chapter, ladder, strict)
  const found = parts.filter((part) => measures.includes(part))
  return found.length > 0 ? ['reached', ...found] : []
}
