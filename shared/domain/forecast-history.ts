import { forecastError } from './forecast.ts'
import { addDays, addMonths, type Day, type Period } from './periods.ts'

/** Frozen copies of forecasts, and how near they came (product.md, section 3). */
export type ForecastPeriodKind = 'month' | 'quarter' | 'year'
export type ForecastSliceKind = 'company' | 'type' | 'department'
export const forecastPeriods = ['month', 'quarter', 'year'] as const satisfies readonly ForecastPeriodKind[]

/** One copy; money in minor units of the base currency. */
export type ForecastCopy = {
  /** Monday of its week. */
  readonly week: Day
  readonly wonDeals: number
  readonly wonMinor: number
  readonly expectedDeals: number
  readonly expectedMinor: number
  readonly weightedMinor: number
  readonly overdueDeals: number
  readonly overdueMinor: number
  readonly undatedDeals: number
  readonly undatedMinor: number
  readonly withoutRate: number
}

const monthsOf: Readonly<Record<ForecastPeriodKind, number>> = { month: 1, quarter: 3, year: 12 }

/** The whole calendar period that a day lies in, or one so many periods later. */
export function calendarPeriod(kind: ForecastPeriodKind, day: Day, later = 0): Period {
  const months = monthsOf[kind]
  const [year, month] = day.split('-').map(Number) as [number, number]
  const first = `${year}-${String(Math.floor((month - 1) / months) * months + 1).padStart(2, '0')}-01`
  const from = addMonths(first, later * months)
  return { from, to: addMonths(from, months) }
}

/** What a copy is taken of each week: this month and the next two, this quarter and the next, this year. */
export function frozenPeriods(today: Day): readonly { readonly kind: ForecastPeriodKind; readonly period: Period }[] {
  const later: Readonly<Record<ForecastPeriodKind, readonly number[]>> = { month: [0, 1, 2], quarter: [0, 1], year: [0] }
  return forecastPeriods.flatMap((kind) => later[kind].map((count) => ({ kind, period: calendarPeriod(kind, today, count) })))
}

/** So many weeks before the end of a period its forecast is looked at. */
export const weeksBefore = [1, 2, 4, 8] as const

export type MadeForecast = {
  readonly weeksBefore: number
  readonly week: Day
  readonly totalMinor: number
  /** (forecast − came) / came; null when nothing came. */
  readonly error: number | null
}

/**
 * What was forecast for a period that has ended so many weeks before its end: the last copy by then, but none that is more than a week
 * older, or nothing.
 */
export function madeForecasts(copies: readonly ForecastCopy[], { to }: Period, cameMinor: number): MadeForecast[] {
  return weeksBefore.flatMap((weeks) => {
    const by = addDays(to, -7 * weeks)
    const copy = copies.filter(({ week }) => week <= by && week > addDays(by, -14)).sort((a, b) => (a.week < b.week ? 1 : -1))[0]
    if (!copy) return []
    const totalMinor = copy.wonMinor + copy.weightedMinor
    return [{ weeksBefore: weeks, week: copy.week, totalMinor, error: forecastError(totalMinor, cameMinor) }]
  })
}
