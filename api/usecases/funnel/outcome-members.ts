import { dealsWithIds, selectCohortMembers } from '../../../db/queries/funnel.ts'
import { canSummariesAnswer, dealsOfClasses } from '../../../db/queries/funnel-deals.ts'
import {
  bucketDeals,
  countDeals,
  lostDeals,
  type OutcomeScope,
  openDeals,
  staleDeals,
  wonDeals,
} from '../../../db/queries/outcomes.ts'
import { type LimitInstant, selectLimitInstants } from '../../../db/queries/overdue.ts'
import { type RawBuilder, sql } from '../../../db/sql.ts'
import { type DealClass, ladderOf, standingOf } from '../../../shared/domain/funnel.ts'
import { isWon, milestonesOf } from '../../../shared/domain/funnel-sums.ts'
import { staleAfterLimits } from '../../../shared/domain/win-rate.ts'
import type { ListOutcomeDealsInput } from '../../../shared/schemas/outcomes.ts'
import type { Session } from '../../session.ts'
import { readPaths, toDealClass } from './ask.ts'
import { readClasses } from './cube/kept-classes.ts'
import { latestOf } from './cube/read-sums.ts'
import type { AskedOutcomes } from './outcome-scope.ts'
import { leftOut } from './without-rate.ts'

/** Deals of `rates` or `pace` that their sums leave out, each once though it may have been won and lost. */
export async function countOutcomesWithoutRate(
  session: Session,
  { asked, scope, ...rest }: AskedOutcomes,
  bucket: 'rates' | 'pace',
): Promise<number> {
  if (session.organization.hasDealsWithoutRate === false) return 0
  const question = { ...rest, asked: leftOut(asked, true), scope: leftOut(scope, true) }
  return (await countDeals(session.em, await outcomeMembers(session, question, bucket))).deals
}

/** When open deals are stale that are so still, as the scope's moment has it. */
export function staleLimits({ em, organization }: Session, { now }: OutcomeScope): Promise<readonly LimitInstant[]> {
  return selectLimitInstants(em, now, organization.workCalendar, staleAfterLimits)
}

/** `id` of the deals behind one figure. */
export async function outcomeMembers(
  session: Session,
  question: AskedOutcomes,
  bucket: ListOutcomeDealsInput['bucket'],
): Promise<RawBuilder<unknown>> {
  const { scope, span } = question
  const allOf = async (...parts: readonly ListOutcomeDealsInput['bucket'][]) =>
    sql.join(await Promise.all(parts.map((part) => outcomeMembers(session, question, part))), sql` union `)
  switch (bucket) {
    case 'eventWon':
    case 'paceWon':
      return wonDeals(scope, span)
    case 'eventLost':
    case 'paceLost':
      return lostDeals(scope, span)
    case 'stale':
      return staleDeals(scope, await staleLimits(session, scope))
    case 'open':
      return openDeals(scope)
    case 'cohortWon':
    case 'cohortLost':
      return sql`select deal.id from deal where ${await cohortPart(session, question, bucket === 'cohortWon')}`
    case 'forecast':
      return allOf('won', 'expected')
    case 'rates':
      return allOf('eventWon', 'eventLost', 'stale', 'cohortWon', 'cohortLost')
    case 'pace':
      return allOf('open', 'paceWon', 'paceLost')
    default:
      return bucketDeals(scope, span, bucket)
  }
}

/** A condition over the alias `deal`: those of the cohort that its totals count as won, or as lost. */
async function cohortPart(session: Session, { asked }: AskedOutcomes, won: boolean): Promise<RawBuilder<unknown>> {
  const { em, actor: viewer } = session
  const { slice, span, bits, funnelStatuses, query } = asked
  const [paths, ladder, milestones] = [await readPaths(session, asked), ladderOf(funnelStatuses), milestonesOf(funnelStatuses)]
  const isChosen = (one: DealClass) => {
    const standing = standingOf(one, ladder, paths)
    return won ? isWon(standing, milestones, ladder, query.strict) : standing.isLost
  }
  if (await canSummariesAnswer(em, latestOf(asked), bits)) {
    const classIds = (await readClasses(session, asked)).filter(isChosen).map(({ classId }) => classId)
    return dealsOfClasses({ viewer, slice, bits, span, classIds })
  }
  const rows = await selectCohortMembers(em, viewer, slice, span, bits)
  return dealsWithIds(
    viewer,
    rows.filter((row) => isChosen(toDealClass(row, bits))).flatMap((row) => row.dealIds),
  )
}
