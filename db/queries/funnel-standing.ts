import type { SnapshotRow } from '../../shared/domain/funnel-snapshot.ts'
import type { WorkCalendar } from '../../shared/domain/working-time.ts'
import type { Em } from '../orm.ts'
import { type RawBuilder, selectRows, sql } from '../sql.ts'
import { mergedStatuses } from './funnel.ts'
import { byStatusId } from './funnel-facts.ts'
import { type FunnelSlice, inSlice, type KeptSlice, type StatusBits, sourcesOf } from './funnel-slice.ts'
import { keptStanding, type StandTerms, selectStandTerms } from './funnel-stands.ts'
import { type LimitInstant, limitRows, selectLimitInstants } from './overdue.ts'
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

/** Those that may be beyond a limit or not, by the stage that they came from: begun between the instants of the strictest and of the mildest. */
function mayBeLate(terms: readonly StandTerms[]): RawBuilder<unknown> {
  const ranges = terms.flatMap(({ id, lateBefore, certainlyBefore }) => {
    if (lateBefore === null || (certainlyBefore && certainlyBefore >= lateBefore)) return []
    const begun = certainlyBefore ? sql`deal.status_since >= ${certainlyBefore} and ` : sql``
    return [sql`(deal.status_id = ${id} and ${begun}deal.status_since < ${lateBefore})`]
  })
  return ranges.length === 0 ? sql`false` : sql`(${sql.join(ranges, sql` or `)})`
}

/** `deal_id, status_id` of those that stay longer than their stage, else their status allows. */
function overdue(question: StandingQuestion, limited: RawBuilder<unknown>, limits: readonly LimitInstant[]): RawBuilder<unknown> {
  const { bits } = question
  return sql`select stay.deal_id, m.to_id as status_id from (${stays(question, limited)}) as stay
    join ${mergedStatuses(bits)} on m.id = stay.status_id join status s on s.id = m.to_id left join stage on stage.id = stay.stage_id
    join ${limitRows(limits)} on time_limit.hours = coalesce(stage.time_limit_hours, s.time_limit_hours)
    where s.category <> 'lost' and stay.since < time_limit.before`
}

/** Of an even number the two in the middle, of an odd one the middle twice; right up to some hundred million. */
const middle = sql.lit('{0.5,0.500000001}')

/** A query `id, count, amount_minor, weighted_minor, late, middle` from the stays themselves; `late`: certainly. */
function standing(question: StandingQuestion, terms: readonly StandTerms[]): RawBuilder<unknown> {
  const { bits } = question
  const isMerged = [...bits.resolved].some(([id, to]) => id !== to)
  // Grouped by the bare column, the rows come from the index in order of their ages.
  const countsAs = isMerged ? sql`(${byStatusId(bits, (id) => id)}::int[])[stay.status_id]` : sql`stay.status_id`
  const of = <Value>(read: (term: StandTerms) => Value) => {
    const byId = new Map(terms.map((term) => [term.id, read(term)]))
    return Array.from({ length: Math.max(0, ...byId.keys()) }, (_, place) => byId.get(place + 1) ?? null)
  }
  return sql`with own as materialized (
      select ${of(({ chancePct }) => chancePct)}::int[] as chance, ${of(({ certainlyBefore }) => certainlyBefore)}::timestamptz[] as late_before)
    select ${countsAs} as id, count(*)::int as count, coalesce(sum(stay.base_amount_minor), 0)::bigint as amount_minor,
      round(sum(coalesce(stay.base_amount_minor, 0) * case when (select chance from own)[stay.status_id] is null then 0
        else coalesce(stay.probability_pct, (select chance from own)[stay.status_id]) end) / 100.0)::bigint as weighted_minor,
      (count(*) filter (where stay.since < (select late_before from own)[stay.status_id]))::int as late,
      percentile_disc(${middle}::float8[]) within group (order by stay.since) as middle
    from (${stays(question, null)}) as stay group by 1`
}

/**
 * How many deals stand where at a moment, with sums in minor units of the organisation's currency and ages in hours.
 * @param calendar limits count working time by it; null: calendar hours
 * @param kept what is kept by day holds just the deals of the question, which is asked for now; null: it does not
 */
export async function selectSnapshot(
  em: Em,
  question: StandingQuestion,
  calendar: WorkCalendar | null | undefined,
  kept: KeptSlice | null = null,
): Promise<SnapshotRow[]> {
  const { bits, asOf, isPresent } = question
  const limits = await selectLimitInstants(em, asOf, calendar)
  const known = await selectStandTerms(em, bits, limits)
  // A stay of the past may have come from any stage.
  const terms = isPresent ? known : known.map((term) => ({ ...term, certainlyBefore: null }))
  const ageOf = (place: number) => sql`extract(epoch from ${asOf}::timestamptz - middle[${sql.lit(place)}])::float8 / 3600`
  return selectRows<SnapshotRow>(
    em,
    sql`with standing as (${kept ? keptStanding(kept, bits, terms) : standing(question, terms)}),
    late as (select status_id as id, count(*)::int as count from (${overdue(question, mayBeLate(terms), limits)}) as overdue group by 1)
    select standing.id as "statusId", standing.count, amount_minor as "amountMinor", weighted_minor as "weightedMinor", standing.late + coalesce(late.count, 0) as overdue,
      (${ageOf(1)} + ${ageOf(2)}) / 2 as "medianAgeHours"
    from standing left join late using (id)`,
  )
}

/** A condition over the alias `deal`: those that stand in one of the statuses at the moment. @param limits only those beyond theirs; null: all */
export function dealsStanding(
  question: StandingQuestion,
  statusIds: readonly number[],
  limits: readonly LimitInstant[] | null = null,
): RawBuilder<unknown> {
  const sources = sourcesOf(question.bits, statusIds)
  const chosen = limits
    ? sql`select deal_id from (${overdue(question, sql`deal.status_id = any(${sources}::int[])`, limits)}) as late where status_id = any(${[...statusIds]}::int[])`
    : sql`select deal_id from (${stays(question, null)}) as stay where status_id = any(${sources}::int[])`
  return sql`${visibleDeals(question.viewer)} and deal.id in (${chosen})`
}
