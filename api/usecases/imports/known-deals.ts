import type { Em } from '../../../db/orm.ts'
import { selectRows, sql } from '../../../db/sql.ts'
import type { FieldValue } from '../../../shared/domain/custom-fields.ts'
import type { KnownVisit } from './plan-visits.ts'

/** The columns of a deal that an import may change, as they are. */
export type DealFields = {
  readonly title: string
  readonly description: string
  readonly counterparty_id: number | null
  readonly owner_id: number
  readonly department_id: number
  readonly amount_minor: number
  readonly currency: string
  readonly expected_close_on: string | null
  readonly lost_reason: string | null
  /** Custom fields by code. */
  readonly fields: Readonly<Record<string, FieldValue>>
}

export type KnownDeal = {
  readonly id: number
  readonly externalId: string
  readonly version: number
  readonly typeId: number
  readonly fields: DealFields
  readonly statusId: number
  readonly statusSince: Date
  readonly statusHeld: boolean
  readonly changedAt: Date
  readonly visits: readonly (KnownVisit & { readonly id: number })[]
  readonly run: {
    readonly id: number
    readonly versionId: number
    readonly stageId: number
    readonly stageSince: string
    readonly state: string
    readonly endedAt: string | null
  } | null
  /** Somebody changed it, beyond comments, since it came. */
  readonly touched: boolean
}

/** The deals with these external ids, whosever they are. */
export async function selectKnownDeals(em: Em, externalIds: readonly string[]): Promise<Map<string, KnownDeal>> {
  const rows = await selectRows<KnownDeal>(
    em,
    sql`select deal.id, deal.external_id as "externalId", deal.version, deal.status_id as "statusId", deal.status_since as "statusSince",
      deal.status_held as "statusHeld", deal.type_id as "typeId", deal.changed_at as "changedAt",
      jsonb_build_object('title', title, 'description', description, 'counterparty_id', counterparty_id, 'owner_id', owner_id,
        'department_id', department_id, 'amount_minor', amount_minor, 'currency', currency, 'expected_close_on', expected_close_on, 'lost_reason', lost_reason,
        'fields', deal.fields) as fields,
      (select jsonb_agg(jsonb_build_object('id', v.id, 'statusId', v.status_id, 'enteredAt', round(extract(epoch from v.entered_at) * 1000)::bigint)
        order by v.entered_at, v.left_at nulls last, v.id) from status_visit v where v.deal_id = deal.id and v.voided_at is null) as visits,
      (select jsonb_build_object('id', run.id, 'versionId', run.template_version_id, 'stageId', run.stage_id, 'stageSince', run.stage_since,
        'state', run.state, 'endedAt', run.ended_at) from process_run run where run.deal_id = deal.id and run.is_main) as run,
      exists (select 1 from deal_event e where e.deal_id = deal.id and e.door <> 'import' and e.voided_at is null
        and e.kind not in ('comment_added', 'participants_changed', 'deal_created')) as touched
    from deal where deal.external_id = any(${[...externalIds]}::text[]) for update of deal`,
  )
  return new Map(rows.map((row) => [row.externalId, row]))
}
