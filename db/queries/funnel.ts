import type { Em } from '../orm.ts'
import { type RawBuilder, selectRows, sql } from '../sql.ts'
import { elapsedHours } from './elapsed.ts'
import { facts, maskColumns, visitedText } from './funnel-facts.ts'
import { attributed, type FunnelSlice, inSlice, type StatusBits, sourcesOf } from './funnel-slice.ts'
import { type Viewer, visibleDeals } from './visibility.ts'

/**
 * The one query behind every funnel figure and the list that makes it up. Deals of a cohort are grouped into classes (path, statuses visited,
 * status now); `shared/domain/funnel` computes on classes, and says which classes a figure is made of, so a list cannot differ from its figure.
 */

/** Instants; `from` and `to` half-open, `baselineFrom` the start of the twelve months before. */
export type FunnelSpan = { readonly baselineFrom: Date; readonly from: Date; readonly to: Date; readonly asOf: Date }

export type ClassRow = {
  readonly baseline: boolean
  readonly path: number
  /** A text of 0 and 1, a place per status of `StatusBits.ids`. */
  readonly visited: string
  readonly current: number
  readonly count: number
  readonly amountMinor: number
}

/** The cohort and the baseline cohort (entries in the twelve months before) as classes. */
export function selectCohort(
  em: Em,
  viewer: Viewer,
  slice: FunnelSlice,
  span: FunnelSpan,
  bits: StatusBits,
): Promise<ClassRow[]> {
  return selectRows<ClassRow>(
    em,
    sql`select anchor < ${span.from} as baseline, path, ${visitedText(bits)} as visited, current, count(*)::int as count, sum(amount_minor)::bigint as "amountMinor"
    from (${facts(viewer, slice, { ...span, from: span.baselineFrom }, bits)}) as both_cohorts group by baseline, path, ${sql.join(maskColumns(bits))}, current`,
  )
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
    sql`select path, ${visitedText(bits)} as visited, current, count(*)::int as count, sum(amount_minor)::bigint as "amountMinor",
      jsonb_agg(deal_id) as "dealIds"
    from (${facts(viewer, slice, span, bits)}) as facts group by path, ${sql.join(maskColumns(bits))}, current`,
  )
}

/** `m`: every status's id beside the id it counts as. */
export function mergedStatuses(bits: StatusBits): RawBuilder<unknown> {
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
    sql`select ${cut.key} as key, ${cut.name} as name, path, ${visitedText(bits)} as visited, current, count(*)::int as count,
      sum(facts.amount_minor)::bigint as "amountMinor"
    from (${facts(viewer, slice, span, bits)}) as facts join deal on deal.id = facts.deal_id ${cut.join} group by 1, 2, 3, 4, 5`,
  )
}

/** A condition over the alias `deal`: these deals, as far as they are visible. */
export function dealsWithIds(viewer: Viewer, ids: readonly number[]): RawBuilder<unknown> {
  return sql`${visibleDeals(viewer)} and deal.id = any(${[...ids]}::bigint[])`
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

/** How many deals stand where at a moment, with sums in minor units of the organisation's currency and ages in hours. */
export function selectSnapshot(
  em: Em,
  viewer: Viewer,
  slice: FunnelSlice,
  asOf: Date,
  bits: StatusBits,
  inWorkingTime: boolean,
): Promise<SnapshotRow[]> {
  return selectRows<SnapshotRow>(
    em,
    sql`select m.to_id as "statusId", count(*)::int as count, coalesce(sum(deal.base_amount_minor), 0)::bigint as "amountMinor",
      sum(case when s.category = 'lost' then 0 else round(coalesce(deal.base_amount_minor, 0) * coalesce(deal.probability_pct, s.probability_pct) / 100.0) end)::bigint as "weightedMinor",
      (count(*) filter (where s.category <> 'lost'
        and ${elapsedHours(inWorkingTime, sql`v.entered_at`, asOf)} > coalesce(stage.time_limit_hours, s.time_limit_hours)))::int as overdue,
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
  return sql`${visibleDeals(viewer)} and deal.id in (
    select v.deal_id from status_visit v join deal on deal.id = v.deal_id
    where v.status_id = any(${sourcesOf(bits, statusIds)}::int[]) and ${standing(viewer, slice, asOf, bits)})`
}
