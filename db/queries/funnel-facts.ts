import { type RawBuilder, sql } from '../sql.ts'
import { type FunnelSlice, inSlice, isWholeCompany, type StatusBits, sourcesOf } from './funnel-slice.ts'
import { seesEveryDeal, type Viewer, visibleDeals } from './visibility.ts'

/** The facts of deals that classes are made of, in one pass over their stays. A set of statuses is one or several bigints: adding up texts or bit strings costs several times as much. */

const placesInMask = 60

/** Columns of `facts` that hold the set of statuses visited. */
export function maskColumns(bits: StatusBits): RawBuilder<unknown>[] {
  return Array.from({ length: Math.max(1, Math.ceil(bits.ids.length / placesInMask)) }, (_, part) => sql.ref(`mask_${part}`))
}

/** The set as a text of 0 and 1, a place per status of `StatusBits.ids`. */
export function visitedText(bits: StatusBits): RawBuilder<unknown> {
  const texts = maskColumns(bits).map((mask) => sql`${mask}::bit(${sql.lit(placesInMask)})::text`)
  return sql.join(texts, sql` || `)
}

/** What a mask holds of one status, as text: a bigint is no number of JavaScript. */
function maskOf(bits: StatusBits, statusId: number, part: number): string {
  const place = bits.ids.indexOf(statusId) - part * placesInMask
  return place >= 0 && place < placesInMask ? String(1n << BigInt(placesInMask - 1 - place)) : '0'
}

/** A value for every status by its id, as PostgreSQL counts: reading an array is quicker than a join, and every stay of the company is asked. */
export function byStatusId<Value>(bits: StatusBits, read: (countsAs: number) => Value): (Value | null)[] {
  return Array.from({ length: Math.max(0, ...bits.resolved.keys()) }, (_, index) => {
    const countsAs = bits.resolved.get(index + 1)
    return countsAs === undefined ? null : read(countsAs)
  })
}

/**
 * Every visible deal of the slice whose first entry into the funnel, known at as-of, lies in the span:
 * `deal_id, anchor, mask_…, current, path, amount_minor` (in the organisation's currency, 0 without a rate).
 */
export function facts(
  viewer: Viewer,
  slice: FunnelSlice,
  span: { readonly from: Date; readonly to: Date; readonly asOf: Date },
  bits: StatusBits,
): RawBuilder<unknown> {
  const asked = sql`${visibleDeals(viewer)} and ${inSlice(slice, bits)}`
  // Few deals are chosen before their stays are read; all of them are cheaper to look at when the stays are added up.
  const isWhole = seesEveryDeal(viewer) && isWholeCompany(slice)
  const known = sql`select v.deal_id, v.status_id, v.entered_at, v.left_at from status_visit v
    where v.voided_at is null and v.entered_at <= ${span.asOf}`
  // Closed off: else the planner, which cannot tell how few deals a person sees, reads every stay by index for its order.
  const stays = isWhole ? known : sql`${known} and v.deal_id in (select deal.id from deal where ${asked}) offset 0`
  // Two bare bounds would make the planner expect a handful of deals, and look up each of thousands alone.
  return sql`select seen.*, coalesce(run.template_version_id, 0) as path, coalesce(deal.base_amount_minor, 0) as amount_minor
    from (select ${sql.join(dealFigures(bits, span.asOf))} from (${stays}) as v group by v.deal_id) as seen
    join deal on deal.id = seen.deal_id left join process_run run on run.deal_id = deal.id and run.is_main
    where coalesce(anchor >= ${span.from} and anchor < ${span.to}, false) ${isWhole ? sql`and ${asked}` : sql``}`
}

/** What is added up over the stays `v` of one deal. */
function dealFigures(bits: StatusBits, asOf: Date): RawBuilder<unknown>[] {
  const resolved = byStatusId(bits, (id) => id)
  const masks = maskColumns(bits).map(
    (name, part) => sql`bit_or((${byStatusId(bits, (id) => maskOf(bits, id, part))}::bigint[])[v.status_id]) as ${name}`,
  )
  return [
    sql`v.deal_id`,
    sql`min(v.entered_at) filter (where v.status_id = any(${sourcesOf(bits, bits.anchors)}::int[])) as anchor`,
    ...masks,
    sql`max((${resolved}::int[])[v.status_id]) filter (where v.left_at is null or v.left_at > ${asOf}) as current`,
  ]
}
