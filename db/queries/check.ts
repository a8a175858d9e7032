import type { Em } from '../orm.ts'
import { type RawBuilder, selectRow, sql } from '../sql.ts'

/** Rows that break an invariant: `label` names each for a person. Each query reads whole tables. */
const offenders = {
  open_visit_count: sql`select 'deal ' || deal.number as label from deal
    left join status_visit v on v.deal_id = deal.id and v.left_at is null and v.voided_at is null
    where deal.withdrawn_at is null group by deal.id having count(v.id) <> 1`,
  open_visit_differs: sql`select 'deal ' || deal.number as label from deal
    join status_visit v on v.deal_id = deal.id and v.left_at is null and v.voided_at is null
    where deal.withdrawn_at is null and (v.status_id <> deal.status_id or v.entered_at <> deal.status_since)`,
  visits_not_contiguous: sql`select 'deal ' || number as label from (
      select deal.number, v.left_at, lead(v.entered_at) over stays as next_entered from status_visit v join deal on deal.id = v.deal_id
      where v.voided_at is null window stays as (partition by v.deal_id order by v.entered_at, v.left_at nulls last, v.id)
    ) stay where next_entered is not null and left_at is distinct from next_entered group by number`,
  visit_before_creation: sql`select 'deal ' || deal.number as label from deal join status_visit v on v.deal_id = deal.id
    where v.voided_at is null group by deal.id having min(v.entered_at) < deal.created_at`,
  visit_ends_before_it_begins: sql`select 'visit ' || id as label from status_visit where left_at < entered_at`,
  lost_deal_running: sql`select 'deal ' || deal.number as label from deal join status on status.id = deal.status_id
    join process_run run on run.deal_id = deal.id and run.is_main where status.category = 'lost' and run.state = 'running' and deal.withdrawn_at is null`,
  main_run_missing: sql`select 'deal ' || deal.number as label from deal join deal_type on deal_type.id = deal.type_id
    where deal.withdrawn_at is null
      and deal.created_at >= (select min(published_at) from process_template_version v where v.template_id = deal_type.process_template_id)
      and not exists (select 1 from process_run run where run.deal_id = deal.id and run.is_main)`,
  stage_of_another_version: sql`select 'run ' || run.id as label from process_run run left join stage on stage.id = run.stage_id
    where stage.template_version_id is distinct from run.template_version_id`,
  department_missing: sql`select 'deal ' || deal.number as label from deal
    where not exists (select 1 from department where department.id = deal.department_id)`,
  department_cycle: sql`with recursive tree (id) as (
      select id from department where parent_id is null union select d.id from department d join tree on tree.id = d.parent_id
    ) select 'department ' || id as label from department where id not in (select id from tree)`,
  version_below_one: sql`select 'deal ' || number as label from deal where version < 1
    union all select 'employee ' || id from employee where version < 1 union all select 'department ' || id from department where version < 1
    union all select 'counterparty ' || id from counterparty where version < 1 union all select 'contact ' || id from contact where version < 1
    union all select 'status ' || code from status where version < 1 union all select 'deal type ' || code from deal_type where version < 1
    union all select 'process template ' || code from process_template where version < 1
    union all select 'document ' || id from deal_document where version < 1`,
  row_without_deal: sql`select 'event ' || id as label from deal_event e where not exists (select 1 from deal where deal.id = e.deal_id)
    union all select 'visit ' || id from status_visit v where not exists (select 1 from deal where deal.id = v.deal_id)
    union all select 'run ' || id from process_run r where not exists (select 1 from deal where deal.id = r.deal_id)`,
  deal_without_event: sql`select 'deal ' || number as label from deal
    where not exists (select 1 from deal_event e where e.deal_id = deal.id and e.kind in ('deal_created', 'deal_imported'))`,
  held_without_hand: sql`select 'deal ' || deal.number as label from deal
    join status_visit v on v.deal_id = deal.id and v.left_at is null and v.voided_at is null
    where deal.status_held and deal.withdrawn_at is null and v.cause ->> 'kind' <> 'user' and not exists (
      select 1 from deal_event e where e.deal_id = deal.id and e.kind = 'status_held' and e.voided_at is null and e.occurred_at >= deal.status_since)`,
  void_document_paid: sql`select 'document ' || d.id as label from deal_document d
    where d.state = 'void' and exists (select 1 from payment p where p.document_id = d.id and p.voided_at is null)`,
  withdrawn_without_undo: sql`select 'deal ' || number as label from deal where withdrawn_at is not null
    and not exists (select 1 from import_batch batch where batch.id = deal.import_batch_id and batch.state = 'undone')`,
  merger_broken: sql`select 'status ' || s.code as label from status s join status t on t.id = s.merged_into_id
    where s.archived_at is null or t.merged_into_id is not null or (s.category = 'lost') <> (t.category = 'lost')`,
  base_amount_differs: sql`select 'deal ' || number as label from deal
    where base_amount_minor is distinct from base_amount(amount_minor, currency, deal_closed_at(id, status_id, status_since))`,
} as const satisfies Readonly<Record<string, RawBuilder<unknown>>>

export type InvariantCode = keyof typeof offenders
export const invariantCodes = Object.keys(offenders) as readonly InvariantCode[]

/** How many rows break the invariant, and the names of at most `sampleSize` of them. */
export async function selectOffenders(
  em: Em,
  code: InvariantCode,
  sampleSize: number,
): Promise<{ readonly total: number; readonly sample: readonly string[] }> {
  const row = await selectRow<{ total: number; sample: string[] }>(
    em,
    sql`with offender as materialized (${offenders[code]})
      select (select count(*)::int from offender) as total,
        array(select label::text from offender order by length(label), label limit ${sampleSize}) as sample`,
  )
  return row ?? { total: 0, sample: [] }
}

export type Counted = { readonly deals: number; readonly visits: number; readonly runs: number; readonly events: number }

/** How much the check looked at. */
export async function selectCounted(em: Em): Promise<Counted> {
  const row = await selectRow<Counted>(
    em,
    sql`select (select count(*)::int from deal) as deals, (select count(*)::int from status_visit) as visits,
      (select count(*)::int from process_run) as runs, (select count(*)::int from deal_event) as events`,
  )
  return row ?? { deals: 0, visits: 0, runs: 0, events: 0 }
}
