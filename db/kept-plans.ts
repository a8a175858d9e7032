import pg from 'pg'

/** PostgreSQL keeps a plan per statement, connection and name: more names than this would be statements that are built, not known. */
const mostNames = 200
const names = new Map<string, string>()
let given = 0

/** From now on every connection plans this statement once, as far as PostgreSQL finds one plan good for all values. */
export function keepPlan(text: string): void {
  if (!names.has(text) && names.size < mostNames) names.set(text, `voronka_${++given}`)
}

/** The next run plans anew, on every connection: a schema change can make a kept plan useless. */
export function dropPlan(text: string): void {
  names.delete(text)
}

/** PostgreSQL's answer to a kept plan whose columns have changed since. */
export function isStalePlan(error: unknown): boolean {
  return (error as { code?: string } | null)?.code === '0A000' && /cached plan/.test(String(error))
}

/** A connection that names the statements of `keepPlan`. */
export class PlanKeepingClient extends pg.Client {
  override query(...[text, values, ...rest]: unknown[]): never {
    const name = typeof text === 'string' ? names.get(text) : undefined
    const query = super.query as (...given: unknown[]) => never
    return name === undefined ? query.call(this, text, values, ...rest) : query.call(this, { name, text, values }, ...rest)
  }
}
