import { spawnSync } from 'node:child_process'
import { chownSync, lchownSync, lstatSync, readdirSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { StartError } from './start-error.ts'

/** How the database programs are started: under which user, behind which command, and who must own their files. */
export interface RunAs {
  readonly uid?: number
  readonly gid?: number
  readonly prefix: readonly string[]
  readonly owner: { readonly uid: number; readonly gid: number }
}

const nobody = { uid: 65534, gid: 65534 }

/** A user of its own name space: outside it remains the calling user without any of root's powers. */
const ownNamespace = ['unshare', '--user', `--map-user=${nobody.uid}`, `--map-group=${nobody.gid}`]

/**
 * Chooses how to run PostgreSQL, which refuses to run as root and cannot do without a named user.
 *
 * As root it runs as the (ordinary) owner of the data folder, else as nobody. Where that user cannot enter (a folder below /root, say) it
 * runs in a user name space, else with the single right to pass closed folders. What is chosen has been tried, not assumed.
 *
 * In: `home`, the existing folder of the cluster (its owner is changed to fit); `program`, any program that must be executable.
 * Errors: StartError naming DATA_DIR when no way works.
 */
export function chooseRunAs(home: string, program: string, dataDir: string): RunAs {
  const ways = process.getuid?.() === 0 ? waysOfRoot(dataDir) : waysOfOrdinaryUser()
  const found = ways.find((way) => isUsable(way, home, program))
  if (found) return found
  throw new StartError(
    `PostgreSQL must not run as root, and no ordinary user can enter DATA_DIR ${dataDir} or ${dirname(program)}. ` +
      'Start Voronka as an ordinary user, or set DATA_DIR to a folder such as /var/lib/voronka, or set DATABASE_URL.',
  )
}

function waysOfRoot(dataDir: string): RunAs[] {
  const user = ordinaryOwner(dataDir) ?? nobody
  const setpriv = ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups']
  const passing = (right: string) => [...setpriv, `--inh-caps=+${right}`, `--ambient-caps=+${right}`]
  return [
    { ...user, prefix: [], owner: user },
    { prefix: ownNamespace, owner: { uid: 0, gid: 0 } },
    { prefix: passing('dac_read_search'), owner: user },
    { prefix: passing('dac_override'), owner: user },
  ]
}

function waysOfOrdinaryUser(): RunAs[] {
  const owner = { uid: process.getuid!(), gid: process.getgid!() }
  const plain = { prefix: [], owner }
  return hasName() ? [plain] : [{ prefix: ownNamespace, owner }, plain]
}

/** initdb stops for a user number without a name, as containers like to have. */
function hasName(): boolean {
  try {
    return userInfo().username !== ''
  } catch {
    return false
  }
}

function ordinaryOwner(path: string): { uid: number; gid: number } | undefined {
  const { uid, gid } = statSync(path)
  return uid === 0 ? undefined : { uid, gid }
}

function isUsable(way: RunAs, home: string, program: string): boolean {
  if (process.getuid?.() === 0) chownSync(home, way.owner.uid, way.owner.gid)
  const [command, ...args] = [...way.prefix, '/bin/sh', '-c', 'cd "$1" && exec "$2" --version', 'sh', home, program]
  const { uid, gid } = way
  return spawnSync(command!, args, { uid, gid, cwd: '/', stdio: 'ignore', env: { PATH: process.env['PATH'] } }).status === 0
}

/** Gives a whole tree to its new owner, the top last: an interrupted run is seen and repeated. No-op when the top is his already. */
export function giveTree(path: string, owner: RunAs['owner']): void {
  const stat = lstatSync(path)
  if (process.getuid?.() !== 0 || stat.uid === owner.uid) return
  if (stat.isDirectory()) for (const name of readdirSync(path)) giveTree(join(path, name), owner)
  lchownSync(path, owner.uid, owner.gid)
}
