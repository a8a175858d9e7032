import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { roundParts } from '../../shared/domain/explain-rounding.ts'

const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 9 })
const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0)

test('rounded parts add up to the rounded total, each within one step of itself', () => {
  fc.assert(
    fc.property(values, fc.constantFrom(1, 0.001, 10_000), (parts, step) => {
      // No minus zero.
      const total = Math.round(sum(parts) / step) + 0
      const shown = roundParts(parts, total, step)
      assert.equal(sum(shown), total)
      for (const [index, part] of parts.entries()) assert.ok(Math.abs(shown[index]! - part / step) < 1.001, `${shown} ${parts}`)
    }),
  )
})

test('whatever total is shown, the parts add up to it', () => {
  fc.assert(
    fc.property(values, fc.integer({ min: -50, max: 50 }), (parts, away) => {
      const total = Math.round(sum(parts)) + away
      assert.equal(sum(roundParts(parts, total, 1)), total)
    }),
  )
})

test('the step that is left goes to the part that lost most by rounding', () => {
  assert.deepEqual(roundParts([300.4, 26.1, 8.5], 335, 1), [300, 26, 9])
  assert.deepEqual(roundParts([], 5, 1), [])
})
