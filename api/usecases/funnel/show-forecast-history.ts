import { type CopyRow, selectCopies } from '../../../db/queries/forecasts.ts'
import { bucketDeals, countDeals } from '../../../db/queries/outcomes.ts'
import { seesEveryDeal } from '../../../db/queries/visibility.ts'
import { selectRow, sql } from '../../../db/sql.ts'
import {
  calendarPeriod,
  type ForecastSliceKind,
  type MadeForecast,
  madeForecasts,
} from '../../../shared/domain/forecast-history.ts'
import type { Period } from '../../../shared/domain/periods.ts'
import type { ForecastHistoryQuery } from '../../../shared/schemas/outcomes.ts'
import type { Session } from '../../session.ts'
import { type AskedOutcomes, askOutcomes, spanOf, todayOf } from './outcome-scope.ts'

/** So many ended periods are looked back at. */
const lookedBack = 6

export type ForecastHistory = {
  readonly of: ForecastHistoryQuery['of']
  readonly isKept: boolean
  readonly current: Period & { readonly copies: readonly CopyRow[] }
  readonly past: readonly (Period & {
    readonly came: { readonly deals: number; readonly amountMinor: number }
    readonly made: readonly MadeForecast[]
  })[]
}

/** Frozen copies of the period under way, and how near those of ended periods came. @throws AppError not_found, input_invalid */
export async function showForecastHistory(session: Session, { of, ...query }: ForecastHistoryQuery): Promise<ForecastHistory> {
  const question = await askOutcomes(session, query, null)
  const now = calendarPeriod(of, todayOf(session))
  const kept = await keptSlice(session, question)
  const { from } = calendarPeriod(of, todayOf(session), -lookedBack)
  const copies = kept ? await selectCopies(session.em, { ...kept, period: of, from }) : []
  const byPeriod = Map.groupBy(copies, (copy) => copy.periodFrom)
  const past: ForecastHistory['past'][number][] = []
  for (let back = 1; back <= lookedBack; back++) {
    const period = calendarPeriod(of, todayOf(session), -back)
    const own = byPeriod.get(period.from)
    if (!own) continue
    const came = await countDeals(session.em, bucketDeals(question.scope, spanOf(session, period), 'won'))
    const made = madeForecasts(own, period, came.amountMinor)
    if (made.length > 0) past.push({ ...period, came, made })
  }
  return { of, isKept: kept !== null, current: { ...now, copies: byPeriod.get(now.from) ?? [] }, past }
}

/** What copy speaks of this slice; null when none does, or when it speaks of more than the actor may see. */
async function keptSlice(
  session: Session,
  { asked }: AskedOutcomes,
): Promise<{ readonly slice: ForecastSliceKind; readonly sliceId: number } | null> {
  const { types, departments, counterparties, employees, others } = asked.slice
  if (counterparties.length + employees.length + others.length > 0 || types.length + departments.length > 1) return null
  const [department] = departments
  const isWhole = seesEveryDeal(session.actor)
  if (department !== undefined)
    return isWhole || (await headsOf(session, department)) ? { slice: 'department', sliceId: department } : null
  if (!isWhole) return null
  const [type] = types
  return type === undefined ? { slice: 'company', sliceId: 0 } : { slice: 'type', sliceId: type }
}

async function headsOf({ em, actor }: Session, department: number): Promise<boolean> {
  if (actor.role !== 'head') return false
  return (
    (await selectRow(em, sql`select 1 from department_subtree(${actor.departmentId}) as id where id = ${department}`)) !== null
  )
}
