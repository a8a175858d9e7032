import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { cleanUp, findServer, listProcesses, makeFolder, startProgram, waitForNoProcess } from './program.ts'
import { findLost, startWriters } from './writers.ts'

let folder = ''
let dataDir = ''
beforeEach(() => {
  folder = makeFolder()
  dataDir = join(folder, 'data')
})
afterEach(() => cleanUp(folder))

test('after kill -9 of the program no acknowledged row is lost and no process stays behind', async () => {
  const first = startProgram({ dataDir })
  const writers = startWriters(await first.ready)
  await writers.progress(100)
  first.child.kill('SIGKILL')
  await first.ended
  await writers.stop()
  await waitForNoProcess(folder)
  await assertKept(writers.acknowledged)
})

test('a start right after kill -9 of the program takes over what still runs', async () => {
  const first = startProgram({ dataDir })
  const writers = startWriters(await first.ready)
  await writers.progress(50)
  for (const { pid } of listProcesses(folder).filter(({ command }) => command.includes('voronka-db')))
    process.kill(pid, 'SIGSTOP')
  first.child.kill('SIGKILL')
  await first.ended
  await writers.stop()
  const orphan = findServer(dataDir)
  assert.ok(
    listProcesses(folder).some(({ pid }) => pid === orphan),
    'the server must outlive the program for this test',
  )
  await assertKept(writers.acknowledged)
  for (const { pid } of listProcesses(folder)) process.kill(pid, 'SIGKILL')
})

test('after kill -9 of the database server the running program brings it back without losing an acknowledged row', async () => {
  const program = startProgram({ dataDir })
  const url = await program.ready
  const writers = startWriters(url)
  for (let time = 0; time < 2; time++) {
    await writers.progress(100)
    const server = findServer(dataDir)
    process.kill(server, 'SIGKILL')
    while (listProcesses(folder).some(({ pid }) => pid === server));
    await writers.progress(100)
  }
  await writers.stop()
  assert.deepEqual(await findLost(url, writers.acknowledged), [])
})

test('after kill -9 of one connection of the database the running program goes on without losing an acknowledged row', async () => {
  const program = startProgram({ dataDir })
  const url = await program.ready
  const writers = startWriters(url)
  await writers.progress(50)
  const connection = listProcesses(folder).find(({ command }) => command.startsWith('postgres: voronka voronka'))
  assert.ok(connection)
  process.kill(connection.pid, 'SIGKILL')
  await writers.progress(50)
  await writers.stop()
  assert.deepEqual(await findLost(url, writers.acknowledged), [])
  assert.doesNotMatch(program.said(), /ended unexpectedly/, 'the server helps itself')
})

test('after kill -9 of program and database server together no acknowledged row is lost', async () => {
  const first = startProgram({ dataDir })
  const writers = startWriters(await first.ready)
  await writers.progress(100)
  const server = findServer(dataDir)
  first.child.kill('SIGKILL')
  process.kill(server, 'SIGKILL')
  await first.ended
  await writers.stop()
  await assertKept(writers.acknowledged)
})

test('after kill -9 of every process of the database the next start recovers', async () => {
  const first = startProgram({ dataDir })
  const writers = startWriters(await first.ready)
  await writers.progress(100)
  first.child.kill('SIGKILL')
  for (const { pid } of listProcesses(folder)) process.kill(pid, 'SIGKILL')
  await first.ended
  await writers.stop()
  await assertKept(writers.acknowledged)
})

test('a process number that belongs to a stranger by now does not hinder the start', async () => {
  const first = startProgram({ dataDir })
  await first.ready
  const server = findServer(dataDir)
  first.child.kill('SIGKILL')
  process.kill(server, 'SIGKILL')
  await first.ended
  await waitForNoProcess(folder)
  const lockFile = join(dataDir, 'postgres/cluster/postmaster.pid')
  writeFileSync(lockFile, readFileSync(lockFile, 'utf8').replace(/^\d+/, String(process.ppid)))
  await assertKept(new Set())
})

/** Starts again on the same data, compares, and stops in order. */
async function assertKept(acknowledged: ReadonlySet<string>): Promise<void> {
  const second = startProgram({ dataDir })
  assert.deepEqual(await findLost(await second.ready, acknowledged), [])
  second.child.kill('SIGTERM')
  assert.deepEqual(await second.ended, { code: 0, signal: null })
}
