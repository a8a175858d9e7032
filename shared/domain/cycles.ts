import { addDays, addMonths, type Day, mondayOf } from './periods.ts'
import { isWorkingDay, type WorkCalendar } from './working-time.ts'

/**
 * What comes by the calendar, for rules (product.md, section 2): the beginnings of periods and days near a date of a deal. Days are local to
 * the organisation. Pure.
 */
export const cyclePeriods = ['week', 'month', 'quarter', 'year'] as const
export type CyclePeriod = (typeof cyclePeriods)[number]

/** The first day of the week (its Monday), month, quarter or year that a day lies in. */
export function firstDayOf(every: CyclePeriod, day: Day): Day {
  const [year, month] = [day.slice(0, 4), Number(day.slice(5, 7))]
  switch (every) {
    case 'week':
      return mondayOf(day)
    case 'month':
      return `${day.slice(0, 7)}-01`
    case 'quarter':
      return `${year}-${String(Math.floor((month - 1) / 3) * 3 + 1).padStart(2, '0')}-01`
    case 'year':
      return `${year}-01-01`
  }
}

/**
 * First day of the newest period that has begun by `today`. On working days a period begins with the first worked day in it; one
 * without any (a week of holidays) does not begin at all.
 */
export function newestPeriod(
  { every, onWorkingDay }: { readonly every: CyclePeriod; readonly onWorkingDay: boolean },
  today: Day,
  calendar: Pick<WorkCalendar, 'workDays' | 'exceptions'>,
): Day {
  let first = firstDayOf(every, today)
  if (!onWorkingDay) return first
  // A calendar that nobody works by has no beginnings; ten years back is far enough.
  for (let last = today; last > addMonths(today, -120); last = addDays(first, -1), first = firstDayOf(every, last))
    for (let day = first; day <= last; day = addDays(day, 1)) if (isWorkingDay(day, calendar as WorkCalendar)) return first
  return first
}

/**
 * The dates of deals that a rule "so many days before" is due for, as bounds on the date: those not gone by yet that are at most so many days
 * ahead, and those whose day has come since the rule last looked. Fewer than 0 days before are days after.
 * @param toldUpTo the last day that was looked through whole
 */
export function datesDue(daysBefore: number, today: Day, toldUpTo: Day): { readonly from: Day; readonly to: Day } {
  const missed = addDays(toldUpTo, daysBefore + 1)
  return { from: missed < today ? missed : today, to: addDays(today, daysBefore) }
}
