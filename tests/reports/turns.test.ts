import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { createTurns } from '../../api/reports/turns.ts'

test('no more works run at a time than may; the others follow in the order they came', async () => {
  const inTurn = createTurns(2)
  const begun: number[] = []
  const ends = Array.from({ length: 5 }, () => Promise.withResolvers<number>())
  const works = ends.map(({ promise }, index) =>
    inTurn(() => {
      begun.push(index)
      return promise
    }),
  )
  await setImmediate()
  assert.deepEqual(begun, [0, 1])
  ends[1]!.resolve(1)
  await setImmediate()
  assert.deepEqual(begun, [0, 1, 2])
  for (const [index, end] of ends.entries()) end.resolve(index)
  assert.deepEqual(await Promise.all(works), [0, 1, 2, 3, 4])
  assert.deepEqual(begun, [0, 1, 2, 3, 4])
})

test('a work that fails gives its turn on', async () => {
  const inTurn = createTurns(1)
  const failing = inTurn(() => Promise.reject(new Error('no ink')))
  const next = inTurn(async () => 'drawn')
  await assert.rejects(failing, /no ink/)
  assert.equal(await next, 'drawn')
  assert.equal(await inTurn(async () => 'again'), 'again')
})
