import type { DealClass } from '../../shared/domain/funnel.ts'
import type { Em } from '../orm.ts'
import { type RawBuilder, selectKnownRows, selectRow, selectRows, sql } from '../sql.ts'
import { type DealPage, selectDealPage } from './deals.ts'
import type { FunnelSpan, SplitKey } from './funnel.ts'
import { type FunnelSlice, inSlice, type StatusBits, sourcesOf } from './funnel-slice.ts'
import { seesEveryDeal, type Viewer, visibleDeals } from './visibility.ts'

/** The funnel from the summaries of deals: for slices that have no sums of their own, such as a client's, and for the lists behind figures. */

/** Raw ids of the statuses that are the entry into the funnel, in order, as `funnel_cube` keeps them. */
export function anchorIdsOf(bits: StatusBits): number[] {
  return sourcesOf(bits, bits.anchors).sort((a, b) => a - b)
}

/** Whether the summaries are by these anchors, and nothing has moved since the moment. */
export function areSummariesGood(asOf: Date, bits: StatusBits): RawBuilder<boolean> {
  return sql`exists (select 1 from funnel_cube where is_summarised and anchor_ids = ${anchorIdsOf(bits)}::int[])
    and coalesce((select max(last_at) from funnel_deal) <= ${asOf}, true)`
}

/** Conditions over `deal`, the summaries under that name: visible deals of the slice. */
export function inSummaries(viewer: Viewer, slice: FunnelSlice, bits: StatusBits): RawBuilder<unknown> {
  return sql`${visibleDeals(viewer)} and ${inSlice(slice, bits, slice.attribution === 'event' ? eventual : current)}`
}

/** Those that entered the funnel in the period. */
function inQuestion(
  viewer: Viewer,
  slice: FunnelSlice,
  bits: StatusBits,
  period: { readonly from: Date; readonly to: Date },
): RawBuilder<unknown> {
  return sql`${inSummaries(viewer, slice, bits)} and deal.anchor_at >= ${period.from} and deal.anchor_at < ${period.to}`
}
const current = { owner: sql`deal.owner_id`, department: sql`deal.department_id` }
const eventual = { owner: sql`deal.event_owner_id`, department: sql`deal.event_department_id` }

/** The summaries as `deal`; with the rest of the deal only where a condition or an order needs it. */
export function summaries(isWhole: boolean): RawBuilder<unknown> {
  const columns = sql`f.deal_id as id, f.class_id, f.anchor_at, f.type_id, f.counterparty_id, f.owner_id, f.department_id, f.event_owner_id, f.event_department_id, f.amount_minor, f.won_at, f.lost_at`
  if (!isWhole) return sql`(select ${columns}, null::timestamptz as withdrawn_at from funnel_deal f) as deal`
  return sql`(select ${columns}, d.withdrawn_at, d.fields, d.tags, d.changed_at, d.created_at, d.status_since, d.number, d.base_amount_minor
    from funnel_deal f join deal d on d.id = f.deal_id) as deal`
}

export type CountedClass = DealClass & { readonly baseline: boolean; readonly classId: number }

/**
 * The cohort, and the one of the twelve months before, as classes (statuses as visits name them); null when the summaries cannot answer.
 */
export async function selectSummedClasses(
  em: Em,
  viewer: Viewer,
  slice: FunnelSlice,
  span: FunnelSpan,
  bits: StatusBits,
): Promise<readonly CountedClass[] | null> {
  // Where nothing but ids differs from question to question, planning would take longer than answering.
  const select = seesEveryDeal(viewer) && slice.others.length === 0 ? selectKnownRows : selectRows
  const rows = await select<CountedClass | { readonly classId: null }>(
    em,
    sql`with good as materialized (select 1 where ${areSummariesGood(span.asOf, bits)})
    select counted.baseline, c.id as "classId", counted.count, counted."amountMinor", c.path_id as path, c.current_id as current, to_jsonb(c.visited) as visited
    from (select deal.anchor_at < ${span.from} as baseline, deal.class_id, count(*)::int as count, sum(deal.amount_minor)::bigint as "amountMinor"
      from ${summaries(slice.others.length > 0)} where (select true from good) and ${inQuestion(viewer, slice, bits, { from: span.baselineFrom, to: span.to })}
      group by 1, 2) as counted
    join funnel_class c on c.id = counted.class_id
    union all select null, null, null, null, null, null, null from good`,
  )
  const found = rows.filter((row): row is CountedClass => row.classId !== null)
  return found.length < rows.length ? found : null
}

/**
 * The deals of the cohort and of the one of the twelve months before; null when the summaries cannot answer.
 * @param sample which of them, over the alias `deal`; null: all
 */
export async function selectCohortIds(
  em: Em,
  viewer: Viewer,
  slice: FunnelSlice,
  span: FunnelSpan,
  bits: StatusBits,
  sample: RawBuilder<unknown> | null,
): Promise<readonly number[] | null> {
  const row = await selectRow<{ ids: readonly number[] | null }>(
    em,
    sql`with good as materialized (select 1 where ${areSummariesGood(span.asOf, bits)})
    select case when exists (select from good) then coalesce((select json_agg(deal.id) from ${summaries(slice.others.length > 0)}
      where (select true from good) and ${inQuestion(viewer, slice, bits, { from: span.baselineFrom, to: span.to })} ${sample ? sql`and ${sample}` : sql``}), '[]') end as ids`,
  )
  return row?.ids ?? null
}

export type KeptClass = DealClass & { readonly classId: number }

/** All classes that there are. */
export function selectAllClasses(em: Em): Promise<KeptClass[]> {
  return selectNewClasses(em, 0, [])
}

/** Those made since the one with the id, and those of `missing` that have come in between. */
export function selectNewClasses(em: Em, afterId: number, missing: readonly number[]): Promise<KeptClass[]> {
  return selectKnownRows(
    em,
    sql`select id as "classId", path_id as path, current_id as current, to_jsonb(visited) as visited, 0 as count, 0 as "amountMinor"
    from funnel_class where id > ${afterId} or id = any(${missing}::int[])`,
  )
}

/** Whether the summaries can answer. */
export async function canSummariesAnswer(em: Em, asOf: Date, bits: StatusBits): Promise<boolean> {
  const row = await selectRow<{ can: boolean }>(em, sql`select ${areSummariesGood(asOf, bits)} as can`)
  return row?.can ?? false
}

/** Deals of a question that are of these classes; null: of any. */
export type DealsAsked = {
  readonly viewer: Viewer
  readonly slice: FunnelSlice
  readonly bits: StatusBits
  readonly span: FunnelSpan
  readonly classIds: readonly number[] | null
}

function among({ viewer, slice, bits, span, classIds }: DealsAsked): RawBuilder<unknown> {
  const ofClass = classIds === null ? sql`true` : sql`deal.class_id = any(${classIds}::int[])`
  return sql`${inQuestion(viewer, slice, bits, span)} and ${ofClass}`
}

/** A condition over the alias `deal`: the deals asked for. */
export function dealsOfClasses(asked: DealsAsked): RawBuilder<unknown> {
  return sql`deal.id in (select deal.id from ${summaries(asked.slice.others.length > 0)} where ${among(asked)})`
}

/** So many deals are fetched and sorted; of more the first are found by walking through all in the order asked for. */
const mostSorted = 5_000

/** Conditions over the summaries as `deal`, which say the same: by the one deals are looked at in an order until there are enough, by the other all are found at once. */
export type PageConditions = { readonly inOrder: RawBuilder<unknown>; readonly atOnce: RawBuilder<unknown> }

/** A page of summarised deals, by keyset. @param expected how many there are: by it the way is chosen */
export function selectSummedPage(
  em: Em,
  { inOrder, atOnce }: PageConditions,
  { others }: Pick<FunnelSlice, 'others'>,
  page: DealPage,
  expected: number,
): ReturnType<typeof selectDealPage> {
  const byAmount = page.sort === 'amount'
  const from = summaries(!byAmount || others.length > 0)
  const column = byAmount && { column: sql`deal.amount_minor` }
  if (expected > mostSorted) return selectDealPage(em, inOrder, page, { from, ...column })
  return selectDealPage(em, sql`true`, page, { from: sql`(select * from ${from} where ${atOnce} offset 0) as deal`, ...column })
}

/** A page of the deals asked for. @param expected how many there are */
export function selectClassPage(em: Em, asked: DealsAsked, page: DealPage, expected: number): ReturnType<typeof selectDealPage> {
  const condition = among(asked)
  return selectSummedPage(em, { inOrder: condition, atOnce: condition }, asked.slice, page, expected)
}

/** How many of the deals asked for have an amount for which no rate is known: few, and an index holds them. */
export async function countClassesWithoutRate(em: Em, asked: DealsAsked): Promise<number> {
  const row = await selectRow<{ count: number }>(
    em,
    sql`select count(*)::int as count from ${summaries(true)} where deal.base_amount_minor is null and ${among(asked)}`,
  )
  return row?.count ?? 0
}

export type SplitClass = DealClass & { readonly key: number | null; readonly name: string | null }

/** The cohort's classes, cut by one slice; null when the summaries cannot answer. */
export async function selectSummedSplit(
  em: Em,
  { viewer, slice, span, bits }: Omit<DealsAsked, 'classIds'>,
  by: SplitKey,
  locale: 'ru' | 'en',
): Promise<readonly SplitClass[] | null> {
  const { owner, department } = slice.attribution === 'event' ? eventual : current
  const key = { type: sql`deal.type_id`, counterparty: sql`deal.counterparty_id`, department, employee: owner }[by]
  const typeName = locale === 'ru' ? sql`name_ru` : sql`name_en`
  const name = {
    type: sql`(select ${typeName} from deal_type where id = key)`,
    counterparty: sql`(select name from counterparty where id = key)`,
    department: sql`(select name from department where id = key)`,
    employee: sql`(select name from employee where id = key)`,
  }[by]
  const rows = await selectRows<SplitClass & { readonly isHead: boolean }>(
    em,
    sql`with good as materialized (select 1 where ${areSummariesGood(span.asOf, bits)})
    select false as "isHead", key, ${name} as name, c.path_id as path, c.current_id as current, to_jsonb(c.visited) as visited, counted.count, counted."amountMinor"
    from (select ${key} as key, deal.class_id, count(*)::int as count, sum(deal.amount_minor)::bigint as "amountMinor"
      from ${summaries(slice.others.length > 0)} where (select true from good) and ${inQuestion(viewer, slice, bits, span)} group by 1, 2) as counted
    join funnel_class c on c.id = counted.class_id
    union all select true, null, null, null, null, null, null, null from good`,
  )
  const found = rows.filter(({ isHead }) => !isHead)
  return found.length < rows.length ? found : null
}
