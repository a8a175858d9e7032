import type { WayRow } from '../../shared/domain/funnel-paths.ts'
import type { Em } from '../orm.ts'
import { type RawBuilder, selectRows, sql } from '../sql.ts'
import type { FunnelSpan } from './funnel.ts'
import { facts } from './funnel-facts.ts'
import type { FunnelSlice, StatusBits } from './funnel-slice.ts'
import { type Viewer, visibleDeals } from './visibility.ts'

/** The ways of a cohort's deals from status to status, and the deals of each: one query for the picture and its lists. */
export type PathsQuestion = {
  readonly viewer: Viewer
  readonly slice: FunnelSlice
  readonly span: FunnelSpan
  readonly bits: StatusBits
}

/**
 * `deal_id, path, amount_minor, from_id, to_id, hours`, a row for each way taken: 0 is the beginning, or that nothing followed.
 * Stays in the same status one after the other count as one.
 */
function moves({ viewer, slice, span, bits }: PathsQuestion): RawBuilder<unknown> {
  const resolved = sql`unnest(${[...bits.resolved.keys()]}::int[], ${[...bits.resolved.values()]}::int[]) as m (id, to_id)`
  return sql`with cohort as materialized (select deal_id, path, amount_minor from (${facts(viewer, slice, span, bits)}) as facts),
    stays as (select v.deal_id, v.id, m.to_id as status_id, v.entered_at,
        lag(m.to_id) over (partition by v.deal_id order by v.entered_at, v.id) as before_id
      from status_visit v join cohort on cohort.deal_id = v.deal_id join ${resolved} on m.id = v.status_id
      where v.voided_at is null and v.entered_at <= ${span.asOf}),
    entries as (select deal_id, status_id, before_id, entered_at,
        lead(status_id) over (partition by deal_id order by entered_at, id) as next_id,
        lead(entered_at) over (partition by deal_id order by entered_at, id) as next_at
      from stays where before_id is distinct from status_id)
    select cohort.*, 0 as from_id, status_id as to_id, null::float8 as hours from entries join cohort using (deal_id) where before_id is null
    union all
    select cohort.*, status_id, coalesce(next_id, 0), extract(epoch from next_at - entered_at)::float8 / 3600 from entries join cohort using (deal_id)`
}

/** All ways, by process version. */
export function selectWays(em: Em, question: PathsQuestion): Promise<WayRow[]> {
  return selectRows<WayRow>(
    em,
    sql`with moves as materialized (${moves(question)}),
    medians as (select from_id, to_id, percentile_cont(0.5) within group (order by hours) as hours from moves group by 1, 2),
    takers as (select deal_id, path, amount_minor, from_id, to_id, count(*)::int as times from moves group by 1, 2, 3, 4, 5)
    select t.from_id as "from", t.to_id as "to", t.path, count(*)::int as deals, sum(t.times)::int as times, (count(*) filter (where t.times > 1))::int as again, sum(t.amount_minor)::bigint as "amountMinor",
      medians.hours as "medianHours"
    from takers t join medians using (from_id, to_id) group by 1, 2, 3, medians.hours`,
  )
}

/** Of the deals on a way: `versions`, those of these process versions, null: of any; `again`: those that took it more than once. */
export type WayDeals = {
  readonly from: number
  readonly to: number
  readonly versions: readonly number[] | null
  readonly again: boolean
}

/** A condition over the alias `deal`: those that took the way. */
export function dealsOnWay(question: PathsQuestion, { from, to, versions, again }: WayDeals): RawBuilder<unknown> {
  const ofVersions = versions === null ? sql`true` : sql`path = any(${[...versions]}::int[])`
  return sql`${visibleDeals(question.viewer)} and deal.id in (select deal_id from (${moves(question)}) as moves
    where from_id = ${from} and to_id = ${to} and ${ofVersions} group by deal_id having count(*) >= ${again ? 2 : 1})`
}
