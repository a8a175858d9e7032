import type { Facts } from '../../shared/domain/conditions.ts'
import type { RuleEvent, RuleEventKind, StatusRule } from '../../shared/domain/status-rules.ts'
import type { Em } from '../orm.ts'
import { selectKnownRow, selectKnownRows, selectRow, selectRows, sql } from '../sql.ts'
import { factFields } from './custom-fields.ts'
import { elapsedHours } from './elapsed.ts'

/** The rules in force that wait for a kind of event, by position. */
export function selectRulesFor(em: Em, kind: RuleEventKind): Promise<StatusRule[]> {
  return selectKnownRows<StatusRule>(
    em,
    sql`${ruleColumns} where is_active and archived_at is null and trigger_kind = ${kind} order by position, id`,
  )
}

/** All rules in force, by position. */
export function selectAllRules(em: Em): Promise<StatusRule[]> {
  return selectRows<StatusRule>(em, sql`${ruleColumns} where is_active and archived_at is null order by position, id`)
}

const ruleColumns = sql`select id, jsonb_build_object('ru', name_ru, 'en', name_en) as names, position, deal_types as "dealTypes", trigger, condition,
  forward_only as "forwardOnly", actions from status_rule`

/** What rules and gates may know of a deal, before it is put under the names of `shared/domain/facts.ts`. */
export type DealFactsRow = {
  readonly type: string
  readonly status: string
  readonly stage: string | null
  readonly stageSince: Date | null
  readonly statusSince: Date
  /** In the organisation's currency, as thresholds are; null where no rate is known. */
  readonly amountMinor: number | null
  /** What one minor unit of the deal's currency comes to in the organisation's; null likewise. */
  readonly basePerMinor: number | null
  readonly currency: string
  readonly title: string
  readonly counterpartyId: number | null
  readonly contactId: number | null
  readonly requisitesComplete: boolean
  /** The deal's department and all above it. */
  readonly departmentIds: readonly number[]
  readonly ownerId: number
  readonly expectedCloseOn: string | null
  readonly openTasks: number
  readonly tags: readonly string[]
  readonly isLinked: boolean
  /** Templates of the runs under way, each once. */
  readonly runningProcesses: readonly string[]
  readonly fields: Readonly<Record<string, string | number | boolean | readonly string[] | null>>
  /** By document type: the furthest state, what was paid, and what is to be paid. */
  readonly documents: readonly {
    readonly type: string
    readonly state: string
    readonly paidMinor: number
    readonly dueMinor: number | null
  }[]
  /** Roles that have approved during the run's present stay. */
  readonly approvals: readonly string[]
}

/**
 * The facts of one deal. Requisites are complete with a name, an INN and an address, and a KPP for a company (INN of ten digits).
 * @param runId the run whose stage, time, tasks and approvals are meant; null: the main one
 */
export async function selectDealFacts(em: Em, dealId: number, runId: number | null): Promise<DealFactsRow | null> {
  return selectKnownRow<DealFactsRow>(
    em,
    sql`select deal_type.code as type, status.code as status, stage.code as stage, run.stage_since as "stageSince", deal.status_since as "statusSince",
      deal.base_amount_minor as "amountMinor", deal.currency,
      case when deal.amount_minor = 0 then 1 else deal.base_amount_minor::float8 / deal.amount_minor end as "basePerMinor", deal.title, deal.counterparty_id as "counterpartyId", deal.contact_id as "contactId",
      coalesce(c.inn <> '' and c.address <> '' and (length(c.inn) = 12 or c.kpp <> ''), false) as "requisitesComplete",
      (with recursive above (id, parent_id) as (
        select id, parent_id from department where id = deal.department_id
        union select d.id, d.parent_id from department d join above on d.id = above.parent_id
      ) select jsonb_agg(id) from above) as "departmentIds",
      deal.owner_id as "ownerId", deal.expected_close_on::text as "expectedCloseOn",
      (select count(*)::int from deal_task t where t.deal_id = deal.id and t.state = 'open' and (t.run_id = run.id or t.run_id is null)) as "openTasks",
      to_jsonb(deal.tags) as tags, deal.parent_id is not null as "isLinked", ${factFields} as fields,
      (select coalesce(jsonb_agg(distinct t.code), '[]') from process_run r join process_template_version v on v.id = r.template_version_id
        join process_template t on t.id = v.template_id where r.deal_id = deal.id and r.state = 'running') as "runningProcesses",
      (select coalesce(jsonb_agg(jsonb_build_object('type', type, 'state', state, 'paidMinor', paid, 'dueMinor', due)), '[]') from (
        select dt.code as type, (array_agg(d.state order by array_position(array['void', 'rejected', 'draft', 'on_approval', 'approved', 'signed'], d.state::text) desc))[1] as state,
          sum(coalesce(p.paid, 0))::float8 as paid, (sum(d.amount_minor) filter (where d.state <> 'rejected'))::float8 as due
        from deal_document d join document_type dt on dt.id = d.document_type_id
        left join lateral (select sum(amount_minor) as paid from payment where document_id = d.id and voided_at is null) p on true
        where d.deal_id = deal.id and d.state <> 'void' group by dt.code) found) as documents,
      (select coalesce(jsonb_agg(role), '[]') from (
        select distinct on (role) role, approved from stage_approval a where a.run_id = run.id and a.stage_since = run.stage_since order by role, a.id desc
      ) newest where approved) as approvals
    from deal join deal_type on deal_type.id = deal.type_id join status own on own.id = deal.status_id join status on status.id = coalesce(own.merged_into_id, own.id)
    left join counterparty c on c.id = deal.counterparty_id
    left join process_run run on run.deal_id = deal.id and case when ${runId}::bigint is null then run.is_main else run.id = ${runId}::bigint end
    left join stage on stage.id = run.stage_id
    where deal.id = ${dealId}`,
  )
}

/** Deals whose limit has run out (of the stage that gave the status, else of the status) and of which no rule has heard since the stay began; by id. */
export function selectDealsPastDeadline(
  em: Em,
  now: Date,
  inWorkingTime: boolean,
  afterId: number,
  limit: number,
): Promise<{ readonly id: number; readonly idleDays: number }[]> {
  return selectRows(
    em,
    sql`select deal.id, 0 as "idleDays" from deal join status own on own.id = deal.status_id join status on status.id = coalesce(own.merged_into_id, own.id)
      left join status_visit stay on stay.deal_id = deal.id and stay.left_at is null and stay.voided_at is null
      left join stage on stage.id = stay.stage_id
    where deal.withdrawn_at is null and status.category <> 'lost' and deal.id > ${afterId}
      and ${elapsedHours(inWorkingTime, sql`deal.status_since`, now)} > coalesce(stage.time_limit_hours, status.time_limit_hours)
      and not exists (select 1 from rule_firing f where f.deal_id = deal.id and f.event ->> 'kind' = 'deadline_passed' and f.fired_at > deal.status_since)
    order by deal.id limit ${limit}`,
  )
}

/** Deals, not lost, that nothing has changed for at least so many days and of which no rule has heard since; by id. */
export function selectDealsIdleFor(
  em: Em,
  now: Date,
  days: number,
  afterId: number,
  limit: number,
): Promise<{ readonly id: number; readonly idleDays: number }[]> {
  return selectRows(
    em,
    sql`select deal.id, floor(extract(epoch from ${now}::timestamptz - deal.changed_at) / 86400)::int as "idleDays" from deal join status on status.id = deal.status_id
    where deal.withdrawn_at is null and status.category <> 'lost' and deal.id > ${afterId}
      and deal.changed_at <= ${now}::timestamptz - make_interval(days => ${days})
      and not exists (select 1 from rule_firing f where f.deal_id = deal.id and f.event ->> 'kind' = 'deal_idle' and f.fired_at >= deal.changed_at)
    order by deal.id limit ${limit}`,
  )
}

/** What the rule heard and saw that gave the deal its present status; null where no rule did. */
export async function selectLastFiring(
  em: Em,
  dealId: number,
): Promise<{ readonly event: RuleEvent; readonly seen: Facts } | null> {
  return selectRow(
    em,
    sql`select f.event, f.seen from status_visit v
      join rule_firing f on f.deal_id = v.deal_id and f.deal_event_id = (v.cause ->> 'eventId')::bigint and f.rule_id = (v.cause -> 'rule' ->> 'id')::int
    where v.deal_id = ${dealId} and v.left_at is null and v.voided_at is null and v.cause ->> 'kind' = 'rule' order by f.id desc limit 1`,
  )
}
