import type { OutcomeBucket, OutcomeClass } from '../../shared/domain/forecast.ts'
import type { Em } from '../orm.ts'
import { type RawBuilder, selectRows, sql } from '../sql.ts'
import { elapsedHours } from './elapsed.ts'
import { type FunnelSlice, inSlice, type StatusBits, sourcesOf } from './funnel-slice.ts'
import { type Viewer, visibleDeals } from './visibility.ts'

/**
 * Deals by what became of them: won, lost, open. Forecast, win rates, velocity and the lists behind each of their figures are made of these
 * three, so that a list cannot differ from its figure. A deal is won when it first comes to the milestone or behind it, lost while it stands
 * in a lost status, open when it is neither. By the attribution "when it happened" a won deal belongs to whom it was then, a lost one
 * to whom it was lost by, an open one to whose it is.
 */
export type OutcomeScope = {
  readonly viewer: Viewer
  readonly slice: FunnelSlice
  readonly bits: StatusBits
  /** The milestone and all that stands behind it; merged statuses too. */
  readonly wonIds: readonly number[]
  readonly lostIds: readonly number[]
  /** All others. */
  readonly openIds: readonly number[]
  readonly now: Date
  /** In the organisation's time zone. */
  readonly today: string
}

/** Instants, half-open, and the same as days. */
export type OutcomeSpan = { readonly from: Date; readonly to: Date; readonly fromDay: string; readonly toDay: string }

const ids = (list: readonly number[]) => sql`${[...list]}::int[]`
const ofDeal = { owner: sql`deal.owner_id`, department: sql`deal.department_id` }

/** Visible deals of the slice; `then` is whose they were when it happened. */
function chosen({ viewer, slice, bits }: OutcomeScope, then = ofDeal): RawBuilder<unknown> {
  return sql`${visibleDeals(viewer)} and ${inSlice(slice, bits, slice.attribution === 'event' ? then : ofDeal)}`
}

/** `id, won_at, is_lost` of the deals first won in the span; `is_lost`: they are lost by now. */
export function wonDeals(scope: OutcomeScope, { from, to }: Pick<OutcomeSpan, 'from' | 'to'>): RawBuilder<unknown> {
  const won = sql`any(${ids(scope.wonIds)})`
  return sql`select deal.id, v.entered_at as won_at, deal.status_id = any(${ids(scope.lostIds)}) as is_lost
    from status_visit v join deal on deal.id = v.deal_id
    where v.voided_at is null and v.status_id = ${won} and v.entered_at >= ${from} and v.entered_at < ${to} and v.entered_at <= ${scope.now}
      and not exists (select 1 from status_visit e where e.deal_id = v.deal_id and e.voided_at is null and e.status_id = ${won}
        and (e.entered_at, e.id) < (v.entered_at, v.id))
      and ${chosen(scope, { owner: sql`v.owner_id`, department: sql`v.department_id` })}`
}

/** `id` of the deals that are lost, and were so last in the span: a loss that was reopened does not count. */
export function lostDeals(scope: OutcomeScope, { from, to }: Pick<OutcomeSpan, 'from' | 'to'>): RawBuilder<unknown> {
  const then = (column: RawBuilder<unknown>) =>
    sql`(select ${column} from status_visit v where v.deal_id = deal.id and v.left_at is null and v.voided_at is null)`
  return sql`select deal.id from deal
    where deal.status_id = any(${ids(scope.lostIds)}) and deal.status_since >= ${from} and deal.status_since < ${to} and deal.status_since <= ${scope.now}
      and ${chosen(scope, { owner: then(sql`v.owner_id`), department: then(sql`v.department_id`) })}`
}

/** `id` of the deals that are neither won nor lost. */
export function openDeals(scope: OutcomeScope): RawBuilder<unknown> {
  return sql`select deal.id from deal
    where deal.status_id = any(${ids(scope.openIds)}) and ${chosen(scope)}
      and not exists (select 1 from status_visit v where v.deal_id = deal.id and v.voided_at is null and v.status_id = any(${ids(scope.wonIds)}))`
}

/** `id` of the open deals that stand in their status more than so many times its limit (or that of the stage that gave it). */
export function staleDeals(scope: OutcomeScope, limits: number, inWorkingTime: boolean): RawBuilder<unknown> {
  return sql`select deal.id from (${openDeals(scope)}) as neither join deal on deal.id = neither.id
    join status own on own.id = deal.status_id join status s on s.id = coalesce(own.merged_into_id, own.id)
    left join status_visit stay on stay.deal_id = deal.id and stay.left_at is null and stay.voided_at is null
    left join stage on stage.id = stay.stage_id
    where ${elapsedHours(inWorkingTime, sql`deal.status_since`, scope.now)} > ${limits} * coalesce(stage.time_limit_hours, s.time_limit_hours)`
}

/** In which bucket of the forecast an open deal is, over the alias `deal`. */
function openBucket({ today }: OutcomeScope, { fromDay, toDay }: OutcomeSpan): RawBuilder<unknown> {
  return sql`case when deal.expected_close_on is null then 'undated' when deal.expected_close_on < ${today}::date then 'overdue'
    when deal.expected_close_on >= ${fromDay}::date and deal.expected_close_on < ${toDay}::date then 'expected' else 'outside' end`
}

/** `id` of the deals of one bucket. */
export function bucketDeals(scope: OutcomeScope, span: OutcomeSpan, bucket: OutcomeBucket): RawBuilder<unknown> {
  if (bucket === 'won' || bucket === 'wonThenLost')
    return sql`select w.id from (${wonDeals(scope, span)}) as w where w.is_lost = ${bucket === 'wonThenLost'}`
  return sql`select deal.id from (${openDeals(scope)}) as neither join deal on deal.id = neither.id where ${openBucket(scope, span)} = ${bucket}`
}

/** The deals of the forecast as classes, in one statement. */
export function selectForecast(em: Em, scope: OutcomeScope, span: OutcomeSpan): Promise<OutcomeClass[]> {
  return selectRows<OutcomeClass>(
    em,
    sql`with members as (
      select case when w.is_lost then 'wonThenLost' else 'won' end as bucket, w.id, null::int as status_id, null::int as hand_pct from (${wonDeals(scope, span)}) as w
      union all
      select ${openBucket(scope, span)}, deal.id, coalesce(s.merged_into_id, s.id), deal.probability_pct
        from (${openDeals(scope)}) as neither join deal on deal.id = neither.id join status s on s.id = deal.status_id)
    select bucket, deal.type_id as "typeId", deal.department_id as "departmentId", members.status_id as "statusId", hand_pct as "handPct", count(*)::int as count,
      coalesce(sum(deal.base_amount_minor), 0)::bigint as "amountMinor", (count(*) filter (where deal.base_amount_minor is null))::int as "withoutRate"
    from members join deal on deal.id = members.id group by 1, 2, 3, 4, 5`,
  )
}

export type OutcomeRow = {
  readonly outcome: 'won' | 'lost' | 'open'
  readonly typeId: number
  readonly deals: number
  readonly amountMinor: number
  /** Of won ones: median days from the entry into the funnel to the win. */
  readonly medianDays: number | null
  readonly withoutRate: number
}

/** Won and lost in the span, and open now, by type. */
export function selectOutcomes(em: Em, scope: OutcomeScope, span: Pick<OutcomeSpan, 'from' | 'to'>): Promise<OutcomeRow[]> {
  const anchors = ids(sourcesOf(scope.bits, scope.bits.anchors))
  return selectRows<OutcomeRow>(
    em,
    sql`with members as (
      select 'won' as outcome, w.id, extract(epoch from w.won_at - (select min(v.entered_at) from status_visit v
        where v.deal_id = w.id and v.voided_at is null and v.status_id = any(${anchors})))::float8 / 86400 as days from (${wonDeals(scope, span)}) as w
      union all select 'lost', l.id, null from (${lostDeals(scope, span)}) as l
      union all select 'open', o.id, null from (${openDeals(scope)}) as o)
    select outcome, deal.type_id as "typeId", count(*)::int as deals, coalesce(sum(deal.base_amount_minor), 0)::bigint as "amountMinor",
      percentile_cont(0.5) within group (order by days) as "medianDays", (count(*) filter (where deal.base_amount_minor is null))::int as "withoutRate"
    from members join deal on deal.id = members.id group by 1, 2`,
  )
}

/** How many deals these are, and what they come to. */
export async function countDeals(
  em: Em,
  members: RawBuilder<unknown>,
): Promise<{ readonly deals: number; readonly amountMinor: number; readonly withoutRate: number }> {
  const rows = await selectRows<{ deals: number; amountMinor: number; withoutRate: number }>(
    em,
    sql`select count(*)::int as deals, coalesce(sum(deal.base_amount_minor), 0)::bigint as "amountMinor",
      (count(*) filter (where deal.base_amount_minor is null))::int as "withoutRate" from deal where deal.id in (${members})`,
  )
  return rows[0] ?? { deals: 0, amountMinor: 0, withoutRate: 0 }
}
