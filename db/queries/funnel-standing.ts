import type { SnapshotRow } from '../../shared/domain/funnel-snapshot.ts'
import type { Em } from '../orm.ts'
import { type RawBuilder, selectRows, sql } from '../sql.ts'
import { elapsedHours } from './elapsed.ts'
import { mergedStatuses } from './funnel.ts'
import { byStatusId } from './funnel-facts.ts'
import { type FunnelSlice, inSlice, type KeptSlice, type StatusBits, sourcesOf } from './funnel-slice.ts'
import { keptStanding, type StandTerms, selectStandTerms } from './funnel-stands.ts'
import { type Viewer, visibleDeals } from './visibility.ts'

/** Where deals stand at a moment: how many, worth what, for how long, how many beyond their limit; and the lists behind it. */

export type StandingQuestion = {
  readonly viewer: Viewer
  readonly slice: FunnelSlice
  readonly bits: StatusBits
  readonly asOf: Date
  /** It is asked for now: deals themselves say where they stand. */
  readonly isPresent: boolean
}

/** `deal_id, status_id, since, base_amount_minor, probability_pct`, `stage_id` where it limits them: visible deals of the slice. @param limited a condition over the alias `deal` that those meet which alone are asked for, with their stages; null: all */
function stays(
  { viewer, slice, bits, asOf, isPresent }: StandingQuestion,
  limited: RawBuilder<unknown> | null,
): RawBuilder<unknown> {
  const asked = sql`${visibleDeals(viewer)} and ${inSlice(slice, bits)}`
  if (!isPresent)
    return sql`select v.deal_id, v.status_id, v.entered_at as since, deal.base_amount_minor, deal.probability_pct, v.stage_id
      from status_visit v join deal on deal.id = v.deal_id
      where v.voided_at is null and v.entered_at <= ${asOf} and (v.left_at is null or v.left_at > ${asOf}) and ${asked}`
  // Most deals stand where nothing limits them: an index tells all of these, and nobody needs to know what stage they came from.
  if (!limited)
    return sql`select deal.id as deal_id, deal.status_id, deal.status_since as since, deal.base_amount_minor, deal.probability_pct from deal where ${asked}`
  return sql`select deal.id as deal_id, deal.status_id, deal.status_since as since, v.stage_id
    from deal left join status_visit v on v.deal_id = deal.id and v.left_at is null and v.voided_at is null
    where ${asked} and ${limited}`
}

/** Only these may be beyond a limit. Named one by one, the planner knows how few they are. */
function mayBeLate(terms: readonly StandTerms[], asOf: Date): RawBuilder<unknown> {
  const limited = terms.flatMap(({ id, leastLimitHours }) => (leastLimitHours === null ? [] : [{ id, leastLimitHours }]))
  const hours = sql`(${Array.from({ length: Math.max(0, ...limited.map(({ id }) => id)) }, (_, place) => limited.find(({ id }) => id === place + 1)?.leastLimitHours ?? null)}::int[])[deal.status_id]`
  return sql`deal.status_id = any(${limited.map(({ id }) => id)}::int[]) and deal.status_since < ${asOf}::timestamptz - make_interval(hours => ${hours})`
}

/** `deal_id, status_id` of those that stay longer than their stage, else their status allows. @param inWorkingTime by which clock */
function overdue(question: StandingQuestion, limited: RawBuilder<unknown>, inWorkingTime: boolean): RawBuilder<unknown> {
  const { bits, asOf } = question
  return sql`select stay.deal_id, m.to_id as status_id from (${stays(question, limited)}) as stay
    join ${mergedStatuses(bits)} on m.id = stay.status_id join status s on s.id = m.to_id left join stage on stage.id = stay.stage_id
    where s.category <> 'lost' and ${elapsedHours(inWorkingTime, sql`stay.since`, asOf)} > coalesce(stage.time_limit_hours, s.time_limit_hours)`
}

/** Of an even number the two in the middle, of an odd one the middle twice; right up to some hundred million. */
const middle = sql.lit('{0.5,0.500000001}')

/** A query `id, count, amount_minor, weighted_minor, middle` from the stays themselves. */
function standing(question: StandingQuestion): RawBuilder<unknown> {
  const { bits } = question
  const isMerged = [...bits.resolved].some(([id, to]) => id !== to)
  // Grouped by the bare column, the rows come from the index in order of their ages.
  const countsAs = isMerged ? sql`(${byStatusId(bits, (id) => id)}::int[])[stay.status_id]` : sql`stay.status_id`
  return sql`with chance as materialized (
      select array(select case when s.category <> 'lost' then s.probability_pct end from generate_series(1, (select max(id) from status)) as n
        left join ${mergedStatuses(bits)} on m.id = n left join status s on s.id = m.to_id order by n) as of_status)
    select ${countsAs} as id, count(*)::int as count, coalesce(sum(stay.base_amount_minor), 0)::bigint as amount_minor,
      sum(round(coalesce(stay.base_amount_minor, 0) * case when (select of_status from chance)[stay.status_id] is null then 0
        else coalesce(stay.probability_pct, (select of_status from chance)[stay.status_id]) end / 100.0))::bigint as weighted_minor,
      percentile_disc(${middle}::float8[]) within group (order by stay.since) as middle
    from (${stays(question, null)}) as stay group by 1`
}

/**
 * How many deals stand where at a moment, with sums in minor units of the organisation's currency and ages in hours.
 * @param kept what is kept by day holds just the deals of the question, which is asked for now; null: it does not
 */
export async function selectSnapshot(
  em: Em,
  question: StandingQuestion,
  inWorkingTime: boolean,
  kept: KeptSlice | null = null,
): Promise<SnapshotRow[]> {
  const { bits, asOf } = question
  const terms = await selectStandTerms(em, bits)
  const ageOf = (place: number) => sql`extract(epoch from ${asOf}::timestamptz - middle[${sql.lit(place)}])::float8 / 3600`
  return selectRows<SnapshotRow>(
    em,
    sql`with standing as (${kept ? keptStanding(kept, bits, terms) : standing(question)}),
    late as (select status_id as id, count(*)::int as count from (${overdue(question, mayBeLate(terms, asOf), inWorkingTime)}) as overdue group by 1)
    select standing.id as "statusId", standing.count, amount_minor as "amountMinor", weighted_minor as "weightedMinor", coalesce(late.count, 0) as overdue,
      (${ageOf(1)} + ${ageOf(2)}) / 2 as "medianAgeHours"
    from standing left join late using (id)`,
  )
}

/** A condition over the alias `deal`: those that stand in one of the statuses at the moment. @param late only those beyond the limit, by which clock */
export function dealsStanding(
  question: StandingQuestion,
  statusIds: readonly number[],
  late: { readonly inWorkingTime: boolean } | null = null,
): RawBuilder<unknown> {
  const sources = sourcesOf(question.bits, statusIds)
  const chosen = late
    ? sql`select deal_id from (${overdue(question, sql`deal.status_id = any(${sources}::int[])`, late.inWorkingTime)}) as late where status_id = any(${[...statusIds]}::int[])`
    : sql`select deal_id from (${stays(question, null)}) as stay where status_id = any(${sources}::int[])`
  return sql`${visibleDeals(question.viewer)} and deal.id in (${chosen})`
}
