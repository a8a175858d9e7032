import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rememberFor } from '../../api/usecases/remember.ts'

const at = (ms: number) => new Date(1_000_000 + ms)

test('an answer stands for its time, and is worked out anew after it', async () => {
  const remember = rememberFor<number>(1000)
  let worked = 0
  const work = () => Promise.resolve(++worked)
  assert.deepEqual(
    [await remember('a', at(0), work), await remember('a', at(999), work), await remember('a', at(1000), work)],
    [1, 1, 2],
  )
  assert.equal(await remember('b', at(1000), work), 3)
})

test('those who ask while an answer is worked out share it', async () => {
  const remember = rememberFor<number>(1000)
  let worked = 0
  const work = async () => {
    await new Promise((resolve) => setImmediate(resolve))
    return ++worked
  }
  assert.deepEqual(await Promise.all([remember('a', at(0), work), remember('a', at(1), work)]), [1, 1])
})

test('a failure is told to who asked, and not kept', async () => {
  const remember = rememberFor<number>(1000)
  await assert.rejects(
    remember('a', at(0), () => Promise.reject(new Error('not now'))),
    /not now/,
  )
  assert.equal(await remember('a', at(1), () => Promise.resolve(7)), 7)
})

test('an answer that is somewhat older is given once more while it is worked out anew, one time for all who ask', async () => {
  const remember = rememberFor<number>(1000, 5000)
  let worked = 0
  const work = async () => {
    await new Promise((resolve) => setImmediate(resolve))
    if (++worked === 2) throw new Error('not now')
    return worked
  }
  assert.equal(await remember('a', at(0), work), 1)
  assert.deepEqual(await Promise.all([remember('a', at(1500), work), remember('a', at(1500), work)]), [1, 1])
  await new Promise((resolve) => setTimeout(resolve, 10))
  assert.equal(worked, 2, 'it failed behind the answer, and nobody heard of it')
  assert.equal(await remember('a', at(1600), work), 1)
  await new Promise((resolve) => setTimeout(resolve, 10))
  assert.equal(await remember('a', at(1700), work), 3)
  assert.equal(await remember('a', at(9000), work), 4, 'one that is too old is waited for')
})
