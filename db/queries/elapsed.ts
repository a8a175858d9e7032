import { type RawBuilder, sql } from '../sql.ts'

/** Hours from one instant to another as limits count them: working hours by the company's calendar, else calendar hours. @param inWorkingTime organisation's setting */
export function elapsedHours(inWorkingTime: boolean, since: RawBuilder<unknown>, until: Date): RawBuilder<unknown> {
  return inWorkingTime
    ? sql`working_hours(${since}, ${until}::timestamptz)`
    : sql`(extract(epoch from ${until}::timestamptz - ${since}) / 3600)`
}
