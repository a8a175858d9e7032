import type { Day } from '../../shared/domain/periods.ts'
import type { Em } from '../orm.ts'
import { selectKnownRow, selectRow, selectRows, sql } from '../sql.ts'
import { mergedStatuses } from './funnel.ts'
import { type FunnelSlice, inKeptSlice, inSlice, type KeptSlice, type StatusBits } from './funnel-slice.ts'
import { type Viewer, visibleDeals } from './visibility.ts'

export type QueueRow = {
  readonly statusId: number
  readonly week: number
  readonly arrivals: number
  readonly departures: number
}

/** Three weeks of seven days, the last of them the day of as-of, in the organisation's time zone. */
export type QueueSpan = { readonly asOf: Date; readonly today: Day; readonly timeZone: string }

/**
 * Entries into and exits from each status in the three weeks up to as-of; week 0 is the latest. From the visits: a deal leaves a status by entering the next
 * one, so that only what was entered in those weeks is read, each with the visit before it.
 */
export function selectQueues(
  em: Em,
  viewer: Viewer,
  slice: FunnelSlice,
  { asOf, today, timeZone }: QueueSpan,
  bits: StatusBits,
): Promise<QueueRow[]> {
  return selectRows<QueueRow>(
    em,
    sql`select m.to_id as "statusId", (${today}::date - day) / 7 as week,
      count(*) filter (where arrived)::int as arrivals, count(*) filter (where not arrived)::int as departures
    from (
      select (v.entered_at at time zone ${timeZone})::date as day, move.status_id, move.arrived
      from status_visit v join deal on deal.id = v.deal_id
      left join lateral (select earlier.status_id from status_visit earlier
        where earlier.deal_id = v.deal_id and earlier.voided_at is null and (earlier.entered_at, earlier.id) < (v.entered_at, v.id)
        order by earlier.entered_at desc, earlier.id desc limit 1) as former on true
      cross join lateral (values (v.status_id, true), (former.status_id, false)) as move (status_id, arrived)
      where v.voided_at is null and v.entered_at >= (${today}::date - 20)::timestamp at time zone ${timeZone} and v.entered_at <= ${asOf}::timestamptz
        and ${visibleDeals(viewer)} and ${inSlice(slice, bits)} and move.status_id is not null) as moves
    join ${mergedStatuses(bits)} on m.id = moves.status_id group by 1, 2`,
  )
}

/**
 * The same as of now from what is kept by day, whatever the number of deals. Null: those days are not counted yet.
 */
export async function selectKeptQueues(
  em: Em,
  slice: KeptSlice,
  { today, timeZone }: QueueSpan,
  bits: StatusBits,
): Promise<QueueRow[] | null> {
  const asked = inKeptSlice(slice)
  const row = await selectRow<{ queues: QueueRow[] | null; isCounted: boolean }>(
    em,
    sql`select exists (select 1 from funnel_cube where moves_from <= ${today}::date - 20 and moves_time_zone = ${timeZone}) as "isCounted",
      (select json_agg(json_build_object('statusId', to_id, 'week', week, 'arrivals', arrivals, 'departures', departures)) from (
        select m.to_id, (${today}::date - move.day) / 7 as week, sum(move.arrivals) as arrivals, sum(move.departures) as departures
        from funnel_move move join ${mergedStatuses(bits)} on m.id = move.status_id
        where move.day > ${today}::date - 21 and move.day <= ${today}::date
          and ${asked.departments} and ${asked.types}
        group by 1, 2 having sum(move.arrivals) <> 0 or sum(move.departures) <> 0) as queue) as queues`,
  )
  return row?.isCounted ? (row.queues ?? []) : null
}

/** Days that are kept at least; three weeks are asked for. */
const keptDays = 35
/** Days to count from the visits when the kept ones begin anew, or too far back. */
const mostKeptDays = 70

/**
 * Keeps what came and went by day up to date: counts it when that was never done or in another zone, adds up what has gathered, lets old days go.
 * The transaction must hold the cube. @returns whether there was anything to do
 */
export async function keepMoves(em: Em, today: Day, timeZone: string): Promise<boolean> {
  const state = await selectKnownRow<{ isFit: boolean; isLong: boolean; isWaiting: boolean }>(
    em,
    sql`select coalesce(moves_from <= ${today}::date - ${keptDays}::int and moves_time_zone = ${timeZone}, false) as "isFit",
      coalesce(moves_from < ${today}::date - ${mostKeptDays}::int, false) as "isLong", exists (select 1 from funnel_move where not folded) as "isWaiting" from funnel_cube`,
  )
  if (!state) return false
  if (!state.isFit) await selectRows(em, sql`select funnel_count_moves(${today}::date - ${keptDays}::int, ${timeZone})`)
  else if (state.isLong) {
    await selectRows(em, sql`update funnel_cube set moves_from = ${today}::date - ${keptDays}::int`)
    await selectRows(em, sql`delete from funnel_move where day < (select moves_from from funnel_cube)`)
  } else if (state.isWaiting) await selectRows(em, sql`select funnel_fold_moves()`)
  else return false
  return true
}
