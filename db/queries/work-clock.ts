import type { WorkCalendar } from '../../shared/domain/working-time.ts'
import type { Em } from '../orm.ts'
import { type RawBuilder, selectKnownRow, sql } from '../sql.ts'

/** The company's working time, whether limits count by it or not. */
export async function selectWorkCalendar(em: Em): Promise<WorkCalendar> {
  const row = await selectKnownRow<WorkCalendar>(
    em,
    sql`select time_zone as "timeZone", work_days as "workDays", work_from as "from", work_to as "to",
      (select coalesce(jsonb_object_agg(day, is_working), '{}') from calendar_day) as exceptions from organization where id = 1`,
  )
  return row ?? { timeZone: 'UTC', workDays: [], from: '00:00', to: '24:00', exceptions: {} }
}

export type WorkClock = {
  /** The local day of an instant. */
  readonly dayOf: (at: RawBuilder<unknown>) => RawBuilder<unknown>
  /** Seconds worked from a Monday long ago to an instant. @param day its local day */
  readonly secondsTo: (at: RawBuilder<unknown>, day: RawBuilder<unknown>) => RawBuilder<unknown>
}

/**
 * A clock that runs in working time only: differences of its seconds are the same sums as the function `working_hours` of the database. It reads the
 * calendar from arrays, and takes days that were worked out once: many thousands of stays are asked at once.
 */
export function workClock(calendar: WorkCalendar): WorkClock {
  const { timeZone, workDays, exceptions } = calendar
  const week = [1, 2, 3, 4, 5, 6, 7].map((weekday) => workDays.includes(weekday))
  const before = week.map((_, index) => week.slice(0, index).filter(Boolean).length)
  const days = Object.keys(exceptions).sort()
  const worked = days.map((day) => exceptions[day]!)
  // By how many days the count differs from the usual weeks' after so many exceptions.
  let sum = 0
  const shifts = days.map((day, index) => {
    const usual = week[(new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7]!
    sum += worked[index] === usual ? 0 : worked[index] ? 1 : -1
    return sum
  })
  const [from, to] = [secondsOf(calendar.from), secondsOf(calendar.to)]
  const known = sql`${days}::date[]`
  const dayOf = (at: RawBuilder<unknown>) => sql`(${at} at time zone ${timeZone})::date`
  const secondsTo = (at: RawBuilder<unknown>, day: RawBuilder<unknown>) => {
    const number = sql`(${day} - date '1900-01-01')`
    const usually = sql`(${week}::boolean[])[${number} % 7 + 1]`
    const isWorked =
      days.length === 0 ? usually : sql`coalesce((${worked}::boolean[])[array_position(${known}, ${day})], ${usually})`
    const shift = days.length === 0 ? sql`0` : sql`(${[0, ...shifts]}::int[])[width_bucket(${day} - 1, ${known}) + 1]`
    return sql`((${number} / 7 * ${workDays.length}::int + (${before}::int[])[${number} % 7 + 1] + ${shift}) * ${to - from}::float8
      + case when ${isWorked} then least(greatest(date_part('epoch', ${at} - (${day}::timestamp at time zone ${timeZone})), ${from}::float8), ${to}::float8) - ${from}::float8 else 0 end)`
  }
  return { dayOf, secondsTo }
}

function secondsOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 3600 + minutes * 60
}
