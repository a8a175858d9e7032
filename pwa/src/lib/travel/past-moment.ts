import { addMonths, dayOf } from '../../../../shared/domain/periods.ts'
import { instantOf } from '../funnel/slice.ts'

/** How far away a moment of the past is. */

const weekMs = 7 * 86_400_000
/** How far the slider of weeks goes back. */
export const mostWeeks = 104

/** None for what is yet to come. */
export function weeksAgo(asOf: string, today: string): number {
  return Math.max(0, Math.round((Date.parse(today) - Date.parse(asOf.slice(0, 10))) / weekMs))
}

/** Full years and months from one day to a later one. */
export function monthsAgo(asOf: string, today: string): { readonly years: number; readonly months: number } {
  const day = asOf.slice(0, 10)
  const [from, to] = [day, today].map((one) => Number(one.slice(0, 4)) * 12 + Number(one.slice(5, 7)))
  const all = to! - from!
  const months = Math.max(0, addMonths(day, all) > today ? all - 1 : all)
  return { years: Math.floor(months / 12), months: months % 12 }
}

/** Whether that moment is yet to come; the end of today is now. @param timeZone the organisation's */
export function isAhead(asOf: string, now: Date, timeZone: string): boolean {
  const [day = '', time] = asOf.split('T')
  const today = dayOf(now, timeZone)
  return time === undefined || day !== today ? day > today : instantOf(asOf, timeZone) > now
}
