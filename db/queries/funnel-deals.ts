import type { DealClass } from '../../shared/domain/funnel.ts'
import type { Em } from '../orm.ts'
import { type RawBuilder, selectRows, sql } from '../sql.ts'
import type { FunnelSpan } from './funnel.ts'
import { type FunnelSlice, inSlice, type StatusBits, sourcesOf } from './funnel-slice.ts'
import { type Viewer, visibleDeals } from './visibility.ts'

/** The funnel from the summaries of deals: for slices that have no sums of their own, such as a client's, and for the lists behind figures. */

/** Raw ids of the statuses that are the entry into the funnel, in order, as `funnel_cube` keeps them. */
export function anchorIdsOf(bits: StatusBits): number[] {
  return sourcesOf(bits, bits.anchors).sort((a, b) => a - b)
}

/** Whether the summaries are by these anchors, and nothing has moved since the moment. */
export function areSummariesGood(asOf: Date, bits: StatusBits): RawBuilder<boolean> {
  return sql`exists (select 1 from funnel_cube where is_summarised and anchor_ids = ${anchorIdsOf(bits)}::int[])
    and coalesce((select max(last_at) from funnel_deal) <= ${asOf}, true)`
}

/** Conditions over `deal`, the summaries under that name: visible deals of the slice that entered the funnel in the period. */
function inQuestion(
  viewer: Viewer,
  slice: FunnelSlice,
  bits: StatusBits,
  period: { readonly from: Date; readonly to: Date },
): RawBuilder<unknown> {
  const who = slice.attribution === 'event' ? eventual : current
  return sql`${visibleDeals(viewer)} and ${inSlice(slice, bits, who)} and deal.anchor_at >= ${period.from} and deal.anchor_at < ${period.to}`
}
const current = { owner: sql`deal.owner_id`, department: sql`deal.department_id` }
const eventual = { owner: sql`deal.event_owner_id`, department: sql`deal.event_department_id` }

/** The summaries as `deal`; with the rest of the deal only where a condition needs it. */
function summaries(slice: FunnelSlice): RawBuilder<unknown> {
  const columns = sql`f.deal_id as id, f.class_id, f.anchor_at, f.type_id, f.counterparty_id, f.owner_id, f.department_id, f.event_owner_id, f.event_department_id, f.amount_minor`
  if (slice.others.length === 0) return sql`(select ${columns}, null::timestamptz as withdrawn_at from funnel_deal f) as deal`
  return sql`(select ${columns}, d.withdrawn_at, d.fields, d.tags from funnel_deal f join deal d on d.id = f.deal_id) as deal`
}

export type CountedClass = DealClass & { readonly baseline: boolean; readonly classId: number }

/**
 * The cohort, and the one of the twelve months before, as classes (statuses as visits name them); null when the summaries cannot answer.
 */
export async function selectSummedClasses(
  em: Em,
  viewer: Viewer,
  slice: FunnelSlice,
  span: FunnelSpan,
  bits: StatusBits,
): Promise<readonly CountedClass[] | null> {
  const rows = await selectRows<CountedClass | { readonly classId: null }>(
    em,
    sql`with good as materialized (select 1 where ${areSummariesGood(span.asOf, bits)})
    select counted.baseline, c.id as "classId", counted.count, counted."amountMinor", c.path_id as path, c.current_id as current, to_jsonb(c.visited) as visited
    from (select deal.anchor_at < ${span.from} as baseline, deal.class_id, count(*)::int as count, sum(deal.amount_minor)::bigint as "amountMinor"
      from ${summaries(slice)} where (select true from good) and ${inQuestion(viewer, slice, bits, { from: span.baselineFrom, to: span.to })}
      group by 1, 2) as counted
    join funnel_class c on c.id = counted.class_id
    union all select null, null, null, null, null, null, null from good`,
  )
  const found = rows.filter((row): row is CountedClass => row.classId !== null)
  return found.length < rows.length ? found : null
}

/** All classes that there are: those of a part are chosen from them. */
export function selectAllClasses(em: Em): Promise<(DealClass & { readonly classId: number })[]> {
  return selectRows(
    em,
    sql`select id as "classId", path_id as path, current_id as current, to_jsonb(visited) as visited, 0 as count, 0 as "amountMinor" from funnel_class`,
  )
}
