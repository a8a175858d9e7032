import type { Em } from '../../../db/orm.ts'
import { selectRows, sql } from '../../../db/sql.ts'

/** Bounds how long the open transaction may wait and work, in milliseconds: nothing that a chat asks for may hold locks for longer. */
export async function limitTransaction(em: Em, ms = 15_000): Promise<void> {
  await selectRows(
    em,
    sql`select set_config('statement_timeout', ${String(ms)}, true), set_config('lock_timeout', ${String(ms)}, true)`,
  )
}

/** Tells the audit trigger in whose name the open transaction acts. */
export async function attributeTransaction(em: Em, actorId: number): Promise<void> {
  await selectRows(em, sql`select set_config('voronka.actor', ${String(actorId)}, true), set_config('voronka.door', 'bot', true)`)
}
