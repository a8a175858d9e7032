import type { Em } from '../orm.ts'
import { selectRows, sql } from '../sql.ts'

/** A deal with its visits in order, voided ones left out. `amountMinor` in the base currency; null without a rate. Instants in ms. */
export type DealLife = {
  readonly typeId: number
  readonly departmentId: number
  readonly amountMinor: number | null
  readonly expectedOn: string | null
  readonly visits: readonly { readonly statusId: number; readonly enteredAt: number }[]
}

/** All deals of the company, whole: for one that fits into memory. */
export function selectDealLives(em: Em): Promise<DealLife[]> {
  return selectRows<DealLife>(
    em,
    sql`select deal.type_id as "typeId", deal.department_id as "departmentId", deal.base_amount_minor as "amountMinor", deal.expected_close_on::text as "expectedOn",
      jsonb_agg(jsonb_build_object('statusId', coalesce(s.merged_into_id, s.id), 'enteredAt', extract(epoch from v.entered_at) * 1000) order by v.entered_at, v.id) as visits
    from deal join status_visit v on v.deal_id = deal.id and v.voided_at is null join status s on s.id = v.status_id
    where deal.withdrawn_at is null group by deal.id`,
  )
}
