import type { Em } from '../orm.ts'
import { selectRows, sql } from '../sql.ts'
import { type FunnelSpan, mergedStatuses } from './funnel.ts'
import { type FunnelSlice, inSlice, type StatusBits } from './funnel-slice.ts'
import { type Viewer, visibleDeals } from './visibility.ts'

export type QueueRow = {
  readonly statusId: number
  readonly week: number
  readonly arrivals: number
  readonly departures: number
}

/**
 * Entries into and exits from each status in the three weeks (of seven days) before as-of; week 0 is the latest. A deal leaves a status by entering the next
 * one: only what was entered in those weeks is read, each with the visit before it.
 */
export function selectQueues(
  em: Em,
  viewer: Viewer,
  slice: FunnelSlice,
  span: FunnelSpan,
  bits: StatusBits,
): Promise<QueueRow[]> {
  const since = new Date(span.asOf.getTime() - 21 * 86_400_000)
  return selectRows<QueueRow>(
    em,
    sql`select m.to_id as "statusId", least(2, floor(date_part('epoch', ${span.asOf}::timestamptz - entered_at) / 604800))::int as week,
      count(*) filter (where arrived)::int as arrivals, count(*) filter (where not arrived)::int as departures
    from (
      select v.entered_at, move.status_id, move.arrived
      from status_visit v join deal on deal.id = v.deal_id
      left join lateral (select earlier.status_id from status_visit earlier
        where earlier.deal_id = v.deal_id and earlier.voided_at is null and (earlier.entered_at, earlier.id) < (v.entered_at, v.id)
        order by earlier.entered_at desc, earlier.id desc limit 1) as former on true
      cross join lateral (values (v.status_id, true), (former.status_id, false)) as move (status_id, arrived)
      where v.voided_at is null and v.entered_at > ${since}::timestamptz and v.entered_at <= ${span.asOf}::timestamptz
        and ${visibleDeals(viewer)} and ${inSlice(slice, bits)} and move.status_id is not null) as moves
    join ${mergedStatuses(bits)} on m.id = moves.status_id group by 1, 2`,
  )
}
