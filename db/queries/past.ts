import type { DealEventBody } from '../../shared/domain/events.ts'
import type { Em } from '../orm.ts'
import { selectRow, selectRows, sql } from '../sql.ts'
import { factFields } from './custom-fields.ts'

/** A deal with all that happened to it, for playing its past again. */
export type PastDealRow = {
  readonly id: number
  readonly number: number
  readonly title: string
  readonly type: string
  readonly createdAt: Date
  readonly amountMinor: number
  /** What it comes to in the organisation's currency; 0 where there is no rate. */
  readonly baseAmountMinor: number
  /** What one minor unit of the deal's currency comes to there, at today's rate; null where there is none. */
  readonly basePerMinor: number | null
  readonly currency: string
  readonly counterpartyId: number | null
  /** Its name. */
  readonly counterparty: string | null
  readonly hasContact: boolean
  readonly requisitesComplete: boolean
  readonly ownerId: number
  readonly departmentIds: readonly number[]
  readonly expectedCloseOn: string | null
  readonly tags: readonly string[]
  readonly isLinked: boolean
  readonly fields: Readonly<Record<string, string | number | boolean | readonly string[] | null>>
  /** Not undone, in the order written. */
  readonly events: readonly { readonly body: DealEventBody; readonly at: string }[]
  readonly runs: readonly { readonly id: number; readonly versionId: number; readonly isMain: boolean }[]
  /** When each task was open; `until` null: it still is. */
  readonly tasks: readonly {
    readonly runId: number | null
    readonly from: string
    readonly until: string | null
    readonly isCancelled: boolean
  }[]
  /** It came by the API. */
  readonly isLead: boolean
}

/** How many deals were created in [from, to). */
export async function countPastDeals(em: Em, from: Date, to: Date): Promise<number> {
  const row = await selectRow<{ count: number }>(
    em,
    sql`select count(*)::int as count from deal where withdrawn_at is null and created_at >= ${from} and created_at < ${to}`,
  )
  return row?.count ?? 0
}

/** The deals created in [from, to) with their history, by id; one page. */
export function selectPastDeals(em: Em, from: Date, to: Date, afterId: number, limit: number): Promise<PastDealRow[]> {
  return selectRows<PastDealRow>(
    em,
    sql`select deal.id, deal.number, deal.title, deal_type.code as type, deal.created_at as "createdAt", deal.amount_minor as "amountMinor",
      coalesce(deal.base_amount_minor, 0) as "baseAmountMinor",
      case when deal.amount_minor = 0 then 1 else deal.base_amount_minor::float8 / deal.amount_minor end as "basePerMinor", deal.currency,
      deal.counterparty_id as "counterpartyId", c.name as counterparty, deal.contact_id is not null as "hasContact",
      coalesce(c.inn <> '' and c.address <> '' and (length(c.inn) = 12 or c.kpp <> ''), false) as "requisitesComplete",
      deal.owner_id as "ownerId", deal.expected_close_on::text as "expectedCloseOn", to_jsonb(deal.tags) as tags, deal.parent_id is not null as "isLinked", ${factFields} as fields,
      (with recursive above (id, parent_id) as (
        select id, parent_id from department where id = deal.department_id
        union select d.id, d.parent_id from department d join above on d.id = above.parent_id
      ) select jsonb_agg(id) from above) as "departmentIds",
      (select coalesce(jsonb_agg(jsonb_build_object('body', e.body, 'at', e.occurred_at) order by e.occurred_at, e.id), '[]')
        from deal_event e where e.deal_id = deal.id and e.voided_at is null) as events,
      (select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'versionId', r.template_version_id, 'isMain', r.is_main)), '[]')
        from process_run r where r.deal_id = deal.id) as runs,
      (select coalesce(jsonb_agg(jsonb_build_object('runId', t.run_id, 'from', t.created_at, 'until', t.closed_at, 'isCancelled', t.state = 'cancelled')), '[]')
        from deal_task t where t.deal_id = deal.id) as tasks,
      exists (select 1 from deal_event e where e.deal_id = deal.id and e.kind = 'deal_created' and e.door = 'api') as "isLead"
    from deal join deal_type on deal_type.id = deal.type_id left join counterparty c on c.id = deal.counterparty_id
    where deal.withdrawn_at is null and deal.created_at >= ${from} and deal.created_at < ${to} and deal.id > ${afterId}
    order by deal.id limit ${limit}`,
  )
}

/** Versions that are or were in force: drafts are not. */
export async function selectVersionsInForce(em: Em): Promise<number[]> {
  const rows = await selectRows<{ id: number }>(em, sql`select id from process_template_version where state <> 'draft'`)
  return rows.map(({ id }) => id)
}
