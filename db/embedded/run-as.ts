import { spawnSync } from 'node:child_process'
import { chownSync, lchownSync, lstatSync, readdirSync, statSync } from 'node:fs'
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
    `PostgreSQL cannot run here: it needs an ordinary user that has a name and can enter both DATA_DIR ${dataDir} and ${dirname(program)}. ` +
      'Start Voronka as such a user, or set DATA_DIR to a folder such as /var/lib/voronka, or set DATABASE_URL.',
  )
}

function waysOfRoot(dataDir: string): RunAs[] {
  const users = [ordinaryOwner(dataDir) ?? nobody, nobody]
  const setpriv = ['setpriv', `--reuid=${nobody.uid}`, `--regid=${nobody.gid}`, '--clear-groups']
  const passing = (right: string) => [...setpriv, `--inh-caps=+${right}`, `--ambient-caps=+${right}`]
  return [
    ...users.map((user) => ({ ...user, prefix: [], owner: user })),
    { prefix: ownNamespace, owner: { uid: 0, gid: 0 } },
    { prefix: passing('dac_read_search'), owner: nobody },
    { prefix: passing('dac_override'), owner: nobody },
  ]
}

function waysOfOrdinaryUser(): RunAs[] {
  const owner = { uid: process.getuid!(), gid: process.getgid!() }
  return [
    { prefix: [], owner },
    { prefix: ownNamespace, owner },
  ]
}

function ordinaryOwner(path: string): { uid: number; gid: number } | undefined {
  const { uid, gid } = statSync(path)
  return uid === 0 ? undefined : { uid, gid }
}

/** Whether that user has a name (initdb stops without, and containers like numbers), can enter the folder and run the program. */
function isUsable(way: RunAs, home: string, program: string): boolean {
  if (process.getuid?.() === 0) chownSync(home, way.owner.uid, way.owner.gid)
  const [command, ...args] = [...way.prefix, '/bin/sh', '-c', 'id -un && cd "$1" && exec "$2" --version', 'sh', home, program]
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
