import type { Em } from '../orm.ts'
import { selectRows, sql } from '../sql.ts'

/** Column name -> PostgreSQL type. */
export type Columns = Readonly<Record<string, string>>
export type Row = Readonly<Record<string, unknown>>

const rowsAtOnce = 2000

/**
 * Inserts many rows with their ids, some thousands per statement. Triggers fire as for any insert.
 * @param table and columns are code, never input. @param onChunk hears how many rows each statement wrote.
 */
export async function insertRows(
  em: Em,
  table: string,
  columns: Columns,
  rows: readonly Row[],
  onChunk: (written: number) => void = () => {},
): Promise<void> {
  const names = Object.keys(columns).join(', ')
  const typed = Object.entries(columns)
    .map(([name, type]) => `${name} ${type}`)
    .join(', ')
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    const chunk = rows.slice(start, start + rowsAtOnce)
    await selectRows(
      em,
      sql`insert into ${sql.raw(`"${table}" (${names})`)} select ${sql.raw(names)}
      from jsonb_to_recordset(${JSON.stringify(chunk)}::jsonb) as given (${sql.raw(typed)})`,
    )
    onChunk(chunk.length)
  }
}

/** Lets the table's sequence go on after the ids that were inserted. */
export async function continueSequence(em: Em, table: string, lastId: number): Promise<void> {
  if (lastId > 0) await selectRows(em, sql`select setval(pg_get_serial_sequence(${table}, 'id'), ${lastId})`)
}
