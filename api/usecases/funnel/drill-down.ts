import { selectDealPage, selectDealTotals } from '../../../db/queries/deals.ts'
import { countLeftWithoutRate, selectLeftPage } from '../../../db/queries/flow-marks.ts'
import { canSummariesAnswer, countClassesWithoutRate, selectClassPage } from '../../../db/queries/funnel-deals.ts'
import type { RawBuilder } from '../../../db/sql.ts'
import { figuresAt } from '../../../shared/domain/funnel-cohort.ts'
import { type SplitRow, splitRows } from '../../../shared/domain/funnel-split.ts'
import type { ListFunnelDealsInput, SplitFunnelInput } from '../../../shared/schemas/funnel.ts'
import type { Session } from '../../session.ts'
import { decodeCursor } from '../cursor.ts'
import { readFieldBook } from '../deal-types/field-book.ts'
import type { DealList } from '../deals/list-deals.ts'
import { type Asked, ask, readPaths } from './ask.ts'
import { conditionOfHappened, countActionsOf } from './charts.ts'
import { readLeftMarks } from './compute-flow.ts'
import { readPartClasses } from './cube/kept-classes.ts'
import { latestOf, readSums } from './cube/read-sums.ts'
import { readSplitClasses } from './cube/split-classes.ts'
import {
  cohortPart,
  conditionOfFigure,
  conditionOfPart,
  type FigurePlace,
  flowPlaceOf,
  isStillThere,
  placeOf,
} from './figure-condition.ts'
import { leftOut } from './without-rate.ts'

/**
 * The deals behind a figure: a part of a layer or of a chapter, what a chart counts, or the whole. The figure's own query names the deals of every
 * class, the figure's own function chooses the classes of the part, so that length and sum equal the figure.
 * @throws AppError not_found for a status that is no layer and a phase without any, input_invalid for a part of another basis
 */
export async function listFunnelDeals(session: Session, input: ListFunnelDealsInput): Promise<DealList> {
  const asked = leftOut(await ask(session, input), input.withoutRate)
  const place = placeOf(asked, input)
  const isSummed = input.basis === 'cohort' && place !== null && !isStillThere(place, input.part)
  const summed = isSummed ? await listSummedPart(session, asked, place, input) : null
  if (summed) return summed
  const marked = input.basis === 'flow' && (place || !input.happened) ? await listMarkedFlow(session, asked, place, input) : null
  if (marked) return marked
  const condition = await conditionOf(session, asked, place, input)
  const page = { sort: input.sort, limit: input.limit, cursor: decodeCursor(input.cursor, input.sort) }
  const [{ rows, next }, totals, worked] = await Promise.all([
    selectDealPage(session.em, condition, page),
    selectDealTotals(session.em, condition),
    input.happened === 'worked' ? countActionsOf(session, asked).then((actions) => ({ actions })) : {},
  ])
  return { rows, next, ...totals, ...worked, statuses: asked.statuses, book: await readFieldBook(session, rows, true) }
}

async function conditionOf(
  session: Session,
  asked: Asked,
  place: FigurePlace | null,
  { part, happened, cut, key, yearBefore }: ListFunnelDealsInput,
): Promise<RawBuilder<unknown>> {
  if (place) return conditionOfPart(session, asked, place, part)
  return happened ? conditionOfHappened(session, asked, { happened, cut, key, yearBefore }) : conditionOfFigure(session, asked)
}

/**
 * The same from the summaries of deals: how many they are and what they come to is the figure itself. Null when the summaries cannot answer.
 */
async function listSummedPart(
  session: Session,
  asked: Asked,
  place: FigurePlace,
  input: ListFunnelDealsInput,
): Promise<DealList | null> {
  const { em, actor: viewer } = session
  const part = cohortPart(place, input.part)
  if (!(await canSummariesAnswer(em, latestOf(asked), asked.bits))) return null
  const [sums, classIds] = await Promise.all([readSums(session, asked), readPartClasses(session, asked, place.id, part)])
  const figures = figuresAt(asked.funnelStatuses, sums.own, place.id)
  const deals = { viewer, slice: asked.slice, bits: asked.bits, span: asked.span, classIds }
  const page = { sort: input.sort, limit: input.limit, cursor: decodeCursor(input.cursor, input.sort) }
  const [{ rows, next }, withoutRate] = await Promise.all([
    selectClassPage(em, deals, page, figures[part]),
    countClassesWithoutRate(em, deals),
  ])
  const totals = { total: figures[part], amountMinor: figures.amountMinor[part], withoutRate }
  return { rows, next, ...totals, statuses: asked.statuses, book: await readFieldBook(session, rows, true) }
}

/** The same of a flow from the marks that deals have left; null when they cannot answer. */
async function listMarkedFlow(
  session: Session,
  asked: Asked,
  place: FigurePlace | null,
  input: ListFunnelDealsInput,
): Promise<DealList | null> {
  const marked = await readLeftMarks(session, asked, place && flowPlaceOf(place, input.part))
  if (!marked) return null
  const { left, deals: total, amountMinor } = marked
  const page = { sort: input.sort, limit: input.limit, cursor: decodeCursor(input.cursor, input.sort) }
  const [{ rows, next }, withoutRate] = await Promise.all([
    selectLeftPage(session.em, left, page, total),
    countLeftWithoutRate(session.em, left),
  ])
  return { rows, next, total, amountMinor, withoutRate, statuses: asked.statuses, book: await readFieldBook(session, rows, true) }
}

export type FunnelSplit = {
  readonly asked: Asked
  readonly layerId: number
  readonly rows: readonly (SplitRow & { readonly id: number; readonly name: string | null })[]
}

/** One layer of a cohort cut by type, client, department or employee; the rows add up to the layer. @throws AppError not_found */
export async function splitFunnel(session: Session, input: SplitFunnelInput): Promise<FunnelSplit> {
  const asked = await ask(session, { ...input, basis: 'cohort' })
  const layerId = asked.statuses.resolve(asked.statuses.find(input.layer).id).id
  const [rows, paths] = await Promise.all([readSplitClasses(session, asked, input.split), readPaths(session, asked)])
  const names = new Map(rows.map((row) => [row.key ?? 0, row.name]))
  const classes = rows.map((row) => ({ ...row, slice: row.key ?? 0 }))
  const split = splitRows({ statuses: asked.funnelStatuses, paths, strict: input.strict, classes }, layerId)
  return { asked, layerId, rows: split.map((row) => ({ ...row, id: row.slice, name: names.get(row.slice) ?? null })) }
}
