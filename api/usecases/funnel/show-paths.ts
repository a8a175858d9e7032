import { selectDealPage, selectDealTotals } from '../../../db/queries/deals.ts'
import { dealsOnWay, type PathsQuestion, selectWays } from '../../../db/queries/funnel-paths.ts'
import { type FunnelPaths, funnelPaths, type PathsInput, versionsOf } from '../../../shared/domain/funnel-paths.ts'
import type { FunnelQuery } from '../../../shared/schemas/funnel.ts'
import type { ListWayDealsInput, PathsQuery } from '../../../shared/schemas/paths.ts'
import type { Session } from '../../session.ts'
import { decodeCursor } from '../cursor.ts'
import { readFieldBook } from '../deal-types/field-book.ts'
import type { DealList } from '../deals/list-deals.ts'
import { type Asked, ask, readPaths } from './ask.ts'
import { readHistorySince } from './history-since.ts'
import { readFunnelDictionary } from './kept-dictionary.ts'
import { nameSlice } from './name-slice.ts'
import { sayFields } from './say-fields.ts'
import type { FunnelHead } from './show-funnel.ts'
import { leftOut, readWithoutRate } from './without-rate.ts'

export type ShownPaths = FunnelHead & {
  readonly paths: FunnelPaths
  readonly deals: number
}

/** The ways that the cohort's deals really took, beside those that their processes offer. @throws AppError not_found, input_invalid */
export async function showPaths(session: Session, query: PathsQuery): Promise<ShownPaths> {
  const asked = await ask(session, cohortOf(query))
  const { em } = session
  const [rows, processes, historySince, names, withoutRate, fields] = await Promise.all([
    selectWays(em, questionOf(session, asked)),
    readProcesses(session, asked),
    readHistorySince(session),
    nameSlice(session, asked),
    readWithoutRate(session, asked),
    sayFields(session, query.fields),
  ])
  return {
    asked,
    historySince,
    names,
    withoutRate,
    fields,
    paths: funnelPaths({ ...processes, rows }),
    deals: rows.filter(({ from }) => from === 0).reduce((sum, row) => sum + row.deals, 0),
  }
}

/** Exactly the deals that took a way, or a part of them. @throws AppError not_found for a status that there is not */
export async function listWayDeals(
  session: Session,
  { way, part, withoutRate, sort, limit, cursor, ...query }: ListWayDealsInput,
): Promise<DealList> {
  const asked = leftOut(await ask(session, cohortOf(query)), withoutRate)
  const [from, to] = way.split('..').map((code) => (code === '' ? 0 : asked.statuses.resolve(asked.statuses.find(code).id).id))
  const taken = { from: from ?? 0, to: to ?? 0 }
  const versions = part ? versionsOf(part, taken, await readProcesses(session, asked)) : null
  const condition = dealsOnWay(questionOf(session, asked), { ...taken, versions, again: part === 'again' })
  const page = { sort, limit, cursor: decodeCursor(cursor, sort) }
  const [{ rows, next }, totals] = await Promise.all([
    selectDealPage(session.em, condition, page),
    selectDealTotals(session.em, condition),
  ])
  return { rows, next, ...totals, statuses: asked.statuses, book: await readFieldBook(session, rows, true) }
}

/** What the processes of the deals offer. */
async function readProcesses(session: Session, asked: Asked): Promise<Omit<PathsInput, 'rows'>> {
  const [paths, { versions }] = await Promise.all([readPaths(session, asked), readFunnelDictionary(session)])
  return { statuses: asked.funnelStatuses, paths, offered: new Map(versions.map(({ id, ways }) => [id, ways])) }
}

function cohortOf(query: PathsQuery): FunnelQuery {
  return { ...query, basis: 'cohort', by: 'count', strict: true }
}

function questionOf({ actor }: Session, { slice, span, bits }: Asked): PathsQuestion {
  return { viewer: actor, slice, span, bits }
}
