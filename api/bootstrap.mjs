// Prepares a checkout before any npm script: packages, the right Node, the built app. Runs under any Node from 20 on, needs no package.
// What is done already is recognised by stamps, so a second start costs a few milliseconds.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, linkSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, sep } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const packages = join(root, 'node_modules')
const app = join(root, 'pwa')
const lockFile = join(root, 'package-lock.json')
const installStamp = join(packages, '.voronka-lock')
const buildStamp = join(app, 'build', '.voronka-hash')
const oldest = [20, 0]
const needed = [24, 12]

/** An expected end: a sentence for the operator. */
class Refusal extends Error {}

let child
let stoppedBy
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    stoppedBy ??= signal
    endChild(signal)
  })
}

try {
  await prepare(process.argv[2] ?? 'start')
} catch (error) {
  if (!stoppedBy) console.error(error instanceof Refusal ? error.message : error)
  process.exitCode = stoppedBy ? 130 : 1
}

/** In: what the script that follows needs: 'cli' only packages, 'start', 'dev' and 'test' the built app too. */
async function prepare(mode) {
  if (!isAtLeast(process.versions.node, oldest)) {
    throw new Refusal(
      `Voronka needs Node ${oldest[0]} or later to start; this is ${process.versions.node}. Install a newer one from https://nodejs.org`,
    )
  }
  await installPackages()
  const node = findNode()
  if (mode === 'cli' || !existsSync(join(app, 'vite.config.ts'))) return
  await buildApp(node)
  if (mode === 'test') await generateTypes(node)
}

async function installPackages() {
  const wanted = sha256(readFileSync(lockFile))
  if (readStamp(installStamp) === wanted) return
  const npm = process.env.npm_execpath
  if (!npm) throw new Refusal('The packages are not installed. Start with npm: npm start')
  await refresh(installStamp, wanted, () =>
    step('Installing packages', findOuterNode(), [npm, 'ci', '--loglevel=error'], { cwd: root, env: withoutNpm(process.env) }),
  )
}

/** The Node that runs npm while it replaces node_modules, so not one that lies in there. */
function findOuterNode() {
  const inside = (path) => realpathSync(path).startsWith(packages + sep)
  const folders = (process.env.PATH ?? '').split(delimiter)
  const candidates = [process.env.npm_node_execpath, process.execPath, ...folders.map((folder) => join(folder, 'node'))]
  return candidates.find((path) => path && existsSync(path) && !inside(path)) ?? process.execPath
}

/**
 * The Node that runs Voronka: the one npm installed for this platform, else the present one when it is new enough. Npm scripts look into
 * node_modules/.bin first, so one that cannot run here (made for another C library, or copied from another machine) is taken away.
 */
function findNode() {
  const installed = join(packages, '.bin', 'node')
  const { status, error } = spawnSync(installed, ['--version'], { stdio: 'ignore' })
  if (status === 0) return installed
  if (!error || ['ENOENT', 'ENOEXEC', 'EACCES'].includes(error.code)) rmSync(installed, { force: true })
  if (isAtLeast(process.versions.node, needed)) return process.execPath
  throw new Refusal(
    `Voronka runs on Node ${needed.join('.')} or later. npm brought none that runs on ${process.platform}-${process.arch} ` +
      `(were optional packages left out?), and this one is ${process.versions.node}. Run "npm ci", or install Node 24 from https://nodejs.org`,
  )
}

async function buildApp(node) {
  const wanted = hashSources()
  if (readStamp(buildStamp) === wanted) return
  await refresh(buildStamp, wanted, () =>
    step('Building the app', node, [join(packages, 'vite/bin/vite.js'), 'build', '--logLevel', 'error'], {
      cwd: app,
      quiet: true,
    }),
  )
}

/** The types that SvelteKit derives from the routes lie among the packages, and an installation wipes them. */
async function generateTypes(node) {
  if (existsSync(join(app, 'node_modules', '$app'))) return
  await step('Generating types of the app', node, [join(packages, '@sveltejs/kit/svelte-kit.js'), 'sync'], {
    cwd: app,
    quiet: true,
  })
}

/** Names and contents of everything the built app is made from. The tree is small: reading it is as quick as asking for times. */
function hashSources() {
  const hash = createHash('sha256')
  for (const path of [...listFiles(app), ...listFiles(join(root, 'shared')), lockFile]) {
    hash.update(`${path.slice(root.length)}\0${sha256(readFileSync(path))}\0`)
  }
  return hash.digest('hex')
}

function listFiles(folder) {
  if (!existsSync(folder)) return []
  const generated = new Set(['build', '.svelte-kit', 'node_modules'])
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    if (generated.has(entry.name)) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? listFiles(path) : [path]
  })
}

/** Does the work and stamps it. Two scripts started at once take turns, and the second finds the work done. */
async function refresh(stamp, wanted, work) {
  const turn = join(tmpdir(), `voronka-bootstrap-${sha256(root).slice(0, 16)}.pid`)
  for (let tries = 0; !takeTurn(turn); tries++) {
    if (stoppedBy) throw new Refusal(`Stopped by ${stoppedBy}`)
    if (tries === 5)
      console.log(`Waiting for another npm script that prepares this folder (process ${readStamp(turn)}; its mark is ${turn})`)
    await delay(200)
  }
  try {
    if (readStamp(stamp) === wanted) return
    rmSync(stamp, { force: true })
    await work()
    writeFileSync(stamp, wanted)
  } finally {
    rmSync(turn, { force: true })
  }
}

/** A turn whose process is gone (kill -9) counts for nothing. The mark appears with its content, never empty. */
function takeTurn(path) {
  const mine = `${path}.${process.pid}`
  writeFileSync(mine, String(process.pid), { mode: 0o600 })
  try {
    linkSync(mine, path)
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (!isAlive(Number(readStamp(path)))) rmSync(path, { force: true })
    return false
  } finally {
    rmSync(mine, { force: true })
  }
}

function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/**
 * Runs one long step to its end, in a process group of its own so that all of it can be stopped, and says how long it took.
 * What a `quiet` step says is shown only when it fails.
 */
async function step(what, command, args, { cwd, env = process.env, quiet = false }) {
  const started = performance.now()
  console.log(`${what} …`)
  const output = quiet ? 'pipe' : 'inherit'
  child = spawn(command, args, { cwd, env, stdio: ['ignore', output, output], detached: process.platform !== 'win32' })
  const said = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(chunk))
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  child = undefined
  if (stoppedBy) throw new Refusal(`Stopped: ${what}`)
  if (code !== 0) {
    process.stderr.write(Buffer.concat(said))
    throw new Refusal(`${what} failed; the reason stands above.`)
  }
  console.log(`${what}: done in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}

function endChild(signal) {
  if (!child?.pid) return
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal)
  } catch {
    // It has just ended by itself.
  }
}

/** npm hands its own settings down by environment; an npm inside must not take them for its user's. */
function withoutNpm(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.toLowerCase().startsWith('npm_')))
}

function isAtLeast(version, [major, minor]) {
  const [hasMajor, hasMinor] = version.split('.').map(Number)
  return hasMajor > major || (hasMajor === major && hasMinor >= minor)
}

function readStamp(path) {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined
}

function sha256(content) {
  return createHash('sha256').update(content).digest('hex')
}
