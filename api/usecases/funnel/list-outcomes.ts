import { selectDealPage, selectDealTotals } from '../../../db/queries/deals.ts'
import { sourcesOf } from '../../../db/queries/funnel-slice.ts'
import { visibleDeals } from '../../../db/queries/visibility.ts'
import { type RawBuilder, sql } from '../../../db/sql.ts'
import type { Period } from '../../../shared/domain/periods.ts'
import type { ListOutcomeDealsInput } from '../../../shared/schemas/outcomes.ts'
import type { Session } from '../../session.ts'
import { decodeCursor } from '../cursor.ts'
import { readFieldBook } from '../deal-types/field-book.ts'
import type { DealList } from '../deals/list-deals.ts'
import { outcomeMembers } from './outcome-members.ts'
import { type AskedOutcomes, askOutcomes, paceDays, thisQuarter } from './outcome-scope.ts'
import { leftOut } from './without-rate.ts'

/** The deals behind one figure of the forecast, the win rates or the velocity: the figure's own query. @throws AppError not_found, input_invalid */
export async function listOutcomeDeals(session: Session, input: ListOutcomeDealsInput): Promise<DealList> {
  const { bucket, status, byHand, withoutRate, sort, limit, cursor, ...query } = input
  const { asked, scope, ...rest } = await askOutcomes(
    session,
    bucket.startsWith('pace') ? { ...query, ...paceDays(session) } : query,
    usualPeriod(session, bucket),
  )
  const question = { ...rest, asked: leftOut(asked, withoutRate), scope: leftOut(scope, withoutRate) }
  const condition = sql`${visibleDeals(session.actor)} and ${countsBy(question, { status, byHand })} and deal.id in (${await outcomeMembers(session, question, bucket)})`
  const page = { sort, limit, cursor: decodeCursor(cursor, sort) }
  const [{ rows, next }, totals] = await Promise.all([
    selectDealPage(session.em, condition, page),
    selectDealTotals(session.em, condition),
  ])
  return { rows, next, ...totals, statuses: asked.statuses, book: await readFieldBook(session, rows, true) }
}

/** A condition over the alias `deal`: its probability is its own, or that of the status, where the question says so. */
function countsBy(
  { asked: { statuses, bits } }: AskedOutcomes,
  { status, byHand }: Pick<ListOutcomeDealsInput, 'status' | 'byHand'>,
): RawBuilder<unknown> {
  if (byHand) return sql`deal.probability_pct is not null`
  if (status === undefined) return sql`true`
  const { id } = statuses.resolve(statuses.find(status).id)
  return sql`deal.probability_pct is null and deal.status_id = any(${sourcesOf(bits, [id])}::int[])`
}

/** As the figure itself takes it where the question names none. */
function usualPeriod(session: Session, bucket: ListOutcomeDealsInput['bucket']): Period | null {
  return /^(event|cohort|rates)/.test(bucket) ? null : thisQuarter(session)
}
