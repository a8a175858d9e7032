import type { Em } from '../orm.ts'
import { waitForCube } from '../queries/funnel-cube-state.ts'
import { selectRow, selectRows, sql } from '../sql.ts'
import { type DemoOptions, loadDemoCompany } from './load-demo.ts'

/** Tables that are not the company's. */
const kept = ['migration', 'rate_limit']

/**
 * Replaces the demo company, and everything done to it, by a fresh one, in one transaction. Everybody is logged out.
 * @returns false, and changes nothing, when the database holds a real company or none.
 */
export function resetDemoCompany(
  em: Em,
  options: DemoOptions,
  onProgress?: (done: number, total: number) => void,
): Promise<boolean> {
  return em.transactional(async (inside) => {
    const organization = await selectRow<{ isDemo: boolean }>(
      inside,
      sql`select is_demo as "isDemo" from organization for update`,
    )
    if (!organization?.isDemo) return false
    await waitForCube(inside)
    const tables = await selectRows<{ name: string }>(
      inside,
      sql`select tablename as name from pg_tables where schemaname = current_schema() and tablename <> all(${kept}) order by tablename`,
    )
    await selectRows(inside, sql`truncate ${sql.join(tables.map(({ name }) => sql.table(name)))} restart identity`)
    return loadDemoCompany(inside, options, onProgress)
  })
}
