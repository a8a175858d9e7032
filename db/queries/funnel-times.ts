import type { Em } from '../orm.ts'
import { type RawBuilder, selectRow, selectRows, sql } from '../sql.ts'
import type { FunnelSpan } from './funnel.ts'
import { type FunnelSlice, inSlice, type StatusBits, sourcesOf } from './funnel-slice.ts'
import { type Viewer, visibleDeals } from './visibility.ts'
import type { WorkClock } from './work-clock.ts'

export type TimesQuestion = {
  readonly viewer: Viewer
  readonly slice: FunnelSlice
  readonly span: FunnelSpan
  readonly bits: StatusBits
  /** Ids of all statuses that are not lost, in funnel order, and of those among them that are pauses. */
  readonly climb: readonly number[]
  readonly paused: readonly number[]
  /** Place of the last status, from 1 in `climb`, on the path of each process version; `end` is that of deals whose path is not known. */
  readonly ends: ReadonlyMap<number, number>
  readonly end: number
  readonly clock: WorkClock
  /** Which deals are looked at, over the alias `deal`; null: all. */
  readonly sample: RawBuilder<unknown> | null
  /** The deals that can be of the cohort, where that is known; null: any of the slice. */
  readonly ids: readonly number[] | null
}

/** Stays of one kind in one status, a number for each deal. */
export type StaysRow = {
  /** Of the deals of the twelve months before. */
  readonly baseline: boolean
  readonly statusId: number
  /** Still there. */
  readonly here: boolean
  readonly seconds: readonly number[]
  readonly worked: readonly number[]
}

/**
 * The stays of a cohort and of the twelve months before it, summed per deal and status up to as-of; pauses are left out. A deal that is paused is still
 * there where it was before; one that stands at the end of its path is done, and its last status has no stay of it.
 */
export async function selectStays(
  em: Em,
  question: TimesQuestion,
): Promise<{ readonly stays: readonly StaysRow[]; readonly deals: number }> {
  const found = await selectRow<{ stays: StaysRow[] | null; deals: number }>(
    em,
    sql`${timed(question)},
    answer as (
      select baseline, status_id as "statusId", here, json_agg(round(seconds)::bigint) as seconds, json_agg(round(worked)::bigint) as worked
      from kept where not (here and is_end) group by 1, 2, 3)
    select (select json_agg(answer) from answer) as stays, (select count(*)::int from lives) as deals`,
  )
  return { stays: found?.stays ?? [], deals: found?.deals ?? 0 }
}

/** A condition over the alias `deal`: the cohort's own that are still in the status, as its stays count them. */
export function dealsStillThere(question: TimesQuestion, statusId: number): RawBuilder<unknown> {
  return sql`${visibleDeals(question.viewer)} and deal.id in (
    ${timed(question)} select deal_id from kept where here and not is_end and not baseline and status_id = ${statusId})`
}

/** The tables `lives`, a row for a deal, and `kept`, one for a deal and a status. */
function timed(question: TimesQuestion): RawBuilder<unknown> {
  const { viewer, slice, span, bits, climb, paused, ends, end, clock, sample, ids } = question
  const byStatus = (read: (countsAs: number) => number) =>
    Array.from({ length: Math.max(0, ...bits.resolved.keys()) }, (_, index) => {
      const countsAs = bits.resolved.get(index + 1)
      return countsAs === undefined ? null : read(countsAs)
    })
  const place = sql`(${byStatus((id) => climb.indexOf(id) + 1)}::int[])[status_id]`
  const isPaused = sql`status_id = any(${[...paused]}::int[])`
  const until = sql`least(coalesce(v.left_at, ${span.asOf}), ${span.asOf}::timestamptz)`
  const worked = sql`${clock.secondsTo(sql`v.until`, sql`v.until_on`)} - ${clock.secondsTo(sql`v.entered_at`, sql`v.entered_on`)}`
  const asked = sql`select deal.id from deal where ${visibleDeals(viewer)} and ${inSlice(slice, bits)} ${sample ? sql`and ${sample}` : sql``}`
  const chosen = ids ? sql`v.deal_id = any(${ids}::bigint[])` : sql`v.deal_id in (${asked})`
  return sql`with stays as (
      select v.deal_id, (${byStatus((id) => id)}::int[])[v.status_id] as status_id,
        min(v.entered_at) filter (where v.status_id = any(${sourcesOf(bits, bits.anchors)}::int[])) as anchor,
        max(v.entered_at) as entered, max(coalesce(v.left_at, 'infinity')) as left_last,
        sum(date_part('epoch', v.until - v.entered_at)) as seconds, sum(${worked}) as worked
      from (select v.deal_id, v.status_id, v.entered_at, v.left_at, ${until} as until, ${clock.dayOf(sql`v.entered_at`)} as entered_on, ${clock.dayOf(until)} as until_on
      from status_visit v
      where v.voided_at is null and v.entered_at <= ${span.asOf} and ${chosen} offset 0) as v
      group by 1, 2),
    seen as (
      select deal_id, min(anchor) as anchor, max(${place}) as top, max(entered) filter (where not ${isPaused}) as entered, max(left_last) filter (where not ${isPaused}) as left_last
      from stays group by deal_id),
    lives as (
      select seen.*, anchor < ${span.from} as baseline, top >= coalesce(path.last_place, ${end}) as is_done
      from seen left join process_run run on run.deal_id = seen.deal_id and run.is_main
        left join unnest(${[...ends.keys()]}::int[], ${[...ends.values()]}::int[]) as path (version_id, last_place) on path.version_id = run.template_version_id
      where coalesce(anchor >= ${span.baselineFrom} and anchor < ${span.to}, false)),
    kept as (
      select deal_id, baseline, status_id, seconds, worked, stays.entered = lives.entered and stays.left_last = lives.left_last as here, is_done and ${place} = top as is_end
      from stays join lives using (deal_id) where ${place} > 0 and not ${isPaused})`
}

/** The largest number of a deal's row so far. */
export async function selectLastDealId(em: Em): Promise<number> {
  const [row] = await selectRows<{ id: number }>(em, sql`select coalesce(max(id), 0)::bigint as id from deal`)
  return row?.id ?? 0
}

const draws = 50_000

/**
 * A condition over the alias `deal` that about `wanted` of the slice's deals meet: always the same ones, chosen by a hash of their number. Where the slice is
 * a good part of all, numbers are drawn and looked up, so that the rest is not read.
 * @param deals of the slice
 */
export function sampleOfDeals(wanted: number, deals: number, lastId: number): RawBuilder<unknown> {
  const range = 2 ** Math.ceil(Math.log2(Math.max(2, lastId)))
  // By powers of two, so that a deal more or less does not choose others.
  const needed = 2 ** Math.round(Math.log2((wanted * range) / deals))
  if (needed <= Math.min(draws, range / 4))
    return sql`deal.id in (select 1 + (hashint8extended(draw, 7) & ${range - 1}::bigint) from generate_series(1, ${needed}::bigint) as draw)`
  const share = Math.min(1024, 2 ** Math.round(Math.log2((1024 * wanted) / deals)))
  return sql`(hashint8extended(deal.id, 7) & 1023) < ${share}::bigint`
}
