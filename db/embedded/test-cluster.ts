import { existsSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lockDataDir } from './data-lock.ts'
import { startEmbeddedDatabase } from './launcher.ts'

const prefix = 'voronka-test-'
const inMemory = '/dev/shm'
const enoughBytes = 4 * 2 ** 30
const surelyOldMs = 60 * 60 * 1000

/**
 * Starts one throw-away cluster for a whole run of tests, in a temporary folder, without durability.
 * @param place the folder to make it in; @param settings PostgreSQL's own, instead of the usual ones
 * @returns its connection string (handed on as TEST_DATABASE_URL) and `stop`, which removes everything. It ends with this process in any case.
 */
export async function startTestCluster(
  place = quickTemporaryPlace(),
  settings: Readonly<Record<string, string>> = {},
): Promise<{ url: string; stop(): Promise<void> }> {
  removeForgotten(place)
  const dataDir = await mkdtemp(join(place, prefix))
  const database = await startEmbeddedDatabase({ dataDir, purpose: 'scratch', settings })
  return {
    url: database.url,
    async stop() {
      await database.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Where temporary databases are made: in memory when there is plenty, which makes cloning one several times quicker, else on disk. */
export function quickTemporaryPlace(): string {
  if (!existsSync(inMemory)) return tmpdir()
  const { bavail, bsize } = statfsSync(inMemory)
  return bavail * bsize >= enoughBytes ? inMemory : tmpdir()
}

/** Removes what runs left behind that were ended by kill -9: old folders that nobody holds. */
function removeForgotten(place: string): void {
  for (const name of readdirSync(place)) {
    const path = join(place, name)
    if (!name.startsWith(prefix) || Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) < surelyOldMs)
      continue
    try {
      lockDataDir(path).release()
      rmSync(path, { recursive: true, force: true })
    } catch {
      // In use, or another user's.
    }
  }
}
