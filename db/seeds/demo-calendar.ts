import { addDays, addMonths, dayOf, startOfDay } from '../../shared/domain/periods.ts'

/**
 * The company's working time as one axis: hour 0 is the first morning, nine working hours make a day, and nights, weekends and holidays
 * do not exist. Lives are told on this axis, so everything happens at a believable hour.
 */
export type WorkCalendar = {
  /** Working hours from the beginning up to now. */
  readonly nowHours: number
  readonly days: readonly WorkDay[]
  /** The instant at which the axis shows `hours`, to the second; never after now for hours up to `nowHours`. */
  instantAt(hours: number): Date
}
export type WorkDay = { readonly day: string; readonly month: number; readonly startMs: number }

export const hoursPerDay = 9
const opensAtHour = 9
const hourMs = 3_600_000
const holidays = new Set(['02-23', '03-08', '05-01', '05-09', '06-12', '11-04'])

/**
 * @param now the instant that the demo's last events lead up to. @param timeZone IANA name. @param months length of the history.
 */
export function workCalendar(now: Date, timeZone: string, months: number): WorkCalendar {
  const today = dayOf(now, timeZone)
  const days: WorkDay[] = []
  for (let day = addMonths(today, -months); day <= today; day = addDays(day, 1)) {
    const startMs = startOfDay(day, timeZone).getTime() + opensAtHour * hourMs
    if (isWorkday(day) && startMs < now.getTime()) days.push({ day, month: Number(day.slice(5, 7)), startMs })
  }
  const lastStart = days.at(-1)!.startMs
  const lastHours = Math.min(hoursPerDay, (now.getTime() - lastStart) / hourMs)
  return {
    nowHours: (days.length - 1) * hoursPerDay + lastHours,
    days,
    instantAt(hours) {
      const index = Math.min(Math.floor(hours / hoursPerDay), days.length - 1)
      const ms = days[index]!.startMs + (hours - index * hoursPerDay) * hourMs
      return new Date(Math.floor(ms / 1000) * 1000)
    },
  }
}

/** Monday to Friday, without the holidays whose dates are fixed. */
function isWorkday(day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  const newYear = day.slice(5, 7) === '01' && Number(day.slice(8)) <= 8
  return weekday !== 0 && weekday !== 6 && !newYear && !holidays.has(day.slice(5))
}
