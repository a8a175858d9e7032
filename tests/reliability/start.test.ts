import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, beforeEach, test } from 'node:test'
import pg from 'pg'
import { assertRefused, cleanUp, findServer, isRoot, makeFolder, nobody, startProgram, stopProgram } from './program.ts'

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
  await stopProgram(first, folder)
  const second = startProgram({ dataDir })
  assert.deepEqual(await (await fetch(await second.ready)).json(), ['kept-row'])
  assert.doesNotMatch(second.said(), /Creating the database/)
  await stopProgram(second, folder)
})

test('started as root the database runs as the ordinary owner of the folder', rootOnly, async () => {
  const { uid, gid } = userWithName()
  chmodSync(folder, 0o755)
  mkdirSync(dataDir)
  chownSync(dataDir, uid, gid)
  const program = startProgram({ dataDir })
  await program.ready
  assert.equal(statSync(`/proc/${findServer(dataDir)}`).uid, uid)
  await stopProgram(program, folder)
})

test('started as root in a folder of root the database runs as nobody', rootOnly, async () => {
  const program = startProgram({ dataDir })
  await program.ready
  assert.equal(statSync(`/proc/${findServer(dataDir)}`).uid, nobody)
  await stopProgram(program, folder)
})

test(
  'started as root it works below a folder that only root may enter, also after the folder was open before',
  rootOnly,
  async () => {
    const open = startProgram({ dataDir })
    await fetch(`${await open.ready}/kept-row`, { method: 'POST' })
    await stopProgram(open, folder)
    chownSync(folder, 0, 0)
    chmodSync(folder, 0o700)
    const closed = startProgram({ dataDir })
    assert.deepEqual(await (await fetch(await closed.ready)).json(), ['kept-row'])
    await stopProgram(closed, folder)
  },
)

test('started as root it works below a closed folder also where user name spaces are forbidden', rootOnly, async () => {
  chownSync(folder, 0, 0)
  chmodSync(folder, 0o700)
  const program = startProgram({ dataDir, env: { PATH: pathWithOnly('setpriv', 'id') } })
  await program.ready
  assert.equal(statSync(`/proc/${findServer(dataDir)}`).uid, nobody)
  await stopProgram(program, folder)
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
  await stopProgram(program, folder)
})

test('an ordinary user without a name, as containers have, starts it', rootOnly, async (context) => {
  const unnamed = 54_321
  const probe = spawnSync('unshare', ['--user', '--map-user=65534', 'true'], { uid: unnamed, gid: unnamed })
  if (probe.status !== 0) return context.skip('user name spaces are not allowed here')
  chownSync(folder, unnamed, unnamed)
  const program = startProgram({ dataDir, uid: unnamed })
  await program.ready
  await stopProgram(program, folder)
})

test('a kill in the middle of the first start leaves nothing that hinders the next', async () => {
  for (const afterMs of [50, 150, 250, 350]) {
    const program = startProgram({ dataDir })
    const ready = program.ready.then(
      () => true,
      () => true,
    )
    const wait = (ms: number) => new Promise<boolean>((resolve) => setTimeout(resolve, ms, false))
    while (!program.said().includes('Creating') && !(await Promise.race([ready, wait(5)])));
    await wait(afterMs)
    program.child.kill('SIGKILL')
    await program.ended
  }
  const program = startProgram({ dataDir })
  await program.ready
  await stopProgram(program, folder)
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
  await stopProgram(program, folder)
})

test('words are ordered by the Russian rules', async () => {
  const program = startProgram({ dataDir })
  const url = await program.ready
  for (const word of ['Яма', 'ёж', 'Ель', 'жук', 'арка']) await fetch(`${url}/${encodeURIComponent(word)}`, { method: 'POST' })
  const rows = (await (await fetch(`${url}/ordered`)).json()) as string[]
  assert.deepEqual(rows, ['арка', 'ёж', 'Ель', 'жук', 'Яма'])
  await stopProgram(program, folder)
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
