import { readFileSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findBinaries } from './binaries.ts'
import { type ClusterPlace, createCluster, hasCluster, makeFolders, placeIn, tidyCluster } from './cluster.ts'
import { type DataLock, lockDataDir } from './data-lock.ts'
import { keepRunning } from './keep-running.ts'
import { endLeftovers } from './leftovers.ts'
import { chooseRunAs } from './run-as.ts'
import { findFreePort, isAnswering, type RunningServer, type ServerSetup, startServer, urlOf } from './server.ts'
import type { Purpose } from './settings.ts'
import { explainFileError, type StartError, type StartLog, silentLog } from './start-error.ts'

export interface EmbeddedDatabaseOptions {
  /** Everything the database writes lies below this folder; it is made when missing. */
  readonly dataDir: string
  readonly log?: StartLog
  /** Told in one sentence about steps that take longer than a moment. */
  readonly onProgress?: (sentence: string) => void
  /** Aborts a start that is under way. */
  readonly signal?: AbortSignal
  /** Called once when a running database is lost and could not be brought back. */
  readonly onLost?: (error: StartError) => void
  readonly purpose?: Purpose
  /** PostgreSQL's own settings, instead of those the purpose has. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface EmbeddedDatabase {
  /** Connection string with password; valid until `stop`, also across a recovery. */
  readonly url: string
  /** True when this start made the cluster. */
  readonly firstStart: boolean
  /** Fast shutdown; resolves when no process is left and the folder is free. May be called again. */
  stop(): Promise<void>
}

/**
 * Starts the PostgreSQL that npm installed on the data folder, makes the database `voronka` when missing, and keeps it running.
 *
 * One process at a time owns a data folder. What an earlier, killed run left alive is ended first; PostgreSQL's recovery then brings back
 * every committed change.
 *
 * Errors: StartError (a sentence for the operator); the signal's reason when aborted. After an error nothing is left running.
 */
export async function startEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const named = resolve(options.dataDir)
  let lock: DataLock | undefined
  try {
    makeFolders(placeIn(named))
    const place = placeIn(realpathSync(named))
    lock = lockDataDir(place.dataDir)
    return await startLocked(place, lock, options)
  } catch (error) {
    lock?.release()
    throw explainFileError(error, named)
  }
}

async function startLocked(place: ClusterPlace, lock: DataLock, options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const { log = silentLog, purpose = 'durable', settings = {}, signal, onProgress } = options
  const binaries = findBinaries()
  const firstStart = !hasCluster(place)
  await endLeftovers(place.cluster, log)
  const runAs = chooseRunAs(place.home, binaries.postgres, place.dataDir)
  tidyCluster(place, runAs)
  if (firstStart) {
    onProgress?.('Creating the database (a few seconds, only once)')
    await createCluster(place, binaries, runAs, { purpose, signal })
  }
  const setup: ServerSetup = { place, binaries, runAs, purpose, settings, signal, onProgress }
  const first = await startOnFreePort(setup)
  const server = keepRunning(setup, first, { log, onLost: options.onLost })
  return { url: urlOf(place, first.port), firstStart, stop: () => server.stop().finally(() => lock.release()) }
}

/** Another program may take the port between our look and PostgreSQL's: that is tried again, anything else is not. */
async function startOnFreePort(setup: ServerSetup, attempts = 3): Promise<RunningServer> {
  try {
    return await startServer(setup, await findFreePort())
  } catch (error) {
    if (attempts > 1 && /could not create any TCP\/IP sockets/.test(String(error))) return startOnFreePort(setup, attempts - 1)
    throw error
  }
}

/**
 * Looks for the embedded database of a Voronka that runs on this data folder now, for commands that work beside it.
 * Out: its connection string, or undefined when none answers.
 */
export async function findRunningDatabase(dataDir: string): Promise<string | undefined> {
  const { cluster } = placeIn(resolve(dataDir))
  try {
    const port = Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[3])
    const url = urlOf(placeIn(resolve(dataDir)), port)
    return (await isAnswering(url)) ? url : undefined
  } catch {
    return undefined
  }
}
