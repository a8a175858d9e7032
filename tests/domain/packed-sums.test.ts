import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { packNumbers, unpackNumbers } from '../../shared/domain/packed-sums.ts'

const widths = [10, 10, 17]
const number = (digits: number) => fc.integer({ min: -(10 ** digits), max: 10 ** digits })
const row = fc.array(fc.tuple(number(8), number(8), number(14)), { minLength: 4, maxLength: 4 }).map((rows) => rows.flat())

test('adding packs and multiplying them adds and multiplies every number, also below zero', () => {
  fc.assert(
    fc.property(row, row, fc.integer({ min: -9, max: 9 }), (first, second, times) => {
      const sum = BigInt(packNumbers(first, widths)) + BigInt(times) * BigInt(packNumbers(second, widths))
      const expected = first.map((one, place) => one + times * second[place]!)
      assert.deepEqual(unpackNumbers(String(sum), first.length, widths), expected)
    }),
    { numRuns: 500 },
  )
})

test('a pack of nothing is nothing, and one with too many numbers is refused', () => {
  assert.deepEqual(unpackNumbers('0', 3, widths), [0, 0, 0])
  assert.deepEqual(unpackNumbers(packNumbers([0, -1, 0], widths), 3, widths), [0, -1, 0])
  assert.throws(() => unpackNumbers(packNumbers([1, 2, 3, 4], widths), 3, widths), RangeError)
})
