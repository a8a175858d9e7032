import type { Em } from '../orm.ts'
import { type RawBuilder, selectKnownRow, selectRows, sql } from '../sql.ts'
import { type Viewer, visibleDeals } from './visibility.ts'

/** Charts beside the funnel. `condition` (over the alias `deal`) is the slice; times are instants, days those of `timeZone`, money that of the organisation. */
export type ChartScope = {
  readonly viewer: Viewer
  readonly condition: RawBuilder<unknown>
  readonly timeZone: string
  readonly from: Date
  readonly to: Date
  /** Ids of statuses whose first entry is a win: the milestone and all that stands behind it. */
  readonly wonIds: readonly number[]
  readonly lostIds: readonly number[]
  readonly anchorIds: readonly number[]
}

export type WeekRow = {
  readonly week: string
  readonly created: number
  readonly won: number
  readonly lost: number
  readonly wonAmountMinor: number
}

/**
 * Per ISO week: deals that entered the funnel, first reached the won milestone, and were lost for good (a reopened loss does not count).
 */
export function selectTrend(em: Em, scope: ChartScope): Promise<WeekRow[]> {
  const week = (instant: RawBuilder<unknown>) => sql`date_trunc('week', ${instant} at time zone ${scope.timeZone})::date`
  return selectRows<WeekRow>(
    em,
    sql`with per_deal as (
      select v.deal_id, max(deal.base_amount_minor) as amount_minor,
        min(v.entered_at) filter (where v.status_id = any(${[...scope.anchorIds]}::int[])) as created_at,
        min(v.entered_at) filter (where v.status_id = any(${[...scope.wonIds]}::int[])) as won_at,
        max(v.entered_at) filter (where v.status_id = any(${[...scope.lostIds]}::int[]) and v.left_at is null) as lost_at
      from status_visit v join deal on deal.id = v.deal_id
      where v.voided_at is null and ${visibleDeals(scope.viewer)} and ${scope.condition} group by v.deal_id),
    marks as (
      select ${week(sql`created_at`)} as week, 1 as created, 0 as won, 0 as lost, 0 as amount from per_deal where created_at >= ${scope.from} and created_at < ${scope.to}
      union all select ${week(sql`won_at`)}, 0, 1, 0, amount_minor from per_deal where won_at >= ${scope.from} and won_at < ${scope.to}
      union all select ${week(sql`lost_at`)}, 0, 0, 1, 0 from per_deal where lost_at >= ${scope.from} and lost_at < ${scope.to}),
    weeks as (
      select generate_series(${week(sql`${scope.from}::timestamptz`)}, ${week(sql`(${scope.to}::timestamptz - interval '1 second')`)}, interval '7 days')::date as week)
    select weeks.week::text, coalesce(sum(created), 0)::int as created, coalesce(sum(won), 0)::int as won, coalesce(sum(lost), 0)::int as lost,
      coalesce(sum(amount), 0)::bigint as "wonAmountMinor"
    from weeks left join marks using (week) group by weeks.week order by weeks.week`,
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
  department: { key: sql`deal.department_id`, table: sql`department` },
  type: { key: sql`deal.type_id`, table: sql`deal_type` },
  employee: { key: sql`deal.owner_id`, table: sql`employee` },
} as const

/** Deals that first reached the won milestone in the span, and in the same span a year earlier, by what they are of now. */
export function selectWonBars(em: Em, scope: ChartScope, cut: BarCut, locale: 'ru' | 'en'): Promise<DepartmentBarRow[]> {
  const { key, table } = cuts[cut]
  const name = cut === 'type' ? sql.ref(`d.name_${locale}`) : sql.ref('d.name')
  const inYear = sql`won_at >= ${scope.from} and won_at < ${scope.to}`
  const yearBefore = sql`won_at >= ${scope.from}::timestamptz - interval '1 year' and won_at < ${scope.to}::timestamptz - interval '1 year'`
  return selectRows<DepartmentBarRow>(
    em,
    sql`with wins as (
      select ${key} as key, max(deal.base_amount_minor) as amount_minor, min(v.entered_at) as won_at
      from status_visit v join deal on deal.id = v.deal_id
      where v.voided_at is null and v.status_id = any(${[...scope.wonIds]}::int[]) and ${visibleDeals(scope.viewer)} and ${scope.condition}
      group by deal.id)
    select d.id, ${name} as name, (count(*) filter (where ${inYear}))::int as won,
      coalesce(sum(amount_minor) filter (where ${inYear}), 0)::bigint as "wonAmountMinor",
      coalesce(sum(amount_minor) filter (where ${yearBefore}), 0)::bigint as "lastYearAmountMinor"
    from wins join ${table} d on d.id = wins.key where (${inYear}) or (${yearBefore})
    group by d.id, ${name} order by 4 desc, 2`,
  )
}

/** What people did with the slice's deals, by day; imports and the system's own doings do not count. */
export function selectActivity(em: Em, scope: ChartScope): Promise<{ day: string; actions: number }[]> {
  return selectRows(
    em,
    sql`select (e.occurred_at at time zone ${scope.timeZone})::date::text as day, count(*)::int as actions
    from deal_event e join deal on deal.id = e.deal_id
    where e.voided_at is null and e.door in ('web', 'bot', 'api') and e.occurred_at >= ${scope.from} and e.occurred_at < ${scope.to}
      and ${visibleDeals(scope.viewer)} and ${scope.condition} group by 1 order by 1`,
  )
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
