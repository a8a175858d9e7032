import { selectDealPage, selectDealTotals } from '../../../db/queries/deals.ts'
import {
  dealsStanding,
  dealsWithIds,
  type SplitKey,
  selectCohortMembers,
  selectSplitClasses,
} from '../../../db/queries/funnel.ts'
import {
  canSummariesAnswer,
  countClassesWithoutRate,
  dealsOfClasses,
  type SplitClass,
  selectClassPage,
  selectSummedSplit,
} from '../../../db/queries/funnel-deals.ts'
import type { RawBuilder } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { classesOf, funnelOfSums } from '../../../shared/domain/funnel-cohort.ts'
import { type SplitRow, splitRows } from '../../../shared/domain/funnel-split.ts'
import type { ListFunnelDealsInput, SplitFunnelInput } from '../../../shared/schemas/funnel.ts'
import type { FunnelPart } from '../../../shared/views/funnel.ts'
import type { Session } from '../../session.ts'
import { decodeCursor } from '../cursor.ts'
import { readFieldBook } from '../deal-types/field-book.ts'
import type { DealList } from '../deals/list-deals.ts'
import { type Asked, ask, readPaths, shownLayers, toDealClass } from './ask.ts'
import { conditionOfFlow, conditionOfFlowPart } from './compute-flow.ts'
import { readPartClasses } from './cube/kept-classes.ts'
import { latestOf, readSums } from './cube/read-sums.ts'
import { resolveClass } from './cube/resolve-class.ts'

const cohortParts: readonly FunnelPart[] = ['reached', 'passed', 'lost', 'open', 'finished']

/**
 * The deals behind one part of one layer: the figure's own query names the deals of every class, the figure's own function chooses the
 * classes of the part, so that length and sum equal the figure.
 * @throws AppError not_found for a status that is no layer, input_invalid for a part of another basis
 */
export async function listFunnelDeals(session: Session, input: ListFunnelDealsInput): Promise<DealList> {
  const asked = await ask(session, input)
  const layerId = asked.statuses.resolve(asked.statuses.find(input.layer).id).id
  const summed = input.basis === 'cohort' ? await listSummedPart(session, asked, layerId, input) : null
  if (summed) return summed
  const condition = await conditionOf(session, asked, layerId, input.part)
  const page = { sort: input.sort, limit: input.limit, cursor: decodeCursor(input.cursor, input.sort) }
  const [{ rows, next }, totals] = await Promise.all([
    selectDealPage(session.em, condition, page),
    selectDealTotals(session.em, condition),
  ])
  return { rows, next, ...totals, statuses: asked.statuses, book: await readFieldBook(session, rows, true) }
}

/**
 * The same from the summaries of deals: how many they are and what they come to is the figure itself. Null when the summaries cannot answer.
 */
async function listSummedPart(
  session: Session,
  asked: Asked,
  layerId: number,
  input: ListFunnelDealsInput,
): Promise<DealList | null> {
  const { em, actor: viewer } = session
  const part = cohortPart(input.part ?? 'reached')
  if (!(await canSummariesAnswer(em, latestOf(asked), asked.bits))) return null
  const [sums, classIds] = await Promise.all([readSums(session, asked), readPartClasses(session, asked, layerId, part)])
  const layer = funnelOfSums(asked.funnelStatuses, sums.own).layers.find(({ status }) => status.id === layerId)
  if (!layer) throw new AppError('not_found')
  const deals = { viewer, slice: asked.slice, bits: asked.bits, span: asked.span, classIds }
  const page = { sort: input.sort, limit: input.limit, cursor: decodeCursor(input.cursor, input.sort) }
  const [{ rows, next }, withoutRate] = await Promise.all([
    selectClassPage(em, deals, page, layer[part]),
    countClassesWithoutRate(em, deals),
  ])
  const totals = { total: layer[part], amountMinor: layer.amountMinor[part], withoutRate }
  return { rows, next, ...totals, statuses: asked.statuses, book: await readFieldBook(session, rows, true) }
}

/** A condition over the alias `deal`: the deals of the whole figure, the cohort or all that stand in a layer. */
export async function conditionOfFigure(session: Session, asked: Asked): Promise<RawBuilder<unknown>> {
  const { slice, span, bits, query } = asked
  if (query.basis === 'flow') return conditionOfFlow(session, asked)
  const layers = shownLayers(asked).map((status) => status.id)
  if (query.basis === 'cohort' && (await canSummariesAnswer(session.em, latestOf(asked), bits)))
    return dealsOfClasses({ viewer: session.actor, slice, bits, span, classIds: null })
  return query.basis === 'snapshot'
    ? dealsStanding(session.actor, slice, span.asOf, bits, layers)
    : dealsWithIds(session.actor, idsOf(await selectCohortMembers(session.em, session.actor, slice, span, bits)))
}

async function conditionOf(
  session: Session,
  asked: Asked,
  layerId: number,
  ofLayer: ListFunnelDealsInput['part'],
): Promise<RawBuilder<unknown>> {
  const { slice, span, bits, query } = asked
  if (query.basis === 'snapshot') return dealsStanding(session.actor, slice, span.asOf, bits, [layerId])
  if (query.basis === 'flow') return conditionOfFlowPart(session, asked, layerId, ofLayer ?? 'entered')
  const part = cohortPart(ofLayer ?? 'reached')
  const [members, paths] = await Promise.all([
    selectCohortMembers(session.em, session.actor, slice, span, bits),
    readPaths(session, asked),
  ])
  const classes = members.map((row) => toDealClass(row, bits))
  const chosen = classesOf({ statuses: asked.funnelStatuses, paths, strict: query.strict, classes }, layerId, part)
  return dealsWithIds(session.actor, idsOf(chosen.map((dealClass) => dealClass.row)))
}

/** @throws AppError input_invalid for a part of another basis */
function cohortPart(part: string): FunnelPart {
  const found = cohortParts.find((one) => one === part)
  if (!found) throw new AppError('input_invalid', { problems: [{ path: 'part', message: part }] })
  return found
}

function idsOf(members: readonly { readonly dealIds: readonly number[] }[]): number[] {
  return members.flatMap((row) => row.dealIds)
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

/** The classes by the values of one slice: from the summaries, else from the visits. */
async function readSplitClasses(session: Session, asked: Asked, by: SplitKey): Promise<readonly SplitClass[]> {
  const { em, actor: viewer, locale } = session
  const { slice, span, bits } = asked
  const summed = await selectSummedSplit(em, { viewer, slice, bits, span: { ...span, asOf: latestOf(asked) } }, by, locale)
  if (summed) return summed.map((row) => resolveClass(row, asked.statuses))
  const rows = await selectSplitClasses(em, viewer, slice, span, bits, by, locale)
  return rows.map((row) => ({ ...toDealClass(row, bits), key: row.key, name: row.name }))
}
