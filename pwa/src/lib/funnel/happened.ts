import { addDays, type Period } from '../../../../shared/domain/periods.ts'
import { readDay } from './slice.ts'

/** What the trend counts in a period: deals that entered the funnel, were won, were lost. */
export type TrendKind = 'created' | 'won' | 'lost'
/** What the charts' lists are of: also the deals that people worked on, which the heat map counts. */
export const happenings = ['created', 'won', 'lost', 'worked'] as const
export type Happened = (typeof happenings)[number]

/** By what the chart of what was won is cut. */
export const wonCuts = ['department', 'type', 'employee'] as const

/** A point of the trend: what of its week lies in the period. @param week its Monday; null: the whole period */
export function weekOf(week: string | null, period: Period): Period {
  return daysFrom(week, 7, period)
}

/** A cell of the heat map. @param day null, or one that the period has not: the whole period */
export function dayOf(day: string | null, period: Period): Period {
  return daysFrom(day, 1, period)
}

function daysFrom(start: string | null, days: number, period: Period): Period {
  const first = readDay(start)
  if (!first) return period
  const end = addDays(first, days)
  const found = { from: first > period.from ? first : period.from, to: end < period.to ? end : period.to }
  return found.from < found.to ? found : period
}
