import { CompiledQuery, type Kysely, type RawBuilder } from 'kysely'
import { dropPlan, isStalePlan, keepPlan } from './kept-plans.ts'
import type { Em } from './orm.ts'

export type { RawBuilder } from 'kysely'
export { sql } from 'kysely'

/** Runs SQL inside the entity manager's transaction, if it has one, and gives plain rows: no hydration. */
export async function selectRows<Row>(em: Em, query: RawBuilder<Row>): Promise<Row[]> {
  const result = await query.execute(kyselyOf(em))
  return result.rows
}

/** The first row, or null. */
export async function selectRow<Row>(em: Em, query: RawBuilder<Row>): Promise<Row | null> {
  return (await selectRows(em, query))[0] ?? null
}

/**
 * As `selectRows`, for a statement whose text is always the same and whose best plan does not depend on its values, such as a lookup by key:
 * every connection plans it once. Planning takes most of the time of such a statement.
 */
export async function selectKnownRows<Row>(em: Em, query: RawBuilder<Row>): Promise<Row[]> {
  const compiled = query.compile(kyselyOf(em))
  return selectCompiled(em, compiled as CompiledQuery<Row>)
}

async function selectCompiled<Row>(em: Em, query: CompiledQuery<Row>): Promise<Row[]> {
  keepPlan(query.sql)
  try {
    return (await kyselyOf(em).executeQuery(query)).rows
  } catch (error) {
    if (!isStalePlan(error)) throw error
    dropPlan(query.sql)
    if (em.isInTransaction()) throw error
    return (await kyselyOf(em).executeQuery(query)).rows
  }
}

/** The same for a text that is written out, values as `$1`: putting one together takes longer than some answers. The first row, or null. */
export async function selectKnownTextRow<Row>(em: Em, text: string, values: readonly unknown[]): Promise<Row | null> {
  return (await selectCompiled(em, CompiledQuery.raw(text, [...values]) as CompiledQuery<Row>))[0] ?? null
}

/** The first row, or null. */
export async function selectKnownRow<Row>(em: Em, query: RawBuilder<Row>): Promise<Row | null> {
  return (await selectKnownRows(em, query))[0] ?? null
}

function kyselyOf(em: Em): Kysely<unknown> {
  return em.getKysely() as unknown as Kysely<unknown>
}
