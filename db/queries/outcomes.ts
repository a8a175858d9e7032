import type { OutcomeBucket, OutcomeClass } from '../../shared/domain/forecast.ts'
import type { Em } from '../orm.ts'
import { type RawBuilder, selectRows, sql } from '../sql.ts'
import { inSummaries, summaries } from './funnel-deals.ts'
import { markKinds, marks } from './funnel-marks.ts'
import { hasNoRate } from './funnel-money.ts'
import { type FunnelSlice, inSlice, type KeptSlice, type StatusBits, sourcesOf } from './funnel-slice.ts'
import { type LimitInstant, limitRows } from './overdue.ts'
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
  /** Summaries say when a deal was won and lost by these ids. */
  readonly isSummarised: boolean
  /** By what departments and types the days are kept of just these deals; null: there are no such days. */
  readonly kept: KeptSlice | null
}

/** Instants, half-open, and the same as days. */
export type OutcomeSpan = { readonly from: Date; readonly to: Date; readonly fromDay: string; readonly toDay: string }

const ids = (list: readonly number[]) => sql`${[...list]}::int[]`
const ofDeal = { owner: sql`deal.owner_id`, department: sql`deal.department_id` }

/** Visible deals of the slice; `then` is whose they were when it happened. */
function chosen({ viewer, slice, bits }: OutcomeScope, then = ofDeal): RawBuilder<unknown> {
  return sql`${visibleDeals(viewer)} and ${inSlice(slice, bits, slice.attribution === 'event' ? then : ofDeal)}`
}

/** Whose a deal was when it was won or lost, visits alone know. */
function knownBySummaries({ slice, isSummarised }: OutcomeScope): boolean {
  return isSummarised && (slice.attribution === 'current' || slice.departments.length + slice.employees.length === 0)
}

/** Members are `id, type_id, department_id, amount_minor`, with more where it is said. */
const ofSummary = sql`deal.id, deal.type_id, deal.department_id, deal.amount_minor`
const ofDealItself = sql`deal.id, deal.type_id, deal.department_id, coalesce(deal.base_amount_minor, 0) as amount_minor`

/** Those visible deals of the slice for whose summaries, under the name of `deal`, this is so. */
function summarised({ viewer, slice, bits }: OutcomeScope, isSo: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`from ${summaries(slice.others.length > 0)} where ${inSummaries(viewer, slice, bits)} and ${isSo}`
}

type Instants = Pick<OutcomeSpan, 'from' | 'to'>

/** Members and `days` from the entry into the funnel to the win, `is_lost`: by now. First won in the span. */
function won(scope: OutcomeScope, { from, to }: Instants): RawBuilder<unknown> {
  if (knownBySummaries(scope))
    return sql`select ${ofSummary}, extract(epoch from deal.won_at - deal.anchor_at)::float8 / 86400 as days, deal.lost_at is not null as is_lost
      ${summarised(scope, sql`deal.won_at >= ${from} and deal.won_at < ${to} and deal.won_at <= ${scope.now}`)}`
  const anchors = ids(sourcesOf(scope.bits, scope.bits.anchors))
  const isWon = sql`any(${ids(scope.wonIds)})`
  return sql`select ${ofDealItself}, extract(epoch from v.entered_at - (select min(a.entered_at) from status_visit a
      where a.deal_id = deal.id and a.voided_at is null and a.status_id = any(${anchors})))::float8 / 86400 as days, deal.status_id = any(${ids(scope.lostIds)}) as is_lost
    from status_visit v join deal on deal.id = v.deal_id
    where v.voided_at is null and v.status_id = ${isWon} and v.entered_at >= ${from} and v.entered_at < ${to} and v.entered_at <= ${scope.now}
      and not exists (select 1 from status_visit e where e.deal_id = v.deal_id and e.voided_at is null and e.status_id = ${isWon}
        and (e.entered_at, e.id) < (v.entered_at, v.id))
      and ${chosen(scope, { owner: sql`v.owner_id`, department: sql`v.department_id` })}`
}

/** Members: lost, and last so in the span; a loss that was reopened does not count. */
function lost(scope: OutcomeScope, { from, to }: Instants): RawBuilder<unknown> {
  if (knownBySummaries(scope))
    return sql`select ${ofSummary} ${summarised(scope, sql`deal.lost_at >= ${from} and deal.lost_at < ${to} and deal.lost_at <= ${scope.now}`)}`
  const then = (column: RawBuilder<unknown>) =>
    sql`(select ${column} from status_visit v where v.deal_id = deal.id and v.left_at is null and v.voided_at is null)`
  return sql`select ${ofDealItself} from deal
    where deal.status_id = any(${ids(scope.lostIds)}) and deal.status_since >= ${from} and deal.status_since < ${to} and deal.status_since <= ${scope.now}
      and ${chosen(scope, { owner: then(sql`v.owner_id`), department: then(sql`v.department_id`) })}`
}

/** Members: neither won nor lost. Whose such a deal is now it is by either attribution. */
function open(scope: OutcomeScope): RawBuilder<unknown> {
  const { slice } = scope
  if (scope.isSummarised)
    return sql`select ${ofSummary} ${summarised({ ...scope, slice: { ...slice, attribution: 'current' } }, sql`deal.won_at is null and deal.lost_at is null`)}`
  return sql`select ${ofDealItself} from deal
    where deal.status_id = any(${ids(scope.openIds)}) and ${chosen(scope)}
      and not exists (select 1 from status_visit v where v.deal_id = deal.id and v.voided_at is null and v.status_id = any(${ids(scope.wonIds)}))`
}

const idsOf = (members: RawBuilder<unknown>) => sql`select id from (${members}) as members`

/** `id` of the deals first won in the span. */
export const wonDeals = (scope: OutcomeScope, span: Instants): RawBuilder<unknown> => idsOf(won(scope, span))

/** `id` of the deals that are lost, and were so last in the span. */
export const lostDeals = (scope: OutcomeScope, span: Instants): RawBuilder<unknown> => idsOf(lost(scope, span))

/** `id` of the deals that are neither won nor lost. */
export const openDeals = (scope: OutcomeScope): RawBuilder<unknown> => idsOf(open(scope))

/** `id` of the open deals that stand in their status beyond its limit (or that of the stage that gave it). @param limits with the instants of so many times the limit */
export function staleDeals(scope: OutcomeScope, limits: readonly LimitInstant[]): RawBuilder<unknown> {
  const latest = new Date(Math.max(0, ...limits.map(({ before }) => before.getTime())))
  return sql`select deal.id from (${openDeals(scope)}) as neither join deal on deal.id = neither.id
    join status own on own.id = deal.status_id join status s on s.id = coalesce(own.merged_into_id, own.id)
    left join status_visit stay on stay.deal_id = deal.id and stay.left_at is null and stay.voided_at is null
    left join stage on stage.id = stay.stage_id
    join ${limitRows(limits)} on time_limit.hours = coalesce(stage.time_limit_hours, s.time_limit_hours)
    where deal.status_since < ${latest} and deal.status_since < time_limit.before`
}

/** In which bucket of the forecast an open deal is, over the alias `deal`. */
function openBucket({ today }: OutcomeScope, { fromDay, toDay }: OutcomeSpan): RawBuilder<unknown> {
  return sql`case when deal.expected_close_on is null then 'undated' when deal.expected_close_on < ${today}::date then 'overdue'
    when deal.expected_close_on >= ${fromDay}::date and deal.expected_close_on < ${toDay}::date then 'expected' else 'outside' end`
}

/** `id` of the deals of one bucket. */
export function bucketDeals(scope: OutcomeScope, span: OutcomeSpan, bucket: OutcomeBucket): RawBuilder<unknown> {
  if (bucket === 'won' || bucket === 'wonThenLost')
    return sql`select id from (${won(scope, span)}) as members where is_lost = ${bucket === 'wonThenLost'}`
  return sql`select deal.id from (${openDeals(scope)}) as neither join deal on deal.id = neither.id where ${openBucket(scope, span)} = ${bucket}`
}

/** The deals of the forecast as classes, in one statement. */
export function selectForecast(em: Em, scope: OutcomeScope, span: OutcomeSpan): Promise<OutcomeClass[]> {
  return selectRows<OutcomeClass>(
    em,
    sql`with members as (
      select case when is_lost then 'wonThenLost' else 'won' end as bucket, id, type_id, department_id, amount_minor, null::int as status_id, null::int as hand_pct
        from (${won(scope, span)}) as won
      union all
      select ${openBucket(scope, span)}, deal.id, neither.type_id, neither.department_id, neither.amount_minor, coalesce(s.merged_into_id, s.id), deal.probability_pct
        from (${open(scope)}) as neither join deal on deal.id = neither.id join status s on s.id = deal.status_id)
    select bucket, type_id as "typeId", department_id as "departmentId", status_id as "statusId", hand_pct as "handPct", count(*)::int as count,
      sum(amount_minor)::bigint as "amountMinor", (count(*) filter (where id in (select id from deal where ${hasNoRate})))::int as "withoutRate"
    from members group by 1, 2, 3, 4, 5`,
  )
}

export type OutcomeRow = {
  readonly outcome: 'won' | 'lost' | 'open'
  readonly typeId: number
  readonly deals: number
  readonly amountMinor: number
  /** Of won ones, for a pace: median days from the entry into the funnel to the win. */
  readonly medianDays: number | null
}

/** Won and lost in the span, by type; for a pace also what is open now, and the medians. */
export function selectOutcomes(em: Em, scope: OutcomeScope, span: OutcomeSpan, isPace: boolean): Promise<OutcomeRow[]> {
  const { kept } = scope
  const ends = kept
    ? sql`select case kind when ${sql.lit(markKinds.won)} then 'won' else 'lost' end as outcome, type_id, deals, amount_minor
        from (${marks({ ...kept, from: span.fromDay, to: span.toDay }, 'type')}) as days where kind in (${sql.lit(markKinds.won)}, ${sql.lit(markKinds.lost)})`
    : sql`select 'won' as outcome, type_id, 1 as deals, amount_minor from (${won(scope, span)}) as won
        union all select 'lost', type_id, 1, amount_minor from (${lost(scope, span)}) as lost`
  const neither = isPace ? sql`union all select 'open', type_id, 1, amount_minor from (${open(scope)}) as neither` : sql``
  const paces = isPace
    ? sql`select type_id, percentile_cont(0.5) within group (order by days) as days from (${won(scope, span)}) as won group by 1`
    : sql`select null::int as type_id, null::float8 as days where false`
  return selectRows<OutcomeRow>(
    em,
    sql`with members as (${ends} ${neither}),
    pace as (${paces})
    select outcome, counted.type_id as "typeId", deals, amount_minor as "amountMinor", pace.days as "medianDays"
    from (select outcome, type_id, sum(deals)::int as deals, sum(amount_minor)::bigint as amount_minor from members group by 1, 2 having sum(deals) <> 0) as counted
    left join pace on outcome = 'won' and pace.type_id = counted.type_id`,
  )
}

/** How many deals these are, and what they come to. */
export async function countDeals(
  em: Em,
  members: RawBuilder<unknown>,
): Promise<{ readonly deals: number; readonly amountMinor: number }> {
  const rows = await selectRows<{ deals: number; amountMinor: number }>(
    em,
    sql`select count(*)::int as deals, coalesce(sum(deal.base_amount_minor), 0)::bigint as "amountMinor" from deal where deal.id in (${members})`,
  )
  return rows[0] ?? { deals: 0, amountMinor: 0 }
}
