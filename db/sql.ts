import type { Kysely, RawBuilder } from 'kysely'
import type { Em } from './orm.ts'

export type { RawBuilder } from 'kysely'
export { sql } from 'kysely'

/** Runs SQL inside the entity manager's transaction, if it has one, and gives plain rows: no hydration. */
export async function selectRows<Row>(em: Em, query: RawBuilder<Row>): Promise<Row[]> {
  const result = await query.execute(em.getKysely() as unknown as Kysely<unknown>)
  return result.rows
}

/** The first row, or null. */
export async function selectRow<Row>(em: Em, query: RawBuilder<Row>): Promise<Row | null> {
  return (await selectRows(em, query))[0] ?? null
}
