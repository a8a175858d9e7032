import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { readConfig } from '../../api/config.ts'
import { openDatabase } from '../../api/lifecycle/database.ts'
import { findRunningDatabase, startEmbeddedDatabase } from '../../db/embedded/launcher.ts'
import { cutLog } from '../../db/embedded/server-log.ts'
import { StartError } from '../../db/embedded/start-error.ts'
import { startSupervised } from '../../db/embedded/supervised.ts'
import { startTestCluster } from '../../db/embedded/test-cluster.ts'
import { cleanUp, listProcesses, makeFolder, waitForNoProcess } from './program.ts'

let folder = ''
let dataDir = ''
beforeEach(() => {
  folder = makeFolder()
  dataDir = join(folder, 'data')
})
afterEach(() => cleanUp(folder))

test('a command beside a running Voronka uses its database and leaves it running', async () => {
  const config = readConfig({ DATA_DIR: dataDir }, join(folder, 'none'))
  const running = await startEmbeddedDatabase({ dataDir })
  const beside = await openDatabase(config, { join: true })
  assert.equal(beside.url, running.url)
  await beside.stop()
  assert.equal(await findRunningDatabase(dataDir), running.url)
  await running.stop()
  assert.equal(await findRunningDatabase(dataDir), undefined)
  const alone = await openDatabase(config, { join: true })
  await query(alone.url, 'select 1')
  await alone.stop()
  assert.deepEqual(listProcesses(folder), [])
})

test('a second start within the same process is refused and harms neither the first nor its lock', async () => {
  const first = await startEmbeddedDatabase({ dataDir })
  for (let time = 0; time < 2; time++) await assert.rejects(startEmbeddedDatabase({ dataDir }), StartError)
  await query(first.url, 'select 1')
  await first.stop()
  await first.stop()
})

test('the durable database acknowledges only what is on disk; the throw-away one does not wait', async () => {
  const durable = await startEmbeddedDatabase({ dataDir })
  assert.deepEqual(await settingsOf(durable.url), { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' })
  await durable.stop()
  const scratch = await startTestCluster()
  assert.equal((await settingsOf(scratch.url))['fsync'], 'off')
  await scratch.stop()
})

test('a program that is told to stop before it can listen is told again', async () => {
  const deafAtFirst = ['/bin/sh', '-c', 'sleep 0.5; exec "$0" -e "setInterval(() => {}, 1000)"', process.execPath]
  const run = startSupervised({ prefix: [], owner: { uid: 0, gid: 0 } }, deafAtFirst, 'pipe')
  run.requestStop()
  const outcome = await Promise.race([run.ended, delay(10_000, 'still there', { ref: false })])
  if (outcome === 'still there') process.kill(-run.child.pid!, 'SIGKILL')
  assert.equal(outcome, 128 + constants.signals.SIGINT)
})

test('a run of tests that is killed leaves no database process', async () => {
  const script = `const { startTestCluster } = await import('${new URL('../../db/embedded/test-cluster.ts', import.meta.url)}'); console.log((await startTestCluster()).url)`
  const run = spawn(process.execPath, ['--input-type=module', '-e', `${script}; setInterval(() => {}, 1000)`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [url] = await once(run.stdout, 'data')
  const [{ directory }] = (await query(String(url).trim(), `select current_setting('data_directory') as directory`)) as [
    { directory: string },
  ]
  run.kill('SIGKILL')
  await waitForNoProcess(directory)
  await cleanUp(join(directory, '../..'))
})

test('the database log is cut when it is long, keeps its last part aside, and goes on', async () => {
  const database = await startEmbeddedDatabase({ dataDir })
  const log = join(dataDir, 'postgres.log')
  cutLog(log)
  assert.ok(!existsSync(`${log}.1`), 'a short log stays')
  appendFileSync(log, 'x'.repeat(6 * 1024 * 1024))
  cutLog(log)
  await assert.rejects(query(database.url, 'select nonsense'))
  assert.match(readFileSync(log, 'utf8'), /^\S+ \S+ UTC \[\d+\] ERROR: {2}column "nonsense" does not exist/)
  assert.ok(statSync(`${log}.1`).size > 6 * 1024 * 1024)
  await database.stop()
  writeFileSync(log, 'x'.repeat(6 * 1024 * 1024))
  await (await startEmbeddedDatabase({ dataDir })).stop()
  assert.ok(statSync(log).size < 100_000)
})

async function settingsOf(url: string): Promise<Record<string, string>> {
  const names = `('fsync', 'full_page_writes', 'synchronous_commit')`
  const rows = await query(url, `select name, setting from pg_settings where name in ${names}`)
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))
}

async function query(url: string, sql: string): Promise<Record<string, string>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
