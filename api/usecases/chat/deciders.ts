import { selectRows, sql } from '../../../db/sql.ts'
import type { Role } from '../../../shared/views/common.ts'
import type { Session } from '../../session.ts'

/** Over the aliases `person` and `deal`: who of a role may decide on the deal, as `work-rights.ts` has it and as far as the deal exists for him. */
export const mayDecide = sql`(person.role in ('admin', 'executive') or deal.owner_id = person.id
  or (person.role = 'head' and deal.department_id in (select department_subtree(person.department_id)))
  or (person.role in ('manager', 'field')
    and exists (select 1 from deal_participant dp where dp.deal_id = deal.id and dp.employee_id = person.id)))`

/** Names of the colleagues who may decide on a deal for any of the roles; at most `most`. */
export async function listDeciders({ em }: Session, dealId: number, roles: readonly Role[], most: number): Promise<string[]> {
  const rows = await selectRows<{ name: string }>(
    em,
    sql`select person.name from employee person join deal on deal.id = ${dealId}
    where person.role = any(${[...roles]}::text[]) and person.deactivated_at is null and ${mayDecide} order by person.id limit ${most}`,
  )
  return rows.map(({ name }) => name)
}
