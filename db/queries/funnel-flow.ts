import type { Em } from '../orm.ts'
import { type RawBuilder, selectRow, sql } from '../sql.ts'
import type { FunnelSpan } from './funnel.ts'
import { type FunnelSlice, inSlice, type StatusBits, sourcesOf } from './funnel-slice.ts'
import { type Viewer, visibleDeals } from './visibility.ts'

/**
 * The one query behind every figure of a flow and the list that makes it up: each deal once for each status that it entered in the period,
 * with what it did from its last such entry to the end. `shared/domain/funnel-flow` says what became of it.
 */

export type FlowQuestion = {
  readonly viewer: Viewer
  readonly slice: FunnelSlice
  readonly span: FunnelSpan
  readonly bits: StatusBits
  /** Ids of the statuses whose entries count. */
  readonly entered: readonly number[]
  /** Ids of all statuses that are not lost, in funnel order. */
  readonly climb: readonly number[]
}

export type FlowClassRow = {
  readonly status: number
  readonly furthest: number | null
  readonly current: number | null
  readonly typeChanged: boolean
  readonly entries: number
  readonly count: number
  readonly amountMinor: number
}
export type FlowAnswer = {
  readonly classes: readonly FlowClassRow[]
  /** Deals with any entry, each once. */
  readonly deals: number
  readonly amountMinor: number
}

/** The flow as classes, and all its deals together. */
export async function selectFlow(em: Em, question: FlowQuestion): Promise<FlowAnswer> {
  const row = await selectRow<{ classes: FlowClassRow[] | null; deals: number; amountMinor: number }>(
    em,
    sql`with fates as materialized (${fates(question)}),
    classes as (select status_id as status, furthest, current, type_changed as "typeChanged", sum(entries)::int as entries, count(*)::int as count,
      sum(amount_minor)::bigint as "amountMinor" from fates group by 1, 2, 3, 4)
    select (select json_agg(classes) from classes) as classes, count(*)::int as deals, coalesce(sum(amount_minor), 0)::bigint as "amountMinor"
    from (select distinct deal_id, amount_minor from fates) as each`,
  )
  return { classes: row?.classes ?? [], deals: row?.deals ?? 0, amountMinor: row?.amountMinor ?? 0 }
}

/** A condition over the alias `deal`: those of the chosen classes. */
export function dealsInFlow(
  question: FlowQuestion,
  chosen: readonly Pick<FlowClassRow, 'furthest' | 'current' | 'typeChanged'>[],
): RawBuilder<unknown> {
  const none = 0
  const [furthest, current, changed] = [
    chosen.map((one) => one.furthest ?? none),
    chosen.map((one) => one.current ?? none),
    chosen.map((one) => one.typeChanged),
  ]
  return sql`${visibleDeals(question.viewer)} and deal.id in (select deal_id from (${fates(question)}) as fates
    where (coalesce(furthest, ${none}), coalesce(current, ${none}), type_changed) in (
      select * from unnest(${furthest}::int[], ${current}::int[], ${changed}::boolean[])))`
}

/** A condition over the alias `deal`: all with an entry. */
export function dealsOfFlow(question: FlowQuestion): RawBuilder<unknown> {
  return sql`${visibleDeals(question.viewer)} and deal.id in (select deal_id from (${fates(question)}) as fates)`
}

/** `deal_id, status_id, furthest, current, type_changed, entries, amount_minor`, one row for a deal and a status. */
function fates(question: FlowQuestion): RawBuilder<unknown> {
  const { slice, span, bits, entered, climb, viewer } = question
  const byStatus = (read: (countsAs: number) => number) =>
    Array.from({ length: Math.max(0, ...bits.resolved.keys()) }, (_, index) => {
      const countsAs = bits.resolved.get(index + 1)
      return countsAs === undefined ? null : read(countsAs)
    })
  const resolved = sql`(${byStatus((id) => id)}::int[])[v.status_id]`
  // From 1, as PostgreSQL counts; 0 where it is lost.
  const place = sql`(${byStatus((id) => climb.indexOf(id) + 1)}::int[])[v.status_id]`
  const atEntry = { owner: sql`v.owner_id`, department: sql`v.department_id` }
  const isAsked = slice.attribution === 'event' ? sql`${inSlice({ ...slice, others: [] }, bits, atEntry)}` : sql`true`
  const deals = slice.attribution === 'event' ? inSlice({ ...slice, departments: [], employees: [] }, bits) : inSlice(slice, bits)
  const covers = sql`(v.left_at is null or v.left_at > ${span.asOf} or v.left_at >= ${span.to})`
  return sql`select distinct on (deal_id, status_id) deal_id, status_id, (${[...climb]}::int[])[furthest] as furthest, current,
      (count(*) over (partition by deal_id, status_id))::int as entries, amount_minor, coalesce(changed_at > entered_at, false) as type_changed
    from (select v.deal_id, v.id, v.entered_at, ${resolved} as status_id, coalesce(deal.base_amount_minor, 0) as amount_minor, changed.changed_at,
        v.status_id = any(${sourcesOf(bits, entered)}::int[]) and ${isAsked} as counts,
        nullif(max(${place}) over (partition by v.deal_id order by v.entered_at, v.id rows between 1 following and unbounded following), 0) as furthest,
        max(${resolved}) filter (where ${covers}) over (partition by v.deal_id) as current
      from status_visit v join deal on deal.id = v.deal_id left join (${typeChanges(span)}) as changed on changed.deal_id = v.deal_id
      where v.voided_at is null and v.entered_at >= ${span.from} and v.entered_at < ${span.to} and v.entered_at <= ${span.asOf}
        and ${visibleDeals(viewer)} and ${deals}) as moves
    where counts order by deal_id, status_id, entered_at desc, id desc`
}

/** When a deal last got another type before the end. Few ever do: an index holds just these lines of the audit. */
function typeChanges(span: FunnelSpan): RawBuilder<unknown> {
  return sql`select entity_id::bigint as deal_id, max(at) as changed_at from audit_entry
    where entity = 'deal' and before -> 'type_id' is not null and action = 'update' and at < ${span.to} and at <= ${span.asOf} group by entity_id`
}
