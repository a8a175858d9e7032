import {
  addDays,
  addMonths,
  type Day,
  dayOf,
  mondayOf,
  offsetMs,
  type Period,
  type PeriodPreset,
  presetPeriod,
} from './periods.ts'

/** On which days something comes round. ISO week days, 1 = Monday; a month that has no such day has its last one. */
export type Rhythm =
  | { readonly kind: 'daily' }
  | { readonly kind: 'weekly'; readonly weekdays: readonly number[] }
  | { readonly kind: 'monthly'; readonly day: number }

/** The days that a scheduled report is about: up to the day it is made, or the last whole week, month or quarter before it. */
export type SchedulePeriod = PeriodPreset | 'lastWeek' | 'lastMonth' | 'lastQuarter'
export const schedulePeriods = [
  'lastWeek',
  'lastMonth',
  'lastQuarter',
  'month',
  'quarter',
  'year',
  'last90',
  'last12',
  'all',
] as const satisfies readonly SchedulePeriod[]

const dayMs = 86_400_000
/** A month and a day: every rhythm has come round by then. */
const longestWaitDays = 33

/**
 * The first moment after `after` at which the rhythm falls due.
 * @param time `HH:MM` by the clocks of the zone
 */
export function nextDue(rhythm: Rhythm, time: string, timeZone: string, after: Date): Date {
  const today = dayOf(after, timeZone)
  for (let ahead = 0; ahead <= longestWaitDays; ahead++) {
    const day = addDays(today, ahead)
    if (!isDue(rhythm, day)) continue
    const moment = instantAt(day, time, timeZone)
    if (moment > after) return moment
  }
  throw new Error('a rhythm without days')
}

function isDue(rhythm: Rhythm, day: Day): boolean {
  switch (rhythm.kind) {
    case 'daily':
      return true
    case 'weekly':
      return rhythm.weekdays.includes(new Date(`${day}T00:00:00Z`).getUTCDay() || 7)
    case 'monthly': {
      const date = Number(day.slice(8))
      const isLast = addDays(day, 1).slice(8) === '01'
      return date === rhythm.day || (isLast && date < rhythm.day)
    }
  }
}

/**
 * The instant at which the clocks of a zone show a time on a day. Of an hour that comes twice, the first; a time that a clock change leaves out comes
 * as much later as the clocks were put forward.
 */
export function instantAt(day: Day, time: string, timeZone: string): Date {
  const shown = Date.parse(`${day}T${time}:00Z`)
  const offsets = [shown - dayMs, shown + dayMs].map((near) => offsetMs(new Date(near), timeZone))
  const found = offsets
    .map((offset) => shown - offset)
    .filter((instant) => instant + offsetMs(new Date(instant), timeZone) === shown)
  return new Date(found.length > 0 ? Math.min(...found) : shown - offsets[0]!)
}

/** The period of a report that is made on a day. */
export function schedulePeriod(period: SchedulePeriod, today: Day): Period {
  switch (period) {
    case 'lastWeek': {
      const to = mondayOf(today)
      return { from: addDays(to, -7), to }
    }
    case 'lastMonth': {
      const to = presetPeriod('month', today).from
      return { from: addMonths(to, -1), to }
    }
    case 'lastQuarter': {
      const to = presetPeriod('quarter', today).from
      return { from: addMonths(to, -3), to }
    }
    default:
      return presetPeriod(period, today)
  }
}
