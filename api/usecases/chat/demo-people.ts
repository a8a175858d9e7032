import type { Em } from '../../../db/orm.ts'
import { selectRows, sql } from '../../../db/sql.ts'
import type { Locale, Role } from '../../../shared/views/common.ts'

export type DemoPerson = {
  readonly employeeId: number
  readonly name: string
  readonly position: string
  readonly role: Role
  readonly locale: Locale
  /** Telegram accounts linked to him now. */
  readonly linkedTo: readonly number[]
}

/** The people of the demo company who may be entered with one tap: the first of each role. */
export function listDemoPeople(em: Em): Promise<DemoPerson[]> {
  return selectRows<DemoPerson>(
    em,
    sql`select distinct on (e.role) e.id as "employeeId", e.name, e.position, e.role, e.locale,
      (select coalesce(jsonb_agg(l.telegram_user_id), '[]') from telegram_link l where l.employee_id = e.id and l.ended_at is null) as "linkedTo"
    from employee e where e.is_demo_login and e.deactivated_at is null order by e.role, e.id`,
  )
}
