import type { Em } from '../orm.ts'
import { type RawBuilder, selectRow, selectRows, sql } from '../sql.ts'
import { type Viewer, visibleDeals } from './visibility.ts'

/**
 * The one query behind every funnel figure and the list that makes it up. Deals of a cohort are grouped into classes (path, statuses visited,
 * status now); `shared/domain/funnel` computes on classes, and says which classes a figure is made of, so a list cannot differ from its figure.
 */

/** Which deals a figure speaks of. Empty lists mean all. `departments` stand for their subtrees. */
export type FunnelSlice = {
  readonly types: readonly number[]
  readonly counterparties: readonly number[]
  readonly departments: readonly number[]
  readonly employees: readonly number[]
  /** Of whom a deal is: its owner and department now, or at its first entry into the funnel. */
  readonly attribution: 'current' | 'event'
}

/** Instants; `from` and `to` half-open, `baselineFrom` the start of the twelve months before. */
export type FunnelSpan = { readonly baselineFrom: Date; readonly from: Date; readonly to: Date; readonly asOf: Date }

/** One bit of `visited` per status, in this order; merged statuses share the bit of the one they count as. */
export type StatusBits = {
  readonly ids: readonly number[]
  /** For every status of the dictionary: the id it counts as. */
  readonly resolved: ReadonlyMap<number, number>
  /** Ids whose first entry is the entry into the funnel. */
  readonly anchors: readonly number[]
}

export type ClassRow = {
  readonly baseline: boolean
  readonly path: number
  /** A text of 0 and 1, a place per status of `StatusBits.ids`. */
  readonly visited: string
  readonly current: number
  readonly count: number
  readonly amountMinor: number
}

/** Every stay of the slice's visible deals up to as-of, summed per deal and status: `deal_id, to_id, first_at, is_here, hours, path, amount_minor`. */
function stays(viewer: Viewer, slice: FunnelSlice, span: FunnelSpan, bits: StatusBits): RawBuilder<unknown> {
  return sql`select v.deal_id, m.to_id, min(v.entered_at) as first_at, bool_or(v.left_at is null or v.left_at > ${span.asOf}) as is_here,
      sum(date_part('epoch', v.left_at - v.entered_at)) filter (where v.left_at <= ${span.asOf}) / 3600 as hours,
      max(run.template_version_id) as path, max(deal.amount_minor) as amount_minor
    from status_visit v
    join deal on deal.id = v.deal_id
    join ${mergedStatuses(bits)} on m.id = v.status_id
    left join process_run run on run.deal_id = deal.id and run.is_main
    where v.voided_at is null and v.entered_at <= ${span.asOf} and ${visibleDeals(viewer)} and ${inSlice(slice, bits)}
    group by v.deal_id, m.to_id`
}

/** The facts of every visible deal of the slice: `deal_id, anchor, visited, current, path, amount_minor`. @param of rows of `stays` */
function factsOf(of: RawBuilder<unknown>, bits: StatusBits): RawBuilder<unknown> {
  const masks = bits.ids.map((id) => bits.ids.map((bit) => (bit === id ? '1' : '0')).join(''))
  return sql`select deal_id, min(first_at) filter (where to_id = any(${[...bits.anchors]}::int[])) as anchor,
      bit_or(masks.mask)::text as visited, max(to_id) filter (where is_here) as current,
      coalesce(max(path), 0) as path, max(amount_minor) as amount_minor
    from ${of} join unnest(${[...bits.ids]}::int[], ${masks}::varbit[]) as masks (id, mask) on masks.id = to_id
    group by deal_id`
}

/** `factsOf` the slice's stays, for questions that need nothing else. */
function facts(viewer: Viewer, slice: FunnelSlice, span: FunnelSpan, bits: StatusBits): RawBuilder<unknown> {
  return factsOf(sql`(${stays(viewer, slice, span, bits)}) as stays`, bits)
}

/** Conditions over the alias `deal`. */
export function inSlice(slice: FunnelSlice, bits: StatusBits): RawBuilder<unknown> {
  const conditions: RawBuilder<unknown>[] = [sql`true`]
  if (slice.types.length > 0) conditions.push(sql`deal.type_id = any(${[...slice.types]}::int[])`)
  if (slice.counterparties.length > 0) conditions.push(sql`deal.counterparty_id = any(${[...slice.counterparties]}::int[])`)
  const { owner, department } = attributed(slice, bits)
  if (slice.departments.length > 0)
    conditions.push(
      sql`${department} in (select below from unnest(${[...slice.departments]}::int[]) as root, department_subtree(root) as below)`,
    )
  if (slice.employees.length > 0) conditions.push(sql`${owner} = any(${[...slice.employees]}::int[])`)
  return sql.join(conditions, sql` and `)
}

/** Whose a deal is, by the slice's attribution. */
function attributed(slice: FunnelSlice, bits: StatusBits): { owner: RawBuilder<unknown>; department: RawBuilder<unknown> } {
  if (slice.attribution === 'current') return { owner: sql`deal.owner_id`, department: sql`deal.department_id` }
  const first = (column: RawBuilder<unknown>) =>
    sql`(select ${column} from status_visit f where f.deal_id = deal.id and f.voided_at is null
      and f.status_id = any(${anchorSources(bits)}::int[]) order by f.entered_at, f.id limit 1)`
  return { owner: first(sql`f.owner_id`), department: first(sql`f.department_id`) }
}

function anchorSources(bits: StatusBits): number[] {
  return [...bits.resolved].filter(([, to]) => bits.anchors.includes(to)).map(([id]) => id)
}

export type StayRow = {
  readonly baseline: boolean
  readonly statusId: number
  readonly medianHours: number
  readonly p90Hours: number
}

/**
 * The cohort and the baseline cohort (entries in the twelve months before) as classes, and the hours of their finished stays per status,
 * summed per deal: one statement, so that both speak of the same deals.
 */
export async function selectCohort(
  em: Em,
  viewer: Viewer,
  slice: FunnelSlice,
  span: FunnelSpan,
  bits: StatusBits,
): Promise<{ readonly classes: readonly ClassRow[]; readonly stays: readonly StayRow[] }> {
  const found = await selectRow<{ classes: ClassRow[] | null; stays: StayRow[] | null }>(
    em,
    sql`with stays as materialized (${stays(viewer, slice, span, bits)}),
    facts as materialized (
      select deal_id, anchor < ${span.from} as baseline, path, visited, current, amount_minor from (${factsOf(sql`stays`, bits)}) as all_facts
      where anchor >= ${span.baselineFrom} and anchor < ${span.to}),
    classes as (
      select baseline, path, visited, current, count(*) as count, sum(amount_minor)::bigint as "amountMinor" from facts group by 1, 2, 3, 4),
    times as (
      select baseline, to_id as "statusId", percentile_cont(array[0.5, 0.9]) within group (order by hours) as hours
      from facts join stays using (deal_id) where hours is not null group by 1, 2)
    select (select jsonb_agg(to_jsonb(classes)) from classes) as classes,
      (select jsonb_agg(jsonb_build_object('baseline', baseline, 'statusId', "statusId", 'medianHours', hours[1], 'p90Hours', hours[2])) from times) as stays`,
  )
  return { classes: found?.classes ?? [], stays: found?.stays ?? [] }
}

export type MemberRow = Omit<ClassRow, 'baseline'> & { readonly dealIds: readonly number[] }

/** The cohort's classes with the deals of each, for the lists behind figures. */
export function selectCohortMembers(
  em: Em,
  viewer: Viewer,
  slice: FunnelSlice,
  span: FunnelSpan,
  bits: StatusBits,
): Promise<MemberRow[]> {
  return selectRows(
    em,
    sql`with facts as (${facts(viewer, slice, span, bits)})
    select path, visited, current, count(*)::int as count, sum(amount_minor)::bigint as "amountMinor", jsonb_agg(deal_id) as "dealIds"
    from facts where anchor >= ${span.from} and anchor < ${span.to} group by 1, 2, 3`,
  )
}

/** `m`: every status's id beside the id it counts as. */
function mergedStatuses(bits: StatusBits): RawBuilder<unknown> {
  return sql`unnest(${[...bits.resolved.keys()]}::int[], ${[...bits.resolved.values()]}::int[]) as m (id, to_id)`
}

export type SplitKey = 'type' | 'counterparty' | 'department' | 'employee'
export type SplitClassRow = Omit<ClassRow, 'baseline'> & { readonly key: number | null; readonly name: string | null }

/** The cohort's classes, cut by one slice. */
export function selectSplitClasses(
  em: Em,
  viewer: Viewer,
  slice: FunnelSlice,
  span: FunnelSpan,
  bits: StatusBits,
  by: SplitKey,
  locale: 'ru' | 'en',
): Promise<SplitClassRow[]> {
  const { owner, department } = attributed(slice, bits)
  const typeName = locale === 'ru' ? sql`deal_type.name_ru` : sql`deal_type.name_en`
  const cuts = {
    type: { key: sql`deal.type_id`, name: typeName, join: sql`join deal_type on deal_type.id = deal.type_id` },
    counterparty: {
      key: sql`deal.counterparty_id`,
      name: sql`cp.name`,
      join: sql`left join counterparty cp on cp.id = deal.counterparty_id`,
    },
    department: { key: department, name: sql`d.name`, join: sql`left join department d on d.id = ${department}` },
    employee: { key: owner, name: sql`e.name`, join: sql`left join employee e on e.id = ${owner}` },
  }
  const cut = cuts[by]
  return selectRows<SplitClassRow>(
    em,
    sql`with facts as (${facts(viewer, slice, span, bits)})
    select ${cut.key} as key, ${cut.name} as name, path, visited, current, count(*)::int as count, sum(facts.amount_minor)::bigint as "amountMinor"
    from facts join deal on deal.id = facts.deal_id ${cut.join}
    where anchor >= ${span.from} and anchor < ${span.to} group by 1, 2, 3, 4, 5`,
  )
}

/** A condition over the alias `deal`: these deals, as far as they are visible. */
export function dealsWithIds(viewer: Viewer, ids: readonly number[]): RawBuilder<unknown> {
  return sql`${visibleDeals(viewer)} and deal.id = any(${[...ids]}::bigint[])`
}

export type QueueRow = {
  readonly statusId: number
  readonly week: number
  readonly arrivals: number
  readonly departures: number
}

/** Entries into and exits from each status in the three weeks (of seven days) before as-of; week 0 is the latest. */
export function selectQueues(
  em: Em,
  viewer: Viewer,
  slice: FunnelSlice,
  span: FunnelSpan,
  bits: StatusBits,
): Promise<QueueRow[]> {
  return selectRows<QueueRow>(
    em,
    sql`with moves as (
      select m.to_id as status_id, v.entered_at as at, 1 as arrived from status_visit v join deal on deal.id = v.deal_id
        join ${mergedStatuses(bits)} on m.id = v.status_id
        where v.voided_at is null and v.entered_at > ${span.asOf}::timestamptz - interval '21 days' and v.entered_at <= ${span.asOf}
        and ${visibleDeals(viewer)} and ${inSlice(slice, bits)}
      union all
      select m.to_id, v.left_at, 0 from status_visit v join deal on deal.id = v.deal_id
        join ${mergedStatuses(bits)} on m.id = v.status_id
        where v.voided_at is null and v.left_at > ${span.asOf}::timestamptz - interval '21 days' and v.left_at <= ${span.asOf}
        and ${visibleDeals(viewer)} and ${inSlice(slice, bits)})
    select status_id as "statusId", least(2, floor(date_part('epoch', ${span.asOf}::timestamptz - at) / 604800))::int as week,
      count(*) filter (where arrived = 1)::int as arrivals, count(*) filter (where arrived = 0)::int as departures
    from moves group by 1, 2`,
  )
}

export type SnapshotRow = {
  readonly statusId: number
  readonly count: number
  readonly amountMinor: number
  readonly weightedMinor: number
  readonly overdue: number
  readonly medianAgeHours: number
}

/** A condition over `v` (visit), `deal`, `m`: stays of visible deals of the slice that cover the moment. */
function standing(viewer: Viewer, slice: FunnelSlice, asOf: Date, bits: StatusBits): RawBuilder<unknown> {
  return sql`v.voided_at is null and v.entered_at <= ${asOf} and (v.left_at is null or v.left_at > ${asOf})
    and ${visibleDeals(viewer)} and ${inSlice(slice, bits)}`
}

/** How many deals stand where at a moment, with sums in minor units and ages in hours. */
export function selectSnapshot(em: Em, viewer: Viewer, slice: FunnelSlice, asOf: Date, bits: StatusBits): Promise<SnapshotRow[]> {
  return selectRows<SnapshotRow>(
    em,
    sql`select m.to_id as "statusId", count(*)::int as count, sum(deal.amount_minor)::bigint as "amountMinor",
      sum(case when s.category = 'lost' then 0 else round(deal.amount_minor * coalesce(deal.probability_pct, s.probability_pct) / 100.0) end)::bigint as "weightedMinor",
      (count(*) filter (where s.category <> 'lost'
        and extract(epoch from ${asOf}::timestamptz - v.entered_at) / 3600 > coalesce(stage.time_limit_hours, s.time_limit_hours)))::int as overdue,
      percentile_cont(0.5) within group (order by extract(epoch from ${asOf}::timestamptz - v.entered_at)::float8 / 3600) as "medianAgeHours"
    from status_visit v join deal on deal.id = v.deal_id
    join ${mergedStatuses(bits)} on m.id = v.status_id join status s on s.id = m.to_id
    left join stage on stage.id = v.stage_id
    where ${standing(viewer, slice, asOf, bits)} group by 1`,
  )
}

/** A condition over the alias `deal`: those that stand in one of the statuses at the moment. */
export function dealsStanding(
  viewer: Viewer,
  slice: FunnelSlice,
  asOf: Date,
  bits: StatusBits,
  statusIds: readonly number[],
): RawBuilder<unknown> {
  const sources = [...bits.resolved].filter(([, to]) => statusIds.includes(to)).map(([id]) => id)
  return sql`${visibleDeals(viewer)} and deal.id in (
    select v.deal_id from status_visit v join deal on deal.id = v.deal_id
    where v.status_id = any(${sources}::int[]) and ${standing(viewer, slice, asOf, bits)})`
}
