import { assertGivenServer } from '../../db/embedded/given-server.ts'
import { findRunningDatabase, startEmbeddedDatabase } from '../../db/embedded/launcher.ts'
import type { StartError, StartLog } from '../../db/embedded/start-error.ts'
import type { Config } from '../config.ts'

export interface OpenDatabase {
  /** Connection string; holds the password. */
  readonly url: string
  /** Streaming replicas for reads, possibly none. */
  readonly replicaUrls: readonly string[]
  /** True for the database that Voronka runs itself. */
  readonly embedded: boolean
  stop(): Promise<void>
}

export interface OpenDatabaseOptions {
  readonly log?: StartLog
  readonly onProgress?: (sentence: string) => void
  readonly signal?: AbortSignal
  readonly onLost?: (error: StartError) => void
  /** For commands beside a running Voronka: use its embedded database instead of being refused. */
  readonly join?: boolean
}

/**
 * Gives the database of these settings, ready for connections: the given server, checked, or the embedded one, started.
 * Errors: StartError; the signal's reason when aborted.
 */
export async function openDatabase(config: Config, options: OpenDatabaseOptions = {}): Promise<OpenDatabase> {
  if (config.databaseUrl) return openGivenServer(config.databaseUrl, config.databaseReplicaUrls, options)
  const running = options.join ? await findRunningDatabase(config.dataDir) : undefined
  if (running) return { url: running, replicaUrls: [], embedded: true, stop: async () => {} }
  const { url, stop } = await startEmbeddedDatabase({ ...options, dataDir: config.dataDir })
  return { url, replicaUrls: [], embedded: true, stop }
}

async function openGivenServer(url: string, replicaUrls: readonly string[], options: OpenDatabaseOptions): Promise<OpenDatabase> {
  await assertGivenServer(url, { ...options, setting: 'DATABASE_URL' })
  for (const replica of replicaUrls) await assertGivenServer(replica, { ...options, setting: 'DATABASE_REPLICA_URLS' })
  return { url, replicaUrls, embedded: false, stop: async () => {} }
}
