import { addDays, type Day, dayOf, startOfDay } from './periods.ts'

/**
 * Working time by the company's calendar: hours of the week's working days, and days that differ from them (holidays, Saturdays that are
 * worked). Pure; the same sum is a function of the database (`working_hours`), held to this one by a property test.
 */
export type WorkCalendar = {
  readonly timeZone: string
  /** ISO week days, 1 = Monday. */
  readonly workDays: readonly number[]
  /** `HH:MM`, local; `to` is later than `from`, `24:00` is the end of the day. */
  readonly from: string
  readonly to: string
  /** Days that differ: `YYYY-MM-DD` -> worked or not. */
  readonly exceptions: Readonly<Record<Day, boolean>>
}

const dayMs = 86_400_000
const hourMs = 3_600_000

/** Hours of a working day. */
export function hoursOfDay({ from, to }: WorkCalendar): number {
  return (minutesOf(to) - minutesOf(from)) / 60
}

/** Is the day worked? */
export function isWorkingDay(day: Day, { workDays, exceptions }: WorkCalendar): boolean {
  return exceptions[day] ?? workDays.includes(weekdayOf(day))
}

/**
 * Working hours from one instant to another, 0 when the second is not later. Days are local; a change of the clock within a day counts
 * as the clock shows it, not as it passes.
 */
export function workingHours(since: Date, until: Date, calendar: WorkCalendar): number {
  if (until <= since) return 0
  const [first, last] = [dayOf(since, calendar.timeZone), dayOf(until, calendar.timeZone)]
  const whole = (workedDaysBefore(last, calendar) - workedDaysBefore(first, calendar)) * hoursOfDay(calendar)
  return whole + hoursOn(last, until, calendar) - hoursOn(first, since, calendar)
}

/** Working hours of a day that have gone by at an instant of it. */
function hoursOn(day: Day, at: Date, calendar: WorkCalendar): number {
  if (!isWorkingDay(day, calendar)) return 0
  const minutes = (at.getTime() - startOfDay(day, calendar.timeZone).getTime()) / 60_000
  return Math.min(Math.max(minutes, minutesOf(calendar.from)), minutesOf(calendar.to)) / 60 - minutesOf(calendar.from) / 60
}

/** How many days before this one, since a Monday long ago, are worked. */
function workedDaysBefore(day: Day, { workDays, exceptions }: WorkCalendar): number {
  const days = Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse('1900-01-01T00:00:00Z')) / dayMs)
  const usual = workDays.reduce((sum, weekday) => sum + Math.floor((days - weekday) / 7) + 1, 0)
  return Object.entries(exceptions).reduce((sum, [other, isWorked]) => {
    const isUsual = workDays.includes(weekdayOf(other))
    return other < day && isUsual !== isWorked ? sum + (isWorked ? 1 : -1) : sum
  }, usual)
}

function weekdayOf(day: Day): number {
  return ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

/** Hours between two instants as limits count them: working hours by the calendar, calendar hours without one. */
export function elapsedHours(since: Date, until: Date, calendar: WorkCalendar | null | undefined): number {
  return calendar ? workingHours(since, until, calendar) : Math.max(0, (until.getTime() - since.getTime()) / hourMs)
}

/** The instant at which so many hours have gone by, as limits count them: the first one of that sum. */
export function deadlineOf(since: Date, hours: number, calendar: WorkCalendar | null | undefined): Date {
  if (!calendar) return new Date(since.getTime() + hours * hourMs)
  let left = hours
  let day = dayOf(since, calendar.timeZone)
  let gone = hoursOn(day, since, calendar)
  // A calendar without a worked day has no deadline within ten years.
  for (let days = 0; days < 3660; days++) {
    const today = isWorkingDay(day, calendar) ? hoursOfDay(calendar) - gone : 0
    if (today >= left && today > 0) {
      const minutes = minutesOf(calendar.from) + (gone + left) * 60
      return new Date(startOfDay(day, calendar.timeZone).getTime() + minutes * 60_000)
    }
    left -= today
    gone = 0
    day = addDays(day, 1)
  }
  return new Date(since.getTime() + 3660 * dayMs)
}

/** The instant before which something must have begun for more than so many hours to have gone by, as limits count them. */
export function overdueBefore(now: Date, hours: number, calendar: WorkCalendar | null | undefined): Date {
  if (!calendar) return new Date(now.getTime() - hours * hourMs)
  let left = hours
  let day = dayOf(now, calendar.timeZone)
  let gone = hoursOn(day, now, calendar)
  // A calendar without a worked day lets no hour go by within ten years.
  for (let days = 0; days < 3660; days++) {
    if (gone > left) {
      const minutes = minutesOf(calendar.from) + (gone - left) * 60
      return new Date(startOfDay(day, calendar.timeZone).getTime() + minutes * 60_000)
    }
    left -= gone
    day = addDays(day, -1)
    gone = isWorkingDay(day, calendar) ? hoursOfDay(calendar) : 0
  }
  return new Date(now.getTime() - 3660 * dayMs)
}
