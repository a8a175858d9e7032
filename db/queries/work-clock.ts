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

/**
 * A clock that runs in working time only: seconds worked from a Monday long ago to an instant, the same sum as the function
 * `working_hours` of the database. It reads the calendar from arrays: many thousands of stays are asked at once.
 */
export function workClock(calendar: WorkCalendar): (at: RawBuilder<unknown>) => RawBuilder<unknown> {
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
  // An array without a bound would have no type of its own.
  const known = sql`${['0001-01-01', ...days]}::date[]`
  return (
    at,
  ) => sql`(select (number / 7 * ${workDays.length}::int + (${before}::int[])[number % 7 + 1] + (${[0, ...shifts]}::int[])[width_bucket(day - 1, ${known})]) * ${to - from}::float8
      + case when case when (${known})[last] = day then (${[false, ...worked]}::boolean[])[last] else (${week}::boolean[])[number % 7 + 1] end
        then least(greatest(extract(epoch from ${at} - (day::timestamp at time zone ${timeZone})), ${from}::float8), ${to}::float8) - ${from}::float8 else 0 end
    from (select day, day - date '1900-01-01' as number, width_bucket(day, ${known}) as last from (select (${at} at time zone ${timeZone})::date as day) as local) as dated)`
}

function secondsOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 3600 + minutes * 60
}
