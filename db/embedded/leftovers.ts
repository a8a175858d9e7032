import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { StartError, type StartLog } from './start-error.ts'

interface EndStep {
  readonly signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'
  readonly waitMs: number
}

/** How long each way of asking is given before the next, harder one, in ms. Together about 15 s. */
const patient = [
  { signal: 'SIGINT', waitMs: 10_000 },
  { signal: 'SIGQUIT', waitMs: 3_000 },
  { signal: 'SIGKILL', waitMs: 2_000 },
] as const

/** For a server that did not follow a request to stop; what it has not written, its log holds, and the next start recovers it. */
export const atOnce: readonly EndStep[] = [
  { signal: 'SIGQUIT', waitMs: 1_000 },
  { signal: 'SIGKILL', waitMs: 1_000 },
]

/**
 * Ends every process that still works on a cluster: a server whose Voronka died, or backends whose server died. The caller holds the
 * lock of the data folder, so nobody else can own them. Removes a lock file of PostgreSQL that names a stranger's process number.
 *
 * In: `steps`, the patient way unless the server has been asked in vain already. Errors: StartError when something stays alive even after SIGKILL.
 */
export async function endLeftovers(cluster: string, log: StartLog, steps: readonly EndStep[] = patient): Promise<void> {
  for (const { signal, waitMs } of steps) {
    const pids = listClusterProcesses(cluster)
    if (pids.length === 0) break
    log.warn(`Ending ${pids.length} database process(es) still there (${signal})`)
    const server = pids.find((pid) => pid === readServerPid(cluster))
    // SIGINT is for the server, which tells its backends. Backends without a server leave by themselves, normally at once.
    if (signal !== 'SIGINT') signalAll(pids, signal)
    else if (server !== undefined) signalAll([server], signal)
    await waitUntilGone(cluster, server === undefined ? Math.min(waitMs, 3_000) : waitMs)
  }
  const pids = listClusterProcesses(cluster)
  if (pids.length > 0)
    throw new StartError(`The database process ${pids[0]} of ${cluster} cannot be ended. End it by hand and start again.`)
  rmSync(join(cluster, 'postmaster.pid'), { force: true })
}

async function waitUntilGone(cluster: string, limitMs: number): Promise<void> {
  const until = performance.now() + limitMs
  while (performance.now() < until && listClusterProcesses(cluster).length > 0) await delay(20)
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

/** The processes of a cluster: PostgreSQL keeps its folder as working directory. Elsewhere than on Linux only the server is known. */
export function listClusterProcesses(cluster: string): number[] {
  if (!existsSync(cluster)) return []
  if (existsSync('/proc/self/cwd'))
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && cwdOf(pid) === cluster)
  const server = readServerPid(cluster)
  return server !== undefined && commandOf(server).includes(cluster) ? [server] : []
}

function cwdOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}

function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}

/** The server's process number by PostgreSQL's own lock file; it may be long gone. */
function readServerPid(cluster: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(join(cluster, 'postmaster.pid'), 'utf8'), 10)
  } catch {
    return undefined
  }
}
