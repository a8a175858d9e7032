import { selectDealPage, selectDealTotals } from '../../../db/queries/deals.ts'
import { selectHistorySince } from '../../../db/queries/funnel-charts.ts'
import { countWithoutRate } from '../../../db/queries/funnel-money.ts'
import { dealsOnWay, type PathsQuestion, selectWays } from '../../../db/queries/funnel-paths.ts'
import { selectSliceNames } from '../../../db/queries/slice-names.ts'
import { type FunnelPaths, funnelPaths } from '../../../shared/domain/funnel-paths.ts'
import type { FunnelQuery } from '../../../shared/schemas/funnel.ts'
import type { ListWayDealsInput, PathsQuery } from '../../../shared/schemas/paths.ts'
import type { Session } from '../../session.ts'
import { decodeCursor } from '../cursor.ts'
import { readFieldBook } from '../deal-types/field-book.ts'
import type { DealList } from '../deals/list-deals.ts'
import { type Asked, ask, readPaths } from './ask.ts'
import { readFunnelDictionary } from './kept-dictionary.ts'
import { sayFields } from './say-fields.ts'
import type { FunnelHead } from './show-funnel.ts'

export type ShownPaths = FunnelHead & {
  readonly paths: FunnelPaths
  readonly deals: number
}

/** The ways that the cohort's deals really took, beside those that their processes offer. @throws AppError not_found, input_invalid */
export async function showPaths(session: Session, query: PathsQuery): Promise<ShownPaths> {
  const asked = await ask(session, cohortOf(query))
  const { em, actor, locale } = session
  const [rows, paths, { versions }, historySince, names, withoutRate, fields] = await Promise.all([
    selectWays(em, questionOf(session, asked)),
    readPaths(session, asked),
    readFunnelDictionary(session),
    selectHistorySince(em, actor),
    selectSliceNames(em, actor, asked.slice, locale),
    countWithoutRate(em, actor, asked.slice, asked.span, asked.bits),
    sayFields(session, query.fields),
  ])
  const offered = new Map(versions.map(({ id, ways }) => [id, ways]))
  return {
    asked,
    historySince,
    names,
    withoutRate,
    fields,
    paths: funnelPaths({ statuses: asked.funnelStatuses, paths, offered, rows }),
    deals: rows.filter(({ from }) => from === 0).reduce((sum, row) => sum + row.deals, 0),
  }
}

/** Exactly the deals that took a way. @throws AppError not_found for a status that there is not */
export async function listWayDeals(
  session: Session,
  { way, sort, limit, cursor, ...query }: ListWayDealsInput,
): Promise<DealList> {
  const asked = await ask(session, cohortOf(query))
  const [from, to] = way.split('..').map((code) => (code === '' ? 0 : asked.statuses.resolve(asked.statuses.find(code).id).id))
  const condition = dealsOnWay(questionOf(session, asked), from ?? 0, to ?? 0)
  const page = { sort, limit, cursor: decodeCursor(cursor, sort) }
  const [{ rows, next }, totals] = await Promise.all([
    selectDealPage(session.em, condition, page),
    selectDealTotals(session.em, condition),
  ])
  return { rows, next, ...totals, statuses: asked.statuses, book: await readFieldBook(session, rows, true) }
}

function cohortOf(query: PathsQuery): FunnelQuery {
  return { ...query, basis: 'cohort', by: 'count', strict: true }
}

function questionOf({ actor }: Session, { slice, span, bits }: Asked): PathsQuestion {
  return { viewer: actor, slice, span, bits }
}
