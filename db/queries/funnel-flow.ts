import type { FlowWay } from '../../shared/domain/funnel-flow.ts'
import type { Em } from '../orm.ts'
import { type RawBuilder, selectRows, sql } from '../sql.ts'
import type { FunnelSpan } from './funnel.ts'
import { byStatusId } from './funnel-facts.ts'
import { type FunnelSlice, inSlice, isWholeCompany, type StatusBits } from './funnel-slice.ts'
import { seesEveryDeal, type Viewer, visibleDeals } from './visibility.ts'

/**
 * The one query behind every figure of a flow and the list that makes it up: each deal with the statuses that it entered in the period, in their order.
 * Deals that went the same way are one row; `shared/domain/funnel-flow` says what became of them.
 */

export type FlowQuestion = {
  readonly viewer: Viewer
  readonly slice: FunnelSlice
  readonly span: FunnelSpan
  readonly bits: StatusBits
}

export function selectFlowWays(em: Em, question: FlowQuestion): Promise<FlowWay[]> {
  return selectRows<FlowWay>(
    em,
    sql`select steps, current, before_change as "beforeChange", count(*)::int as count, sum(amount_minor)::bigint as "amountMinor"
    from (${ways(question)}) as ways group by 1, 2, 3`,
  )
}

/** A condition over the alias `deal`: those that went these ways. */
export function dealsThatWent(question: FlowQuestion, chosen: readonly FlowWay[]): RawBuilder<unknown> {
  const none = 0
  const [steps, current, beforeChange] = [
    chosen.map((way) => `{${way.steps.join()}}`),
    chosen.map((way) => way.current ?? none),
    chosen.map((way) => way.beforeChange),
  ]
  return sql`${visibleDeals(question.viewer)} and deal.id in (select deal_id from (${ways(question)}) as ways
    where (steps::text, coalesce(current, ${none}), before_change) in (select * from unnest(${steps}::text[], ${current}::int[], ${beforeChange}::int[])))`
}

/** `deal_id, steps, current, before_change, amount_minor`. */
function ways({ viewer, slice, span, bits }: FlowQuestion): RawBuilder<unknown> {
  const resolved = sql`(${byStatusId(bits, (id) => id)}::int[])[v.status_id]`
  const isByEvent = slice.attribution === 'event'
  // Whose an entry is says who ran the deal then: one that is not asked for is a step all the same.
  const isAsked = inSlice({ ...slice, types: [], counterparties: [], others: [] }, bits, {
    owner: sql`v.owner_id`,
    department: sql`v.department_id`,
  })
  const step = isByEvent ? sql`case when ${isAsked} then ${resolved} else -${resolved} end` : resolved
  const covers = sql`(v.left_at is null or v.left_at > ${span.asOf} or v.left_at >= ${span.to})`
  const inPeriod = sql`v.voided_at is null and v.entered_at >= ${span.from} and v.entered_at < ${span.to} and v.entered_at <= ${span.asOf}`
  const ofDeals = isByEvent ? { ...slice, departments: [], employees: [] } : slice
  const deals = sql`${visibleDeals(viewer)} and ${inSlice(ofDeals, bits)}`
  // Few deals are chosen before their entries are read; all of them are cheaper to look at when the entries are in line.
  const isWhole = seesEveryDeal(viewer) && isWholeCompany(ofDeals)
  const entries = isWhole ? inPeriod : sql`${inPeriod} and v.deal_id in (select deal.id from deal where ${deals})`
  // Put together once: helping processes would each do all of it.
  return sql`with gone as materialized (select v.deal_id, array_agg(${step} order by v.entered_at, v.id) as steps, max(${resolved}) filter (where ${covers}) as current
      from status_visit v where ${entries} group by v.deal_id)
    select gone.*, coalesce(deal.base_amount_minor, 0) as amount_minor, case when changed.deal_id is null then 0
        else (select count(*)::int from status_visit v where v.deal_id = gone.deal_id and ${inPeriod} and v.entered_at < changed.changed_at) end as before_change
    from gone join deal on deal.id = gone.deal_id left join (${typeChanges(span)}) as changed on changed.deal_id = gone.deal_id
    ${isWhole ? sql`where ${deals}` : sql``}`
}

/** When a deal last got another type before the end. Few ever do: an index holds just these lines of the audit. */
function typeChanges(span: FunnelSpan): RawBuilder<unknown> {
  return sql`select entity_id::bigint as deal_id, max(at) as changed_at from audit_entry
    where entity = 'deal' and before -> 'type_id' is not null and action = 'update' and at < ${span.to} and at <= ${span.asOf} group by entity_id`
}
