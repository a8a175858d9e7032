import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { StartError } from './start-error.ts'

const oldestSupported = 150_000

/** States in which a server or its network is merely not there yet, as when everything starts together. */
const passing = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EAI_AGAIN', 'ENOTFOUND', '57P03', '53300'])

export interface GivenServerOptions {
  /** The setting the URL came from, for the sentence. */
  readonly setting: 'DATABASE_URL' | 'DATABASE_REPLICA_URLS'
  readonly onProgress?: (sentence: string) => void
  readonly signal?: AbortSignal
  /** How long a server that is not there yet is waited for. */
  readonly limitMs?: number
}

/**
 * Makes sure that a PostgreSQL server given by the operator answers and is new enough.
 * Errors: StartError naming the setting, never the password; the signal's reason when aborted.
 */
export async function assertGivenServer(url: string, options: GivenServerOptions): Promise<void> {
  const { setting, onProgress, signal, limitMs = 30_000 } = options
  const until = performance.now() + limitMs
  for (let attempt = 0; ; attempt++) {
    signal?.throwIfAborted()
    const error = await tryServer(url, setting)
    if (!error) return
    if (!passing.has(error.code ?? '') || performance.now() > until) throw new StartError(`${setting}: ${explain(error, url)}`)
    if (attempt === 0) onProgress?.(`Waiting for the database server of ${setting}`)
    await delay(500, undefined, { signal })
  }
}

async function tryServer(url: string, setting: string): Promise<{ code?: string; message: string } | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ number: string; name: string }>(
      `select current_setting('server_version_num') as number, current_setting('server_version') as name`,
    )
    if (Number(rows[0]!.number) >= oldestSupported) return undefined
    throw new StartError(`${setting}: the server is PostgreSQL ${rows[0]!.name}; Voronka needs 15 or later.`)
  } catch (error) {
    if (error instanceof StartError) throw error
    return error as Error
  } finally {
    await client.end().catch(() => {})
  }
}

function explain({ code, message }: { code?: string; message: string }, url: string): string {
  const place = placeOf(url)
  switch (code) {
    case '28P01':
    case '28000':
      return `the server at ${place} refuses this user or password.`
    case '3D000':
      return `the server at ${place} has no such database. Create it: create database … owner …`
    default:
      return `the server at ${place} does not answer: ${message || code}`
  }
}

function placeOf(url: string): string {
  const { host, searchParams, pathname } = new URL(url)
  return `${host || searchParams.get('host')}${pathname}`
}
