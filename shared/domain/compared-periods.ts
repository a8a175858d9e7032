import { addDays, addMonths, type Period } from './periods.ts'

const dayMs = 86_400_000

/** As many days right before, or the same days a year earlier. */
export function periodBefore({ from, to }: Period, against: 'previous' | 'year'): Period {
  if (against === 'year') return { from: addMonths(from, -12), to: addMonths(to, -12) }
  return { from: addDays(from, -Math.round((Date.parse(to) - Date.parse(from)) / dayMs)), to: from }
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
