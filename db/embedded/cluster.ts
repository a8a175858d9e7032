import { randomBytes } from 'node:crypto'
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { type PostgresBinaries, postgresMajor } from './binaries.ts'
import { giveTree, type RunAs } from './run-as.ts'
import type { Purpose } from './settings.ts'
import { explainComplaint, StartError } from './start-error.ts'
import { startSupervised } from './supervised.ts'

export const superuser = 'voronka'
const passwordFile = 'voronka.password'
const neededBytes = 150 * 1024 * 1024

/** Where the parts of a data folder lie. `home` is private to the database's user. */
export interface ClusterPlace {
  readonly dataDir: string
  readonly home: string
  readonly cluster: string
  readonly logFile: string
}

/** In: the real path (no symbolic links) of the data folder. */
export function placeIn(dataDir: string): ClusterPlace {
  const home = join(dataDir, 'postgres')
  return { dataDir, home, cluster: join(home, 'cluster'), logFile: join(dataDir, 'postgres.log') }
}

/** Whether a finished cluster is there. An unfinished one never has this name. Errors: StartError for another major version. */
export function hasCluster({ cluster }: ClusterPlace): boolean {
  if (!existsSync(cluster)) return false
  const version = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim()
  if (version === postgresMajor) return true
  throw new StartError(
    `The database in ${cluster} was made by PostgreSQL ${version}; this Voronka brings PostgreSQL ${postgresMajor}. ` +
      'Make a backup with the Voronka that wrote it, then restore that into an empty DATA_DIR.',
  )
}

/** The generated password of the database's only user; readable by the owner of the data folder alone. */
export function readPassword({ cluster }: ClusterPlace): string {
  return readFileSync(join(cluster, passwordFile), 'utf8').trim()
}

/**
 * Makes the cluster: UTF-8, order of words by the Russian ICU rules, log-in by password only.
 * It is made under another name and renamed when whole, so a kill at any moment leaves either nothing or all of it. That name is
 * never used twice: the initdb of a killed start still removes its own folder for a moment, and must not take the next one's.
 *
 * Errors: StartError for too little space or with the last words of initdb; the signal's reason when stopped.
 */
export async function createCluster(
  place: ClusterPlace,
  { initdb }: PostgresBinaries,
  runAs: RunAs,
  options: { readonly purpose: Purpose; readonly signal?: AbortSignal },
): Promise<void> {
  assertSpace(place.dataDir)
  const fresh = `${place.cluster}.new-${randomBytes(4).toString('hex')}`
  const password = writePassword(place.home, runAs)
  const command = [initdb, '-D', fresh, '-U', superuser, `--pwfile=${password}`, ...initdbArguments(options.purpose)]
  await runInitdb(command, runAs, place.dataDir, options.signal)
  renameSync(password, join(fresh, passwordFile))
  renameSync(fresh, place.cluster)
}

/** Removes what an interrupted creation left behind and gives the files to the user who will run the server. */
export function tidyCluster(place: ClusterPlace, runAs: RunAs): void {
  for (const name of readdirSync(place.home)) {
    if (name !== 'cluster') removeLeftBehind(join(place.home, name))
  }
  if (existsSync(place.cluster)) giveTree(place.cluster, runAs.owner)
}

/** What the initdb of a killed start is removing at this very moment may resist; it then removes it itself, or the next start does. */
function removeLeftBehind(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 })
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST', 'EBUSY'].includes(code)) throw error
  }
}

/** Makes the folders. As root the data folder can be passed by the database's user, but not listed. */
export function makeFolders({ dataDir, home }: { readonly dataDir: string; readonly home: string }): void {
  mkdirSync(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const owner = lstatSync(home).uid
  const self = process.getuid!()
  if (self !== 0 && owner !== self) {
    throw new StartError(
      `DATA_DIR ${dataDir} holds a database of another user (number ${owner}). Start Voronka as that user or set another DATA_DIR.`,
    )
  }
}

function assertSpace(dataDir: string): void {
  const { bavail, bsize } = statfsSync(dataDir)
  if (bavail * bsize >= neededBytes) return
  const megabytes = Math.floor((bavail * bsize) / 1024 / 1024)
  throw new StartError(
    `DATA_DIR ${dataDir}: only ${megabytes} MB are free on this disk, a new database needs ${neededBytes / 1024 / 1024} MB. ` +
      'Free some space or set DATA_DIR to another disk.',
  )
}

function writePassword(home: string, { owner }: RunAs): string {
  const path = join(home, passwordFile)
  writeFileSync(path, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
  if (process.getuid?.() === 0) chownSync(path, owner.uid, owner.gid)
  return path
}

/** Linux can bring a whole file system to disk at once, which is much quicker than a thousand files one by one. */
const syncMethod = process.platform === 'linux' ? ['--sync-method=syncfs'] : []

function initdbArguments(purpose: Purpose): string[] {
  const order = ['--encoding=UTF8', '--locale-provider=icu', '--icu-locale=ru', '--locale=C']
  const access = ['--auth=scram-sha-256', '--no-instructions']
  return [...order, ...access, ...(purpose === 'scratch' ? ['--no-sync'] : syncMethod)]
}

async function runInitdb(command: readonly string[], runAs: RunAs, dataDir: string, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  const run = startSupervised(runAs, command, 'pipe')
  let said = ''
  run.child.stdout?.on('data', (chunk) => (said += chunk))
  run.child.stderr?.on('data', (chunk) => (said += chunk))
  signal?.addEventListener('abort', run.requestStop, { once: true })
  const code = await run.ended
  signal?.removeEventListener('abort', run.requestStop)
  signal?.throwIfAborted()
  if (code === 0) return
  const complaint = said.split('\n').findLast((line) => /error|fatal|panic|could not/i.test(line))
  throw explainComplaint('PostgreSQL could not create its database', complaint ?? said.trim().slice(-300), dataDir)
}
