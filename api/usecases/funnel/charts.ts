import {
  type ChartScope,
  countActions,
  type DepartmentBarRow,
  dealsToWhich,
  dealsWorkedOn,
  selectActivity,
  selectTrend,
  selectWonBars,
  type WeekRow,
} from '../../../db/queries/funnel-charts.ts'
import type { RawBuilder } from '../../../db/sql.ts'
import { addDays, addMonths, type Day, dayOf, mondayOf, type Period, startOfDay } from '../../../shared/domain/periods.ts'
import type { FunnelQuery, ListFunnelDealsInput, ShowWonBarsInput } from '../../../shared/schemas/funnel.ts'
import type { Session } from '../../session.ts'
import { type Asked, ask } from './ask.ts'
import { keptSlice, readKept } from './cube/read-kept.ts'
import { nodesOf } from './cube/read-sums.ts'

/** Charts over "all time" begin here at the latest: a week is a point, and a person reads no more than these. */
const mostDays = 3 * 366
const heatMapDays = 26 * 7
/** A week that has not ended is left out of a period that is at least so much longer. */
const mostShortDays = 14

/** New, won and lost deals per week of the period. The week that has not ended is left out, unless the period is short: it would look like a fall. */
export async function showTrend(session: Session, query: FunnelQuery): Promise<WeekRow[]> {
  const scope = await chartScope(session, await ask(session, query), mostDays)
  const { from, to } = scope.period
  const thisWeek = mondayOf(dayOf(scope.span.to, scope.keys.timeZone))
  return selectTrend(session.em, addDays(from, mostShortDays) <= thisWeek && thisWeek < to ? upTo(thisWeek, scope) : scope)
}

/** Won in the period by department, type or employee, beside the same days a year earlier. */
export async function showDepartmentBars(session: Session, { cut, ...query }: ShowWonBarsInput): Promise<DepartmentBarRow[]> {
  return selectWonBars(session.em, await chartScope(session, await ask(session, query), mostDays), cut, session.locale)
}

/** Actions of people per day: the last half year of the period. */
export async function showActivity(session: Session, query: FunnelQuery): Promise<{ day: string; actions: number }[]> {
  return selectActivity(session.em, await chartScope(session, await ask(session, query), heatMapDays))
}

/** All actions of people in the period, of which the list of the deals worked on is. */
export async function countActionsOf(session: Session, asked: Asked): Promise<number> {
  return countActions(session.em, await chartScope(session, asked, mostDays))
}

/**
 * A condition over the alias `deal`: the deals behind a point of the trend or a cell of the heat map (its week or day is the period), or behind a bar
 * or its tick.
 */
export async function conditionOfHappened(
  session: Session,
  asked: Asked,
  {
    happened,
    cut,
    key,
    yearBefore,
  }: Required<Pick<ListFunnelDealsInput, 'happened'>> & Pick<ListFunnelDealsInput, 'cut' | 'key' | 'yearBefore'>,
): Promise<RawBuilder<unknown>> {
  const scope = await chartScope(session, asked, mostDays)
  if (happened === 'worked') return dealsWorkedOn(scope)
  return dealsToWhich(happened, yearBefore ? { ...scope, ...scope.yearBefore } : scope, cut && key ? { cut, key } : null)
}

/** The last `mostDays` days of the question's period, which ends with the moment that is asked for. */
export async function chartScope(session: Session, asked: Asked, mostDays: number): Promise<ChartScope> {
  const { slice, span, bits, query, period } = asked
  const { timeZone } = session.organization
  const isCutOff = span.asOf < span.to
  const to = isCutOff ? addDays(dayOf(span.asOf, timeZone), 1) : period.to
  const days: Period = { from: latest(period.from, addDays(to, -mostDays)), to }
  const [known, nodes] = await Promise.all([readKept(session, asked), nodesOf(session, asked)])
  // Of a past moment's day only a part is asked for.
  const areWholeDays = !isCutOff || query.asOf === undefined
  const instantsOf = (period: Period) => ({ from: startOfDay(period.from, timeZone), to: startOfDay(period.to, timeZone) })
  const yearBefore = { from: addMonths(days.from, -12), to: addMonths(days.to, -12) }
  return {
    viewer: session.actor,
    slice,
    bits,
    period: days,
    span: { from: startOfDay(days.from, timeZone), to: isCutOff ? span.asOf : span.to },
    yearBefore: { period: yearBefore, span: instantsOf(yearBefore) },
    keys: known.keys,
    isSummarised: known.isSummarised,
    kept: areWholeDays ? keptSlice(known, nodes, slice) : null,
  }
}

function upTo(to: Day, scope: ChartScope): ChartScope {
  return { ...scope, period: { ...scope.period, to }, span: { ...scope.span, to: startOfDay(to, scope.keys.timeZone) } }
}

function latest(one: Day, other: Day): Day {
  return one > other ? one : other
}
