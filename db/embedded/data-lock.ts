import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StartError } from './start-error.ts'

const sqliteBusy = 5

export interface DataLock {
  /** May be called again. */
  release(): void
}

/**
 * Takes the data folder for this process alone.
 *
 * The kernel holds the lock (SQLite is used only for its portable file locking), so it ends with the process however that dies:
 * nothing stale is left after kill -9, a reused process number deceives nobody, and containers that share the folder see each other.
 *
 * Errors: StartError when another process holds it.
 */
export function lockDataDir(dataDir: string): DataLock {
  const path = join(dataDir, 'voronka.lock')
  // Private: who can open the file could lock it. Not opened when there: closing it would drop a lock this process holds already.
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
  const file = new DatabaseSync(path, { timeout: 0 })
  const holder = join(dataDir, 'voronka.pid')
  try {
    file.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    file.close()
    throw explainLockError(error as Error & { errcode?: number }, dataDir, holder)
  }
  writeFileSync(holder, `${process.pid}\n`)
  return {
    release() {
      if (file.isOpen) file.close()
    },
  }
}

function explainLockError({ errcode, message }: Error & { errcode?: number }, dataDir: string, holder: string): StartError {
  if (errcode !== sqliteBusy)
    return new StartError(`DATA_DIR ${dataDir} cannot be locked (${message}). Set DATA_DIR to a folder on a local disk.`)
  const holderPid = readHolder(holder)
  return new StartError(
    `DATA_DIR ${dataDir} is already in use by another Voronka (process ${holderPid}). Stop that one or set another DATA_DIR.`,
  )
}

function readHolder(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return 'unknown'
  }
}
