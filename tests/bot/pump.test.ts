import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createPump } from '../../bot/pump.ts'

function fail(error: unknown): void {
  throw error
}

test('works in as many lanes as there is work for, and no more', async () => {
  let waiting = 10
  let atOnce = 0
  let most = 0
  const pump = createPump({
    lanes: 3,
    idleMs: 10_000,
    onError: fail,
    async takeOne(taken) {
      if (waiting === 0) return false
      waiting -= 1
      atOnce += 1
      most = Math.max(most, atOnce)
      taken()
      await delay(5)
      atOnce -= 1
      return true
    },
  })
  pump.start()
  await pump.settled()
  await pump.stop()
  assert.deepEqual([waiting, most], [0, 3])
})

test('work that comes while it looks is not overlooked', async () => {
  let waiting = 0
  const pump = createPump({
    lanes: 1,
    idleMs: 10_000,
    onError: fail,
    async takeOne() {
      const found = waiting > 0
      await delay(10)
      if (found) waiting -= 1
      return found
    },
  })
  pump.start()
  await delay(2)
  waiting += 1
  pump.wake()
  await pump.settled()
  await pump.stop()
  assert.equal(waiting, 0)
})

test('after a failure it rests, however often it is woken', async () => {
  let looks = 0
  const errors: unknown[] = []
  const pump = createPump({
    lanes: 1,
    idleMs: 5,
    onError: (error) => errors.push(error),
    async takeOne() {
      looks += 1
      throw new Error('no database')
    },
  })
  pump.start()
  for (let index = 0; index < 20; index++) {
    pump.wake()
    await delay(5)
  }
  await pump.stop()
  assert.deepEqual([looks, errors.length], [1, 1])
})

test('stopped, it ends what it has and takes nothing more', async () => {
  let done = 0
  const pump = createPump({
    lanes: 1,
    idleMs: 5,
    onError: fail,
    async takeOne() {
      await delay(20)
      done += 1
      return true
    },
  })
  pump.start()
  await delay(5)
  await pump.stop()
  pump.wake()
  await delay(30)
  assert.equal(done, 1)
})
