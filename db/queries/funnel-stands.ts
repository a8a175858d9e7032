import type { Em } from '../orm.ts'
import { type RawBuilder, selectRow, selectRows, sql } from '../sql.ts'
import { mergedStatuses } from './funnel.ts'
import { inKeptSlice, type KeptSlice, type StatusBits } from './funnel-slice.ts'
import type { LimitInstant } from './overdue.ts'

/** Where deals stand now from what is kept by day: counts and sums cost the same whatever the number of deals. */

/** A status as deals name it. */
export type StandTerms = {
  readonly id: number
  /** Chance of its deals that have none of their own, 0 to 100; null: they are lost and weigh nothing, whatever their own says. */
  readonly chancePct: number | null
  /** No stay that began later is beyond a limit: the strictest of its own and those of the stages that give it. Null: nothing limits it. */
  readonly lateBefore: Date | null
  /** Every stay that began before is beyond its limit, whatever stage it came from: the mildest of them. Null: it has no limit of its own. */
  readonly certainlyBefore: Date | null
}

/** What follows for deals from the statuses that they stand in, merged ones by the one they count as. */
export async function selectStandTerms(
  em: Em,
  bits: StatusBits,
  limits: readonly LimitInstant[],
): Promise<readonly StandTerms[]> {
  const rows = await selectRows<Pick<StandTerms, 'id' | 'chancePct'> & { own: number | null; ofStages: readonly number[] }>(
    em,
    sql`with stage_limit as (
      select distinct coalesce(stage.status_id, version.status_id) as status_id, stage.time_limit_hours as hours
      from stage join process_template_version version on version.id = stage.template_version_id where stage.time_limit_hours is not null)
    select m.id, case when s.category <> 'lost' then s.probability_pct end as "chancePct", case when s.category <> 'lost' then s.time_limit_hours end as own,
      array(select hours from stage_limit where s.category <> 'lost' and (stage_limit.status_id is null
        or stage_limit.status_id in (select source.id from ${mergedStatuses(bits, 'source')} where source.to_id = s.id))) as "ofStages"
    from ${mergedStatuses(bits)} join status s on s.id = m.to_id`,
  )
  const instants = new Map(limits.map(({ hours, before }) => [hours, before.getTime()]))
  // A limit that came between the two readings is no limit yet.
  const instantsOf = (hours: readonly (number | null)[]) => hours.flatMap((one) => instants.get(one ?? Number.NaN) ?? [])
  return rows.map(({ id, chancePct, own, ofStages }) => {
    const before = instantsOf([own, ...ofStages])
    const isLimited = instantsOf([own]).length > 0
    return {
      id,
      chancePct,
      lateBefore: before.length === 0 ? null : new Date(Math.max(...before)),
      certainlyBefore: isLimited ? new Date(Math.min(...before)) : null,
    }
  })
}

/** `department_id, type_id, status_id, day, deals, amount_minor`: what is folded, and what changed since. */
function stands({ departments, types }: KeptSlice): RawBuilder<unknown> {
  const asked = inKeptSlice({ departments, types })
  const columns = sql`select status_id, day, deals, amount_minor from funnel_stand`
  return sql`${columns} where folded and ${departments.length > 0 ? asked.departments : sql`department_id = 0`} and ${types.length > 0 ? asked.types : sql`type_id = 0`}
    union all ${columns} where not folded and ${asked.departments} and ${asked.types}`
}

/**
 * A query `id, count, amount_minor, weighted_minor, late, middle`, where the last is since when the two deals in the middle have stood there, as `selectSnapshot`
 * wants it. Of deals themselves it reads those that have a chance of their own, the middle ones, and those that began on the day of an instant.
 */
export function keptStanding(slice: KeptSlice, bits: StatusBits, terms: readonly StandTerms[]): RawBuilder<unknown> {
  const before = terms.map(({ certainlyBefore }) => certainlyBefore)
  const own = sql`unnest(${terms.map(({ id }) => id)}::int[], ${terms.map(({ chancePct }) => chancePct)}::int[], ${before}::timestamptz[]) as own (id, chance, late_before)`
  const asked = inKeptSlice(slice)
  const deals = sql`withdrawn_at is null and ${asked.departments} and ${asked.types}`
  return sql`with stood as materialized (
      select m.to_id as id, s.day, sum(s.deals) as deals, sum(s.amount_minor) as amount_minor
      from (${stands(slice)}) as s join ${mergedStatuses(bits)} on m.id = s.status_id group by 1, 2 having sum(s.deals) <> 0),
    counted as materialized (select id, day, deals, sum(deals) over (partition by id order by day) as upto from stood),
    total as (
      select stood.id, own.chance, own.late_before, sum(deals)::bigint as count, sum(amount_minor)::bigint as amount_minor,
        coalesce(sum(deals) filter (where day < funnel_stand_day(own.late_before)), 0) as late
      from stood join ${own} on own.id = stood.id group by 1, 2, 3),
    chanced as (
      select m.to_id as id, sum(coalesce(deal.base_amount_minor, 0) * (deal.probability_pct - own.chance)) as minor
      from deal join ${mergedStatuses(bits)} on m.id = deal.status_id join ${own} on own.id = m.to_id
      where deal.probability_pct is not null and ${deals} group by 1)
    select total.id, total.count::int as count, total.amount_minor,
      round((total.amount_minor * coalesce(total.chance, 0) + coalesce(chanced.minor, 0)) / 100.0)::bigint as weighted_minor,
      (total.late + (select count(*) from deal
        where deal.status_id = any(array(select m.id from ${mergedStatuses(bits)} where m.to_id = total.id))
          and deal.status_since >= funnel_stand_day(total.late_before)::timestamp at time zone 'UTC' and deal.status_since < total.late_before and ${deals}))::int as late,
      array(select (select deal.status_since from deal
          where deal.status_id = any(array(select m.id from ${mergedStatuses(bits)} where m.to_id = total.id))
            and deal.status_since >= counted.day::timestamp at time zone 'UTC' and deal.status_since < (counted.day + 1)::timestamp at time zone 'UTC' and ${deals}
          order by deal.status_since offset nth.place - (counted.upto - counted.deals) - 1 limit 1)
        from (values (1, (total.count + 1) / 2), (2, total.count / 2 + 1)) as nth (no, place)
        join counted on counted.id = total.id and counted.upto >= nth.place and counted.upto - counted.deals < nth.place order by nth.no) as middle
    from total left join chanced using (id)`
}

/** Counts all of it from the deals. The transaction must see one moment, and hold the cube. */
export async function countStands(em: Em): Promise<void> {
  await selectRows(em, sql`select funnel_count_stands()`)
}

/** Adds up what has gathered. The transaction must hold the cube. @returns whether there was anything to do */
export async function foldStands(em: Em): Promise<boolean> {
  const waiting = await selectRow(em, sql`select 1 from funnel_stand where not folded limit 1`)
  if (waiting) await selectRows(em, sql`select funnel_fold_stands()`)
  return waiting !== null
}
