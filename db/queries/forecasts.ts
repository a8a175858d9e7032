import type { ForecastCopy, ForecastPeriodKind, ForecastSliceKind } from '../../shared/domain/forecast-history.ts'
import type { Em } from '../orm.ts'
import { selectRow, selectRows, sql } from '../sql.ts'

export type LearnedRow = { readonly typeId: number; readonly statusId: number; readonly wins: number; readonly resolved: number }

export function selectLearned(em: Em): Promise<LearnedRow[]> {
  return selectRows<LearnedRow>(
    em,
    sql`select type_id as "typeId", status_id as "statusId", wins, resolved from forecast_learned`,
  )
}

/** The day on which it was learned; null: never, or there was nothing to learn. */
export async function selectLearnedOn(em: Em): Promise<string | null> {
  const row = await selectRow<{ day: string | null }>(em, sql`select max(learned_on)::text as day from forecast_learned`)
  return row?.day ?? null
}

/**
 * Learns anew from all deals of the company: in which statuses they have been, and how they ended. A deal that was won and then lost counts
 * as lost. Statuses that count as others are taken as those.
 */
export async function replaceLearned(
  em: Em,
  { wonIds, lostIds, day }: { readonly wonIds: readonly number[]; readonly lostIds: readonly number[]; readonly day: string },
): Promise<void> {
  await selectRows(em, sql`delete from forecast_learned`)
  await selectRows(
    em,
    sql`insert into forecast_learned (type_id, status_id, wins, resolved, learned_on)
    select type_id, status_id, count(*) filter (where not is_lost), count(*), ${day}::date from (
      select deal.type_id, been.status_id, deal.status_id = any(${[...lostIds]}::int[]) as is_lost
      from deal join lateral (select distinct coalesce(s.merged_into_id, s.id) as status_id, bool_or(v.status_id = any(${[...wonIds]}::int[])) over () as is_won
        from status_visit v join status s on s.id = v.status_id where v.deal_id = deal.id and v.voided_at is null) as been on true
      where deal.withdrawn_at is null and (been.is_won or deal.status_id = any(${[...lostIds]}::int[]))
        and been.status_id <> all(${[...wonIds, ...lostIds]}::int[])) as resolved
    group by 1, 2`,
  )
}

/** Only one process freezes or learns at a time; the others wait and then find it done. */
export async function lockForecasts(em: Em): Promise<void> {
  await selectRows(em, sql`select pg_advisory_xact_lock(hashtext('forecast'))`)
}

export async function hasCopies(em: Em, week: string): Promise<boolean> {
  return (await selectRow(em, sql`select 1 from forecast_snapshot where week = ${week}::date limit 1`)) !== null
}

export type CopyRow = ForecastCopy & {
  readonly slice: ForecastSliceKind
  readonly sliceId: number
  readonly period: ForecastPeriodKind
  readonly periodFrom: string
  readonly periodTo: string
}

export async function insertCopies(em: Em, takenAt: Date, rows: readonly CopyRow[]): Promise<void> {
  await selectRows(
    em,
    sql`insert into forecast_snapshot (week, slice, slice_id, period, period_from, period_to, taken_at, won_deals, won_minor, expected_deals, expected_minor,
      weighted_minor, overdue_deals, overdue_minor, undated_deals, undated_minor, without_rate)
    select week, slice, "sliceId", period, "periodFrom", "periodTo", ${takenAt}, "wonDeals", "wonMinor", "expectedDeals", "expectedMinor", "weightedMinor",
      "overdueDeals", "overdueMinor", "undatedDeals", "undatedMinor", "withoutRate"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (week date, slice text, "sliceId" int, period text, "periodFrom" date, "periodTo" date,
      "wonDeals" int, "wonMinor" bigint, "expectedDeals" int, "expectedMinor" bigint, "weightedMinor" bigint, "overdueDeals" int, "overdueMinor" bigint,
      "undatedDeals" int, "undatedMinor" bigint, "withoutRate" int)
    on conflict do nothing`,
  )
}

/** The copies of one slice for periods of a kind that begin on or after a day, oldest first. */
export function selectCopies(
  em: Em,
  of: { readonly slice: ForecastSliceKind; readonly sliceId: number; readonly period: ForecastPeriodKind; readonly from: string },
): Promise<CopyRow[]> {
  return selectRows<CopyRow>(
    em,
    sql`select week::text, slice, slice_id as "sliceId", period, period_from::text as "periodFrom", period_to::text as "periodTo", won_deals as "wonDeals",
      won_minor as "wonMinor", expected_deals as "expectedDeals", expected_minor as "expectedMinor", weighted_minor as "weightedMinor",
      overdue_deals as "overdueDeals", overdue_minor as "overdueMinor", undated_deals as "undatedDeals", undated_minor as "undatedMinor", without_rate as "withoutRate"
    from forecast_snapshot where slice = ${of.slice} and slice_id = ${of.sliceId} and period = ${of.period} and period_from >= ${of.from}::date
    order by period_from, week`,
  )
}
