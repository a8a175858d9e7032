import { zonedFormat } from './kept-formats.ts'

/**
 * Days and instants (house.md: two different types). A day is `YYYY-MM-DD` in the organisation's time zone; periods are
 * half-open `[from, to)`. Pure: zone rules come from Intl.
 */
export type Day = string
export type Period = { readonly from: Day; readonly to: Day }

const dayMs = 86_400_000

/** Offset of the zone from UTC at an instant, in milliseconds. */
export function offsetMs(instant: Date, timeZone: string): number {
  const minute = Math.floor(instant.getTime() / minuteMs)
  // NaN is no minute either: what is no instant is refused below.
  if (!(minute >= firstWholeMinute)) return readOffset(instant, timeZone)
  const key = `${minute} ${timeZone}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  const offset = readOffset(instant, timeZone)
  if (offsets.size >= mostOffsets) offsets.clear()
  offsets.set(key, offset)
  return offset
}

/** The present is asked for again and again. Since 1973 every zone has changed its clocks on whole minutes only. */
const offsets = new Map<string, number>()
const mostOffsets = 5_000
const minuteMs = 60_000
const firstWholeMinute = Date.UTC(1973, 0) / minuteMs

function readOffset(instant: Date, timeZone: string): number {
  const parts = Object.fromEntries(
    zonedFormat(timeZone)
      .formatToParts(instant)
      .map((part) => [part.type, Number(part.value)]),
  ) as Record<string, number>
  const local = Date.UTC(parts['year']!, parts['month']! - 1, parts['day']!, parts['hour']!, parts['minute']!, parts['second']!)
  return local - Math.floor(instant.getTime() / 1000) * 1000
}

/** The instant at which a day begins in the zone; where midnight is skipped by a clock change, the first instant that exists. */
export function startOfDay(day: Day, timeZone: string): Date {
  const key = `${day} ${timeZone}`
  const known = starts.get(key)
  if (known !== undefined) return new Date(known)
  const start = computeStart(day, timeZone)
  if (starts.size >= mostStarts) starts.clear()
  starts.set(key, start.getTime())
  return start
}

/** The same few days are asked for again and again, and the zone's rules are slow to read. */
const starts = new Map<string, number>()
const mostStarts = 5_000

function computeStart(day: Day, timeZone: string): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`)
  const first = midnight - offsetMs(new Date(midnight), timeZone)
  const second = midnight - offsetMs(new Date(first), timeZone)
  const guess = new Date(second)
  return dayOf(guess, timeZone) < day ? new Date(first) : guess
}

/** The day that an instant falls on in the zone. */
export function dayOf(instant: Date, timeZone: string): Day {
  return new Date(instant.getTime() + offsetMs(instant, timeZone)).toISOString().slice(0, 10)
}

export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
}

/** Same day of another month; the last day of it where there is no such day (31 Jan + 1 = 28 or 29 Feb). */
export function addMonths(day: Day, months: number): Day {
  const [year, month, date] = [Number(day.slice(0, -6)), Number(day.slice(-5, -3)), Number(day.slice(-2))]
  if (date <= 28) {
    const since = year * 12 + month - 1 + months
    return `${String(Math.floor(since / 12)).padStart(4, '0')}-${String((since % 12) + 1).padStart(2, '0')}-${day.slice(-2)}`
  }
  const first = new Date(Date.UTC(year, month - 1 + months, 1))
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  first.setUTCDate(Math.min(date, last))
  return first.toISOString().slice(0, 10)
}

/** The Monday of the ISO week that a day lies in. */
export function mondayOf(day: Day): Day {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
  return addDays(day, -weekday)
}

export type PeriodPreset = 'month' | 'quarter' | 'year' | 'last90' | 'last12' | 'all'

/** A named period as of `today`: from its first day to tomorrow. `all` begins in 2000. */
export function presetPeriod(preset: PeriodPreset, today: Day): Period {
  const to = addDays(today, 1)
  const [year, month] = [today.slice(0, 4), Number(today.slice(5, 7))]
  switch (preset) {
    case 'month':
      return { from: `${today.slice(0, 7)}-01`, to }
    case 'quarter':
      return { from: `${year}-${String(Math.floor((month - 1) / 3) * 3 + 1).padStart(2, '0')}-01`, to }
    case 'year':
      return { from: `${year}-01-01`, to }
    case 'last90':
      return { from: addDays(to, -90), to }
    case 'last12':
      return { from: addMonths(to, -12), to }
    case 'all':
      return { from: '2000-01-01', to }
  }
}

/** The twelve months before a period: what bottlenecks are held against (product.md, section 3). */
export function precedingYear(period: Period): Period {
  return { from: addMonths(period.from, -12), to: period.from }
}
