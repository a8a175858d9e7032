import type { Em } from '../orm.ts'
import { type RawBuilder, selectRow, selectRows, sql } from '../sql.ts'
import { mergedStatuses } from './funnel.ts'
import { inKeptSlice, type KeptSlice, type StatusBits } from './funnel-slice.ts'

/** Where deals stand now from what is kept by day: counts and sums cost the same whatever the number of deals. */

/** A status as deals name it. */
export type StandTerms = {
  readonly id: number
  /** Chance of its deals that have none of their own, 0 to 100; null: they are lost and weigh nothing, whatever their own says. */
  readonly chancePct: number | null
  /** The least of its own limit and those of the stages that give it, hours: no shorter stay is too long. Null: nothing limits it. */
  readonly leastLimitHours: number | null
}

/** What follows for deals from the statuses that they stand in, merged ones by the one they count as. */
export function selectStandTerms(em: Em, bits: StatusBits): Promise<StandTerms[]> {
  return selectRows<StandTerms>(
    em,
    sql`with stage_limit as (
      select m.to_id, min(stage.time_limit_hours) as hours from stage join process_template_version version on version.id = stage.template_version_id
      join ${mergedStatuses(bits)} on m.id = coalesce(stage.status_id, version.status_id) group by 1)
    select m.id, case when s.category <> 'lost' then s.probability_pct end as "chancePct", least(s.time_limit_hours, stage_limit.hours) as "leastLimitHours"
    from ${mergedStatuses(bits)} join status s on s.id = m.to_id left join stage_limit on stage_limit.to_id = s.id`,
  )
}

/** `department_id, type_id, status_id, day, deals, amount_minor`: what is folded, and what changed since. */
function stands({ departments, types }: KeptSlice): RawBuilder<unknown> {
  const asked = inKeptSlice({ departments, types })
  const columns = sql`select status_id, day, deals, amount_minor from funnel_stand`
  return sql`${columns} where folded and ${departments.length > 0 ? asked.departments : sql`department_id = 0`} and ${types.length > 0 ? asked.types : sql`type_id = 0`}
    union all ${columns} where not folded and ${asked.departments} and ${asked.types}`
}

/**
 * A query `id, count, amount_minor, weighted_minor, middle`, where the last is since when the two deals in the middle have stood there, as `selectSnapshot`
 * wants it. Of deals themselves it reads those whose chance is neither none, nothing nor certain, and the middle ones.
 */
export function keptStanding(slice: KeptSlice, bits: StatusBits, terms: readonly StandTerms[]): RawBuilder<unknown> {
  const isPlain = (chance: number) => chance === 0 || chance === 100
  const idsWhere = (isSuch: (chance: number) => boolean) =>
    terms.filter(({ chancePct }) => chancePct !== null && isSuch(chancePct)).map(({ id }) => id)
  const chances = sql`unnest(${terms.map(({ id }) => id)}::int[], ${terms.map(({ chancePct }) => chancePct)}::int[]) as own (id, chance)`
  const asked = inKeptSlice(slice)
  const deals = sql`withdrawn_at is null and ${asked.departments} and ${asked.types}`
  const weighed = sql`select status_id, probability_pct, coalesce(base_amount_minor, 0) as amount_minor from deal where ${deals}`
  return sql`with stood as materialized (
      select m.to_id as id, s.day, sum(s.deals) as deals, sum(s.amount_minor) as amount_minor, sum(case when own.chance = 100 then s.amount_minor else 0 end) as certain_minor
      from (${stands(slice)}) as s join ${mergedStatuses(bits)} on m.id = s.status_id join ${chances} on own.id = m.id group by 1, 2 having sum(s.deals) <> 0),
    counted as materialized (select id, day, deals, sum(deals) over (partition by id order by day) as upto from stood),
    total as (select id, sum(deals)::bigint as count, sum(amount_minor)::bigint as amount_minor, sum(certain_minor) as certain_minor from stood group by 1),
    chanced as (
      select m.to_id as id, sum(round(w.amount_minor * coalesce(w.probability_pct, own.chance) / 100.0) - case when own.chance = 100 then w.amount_minor else 0 end) as minor
      from (${weighed} and status_id = any(${idsWhere((chance) => !isPlain(chance))}::int[])
        union all ${weighed} and status_id = any(${idsWhere(isPlain)}::int[]) and probability_pct is not null) as w
      join ${mergedStatuses(bits)} on m.id = w.status_id join ${chances} on own.id = m.id group by 1)
    select total.id, total.count::int as count, total.amount_minor, (total.certain_minor + coalesce(chanced.minor, 0))::bigint as weighted_minor,
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
