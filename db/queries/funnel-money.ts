import { sql } from '../sql.ts'
import type { FunnelSlice } from './funnel-slice.ts'

/** A condition over the alias `deal`: no rate of its currency is known, so that sums leave it out. Quick: an index holds just these deals. */
export const hasNoRate = sql`deal.base_amount_minor is null`

/** Of the deals of a slice those that its sums leave out. */
export function leftOutOf(slice: FunnelSlice): FunnelSlice {
  return { ...slice, others: [...slice.others, hasNoRate] }
}
