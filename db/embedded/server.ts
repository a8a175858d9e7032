import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { PostgresBinaries } from './binaries.ts'
import { type ClusterPlace, readPassword, superuser } from './cluster.ts'
import type { RunAs } from './run-as.ts'
import { openServerLog, type ServerLog } from './server-log.ts'
import { type Purpose, serverArguments } from './settings.ts'
import { explainComplaint } from './start-error.ts'
import { type Supervised, startSupervised } from './supervised.ts'

const database = 'voronka'
const readyLimitMs = 120_000
/** After this a start is remarkable, and the operator is told why it takes long. */
const longStartMs = 2_000

export interface ServerSetup {
  readonly place: ClusterPlace
  readonly binaries: PostgresBinaries
  readonly runAs: RunAs
  readonly purpose: Purpose
  readonly settings: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  readonly onProgress?: (sentence: string) => void
}

export interface RunningServer {
  readonly run: Supervised
  readonly port: number
}

/** A TCP port of the loopback that is free now. */
export async function findFreePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}

/** The connection string of the Voronka database. It holds the password: never print it. */
export function urlOf(place: ClusterPlace, port: number, name = database): string {
  return `postgres://${superuser}:${encodeURIComponent(readPassword(place))}@127.0.0.1:${port}/${name}`
}

/**
 * Starts the server on a port and waits until the Voronka database answers (a crash recovery may take its time).
 * Errors: StartError with PostgreSQL's own last words; the signal's reason when stopped. Nothing runs after an error.
 */
export async function startServer(setup: ServerSetup, port: number): Promise<RunningServer> {
  const { place, binaries, runAs, purpose, settings } = setup
  const log = openServerLog(place.logFile)
  const words = [binaries.postgres, '-D', place.cluster, ...serverArguments(purpose, port, settings)]
  const run = startSupervised(runAs, words, log.descriptor)
  log.close()
  try {
    await waitUntilReady(setup, port, run, log)
    return { run, port }
  } catch (error) {
    run.requestStop()
    await run.ended.catch(() => {})
    throw error
  }
}

async function waitUntilReady(
  { place, signal, onProgress }: ServerSetup,
  port: number,
  run: Supervised,
  log: ServerLog,
): Promise<void> {
  let over = false
  run.ended.finally(() => (over = true)).catch(() => {})
  const slow = setTimeout(
    () => onProgress?.('The database is still starting; after an unclean stop it recovers first'),
    longStartMs,
  )
  const until = performance.now() + readyLimitMs
  try {
    while (!over && performance.now() < until) {
      signal?.throwIfAborted()
      if (await isReady(place, port)) return
      await delay(15)
    }
  } finally {
    clearTimeout(slow)
  }
  signal?.throwIfAborted()
  throw explainComplaint(`The embedded PostgreSQL does not start (its log is ${place.logFile})`, log.lastWords(), place.dataDir)
}

/** Makes the database when the server is up and it is not there yet. */
async function isReady(place: ClusterPlace, port: number): Promise<boolean> {
  const code = await tryConnection(urlOf(place, port))
  if (code === '3D000') await createDatabase(place, port)
  return code === undefined || code === '3D000'
}

/** Whether a connection string leads to a server that lets us in. */
export async function isAnswering(url: string): Promise<boolean> {
  return (await tryConnection(url)) === undefined
}

/** Out: undefined when connected, else the code of the error. */
async function tryConnection(url: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return undefined
  } catch (error) {
    return (error as { code?: string }).code ?? 'unknown'
  } finally {
    await client.end().catch(() => {})
  }
}

async function createDatabase(place: ClusterPlace, port: number): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(place, port, 'postgres') })
  await client.connect()
  try {
    await client.query(`create database ${database}`)
  } finally {
    await client.end()
  }
}
