import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedDatabase } from './launcher.ts'

/**
 * Starts one throw-away cluster for a whole run of tests, in a temporary folder, without durability.
 * Out: its connection string (handed on as TEST_DATABASE_URL) and `stop`, which removes everything. It ends with this process in any case.
 */
export async function startTestCluster(): Promise<{ url: string; stop(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'voronka-test-'))
  const database = await startEmbeddedDatabase({ dataDir, purpose: 'scratch' })
  return {
    url: database.url,
    async stop() {
      await database.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
