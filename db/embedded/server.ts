import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { PostgresBinaries } from './binaries.ts'
import { type ClusterPlace, readPassword, superuser } from './cluster.ts'
import type { RunAs } from './run-as.ts'
import { type Purpose, serverArguments } from './settings.ts'
import { StartError } from './start-error.ts'
import { type Supervised, startSupervised } from './supervised.ts'

const database = 'voronka'
const readyLimitMs = 120_000
const logLimitBytes = 5 * 1024 * 1024

export interface ServerSetup {
  readonly place: ClusterPlace
  readonly binaries: PostgresBinaries
  readonly runAs: RunAs
  readonly purpose: Purpose
  readonly signal?: AbortSignal
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
  const { place, binaries, runAs, purpose } = setup
  const logStart = rotateLog(place.logFile)
  const log = openSync(place.logFile, 'a', 0o600)
  const run = startSupervised(runAs, [binaries.postgres, '-D', place.cluster, ...serverArguments(purpose, port)], log)
  closeSync(log)
  try {
    await waitUntilReady(setup, port, run, logStart)
    return { run, port }
  } catch (error) {
    run.requestStop()
    await run.ended.catch(() => {})
    throw error
  }
}

async function waitUntilReady({ place, signal }: ServerSetup, port: number, run: Supervised, logStart: number): Promise<void> {
  let over = false
  run.ended.finally(() => (over = true)).catch(() => {})
  const until = performance.now() + readyLimitMs
  while (!over && performance.now() < until) {
    signal?.throwIfAborted()
    if (await isReady(place, port)) return
    await delay(15)
  }
  signal?.throwIfAborted()
  throw new StartError(
    `The embedded PostgreSQL does not start: ${lastWords(place.logFile, logStart)} (log: ${place.logFile}; folder: DATA_DIR)`,
  )
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

/** Keeps one older log. Out: the size of the present one in bytes, where new lines begin. */
function rotateLog(path: string): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size < logLimitBytes) return size
  renameSync(path, `${path}.1`)
  return 0
}

function lastWords(path: string, from: number): string {
  const lines = readFileSync(path).subarray(from).toString('utf8').split('\n')
  const isCause = (line: string) =>
    /FATAL|PANIC|ERROR|error while loading/.test(line) && !/is starting up|in recovery mode/.test(line)
  const complaint = lines.findLast(isCause) ?? lines.findLast((line) => line.trim() !== '')
  return complaint?.replace(/^.*?(FATAL|PANIC|ERROR):\s*/, '') ?? 'it says nothing'
}
