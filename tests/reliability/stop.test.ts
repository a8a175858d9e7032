import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { cleanUp, findServer, listProcesses, makeFolder, startProgram, waitForNoProcess, waitForText } from './program.ts'
import { findLost, startWriters } from './writers.ts'

let folder = ''
let dataDir = ''
beforeEach(() => {
  folder = makeFolder()
  dataDir = join(folder, 'data')
})
afterEach(() => cleanUp(folder))

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} under load stops everything in order: exit code 0, no process left`, async () => {
    const program = startProgram({ dataDir })
    const writers = startWriters(await program.ready)
    await writers.progress(20)
    program.child.kill(signal)
    assert.deepEqual(await program.ended, { code: 0, signal: null })
    assert.deepEqual(listProcesses(folder), [])
    await writers.stop()
    assert.doesNotMatch(program.said(), /rror/)
  })
}

test('a request under way is finished before the program stops', async () => {
  const program = startProgram({ dataDir })
  const slow = fetch(`${await program.ready}/slow`).then((answer) => answer.text())
  await delay(200)
  program.child.kill('SIGTERM')
  assert.equal(await slow, 'late but whole')
  assert.equal((await program.ended).code, 0)
})

test('an open stream of events is ended well at the stop', async () => {
  const program = startProgram({ dataDir })
  const stream = await fetch(`${await program.ready}/stream`)
  program.child.kill('SIGTERM')
  assert.equal(await stream.text(), ': begun\n\n')
  assert.equal((await program.ended).code, 0)
})

test('an answer that never ends is cut off and does not hinder the stop', async () => {
  const program = startProgram({ dataDir })
  const endless = await fetch(`${await program.ready}/endless`)
  program.child.kill('SIGTERM')
  await assert.rejects(endless.text())
  assert.equal((await program.ended).code, 0)
})

test('the signal that npm passes on again right away is one signal', async () => {
  const program = startProgram({ dataDir })
  const slow = fetch(`${await program.ready}/slow`).then((answer) => answer.text())
  await delay(200)
  program.child.kill('SIGINT')
  await delay(20)
  program.child.kill('SIGINT')
  assert.equal(await slow, 'late but whole')
  assert.equal((await program.ended).code, 0)
})

test('a second, later signal ends the program at once, and the database goes too', async () => {
  const program = startProgram({ dataDir })
  const endless = await fetch(`${await program.ready}/endless`)
  program.child.kill('SIGINT')
  await delay(1_200)
  program.child.kill('SIGINT')
  assert.equal((await program.ended).code, 130)
  await assert.rejects(endless.text())
  await waitForNoProcess(folder)
})

test('SIGTERM while the database is being made leaves no process and no half database', async () => {
  for (const afterMs of [0, 100, 300]) {
    const program = startProgram({ dataDir })
    await waitForText(program, 'Creating the database')
    await delay(afterMs)
    program.child.kill('SIGTERM')
    assert.deepEqual(await program.ended, { code: 0, signal: null }, program.said())
    assert.deepEqual(listProcesses(folder), [])
    assert.ok(!existsSync(join(dataDir, 'postgres/cluster')))
  }
  const program = startProgram({ dataDir })
  await program.ready
  assert.deepEqual(readdirSync(join(dataDir, 'postgres')), ['cluster'])
})

test('SIGTERM during a start that does not notice it stops what has been started', async () => {
  const program = startProgram({ dataDir, env: { FIXTURE_START: 'endless' } })
  await waitForText(program, 'endless')
  program.child.kill('SIGTERM')
  assert.deepEqual(await program.ended, { code: 0, signal: null })
  assert.deepEqual(listProcesses(folder), [])
})

test('a database that does not follow the request to stop is ended all the same within ten seconds, and loses nothing', async () => {
  const program = startProgram({ dataDir })
  const writers = startWriters(await program.ready)
  await writers.progress(50)
  process.kill(findServer(dataDir), 'SIGSTOP')
  program.child.kill('SIGTERM')
  const { code } = await program.ended
  await writers.stop()
  assert.notEqual(code, 130, `it must not run into the limit: ${program.said()}`)
  assert.deepEqual(listProcesses(folder), [])
  const second = startProgram({ dataDir })
  assert.deepEqual(await findLost(await second.ready, writers.acknowledged), [])
})

test('a bug outside any handler is reported with its stack and stops everything in order with exit code 1', async () => {
  const program = startProgram({ dataDir })
  await fetch(`${await program.ready}/throw`)
  assert.deepEqual(await program.ended, { code: 1, signal: null })
  assert.match(program.said(), /a bug outside any handler\n\s+at /)
  assert.deepEqual(listProcesses(folder), [])
})

test('wrong settings are refused all at once, before anything is started', async () => {
  const program = startProgram({ dataDir, env: { PORT: 'http', LOG_LEVEL: 'loud' } })
  assert.equal((await program.ended).code, 1)
  assert.match(program.said(), /PORT "http" must be .*\n.*LOG_LEVEL "loud" must be one of trace, debug/)
  assert.ok(!existsSync(dataDir))
})
