import {
  type ChartScope,
  type DepartmentBarRow,
  selectActivity,
  selectTrend,
  selectWonBars,
  type WeekRow,
} from '../../../db/queries/funnel-charts.ts'
import { inSlice } from '../../../db/queries/funnel-slice.ts'
import { dayOf, mondayOf, startOfDay } from '../../../shared/domain/periods.ts'
import type { FunnelQuery, ShowWonBarsInput } from '../../../shared/schemas/funnel.ts'
import type { Session } from '../../session.ts'
import { ask } from './ask.ts'

const dayMs = 86_400_000
/** Charts over "all time" begin here at the latest: a week is a point, and a person reads no more than these. */
const mostDays = 3 * 366
const heatMapDays = 26 * 7

/** New, won and lost deals per week of the period. The week that has not ended is left out, unless the period is short: it would look like a fall. */
export async function showTrend(session: Session, query: FunnelQuery): Promise<WeekRow[]> {
  const scope = await scopeOf(session, query, mostDays)
  const thisWeek = startOfDay(mondayOf(dayOf(scope.to, scope.timeZone)), scope.timeZone)
  const long = thisWeek.getTime() - scope.from.getTime() >= 14 * dayMs
  return selectTrend(session.em, long ? { ...scope, to: thisWeek } : scope)
}

/** Won in the period by department, type or employee, beside the same period a year earlier. */
export async function showDepartmentBars(session: Session, { cut, ...query }: ShowWonBarsInput): Promise<DepartmentBarRow[]> {
  return selectWonBars(session.em, await scopeOf(session, query, mostDays), cut, session.locale)
}

/** Actions of people per day: the last half year of the period. */
export async function showActivity(session: Session, query: FunnelQuery): Promise<{ day: string; actions: number }[]> {
  return selectActivity(session.em, await scopeOf(session, query, heatMapDays))
}

async function scopeOf(session: Session, query: FunnelQuery, days: number): Promise<ChartScope> {
  const { slice, span, bits, statuses } = await ask(session, query)
  const milestone = statuses.all
    .filter((status) => status.isWon && status.mergedIntoId === null)
    .sort((a, b) => a.rank - b.rank)[0]
  const idsWhere = (condition: (status: (typeof statuses.all)[number]) => boolean) =>
    statuses.all.filter((status) => condition(statuses.resolve(status.id))).map((status) => status.id)
  const to = new Date(Math.min(span.to.getTime(), span.asOf.getTime()))
  return {
    viewer: session.actor,
    condition: inSlice(slice, bits),
    timeZone: session.organization.timeZone,
    from: new Date(Math.max(span.from.getTime(), to.getTime() - days * dayMs)),
    to,
    wonIds: milestone ? idsWhere((status) => status.category !== 'lost' && status.rank >= milestone.rank) : [],
    lostIds: idsWhere((status) => status.category === 'lost'),
    anchorIds: idsWhere((status) => bits.anchors.includes(status.id)),
  }
}
