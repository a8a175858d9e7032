import { selectDealPage, selectDealTotals } from '../../../db/queries/deals.ts'
import { dealsWithIds, selectCohortMembers } from '../../../db/queries/funnel.ts'
import { bucketDeals, lostDeals, openDeals, staleDeals, wonDeals } from '../../../db/queries/outcomes.ts'
import { visibleDeals } from '../../../db/queries/visibility.ts'
import { type RawBuilder, sql } from '../../../db/sql.ts'
import { ladderOf, standingOf } from '../../../shared/domain/funnel.ts'
import { isWon, milestonesOf } from '../../../shared/domain/funnel-sums.ts'
import type { Period } from '../../../shared/domain/periods.ts'
import { staleAfterLimits } from '../../../shared/domain/win-rate.ts'
import type { ListOutcomeDealsInput } from '../../../shared/schemas/outcomes.ts'
import type { Session } from '../../session.ts'
import { decodeCursor } from '../cursor.ts'
import { readFieldBook } from '../deal-types/field-book.ts'
import type { DealList } from '../deals/list-deals.ts'
import { readPaths, toDealClass } from './ask.ts'
import { type AskedOutcomes, askOutcomes, paceDays, thisQuarter } from './outcome-scope.ts'

/** The deals behind one figure of the forecast, the win rates or the velocity: the figure's own query. @throws AppError not_found, input_invalid */
export async function listOutcomeDeals(session: Session, input: ListOutcomeDealsInput): Promise<DealList> {
  const { bucket, sort, limit, cursor, ...query } = input
  const question = await askOutcomes(
    session,
    bucket.startsWith('pace') ? { ...query, ...paceDays(session) } : query,
    usualPeriod(session, bucket),
  )
  const condition = sql`${visibleDeals(session.actor)} and deal.id in (${await members(session, question, bucket)})`
  const page = { sort, limit, cursor: decodeCursor(cursor, sort) }
  const [{ rows, next }, totals] = await Promise.all([
    selectDealPage(session.em, condition, page),
    selectDealTotals(session.em, condition),
  ])
  return { rows, next, ...totals, statuses: question.asked.statuses, book: await readFieldBook(session, rows, true) }
}

/** As the figure itself takes it where the question names none. */
function usualPeriod(session: Session, bucket: ListOutcomeDealsInput['bucket']): Period | null {
  return /^(event|cohort)/.test(bucket) ? null : thisQuarter(session)
}

async function members(
  session: Session,
  question: AskedOutcomes,
  bucket: ListOutcomeDealsInput['bucket'],
): Promise<RawBuilder<unknown>> {
  const { scope, span } = question
  switch (bucket) {
    case 'eventWon':
    case 'paceWon':
      return sql`select w.id from (${wonDeals(scope, span)}) as w`
    case 'eventLost':
    case 'paceLost':
      return lostDeals(scope, span)
    case 'stale':
      return staleDeals(scope, staleAfterLimits, session.organization.workCalendar != null)
    case 'open':
      return openDeals(scope)
    case 'cohortWon':
    case 'cohortLost':
      return sql`select deal.id from deal where ${await cohortPart(session, question, bucket === 'cohortWon')}`
    default:
      return bucketDeals(scope, span, bucket)
  }
}

/** The deals of the cohort that its totals count as won, or as lost. */
async function cohortPart(session: Session, { asked }: AskedOutcomes, won: boolean): Promise<RawBuilder<unknown>> {
  const { slice, span, bits, funnelStatuses, query } = asked
  const [rows, paths] = await Promise.all([
    selectCohortMembers(session.em, session.actor, slice, span, bits),
    readPaths(session, asked),
  ])
  const ladder = ladderOf(funnelStatuses)
  const milestones = milestonesOf(funnelStatuses)
  const chosen = rows.filter((row) => {
    const standing = standingOf(toDealClass(row, bits), ladder, paths)
    return won ? isWon(standing, milestones, ladder, query.strict) : standing.isLost
  })
  return dealsWithIds(
    session.actor,
    chosen.flatMap((row) => row.dealIds),
  )
}
