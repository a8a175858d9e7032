import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freeSplits, splitOf } from '../../shared/domain/explain-split.ts'

const other = { against: 'other' } as const

test('a difference is not taken apart by what the sides differ by', () => {
  const types = { ...other, type: ['project'], otherType: ['service'] }
  assert.deepEqual(freeSplits(types), ['department', 'employee', 'counterparty'])
  assert.equal(splitOf({ ...types, split: 'type' }), 'department')
  assert.equal(splitOf({ ...types, split: 'employee' }), 'employee')
})

test('two departments have no people in common, nor two people a department that tells anything', () => {
  assert.deepEqual(freeSplits({ ...other, otherDepartment: [2] }), ['type', 'counterparty'])
  assert.deepEqual(freeSplits({ ...other, employee: [1], otherEmployee: [2] }), ['type', 'counterparty'])
})

test('what both sides share may be taken apart, and so may two periods by anything', () => {
  assert.deepEqual(freeSplits({ ...other, type: ['a', 'b'], otherType: ['b', 'a'] }).length, 4)
  assert.equal(splitOf({ against: 'year', type: ['a'], otherType: ['b'], split: 'type' }), 'type')
  const all = { ...other, otherType: ['a'], otherDepartment: [1], otherEmployee: [1], otherCounterparty: [1] }
  assert.equal(splitOf({ ...all, split: 'type' }), null)
})
