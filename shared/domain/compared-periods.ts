import { addDays, addMonths, dayOf, type Period, startOfDay } from './periods.ts'

const dayMs = 86_400_000

/** As many days right before, or the same days a year earlier. */
export function periodBefore({ from, to }: Period, against: 'previous' | 'year'): Period {
  if (against === 'year') return { from: addMonths(from, -12), to: addMonths(to, -12) }
  return { from: addDays(from, -Math.round((Date.parse(to) - Date.parse(from)) / dayMs)), to: from }
}

/** The same time of a day a month or a year earlier; midnight, the end of a day, stays one. @param timeZone the organisation's */
export function instantBefore(instant: Date, against: 'previous' | 'year', timeZone: string): Date {
  const day = dayOf(instant, timeZone)
  const intoDay = instant.getTime() - startOfDay(day, timeZone).getTime()
  return new Date(startOfDay(addMonths(day, against === 'year' ? -12 : -1), timeZone).getTime() + intoDay)
}

/**
 * The instants at which two periods were equally old: the younger one as it stands, the other as it stood so long after its own end.
 * Else deals of the older period had more time to be won, and any two periods would differ.
 * @param ends first instants after the periods. @param asOf of both
 */
export function alikeInstants(
  ends: { readonly now: Date; readonly before: Date },
  asOf: Date,
): { readonly now: Date; readonly before: Date } {
  const age = asOf.getTime() - Math.max(ends.now.getTime(), ends.before.getTime())
  return { now: new Date(ends.now.getTime() + age), before: new Date(ends.before.getTime() + age) }
}

/** Days of one side, half-open; of a snapshot the day of its moment alone. */
export type ComparedDays = Period
export type Side = 'now' | 'before'

/**
 * The sides whose days begin before anything is known: of those days there are no deals, whatever there was, so nothing is concluded from the difference.
 * None where both sides are of the same days: both know as much. @param historySince null: nothing is known at all. @param timeZone the organisation's
 */
export function sidesBeforeHistory(
  days: Readonly<Record<Side, ComparedDays>>,
  historySince: Date | null,
  timeZone: string,
): readonly Side[] {
  const { now, before } = days
  if (historySince === null || (now.from === before.from && now.to === before.to)) return []
  const first = dayOf(historySince, timeZone)
  return (['now', 'before'] as const).filter((side) => days[side].from < first)
}

/** Whether the second funnel is the first one's past (`it was`), or stands beside it. @param isSameSlice whether nothing but the days differs */
export function contrastOf(days: Readonly<Record<Side, ComparedDays>>, isSameSlice: boolean): 'time' | 'sides' {
  return isSameSlice && days.before.from < days.now.from ? 'time' : 'sides'
}
