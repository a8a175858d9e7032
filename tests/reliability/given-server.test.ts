import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { assertGivenServer } from '../../db/embedded/given-server.ts'
import { findFreePort } from '../../db/embedded/server.ts'
import { StartError } from '../../db/embedded/start-error.ts'
import { cleanUp, isRoot, makeFolder, nobody, startProgram, waitForText } from './program.ts'

/** The oldest PostgreSQL that this system has installed, 15 or later; not the embedded one. */
const bin = findInstalled()
const skip = bin ? false : 'NOT TESTED: no PostgreSQL server is installed here (apt install postgresql)'
const user = isRoot ? { uid: nobody, gid: nobody } : {}

const folder = makeFolder(nobody)
const dataDir = join(folder, 'unused')
let port = 0
const url = (name = 'postgres', password = 'right') => `postgres://voronka:${password}@127.0.0.1:${port}/${name}`

function findInstalled(): string | undefined {
  const base = '/usr/lib/postgresql'
  const versions = existsSync(base)
    ? readdirSync(base)
        .map(Number)
        .filter((version) => version >= 15)
        .toSorted()
    : []
  return versions.map((version) => `${base}/${version}/bin`).find((path) => existsSync(`${path}/initdb`))
}

function run(program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(`${bin}/${program}`, args, {
    ...user,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
}

const startServer = () =>
  run(
    'pg_ctl',
    '-D',
    `${folder}/pg`,
    '-w',
    '-l',
    `${folder}/log`,
    '-o',
    `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`,
    'start',
  )
const stopServer = () => spawnSync(`${bin}/pg_ctl`, ['-D', `${folder}/pg`, '-m', 'immediate', 'stop'], user)

before(async () => {
  if (!bin) return
  port = await findFreePort()
  writeFileSync(join(folder, 'password'), 'right\n')
  run(
    'initdb',
    '-D',
    `${folder}/pg`,
    '-U',
    'voronka',
    `--pwfile=${folder}/password`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  )
})
afterEach(stopServer)
after(() => cleanUp(folder))

test('with DATABASE_URL it runs on that server and starts no embedded database', { skip }, async () => {
  startServer()
  const program = startProgram({ dataDir, env: { DATABASE_URL: url(), DATABASE_REPLICA_URLS: url() } })
  const base = await program.ready
  await fetch(`${base}/kept-row`, { method: 'POST' })
  assert.deepEqual(await (await fetch(base)).json(), ['kept-row'])
  assert.ok(!existsSync(dataDir))
  program.child.kill('SIGTERM')
  assert.equal((await program.ended).code, 0)
})

test('a server that comes up a moment later is waited for', { skip }, async () => {
  const program = startProgram({ dataDir, env: { DATABASE_URL: url() } })
  await waitForText(program, 'Waiting for the database server of DATABASE_URL')
  startServer()
  await program.ready
  program.child.kill('SIGTERM')
  assert.equal((await program.ended).code, 0)
})

test('SIGTERM ends the wait for a server', { skip }, async () => {
  const program = startProgram({ dataDir, env: { DATABASE_URL: url() } })
  await waitForText(program, 'Waiting for the database server of DATABASE_URL')
  program.child.kill('SIGTERM')
  assert.equal((await program.ended).code, 0)
})

test('a wrong password and a missing database are refused in a sentence without the password', { skip }, async () => {
  startServer()
  for (const [wrong, sentence] of [
    [url('postgres', 'very-wrong'), /^DATABASE_URL: .* refuses this user or password\.\n$/],
    [url('nowhere', 'right'), /^DATABASE_URL: .*\/nowhere has no such database.*\n$/],
  ] as const) {
    const program = startProgram({ dataDir, env: { DATABASE_URL: wrong } })
    assert.equal((await program.ended).code, 1)
    assert.match(program.said(), sentence)
    assert.doesNotMatch(program.said(), /very-wrong|right/)
  }
})

test('a server that never answers is given up in a sentence that names the setting', async () => {
  const nothing = `postgres://voronka:secret@127.0.0.1:${await findFreePort()}/voronka`
  await assert.rejects(
    assertGivenServer(nothing, { setting: 'DATABASE_REPLICA_URLS', limitMs: 100 }),
    (error: Error) =>
      error instanceof StartError &&
      /^DATABASE_REPLICA_URLS: .* does not answer/.test(error.message) &&
      !/secret/.test(error.message),
  )
})
