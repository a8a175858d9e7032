import type { Day, Period } from '../../shared/domain/periods.ts'
import type { Em } from '../orm.ts'
import { type RawBuilder, selectKnownRow, selectRow, selectRows, sql } from '../sql.ts'
import type { SummaryKeys } from './funnel-cube.ts'
import { inSummaries, summaries } from './funnel-deals.ts'
import { type Happened, markKinds, marks } from './funnel-marks.ts'
import { type FunnelSlice, inSlice, type KeptSlice, type StatusBits } from './funnel-slice.ts'
import { type Viewer, visibleDeals } from './visibility.ts'

/** Charts beside the funnel. Times are instants, days those of the zone of `keys`, money that of the organisation. */
export type ChartScope = {
  readonly viewer: Viewer
  readonly slice: FunnelSlice
  readonly bits: StatusBits
  readonly span: { readonly from: Date; readonly to: Date }
  /** The same as days; the last one may not have ended. */
  readonly period: Period
  readonly yearBefore: { readonly period: Period; readonly span: { readonly from: Date; readonly to: Date } }
  readonly keys: SummaryKeys
  /** The summaries are by these keys. */
  readonly isSummarised: boolean
  /** Whose days, as they are kept, hold just the deals of the question; null: none do. */
  readonly kept: KeptSlice | null
}

export type WeekRow = {
  readonly week: string
  readonly created: number
  readonly won: number
  readonly lost: number
  readonly wonAmountMinor: number
}

/** Visible deals of the slice with the instants at which they entered the funnel, were first won, and were lost for good, from their visits. */
function instants({ viewer, slice, bits, keys }: ChartScope): RawBuilder<unknown> {
  const among = (ids: readonly number[]) => sql`any(${[...ids]}::int[])`
  return sql`select v.deal_id, coalesce(max(deal.base_amount_minor), 0) as amount_minor, max(deal.department_id) as department_id, max(deal.type_id) as type_id,
      max(deal.owner_id) as owner_id,
      min(v.entered_at) filter (where v.status_id = ${among(keys.anchorIds)}) as anchor_at,
      min(v.entered_at) filter (where v.status_id = ${among(keys.wonIds)}) as won_at,
      max(v.entered_at) filter (where v.status_id = ${among(keys.lostIds)} and v.left_at is null) as lost_at
    from status_visit v join deal on deal.id = v.deal_id
    where v.voided_at is null and ${visibleDeals(viewer)} and ${inSlice(slice, bits)} group by v.deal_id`
}

const instantOf = { created: sql`anchor_at`, won: sql`won_at`, lost: sql`lost_at` }

/** `deal_id, kind, at, amount_minor, department_id, type_id, owner_id`: the deals to which these things happened in the span. */
function happenings(
  scope: ChartScope,
  kinds: readonly Happened[],
  { from, to }: { readonly from: Date; readonly to: Date },
): RawBuilder<unknown> {
  const { viewer, slice, bits, isSummarised } = scope
  const columns = sql`amount_minor, department_id, type_id, owner_id`
  const within = (at: RawBuilder<unknown>) => sql`${at} >= ${from} and ${at} < ${to}`
  // From the summaries each by an index of its own; the visits are gone through once.
  if (isSummarised)
    return sql.join(
      kinds.map(
        (kind) => sql`select deal.id as deal_id, ${sql.lit(markKinds[kind])} as kind, ${instantOf[kind]} as at, ${columns}
          from ${summaries(slice.others.length > 0)} where ${inSummaries(viewer, slice, bits)} and ${within(instantOf[kind])}`,
      ),
      sql` union all `,
    )
  const each = kinds.map((kind) => sql`(${sql.lit(markKinds[kind])}, ${instantOf[kind]})`)
  return sql`select deal_id, kind, at, ${columns} from (${instants(scope)}) as per_deal cross join lateral (values ${sql.join(each)}) as marks (kind, at)
    where ${within(sql`at`)}`
}

/** A condition over the alias `deal`: those to which it happened in the span. @param bar only those of one bar of the chart */
export function dealsToWhich(
  happened: Happened,
  scope: ChartScope,
  bar: { readonly cut: BarCut; readonly key: number } | null,
): RawBuilder<unknown> {
  return sql`${visibleDeals(scope.viewer)} and ${bar ? sql`deal.${cuts[bar.cut].key} = ${bar.key}` : sql`true`}
    and deal.id in (select deal_id from (${happenings(scope, [happened], scope.span)}) as happened)`
}

/**
 * Per ISO week: deals that entered the funnel, first reached the won milestone, and were lost for good (a reopened loss does not count).
 */
export function selectTrend(em: Em, scope: ChartScope): Promise<WeekRow[]> {
  const { period, keys, kept } = scope
  const days = kept
    ? marks({ ...kept, ...period }, null)
    : sql`select (at at time zone ${keys.timeZone})::date as day, kind, 1 as deals, amount_minor from (${happenings(scope, ['created', 'won', 'lost'], scope.span)}) as happened`
  const countOf = (kind: Happened) => sql`(coalesce(sum(deals) filter (where kind = ${sql.lit(markKinds[kind])}), 0))::int`
  const monday = (day: Day) => sql`date_trunc('week', ${day}::date)::date`
  return selectRows<WeekRow>(
    em,
    sql`with by_week as (
      select date_trunc('week', day::timestamp)::date as week, ${countOf('created')} as created, ${countOf('won')} as won, ${countOf('lost')} as lost,
        coalesce(sum(amount_minor) filter (where kind = ${sql.lit(markKinds.won)}), 0)::bigint as amount_minor
      from (${days}) as days group by 1)
    select weeks.week::date::text as week, coalesce(created, 0) as created, coalesce(won, 0) as won, coalesce(lost, 0) as lost, coalesce(amount_minor, 0) as "wonAmountMinor"
    from generate_series(${monday(period.from)}, ${period.to}::date - 1, interval '7 days') as weeks (week) left join by_week on by_week.week = weeks.week order by weeks.week`,
  )
}

export type DepartmentBarRow = {
  readonly id: number
  readonly name: string
  readonly won: number
  readonly wonAmountMinor: number
  readonly lastYearAmountMinor: number
}

export type BarCut = 'department' | 'type' | 'employee'
const cuts = {
  department: { key: sql`department_id`, table: sql`department` },
  type: { key: sql`type_id`, table: sql`deal_type` },
  employee: { key: sql`owner_id`, table: sql`employee` },
} as const

/** Deals that first reached the won milestone in the span, and in the same days a year earlier, by what they are of now. */
export function selectWonBars(em: Em, scope: ChartScope, cut: BarCut, locale: 'ru' | 'en'): Promise<DepartmentBarRow[]> {
  const { key, table } = cuts[cut]
  const name = cut === 'type' ? sql.ref(`d.name_${locale}`) : sql.ref('d.name')
  const { kept } = scope
  const wins = (days: Pick<ChartScope, 'period' | 'span'>) =>
    kept && cut !== 'employee'
      ? sql`select ${key}, deals, amount_minor from (${marks({ ...kept, ...days.period }, cut)}) as days where kind = ${sql.lit(markKinds.won)}`
      : sql`select ${key}, 1 as deals, amount_minor from (${happenings(scope, ['won'], days.span)}) as won`
  return selectRows<DepartmentBarRow>(
    em,
    sql`select d.id, ${name} as name, sum(won)::int as won, sum(amount_minor)::bigint as "wonAmountMinor", sum(former_minor)::bigint as "lastYearAmountMinor"
    from (select ${key} as key, deals as won, amount_minor, 0 as former, 0 as former_minor from (${wins(scope)}) as own
      union all select ${key}, 0, 0, deals, amount_minor from (${wins(scope.yearBefore)}) as former) as bars
    join ${table} d on d.id = bars.key group by d.id, ${name} having sum(won) + sum(former) > 0 order by 4 desc, 2`,
  )
}

/** What people did with the slice's deals in the span, as `e` and `deal`; imports and the system's own doings do not count. */
function fromActions({ viewer, slice, bits, span }: ChartScope): RawBuilder<unknown> {
  return sql`from deal_event e join deal on deal.id = e.deal_id
    where e.voided_at is null and e.door in ('web', 'bot', 'api') and e.occurred_at >= ${span.from} and e.occurred_at < ${span.to}
      and ${visibleDeals(viewer)} and ${inSlice(slice, bits)}`
}

/** Actions of people by day. */
export function selectActivity(em: Em, scope: ChartScope): Promise<{ day: string; actions: number }[]> {
  return selectRows(
    em,
    sql`select (e.occurred_at at time zone ${scope.keys.timeZone})::date::text as day, count(*)::int as actions
    ${fromActions(scope)} group by 1 order by 1`,
  )
}

/** Actions of people in the whole span. */
export async function countActions(em: Em, scope: ChartScope): Promise<number> {
  const row = await selectRow<{ actions: number }>(em, sql`select count(*)::int as actions ${fromActions(scope)}`)
  return row?.actions ?? 0
}

/** A condition over the alias `deal`: those that people worked on in the span. */
export function dealsWorkedOn(scope: ChartScope): RawBuilder<unknown> {
  return sql`deal.id in (select e.deal_id ${fromActions(scope)})`
}

/** The oldest status change known, over all deals the viewer sees. */
export async function selectHistorySince(em: Em, viewer: Viewer): Promise<Date | null> {
  const row = await selectKnownRow<{ since: Date | null }>(
    em,
    sql`select v.entered_at as since from status_visit v join deal on deal.id = v.deal_id
    where v.voided_at is null and ${visibleDeals(viewer)} order by v.entered_at limit 1`,
  )
  return row?.since ?? null
}
