import type { OutcomeScope, OutcomeSpan } from '../../../db/queries/outcomes.ts'
import type { SliceNames } from '../../../db/queries/slice-names.ts'
import { calendarPeriod } from '../../../shared/domain/forecast-history.ts'
import { addDays, dayOf, type Period, startOfDay } from '../../../shared/domain/periods.ts'
import { velocityDays } from '../../../shared/domain/win-rate.ts'
import { type FunnelQuery, ShowFunnel } from '../../../shared/schemas/funnel.ts'
import type { OutcomeQuery } from '../../../shared/schemas/outcomes.ts'
import type { Session } from '../../session.ts'
import { type Asked, ask, endsOf } from './ask.ts'
import { keptSlice, readKept } from './cube/read-kept.ts'
import { nodesOf } from './cube/read-sums.ts'
import { nameSlice } from './name-slice.ts'

/** A question about outcomes made exact. */
export type AskedOutcomes = {
  readonly asked: Asked
  readonly scope: OutcomeScope
  readonly span: OutcomeSpan
  readonly names: SliceNames
}

/**
 * Reads the question. @param period what is meant where the question names no period; null: as the funnel, from 1 January to today
 * @throws AppError not_found, input_invalid
 */
export async function askOutcomes(session: Session, query: Partial<OutcomeQuery>, period: Period | null): Promise<AskedOutcomes> {
  const whole: FunnelQuery = { ...ShowFunnel.parse({}), ...(period ?? {}), ...withoutAbsent(query) }
  const asked = await ask(session, whole)
  const { from, to } = asked.span
  const names = await nameSlice(session, asked)
  const span = { from, to, fromDay: asked.period.from, toDay: asked.period.to }
  return { asked, scope: await outcomeScope(session, asked), span, names }
}

function withoutAbsent<Query extends object>(query: Query): Query {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as Query
}

export async function outcomeScope(session: Session, asked: Pick<Asked, 'slice' | 'bits' | 'statuses'>): Promise<OutcomeScope> {
  const { slice, bits, statuses } = asked
  const [known, nodes] = await Promise.all([readKept(session, asked), nodesOf(session, asked)])
  const { isSummarised } = known
  const kept = keptSlice(known, nodes, slice)
  return {
    viewer: session.actor,
    slice,
    bits,
    ...endsOf(statuses),
    now: session.now,
    today: todayOf(session),
    isSummarised,
    kept,
  }
}

export function todayOf({ now, organization }: Session): string {
  return dayOf(now, organization.timeZone)
}

/** The quarter that today lies in, to its end. */
export function thisQuarter(session: Session): Period {
  return calendarPeriod('quarter', todayOf(session))
}

/** The days that make the pace of sales: the last ones up to today, today included. */
export function paceDays(session: Session): Period {
  const to = addDays(todayOf(session), 1)
  return { from: addDays(to, -velocityDays), to }
}

/** A period of days as instants of the organisation's time zone. */
export function spanOf({ organization }: Session, { from, to }: Period): OutcomeSpan {
  return {
    from: startOfDay(from, organization.timeZone),
    to: startOfDay(to, organization.timeZone),
    fromDay: from,
    toDay: to,
  }
}
