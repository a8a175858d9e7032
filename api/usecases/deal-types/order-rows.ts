import { selectRows, sql } from '../../../db/sql.ts'
import type { Session } from '../../session.ts'

/**
 * Puts a row at a place among its neighbours, counted from 0, and numbers them anew; versions stay, for nothing of theirs was edited.
 * @param within the deal type whose fields are meant
 */
export async function orderRows(
  { em }: Session,
  table: 'deal_type' | 'custom_field',
  id: number,
  place: number,
  within: number | null = null,
): Promise<void> {
  const neighbours = within === null ? sql`true` : sql`deal_type_id = ${within}`
  const rows = await selectRows<{ id: number }>(
    em,
    sql`select id from ${sql.table(table)} where ${neighbours} order by position, id for update`,
  )
  const ids = rows.map((row) => row.id).filter((other) => other !== id)
  ids.splice(place, 0, id)
  await selectRows(
    em,
    sql`update ${sql.table(table)} as t set position = given.place - 1
      from unnest(${ids}::int[]) with ordinality as given (id, place) where t.id = given.id and t.position <> given.place - 1`,
  )
}
