import { overdueBefore, type WorkCalendar } from '../../shared/domain/working-time.ts'
import type { Em } from '../orm.ts'
import { type RawBuilder, selectRow, sql } from '../sql.ts'

/** When a stay is too long. What counts hours for every stay is dear: it is counted once for every limit, and stays are compared with the instant. */

/** A limit, and the instant before which a stay must have begun to be beyond it. */
export type LimitInstant = { readonly hours: number; readonly before: Date }

/**
 * Every limit that a stage or a status has.
 * @param calendar limits count working time by it; null: calendar hours. @param times how often over a limit must be exceeded
 */
export async function selectLimitInstants(
  em: Em,
  now: Date,
  calendar: WorkCalendar | null | undefined,
  times = 1,
): Promise<readonly LimitInstant[]> {
  const row = await selectRow<{ limits: readonly number[] }>(
    em,
    sql`select array(select time_limit_hours from status where time_limit_hours is not null union select time_limit_hours from stage where time_limit_hours is not null) as limits`,
  )
  return (row?.limits ?? []).map((hours) => ({ hours, before: overdueBefore(now, times * hours, calendar) }))
}

/** As rows of the database: `hours, before`. */
export function limitRows(limits: readonly LimitInstant[]): RawBuilder<unknown> {
  return sql`unnest(${limits.map(({ hours }) => hours)}::int[], ${limits.map(({ before }) => before)}::timestamptz[]) as time_limit (hours, before)`
}
