import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, beforeEach, test } from 'node:test'
import pg from 'pg'
import { cleanUp, findServer, isRoot, listProcesses, makeFolder, nobody, type Program, startProgram } from './program.ts'
import { startWriters } from './writers.ts'

const rootOnly = { skip: isRoot ? false : 'needs root to become other users' }

let folder = ''
let dataDir = ''
beforeEach(() => {
  folder = makeFolder(nobody)
  dataDir = join(folder, 'data')
})
const paths: string[] = []
afterEach(() => cleanUp(folder))
after(() => {
  for (const path of paths) rmSync(path, { recursive: true })
})

test('the first start makes the database and the second start finds the rows again, in a folder of any name', async () => {
  dataDir = join(folder, `данные "x" 'y' ${'длинное имя '.repeat(10)}`)
  const first = startProgram({ dataDir })
  await fetch(`${await first.ready}/kept-row`, { method: 'POST' })
  assert.match(first.said(), /Creating the database/)
  await stop(first)
  const second = startProgram({ dataDir })
  assert.deepEqual(await (await fetch(await second.ready)).json(), ['kept-row'])
  assert.doesNotMatch(second.said(), /Creating the database/)
  await stop(second)
})

test('started as root the database runs as the ordinary owner of the folder', rootOnly, async () => {
  const { uid, gid } = userWithName()
  chmodSync(folder, 0o755)
  mkdirSync(dataDir)
  chownSync(dataDir, uid, gid)
  const program = startProgram({ dataDir })
  await program.ready
  assert.equal(statSync(`/proc/${findServer(dataDir)}`).uid, uid)
  await stop(program)
})

test('started as root in a folder of root the database runs as nobody', rootOnly, async () => {
  const program = startProgram({ dataDir })
  await program.ready
  assert.equal(statSync(`/proc/${findServer(dataDir)}`).uid, nobody)
  await stop(program)
})

test(
  'started as root it works below a folder that only root may enter, also after the folder was open before',
  rootOnly,
  async () => {
    const open = startProgram({ dataDir })
    await fetch(`${await open.ready}/kept-row`, { method: 'POST' })
    await stop(open)
    chownSync(folder, 0, 0)
    chmodSync(folder, 0o700)
    const closed = startProgram({ dataDir })
    assert.deepEqual(await (await fetch(await closed.ready)).json(), ['kept-row'])
    await stop(closed)
  },
)

test('started as root it works below a closed folder also where user name spaces are forbidden', rootOnly, async () => {
  chownSync(folder, 0, 0)
  chmodSync(folder, 0o700)
  const program = startProgram({ dataDir, env: { PATH: pathWithOnly('setpriv', 'id') } })
  await program.ready
  assert.equal(statSync(`/proc/${findServer(dataDir)}`).uid, nobody)
  await stop(program)
})

test('where no way of running the database works it says so in a sentence that names DATA_DIR', rootOnly, async () => {
  chownSync(folder, 0, 0)
  chmodSync(folder, 0o700)
  await assertRefused(
    startProgram({ dataDir, env: { PATH: pathWithOnly('id') } }),
    /^PostgreSQL cannot run here: .* DATA_DIR .*\n$/,
  )
})

test('an ordinary user starts it on a folder of his own', async () => {
  const program = startProgram({ dataDir, uid: isRoot ? nobody : undefined })
  await program.ready
  await stop(program)
})

test('an ordinary user without a name, as containers have, starts it', rootOnly, async (context) => {
  const unnamed = 54_321
  const probe = spawnSync('unshare', ['--user', '--map-user=65534', 'true'], { uid: unnamed, gid: unnamed })
  if (probe.status !== 0) return context.skip('user name spaces are not allowed here')
  chownSync(folder, unnamed, unnamed)
  const program = startProgram({ dataDir, uid: unnamed })
  await program.ready
  await stop(program)
})

test('a folder that belongs to another user is refused in one sentence', rootOnly, async () => {
  const program = startProgram({ dataDir })
  await program.ready
  await stop(program)
  chmodSync(folder, 0o755)
  await assertRefused(startProgram({ dataDir, uid: nobody - 1 }), /^DATA_DIR \S+ .*another user.*\n$/)
})

test('a second start on the same folder is refused in one sentence and the first goes on unharmed', async () => {
  const first = startProgram({ dataDir })
  const writers = startWriters(await first.ready)
  await writers.progress(20)
  await assertRefused(startProgram({ dataDir }), new RegExp(`^DATA_DIR ${dataDir} .*process ${first.child.pid}.*\n$`))
  await writers.progress(20)
  await writers.stop()
  await stop(first)
})

test('of two first starts at the same moment one wins and the other is refused', async () => {
  const both = [startProgram({ dataDir }), startProgram({ dataDir })]
  const results = await Promise.allSettled(both.map(({ ready }) => ready))
  assert.deepEqual(results.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  const winner = both[results.findIndex(({ status }) => status === 'fulfilled')]!
  await stop(winner)
})

test('a port that is taken is refused with a sentence that names PORT, and the database is stopped again', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const { port } = other.address() as AddressInfo
  await assertRefused(startProgram({ dataDir, env: { PORT: String(port) } }), new RegExp(`PORT ${port} is already in use`))
  assert.deepEqual(listProcesses(folder), [])
  other.close()
})

test('a folder that cannot be written is refused with a sentence that names DATA_DIR', async () => {
  mkdirSync(dataDir, { mode: 0o500 })
  const closed = startProgram({ dataDir: join(dataDir, 'below'), uid: isRoot ? nobody : undefined })
  await assertRefused(closed, /^DATA_DIR \S+ cannot be written.*\n$/)
  writeFileSync(join(folder, 'file'), '')
  await assertRefused(startProgram({ dataDir: join(folder, 'file') }), /^DATA_DIR \S+ is not a folder.*\n$/)
})

test('a disk that is too small is refused with a sentence that names DATA_DIR', rootOnly, async (context) => {
  mkdirSync(dataDir)
  const onSmallDisk = (megabytes: number) => [
    'unshare',
    '--mount',
    'sh',
    '-c',
    `mount -t tmpfs -o size=${megabytes}m small ${dataDir} && exec "$@"`,
    'sh',
  ]
  if (spawnSync(onSmallDisk(1)[0]!, [...onSmallDisk(1).slice(1), 'true']).status !== 0)
    return context.skip('mounting is not allowed here')
  await assertRefused(startProgram({ dataDir, prefix: onSmallDisk(20) }), /^DATA_DIR \S+ only \d+ MB are free.*\n$/)
})

test('a disk that is full by the second start is refused with a sentence that names DATA_DIR', rootOnly, async (context) => {
  const first = startProgram({ dataDir })
  await first.ready
  await stop(first)
  const full = join(folder, 'full')
  mkdirSync(full)
  const fill = `mount -t tmpfs -o size=100m full ${full} && cp -a ${dataDir} ${full} && { cat /dev/zero > ${full}/zeros 2>/dev/null; rm ${full}/data/postgres/cluster/postmaster.opts; true; }`
  const prefix = ['unshare', '--mount', 'sh', '-c', `${fill} && exec "$@"`, 'sh']
  if (spawnSync(prefix[0]!, [...prefix.slice(1), 'true']).status !== 0) return context.skip('mounting is not allowed here')
  await assertRefused(startProgram({ dataDir: join(full, 'data'), prefix }), /^DATA_DIR \S+ the disk is full.*\n$/)
})

test('a database of another major version is refused in one sentence and left as it is', async () => {
  const program = startProgram({ dataDir })
  await program.ready
  await stop(program)
  const version = join(dataDir, 'postgres/cluster/PG_VERSION')
  writeFileSync(version, '17\n')
  await assertRefused(
    startProgram({ dataDir }),
    /^The database in \S+ was made by PostgreSQL 17; this Voronka brings PostgreSQL 18.*\n$/,
  )
  assert.equal(readFileSync(version, 'utf8'), '17\n')
})

test('a kill in the middle of the first start leaves nothing that hinders the next', async () => {
  for (const afterMs of [50, 250]) {
    const program = startProgram({ dataDir })
    while (!program.said().includes('Creating')) await new Promise((resolve) => setTimeout(resolve, 5))
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    program.child.kill('SIGKILL')
    await program.ended
  }
  const program = startProgram({ dataDir })
  await program.ready
  await stop(program)
})

test('without the password nobody gets in', async () => {
  const program = startProgram({ dataDir })
  await program.ready
  const port = Number(readFileSync(join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[3])
  for (const password of ['', 'voronka', 'postgres']) {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'voronka', database: 'voronka', password })
    await assert.rejects(client.connect(), /password/)
  }
  const secret = join(dataDir, 'postgres/cluster/voronka.password')
  assert.equal(statSync(secret).mode & 0o077, 0)
  assert.equal(statSync(join(dataDir, 'postgres')).mode & 0o077, 0)
  assert.ok(!program.said().includes(readFileSync(secret, 'utf8').trim()))
  await stop(program)
})

test('words are ordered by the Russian rules', async () => {
  const program = startProgram({ dataDir })
  const url = await program.ready
  for (const word of ['Яма', 'ёж', 'Ель', 'жук', 'арка']) await fetch(`${url}/${encodeURIComponent(word)}`, { method: 'POST' })
  const rows = (await (await fetch(`${url}/ordered`)).json()) as string[]
  assert.deepEqual(rows, ['арка', 'ёж', 'Ель', 'жук', 'Яма'])
  await stop(program)
})

/** Some ordinary user of this machine that is not nobody. */
function userWithName(): { uid: number; gid: number } {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const [, , uid, gid] = users.find(([, , number]) => Number(number) > 0 && Number(number) !== nobody)!
  return { uid: Number(uid), gid: Number(gid) }
}

/** A search path on which only these programs are found. */
function pathWithOnly(...programs: string[]): string {
  const path = mkdtempSync(join(tmpdir(), 'voronka-path-'))
  chmodSync(path, 0o755)
  for (const program of programs)
    symlinkSync(spawnSync('/bin/sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim(), join(path, program))
  paths.push(path)
  return path
}

async function stop(program: Program): Promise<void> {
  program.child.kill('SIGTERM')
  assert.deepEqual(await program.ended, { code: 0, signal: null }, program.said())
  assert.deepEqual(listProcesses(folder), [])
}

/** One sentence, no stack, exit code 1, nothing left running. */
async function assertRefused(program: Program, sentence: RegExp): Promise<void> {
  const { code } = await program.ended
  const said = program.said().replace(/^Creating the database.*\n/, '')
  assert.match(said, sentence)
  assert.doesNotMatch(said, /^\s+at /m)
  assert.equal(code, 1)
}
