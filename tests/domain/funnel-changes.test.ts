import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ComparedLayer, compareFunnels } from '../../shared/domain/funnel-changes.ts'
import { renameStatus } from '../../shared/domain/rename-status.ts'

const layer = (code: string, reached = 1): ComparedLayer => ({ code, figures: { reached, resolved: null } })
const layers = (codes: string) => [...codes].map((code) => layer(code))
const kinds = (before: string, after: string) =>
  compareFunnels(layers(before), layers(after)).map((change) => `${change.code} ${change.kind}`)

test('a layer that is carried across the others is the only one that moved', () => {
  assert.deepEqual(kinds('abcdef', 'bcdeaf'), ['a moved'])
  assert.deepEqual(kinds('abcdef', 'fabcde'), ['f moved'])
})

test('a layer that goes moves none of the others, nor does one that comes', () => {
  assert.deepEqual(kinds('abcd', 'acd'), ['b gone'])
  assert.deepEqual(kinds('acd', 'abcd'), ['b new'])
})

test('figures that differ are told with what they were, others are not', () => {
  const [change, ...others] = compareFunnels([layer('a', 3), layer('b')], [layer('a', 5), layer('b')])
  assert.deepEqual([change, others], [{ code: 'a', kind: 'same_place', figures: [{ name: 'reached', before: 3, after: 5 }] }, []])
})

test('between equal pictures there is no difference; whatever is not told to have moved keeps its order', () => {
  const order = fc.shuffledSubarray([...'abcdefgh'])
  fc.assert(
    fc.property(order, order, (one, other) => {
      assert.deepEqual(compareFunnels(layers(one.join('')), layers(one.join(''))), [])
      const told = new Set(compareFunnels(layers(one.join('')), layers(other.join(''))).map((change) => change.code))
      const left = (codes: readonly string[]) => codes.filter((code) => !told.has(code)).join('')
      assert.equal(left(one), left(other))
    }),
  )
})

test('a rule names the other status wherever it named the first: trigger, nested conditions, lists, actions', () => {
  const rule = {
    trigger: { kind: 'status_changed', status: 'a' },
    condition: {
      all: [{ any: [{ fact: 'status', is: 'is', value: 'a' }] }, { fact: 'status', is: 'noneOf', value: ['a', 'b', 'c'] }],
    },
    actions: [
      { kind: 'set_status', status: 'a' },
      { kind: 'start_process', template: 'a' },
    ],
  } as const
  assert.deepEqual(renameStatus(rule, 'a', 'b'), {
    trigger: { kind: 'status_changed', status: 'b' },
    condition: {
      all: [{ any: [{ fact: 'status', is: 'is', value: 'b' }] }, { fact: 'status', is: 'noneOf', value: ['b', 'c'] }],
    },
    actions: [
      { kind: 'set_status', status: 'b' },
      { kind: 'start_process', template: 'a' },
    ],
  })
  assert.equal(renameStatus(rule, 'z', 'b'), null)
  const other = {
    ...rule,
    trigger: { kind: 'deal_created' },
    condition: { fact: 'type', is: 'is', value: 'a' },
    actions: [],
  } as const
  assert.equal(renameStatus(other, 'a', 'b'), null, 'the same word for something else')
})
