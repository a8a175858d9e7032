import type { MarkSum, Rung } from '../../shared/domain/flow-marks.ts'
import type { Day } from '../../shared/domain/periods.ts'
import type { Em } from '../orm.ts'
import { type RawBuilder, selectKnownRow, selectRow, selectRows, sql } from '../sql.ts'
import type { DealPage, selectDealPage } from './deals.ts'
import { selectSummedPage, summaries } from './funnel-deals.ts'
import { type FunnelSlice, inKeptSlice, inSlice, type KeptSlice, type StatusBits } from './funnel-slice.ts'
import { seesEveryDeal, type Viewer, visibleDeals } from './visibility.ts'

/** Flows up to now: from what is kept by day, at the same cost whatever the number of deals, or from the traces of the deals that are asked for. See migration 0016. */

export type MarksQuestion = {
  /** Of the dictionary that the asker reads the marks by. */
  readonly fingerprint: string
  readonly from: Day
  /** The first day outside: nothing has happened behind it. */
  readonly to: Day
}

/** Of deals that wait to be traced the kept trace is not looked at. An array keeps the planner to the key of the few, a join looks at each of many traces once. */
const touched = sql`array(select deal_id from funnel_touched)`
const isTraced = sql`not exists (select 1 from funnel_touched waiting where waiting.deal_id = trace.deal_id)`
const unnested = sql`cross join lateral unnest(days, marks) as u (day, mark)`
const inPeriod = ({ from, to }: Pick<MarksQuestion, 'from' | 'to'>) => sql`day >= ${from}::date and day < ${to}::date`

/** What the deals of the slice left in the period, by mark; null: flows are not kept by this dictionary. What is not worked off yet is counted anew. */
export function selectMarkSums(em: Em, slice: KeptSlice, question: MarksQuestion): Promise<MarkSum[] | null> {
  const asked = inKeptSlice(slice)
  const left = (sign: -1 | 1, table: 'funnel_trace' | 'funnel_tracing') =>
    sql`select mark, ${sql.lit(sign)}, ${sql.lit(sign)} * amount_minor from ${sql.table(table)} ${unnested}
      where deal_id = any(${touched}) and ${asked.departments} and ${asked.types} and ${inPeriod(question)}`
  return sumMarks(
    em,
    question,
    sql`select mark, deals, amount_minor from funnel_flow
      where ${slice.departments.length > 0 ? asked.departments : sql`department_id = 0`} and ${slice.types.length > 0 ? asked.types : sql`type_id = 0`} and ${inPeriod(question)}
      union all ${left(-1, 'funnel_trace')} union all ${left(1, 'funnel_tracing')}`,
  )
}

export type TracedDeals = { readonly viewer: Viewer; readonly slice: FunnelSlice; readonly bits: StatusBits }

/** The same of any deals, one by one. Whose they are is by now. */
export function selectTracedSums(
  em: Em,
  { viewer, slice, bits }: TracedDeals,
  question: MarksQuestion,
): Promise<MarkSum[] | null> {
  const chosen = sql`${visibleDeals(viewer)} and ${inSlice(slice, bits)}`
  const left = (table: 'funnel_trace' | 'funnel_tracing', which: RawBuilder<unknown>) =>
    sql`select mark, 1, trace.amount_minor from deal join ${sql.table(table)} as trace on trace.deal_id = deal.id ${unnested}
      where ${which} and ${chosen} and ${inPeriod(question)}`
  return sumMarks(
    em,
    question,
    sql`${left('funnel_trace', isTraced)} union all ${left('funnel_tracing', sql`trace.deal_id = any(${touched})`)}`,
  )
}

/** @param marked mark, deals, amount_minor */
async function sumMarks(em: Em, { fingerprint }: MarksQuestion, marked: RawBuilder<unknown>): Promise<MarkSum[] | null> {
  const row = await selectRow<{ isKept: boolean; sums: MarkSum[] }>(
    em,
    sql`with kept as materialized (select 1 from funnel_cube where flow_fingerprint = ${fingerprint}),
    marked (mark, deals, amount_minor) as (${marked}),
    summed as (
      select mark, sum(deals)::int as deals, sum(amount_minor)::bigint as amount_minor from marked where exists (select 1 from kept) group by 1
      having sum(deals) <> 0)
    select exists (select 1 from kept) as "isKept",
      coalesce((select jsonb_agg(jsonb_build_object('mark', mark, 'deals', deals, 'amountMinor', amount_minor)) from summed), '[]') as sums`,
  )
  return row?.isKept ? row.sums : null
}

/** Deals that left one of these marks in the period; none leaves two of them. Flows must be kept. */
export type LeftMarks = TracedDeals & Pick<MarksQuestion, 'from' | 'to'> & { readonly marks: readonly number[] }

/** So many are looked for one by one in the marks of a deal: that is several times as quick as to unfold all of those. */
const mostLookedFor = 8

/** A condition over `days` and `marks`. */
function hasLeft({ marks, from, to }: LeftMarks): RawBuilder<unknown> {
  const day =
    marks.length <= mostLookedFor
      ? sql`greatest(${sql.join(marks.map((mark) => sql`days[array_position(marks, ${sql.lit(mark)})]`))})`
      : sql`(select max(day) from unnest(days, marks) as u (day, mark) where mark = any(${[...marks]}::int[]))`
  return sql`daterange(${from}::date, ${to}::date) @> ${day}`
}

/** A condition over the alias `deal`. Few deals are chosen before their traces are read; all of them are cheaper to look at in line. */
export function dealsThatLeft(asked: LeftMarks): RawBuilder<unknown> {
  const chosen = sql`${visibleDeals(asked.viewer)} and ${inSlice(asked.slice, asked.bits)}`
  const isFew = isNarrow(asked)
  const few = isFew ? sql`join (select deal.id from deal where ${chosen} offset 0) as chosen on chosen.id = trace.deal_id` : sql``
  const left = (table: 'funnel_trace' | 'funnel_tracing', which: RawBuilder<unknown>) =>
    sql`select trace.deal_id from ${sql.table(table)} as trace ${few} where ${which} and ${hasLeft(asked)}`
  return sql`${isFew ? sql`true` : chosen} and deal.id in (
    ${left('funnel_trace', isTraced)} union all ${left('funnel_tracing', sql`trace.deal_id = any(${touched})`)})`
}

function isNarrow({ viewer, slice: { counterparties, departments, employees, others } }: TracedDeals): boolean {
  return !seesEveryDeal(viewer) || [counterparties, departments, employees, others].some((cut) => cut.length > 0)
}

/** The same, looked up deal by deal. */
function isThatLeft(asked: LeftMarks): RawBuilder<unknown> {
  const left = (table: 'funnel_trace' | 'funnel_tracing') =>
    sql`(select ${hasLeft(asked)} from ${sql.table(table)} as trace where trace.deal_id = deal.id)`
  return sql`${visibleDeals(asked.viewer)} and ${inSlice(asked.slice, asked.bits)}
    and case when deal.id in (select deal_id from funnel_touched) then ${left('funnel_tracing')} else ${left('funnel_trace')} end`
}

/** A page of them, by keyset. @param expected how many there are */
export function selectLeftPage(em: Em, asked: LeftMarks, page: DealPage, expected: number): ReturnType<typeof selectDealPage> {
  return selectSummedPage(em, { inOrder: isThatLeft(asked), atOnce: dealsThatLeft(asked) }, asked.slice, page, expected)
}

/** How many of them have an amount for which no rate is known: few, and an index holds them. */
export async function countLeftWithoutRate(em: Em, asked: LeftMarks): Promise<number> {
  const row = await selectRow<{ count: number }>(
    em,
    sql`select count(*)::int as count from ${summaries(true)} where deal.base_amount_minor is null and ${isThatLeft(asked)}`,
  )
  return row?.count ?? 0
}

export type FlowState = {
  /** Of the dictionary that flows are kept by; null: they are not. */
  readonly fingerprint: string | null
  /** Of the dictionary that they are being made by. */
  readonly making: string | null
}

export async function selectFlowState(em: Em): Promise<FlowState> {
  const row = await selectRow<FlowState>(em, sql`select flow_fingerprint as fingerprint, flow_making as making from funnel_cube`)
  return row ?? { fingerprint: null, making: null }
}

export async function isFlowKept(em: Em, fingerprint: string): Promise<boolean> {
  const row = await selectKnownRow(em, sql`select 1 from funnel_cube where flow_fingerprint = ${fingerprint}`)
  return row !== null
}

/** From its commit on flows are not kept, and traces are made by these statuses. Whoever is waiting will be among all others. */
export async function beginFlows(em: Em, fingerprint: string, rungs: readonly Rung[]): Promise<void> {
  await selectRows(em, sql`update funnel_cube set flow_fingerprint = null, flow_making = ${fingerprint}, flow_upto = 0`)
  await selectRows(em, sql`delete from funnel_rung`)
  await selectRows(
    em,
    sql`insert into funnel_rung (status_id, counts_as, place, is_lost, phase_bit) select * from unnest(
      ${rungs.map(({ statusId }) => statusId)}::int[], ${rungs.map(({ countsAs }) => countsAs)}::int[], ${rungs.map(({ place }) => place)}::int[],
      ${rungs.map(({ isLost }) => isLost)}::boolean[], ${rungs.map(({ phaseBit }) => phaseBit)}::int[])`,
  )
  await selectRows(em, sql`delete from funnel_touched`)
  await selectRows(em, sql`select funnel_trace_all() where not exists (select 1 from funnel_trace)`)
}

/** Makes the traces of the next so many deals. The transaction must hold the cube. @returns whether there were any */
export async function traceNext(em: Em, count: number): Promise<boolean> {
  const row = await selectRow<{ traced: number }>(em, sql`select funnel_trace_next(${count}) as traced`)
  return (row?.traced ?? 0) > 0
}

/** Counts all sums; in force once the transaction commits. It must see one moment, and hold the cube. */
export async function finishFlows(em: Em, fingerprint: string): Promise<void> {
  await selectRows(em, sql`set local work_mem = '256MB'`)
  await selectRows(em, sql`select funnel_fold_touched(2000000000, false)`)
  await selectRows(em, sql`select funnel_count_flows()`)
  await selectRows(em, sql`update funnel_cube set flow_fingerprint = ${fingerprint}, flow_making = null, flow_upto = null`)
}

/** Works off at most so many of the waiting. The transaction must hold the cube. @returns how many */
export async function foldTouched(em: Em, most: number): Promise<number> {
  const row = await selectRow<{ taken: number }>(em, sql`select funnel_fold_touched(${most}, true) as taken`)
  return row?.taken ?? 0
}

/** Whether anybody waits. */
export async function isAnyTouched(em: Em): Promise<boolean> {
  return (await selectRow(em, sql`select 1 from funnel_touched limit 1`)) !== null
}
