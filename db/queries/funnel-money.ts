import type { Em } from '../orm.ts'
import { selectRow, sql } from '../sql.ts'
import { type FunnelSlice, inSlice, type StatusBits, sourcesOf } from './funnel-slice.ts'
import { type Viewer, visibleDeals } from './visibility.ts'

/**
 * Deals of a figure whose money is missing from its sums, since no rate of their currency is known. A span: those that first entered the
 * funnel in it; only an as-of: all that stood anywhere then. Quick: an index holds just the deals without a rate.
 */
export async function countWithoutRate(
  em: Em,
  viewer: Viewer,
  slice: FunnelSlice,
  span: { readonly from?: Date; readonly to?: Date; readonly asOf: Date },
  bits: StatusBits,
): Promise<number> {
  const isIn =
    span.from && span.to
      ? sql`(select min(v.entered_at) from status_visit v where v.deal_id = deal.id and v.voided_at is null and v.entered_at <= ${span.asOf}
          and v.status_id = any(${sourcesOf(bits, bits.anchors)}::int[])) between ${span.from} and ${span.to}::timestamptz - interval '1 microsecond'`
      : sql`exists (select 1 from status_visit v where v.deal_id = deal.id and v.voided_at is null and v.entered_at <= ${span.asOf}
          and (v.left_at is null or v.left_at > ${span.asOf}))`
  const row = await selectRow<{ count: number }>(
    em,
    sql`select count(*)::int as count from deal
    where deal.base_amount_minor is null and ${visibleDeals(viewer)} and ${inSlice(slice, bits)} and ${isIn}`,
  )
  return row?.count ?? 0
}
