import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Facts } from '../../shared/domain/conditions.ts'
import { documentStates } from '../../shared/domain/facts.ts'
import { type Gate, gateKinds, unmetGates } from '../../shared/domain/rules.ts'

const cases: readonly (readonly [sentence: string, gate: Gate, facts: Facts, passes: boolean])[] = [
  ['filled fields', { kind: 'fields', facts: ['title', 'field.a'] }, { title: 'x', 'field.a': 0 }, true],
  ['a missing field', { kind: 'fields', facts: ['title', 'field.a'] }, { title: 'x' }, false],
  ['an empty text', { kind: 'fields', facts: ['title'] }, { title: '' }, false],
  ['an empty list', { kind: 'fields', facts: ['tags'] }, { tags: [] }, false],
  ['a flag that is not set', { kind: 'fields', facts: ['contact'] }, { contact: false }, false],
  ['an amount at the lower end', { kind: 'amount', fromMinor: 100, toMinor: null }, { amount: 100 }, true],
  ['an amount below the lower end', { kind: 'amount', fromMinor: 100, toMinor: null }, { amount: 99 }, false],
  ['an amount at the upper end', { kind: 'amount', fromMinor: null, toMinor: 100 }, { amount: 100 }, true],
  ['an amount above the upper end', { kind: 'amount', fromMinor: 0, toMinor: 100 }, { amount: 101 }, false],
  ['no amount', { kind: 'amount', fromMinor: 1, toMinor: null }, {}, false],
  ['an approved document', { kind: 'document', documentType: 'a', goal: 'approved' }, { 'document.a': 'approved' }, true],
  [
    'a signed document where an approved one is needed',
    { kind: 'document', documentType: 'a', goal: 'approved' },
    { 'document.a': 'signed' },
    true,
  ],
  ['a document on approval', { kind: 'document', documentType: 'a', goal: 'approved' }, { 'document.a': 'on_approval' }, false],
  ['a rejected document', { kind: 'document', documentType: 'a', goal: 'approved' }, { 'document.a': 'rejected' }, false],
  ['a void document', { kind: 'document', documentType: 'a', goal: 'signed' }, { 'document.a': 'void' }, false],
  [
    'an approved document where a signed one is needed',
    { kind: 'document', documentType: 'a', goal: 'signed' },
    { 'document.a': 'approved' },
    false,
  ],
  ['no document', { kind: 'document', documentType: 'a', goal: 'approved' }, { 'document.b': 'signed' }, false],
  ['a paid document', { kind: 'document', documentType: 'a', goal: 'paid' }, { 'paid.a': true }, true],
  [
    'an unpaid document',
    { kind: 'document', documentType: 'a', goal: 'paid' },
    { 'paid.a': false, 'document.a': 'signed' },
    false,
  ],
  ['enough money', { kind: 'payment', atLeastMinor: 100 }, { paidAmount: 100 }, true],
  ['too little money', { kind: 'payment', atLeastMinor: 100 }, { paidAmount: 99 }, false],
  ['no open tasks', { kind: 'tasks' }, { openTasks: 0 }, true],
  ['an open task', { kind: 'tasks' }, { openTasks: 1 }, false],
  ['an approval', { kind: 'approval', role: 'head' }, { 'approval.head': true }, true],
  ['an approval of another role', { kind: 'approval', role: 'head' }, { 'approval.executive': true }, false],
  ['complete requisites', { kind: 'requisites' }, { requisitesComplete: true }, true],
  ['incomplete requisites', { kind: 'requisites' }, { requisitesComplete: false }, false],
  ['enough time', { kind: 'time', hours: 24 }, { hoursInStage: 24 }, true],
  ['too little time', { kind: 'time', hours: 24 }, { hoursInStage: 23 }, false],
]
for (const [sentence, gate, facts, passes] of cases)
  test(`${gate.kind}: ${sentence} ${passes ? 'passes' : 'does not pass'}`, () =>
    assert.equal(unmetGates([gate], facts).length === 0, passes))

test('each kind of gate both passes and fails above', () => {
  for (const kind of gateKinds) {
    const seen = new Set(cases.filter(([, gate]) => gate.kind === kind).map(([, , , passes]) => passes))
    assert.deepEqual(seen, new Set([true, false]), kind)
  }
})

test('a gate on fields names only those that are missing, in its order', () => {
  const gate: Gate = { kind: 'fields', facts: ['a', 'b', 'c'] }
  assert.deepEqual(unmetGates([gate], { b: 'x' }), [{ kind: 'fields', facts: ['a', 'c'] }])
})

const anyGate: fc.Arbitrary<Gate> = fc.constantFrom(...new Map(cases.map(([, gate]) => [JSON.stringify(gate), gate])).values())
const anyFacts: fc.Arbitrary<Facts> = fc
  .array(fc.constantFrom(...cases.map(([, , facts]) => facts)), { maxLength: 6 })
  .map((several) => Object.assign({}, ...several) as Facts)

test('gates are independent: those of several that are not met are those not met alone, in their order', () => {
  fc.assert(
    fc.property(fc.array(anyGate, { maxLength: 5 }), anyFacts, (gates, facts) => {
      assert.deepEqual(
        unmetGates(gates, facts),
        gates.flatMap((gate) => unmetGates([gate], facts)),
      )
    }),
  )
})

test('a gate named is one still missing: what it names, once mended, is not named again', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }),
      fc.subarray(['a', 'b', 'c', 'd']),
      (wanted, filled) => {
        const facts = Object.fromEntries(filled.map((fact) => [fact, 'x']))
        const [unmet] = unmetGates([{ kind: 'fields', facts: wanted }], facts)
        if (unmet?.kind !== 'fields') return assert.ok(wanted.every((fact) => filled.includes(fact)))
        const mended = { ...facts, ...Object.fromEntries(unmet.facts.map((fact) => [fact, 'x'])) }
        assert.deepEqual(unmetGates([{ kind: 'fields', facts: wanted }], mended), [])
      },
    ),
  )
})

test('a document that has come further never fails a gate that it passed before', () => {
  const ladder = documentStates.filter((state) => state !== 'rejected' && state !== 'void')
  for (const goal of ['approved', 'signed'] as const) {
    const passed = ladder.map(
      (state) => unmetGates([{ kind: 'document', documentType: 'a', goal }], { 'document.a': state }).length === 0,
    )
    assert.deepEqual(passed.toSorted(), passed, 'false before true')
  }
})
