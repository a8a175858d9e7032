import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  canEverTakeTo,
  canTakeStep,
  canWithDocuments,
  type DocumentAction,
  isEditable,
  isPaidInFull,
  mayAttach,
  mayFollow,
  nextStates,
  paymentLevel,
  sumPayments,
  takesPayments,
} from '../../shared/domain/documents.ts'
import { type DocumentState, documentStates } from '../../shared/domain/facts.ts'
import type { Relation } from '../../shared/domain/permissions.ts'
import type { Role } from '../../shared/views/common.ts'

/** Which states may follow, whoever does it; written out here a second time. */
const following: Readonly<Record<DocumentState, readonly DocumentState[]>> = {
  draft: ['on_approval', 'approved', 'signed', 'void'],
  on_approval: ['approved', 'rejected', 'void'],
  approved: ['signed', 'void'],
  rejected: ['draft', 'void'],
  signed: ['void'],
  void: [],
}
for (const from of documentStates) {
  test(`after ${from} may come: ${following[from].join(', ') || 'nothing'}`, () => {
    assert.deepEqual(new Set(documentStates.filter((to) => mayFollow(from, to))), new Set(following[from]))
  })
}

/** w write, s submit, d decide, g sign, v void, p pay; by own / participant / subtree / other. */
const letters: Readonly<Record<string, DocumentAction>> = {
  w: 'write',
  s: 'submit',
  d: 'decide',
  g: 'sign',
  v: 'void',
  p: 'pay',
}
const expected: Readonly<Record<Role, string>> = {
  admin: 'wsdgvp/wsdgvp/wsdgvp/wsdgvp',
  executive: 'wsdgvp/d/d/',
  head: 'wsdgvp/ws/wsdgvp/',
  manager: 'wsgvp/ws//',
  field: 'wsgvp/ws//',
}
const relations: readonly Relation[] = ['own', 'participant', 'subtree', 'other']
const roles = Object.keys(expected) as Role[]

for (const role of roles) {
  for (const [index, relation] of relations.entries()) {
    const may = [...expected[role].split('/')[index]!].map((letter) => letters[letter]!)
    test(`documents of a deal, ${role}, ${relation}: ${may.join(', ') || 'nothing'}`, () => {
      for (const action of Object.values(letters))
        assert.equal(canWithDocuments({ id: 1, role }, action, relation), may.includes(action), action)
    })
  }
}

test('an owner hands a draft in and signs what was approved, but does not approve it himself', () => {
  const manager = { id: 1, role: 'manager' } as const
  assert.deepEqual(nextStates(manager, 'own', 'draft'), ['on_approval', 'void'])
  assert.deepEqual(nextStates(manager, 'own', 'on_approval'), ['void'])
  assert.deepEqual(nextStates(manager, 'own', 'approved'), ['signed', 'void'])
  assert.deepEqual(nextStates(manager, 'own', 'rejected'), ['draft', 'void'])
})

test('who may decide takes a draft on at once; who only decides does not sign', () => {
  const head = { id: 1, role: 'head' } as const
  assert.deepEqual(nextStates(head, 'subtree', 'draft'), ['on_approval', 'approved', 'signed', 'void'])
  assert.deepEqual(nextStates({ id: 1, role: 'executive' }, 'subtree', 'draft'), ['approved'])
  assert.deepEqual(nextStates({ id: 1, role: 'executive' }, 'subtree', 'on_approval'), ['approved', 'rejected'])
  assert.deepEqual(nextStates({ id: 1, role: 'executive' }, 'subtree', 'approved'), [])
})

const anyRole = fc.constantFrom(...roles)
const anyRelation = fc.constantFrom(...relations)
const anyState = fc.constantFrom(...documentStates)

test('whoever acts: what is void stays void, no step leads to itself, no right makes a step that there is not', () => {
  fc.assert(
    fc.property(anyRole, anyRelation, anyState, anyState, (role, relation, from, to) => {
      const may = canTakeStep({ id: 1, role }, relation, from, to)
      if (from === to || from === 'void') assert.equal(may, false)
      if (may) assert.ok(mayFollow(from, to))
      if (may) assert.ok(canEverTakeTo({ id: 1, role }, relation, to))
      assert.equal(nextStates({ id: 1, role }, relation, from).includes(to), may)
    }),
  )
})

test('an administrator can take a document to any state that may follow', () => {
  for (const from of documentStates)
    for (const to of documentStates)
      assert.equal(canTakeStep({ id: 1, role: 'admin' }, 'other', from, to), mayFollow(from, to), `${from} ${to}`)
})

test('only a draft is edited; a file is exchanged in a draft, added later where there is none, and never on what no longer counts', () => {
  assert.deepEqual(documentStates.filter(isEditable), ['draft'])
  assert.deepEqual(
    documentStates.filter((state) => mayAttach(state, true)),
    ['draft'],
  )
  assert.deepEqual(
    documentStates.filter((state) => mayAttach(state, false)),
    ['draft', 'on_approval', 'approved', 'signed'],
  )
  assert.deepEqual(documentStates.filter(takesPayments), ['draft', 'on_approval', 'approved', 'signed'])
})

test('payments cover nothing, a part, the whole or more; nothing is paid without a payment', () => {
  const levels: readonly (readonly [number, number, string, boolean])[] = [
    [100, 0, 'none', false],
    [100, 1, 'part', false],
    [100, 99, 'part', false],
    [100, 100, 'full', true],
    [100, 101, 'over', true],
    [0, 0, 'none', false],
    [0, 1, 'over', true],
  ]
  for (const [amount, paid, level, isFull] of levels) {
    assert.equal(paymentLevel(amount, paid), level, `${paid} of ${amount}`)
    assert.equal(isPaidInFull(amount, paid), isFull, `${paid} of ${amount}`)
  }
})

test('the sum is that of the payments which stand, in any order; taking one back takes just its amount away', () => {
  const payment = fc.record({ amountMinor: fc.integer({ min: 1, max: 10 ** 12 }), voided: fc.boolean() })
  fc.assert(
    fc.property(fc.array(payment, { maxLength: 30 }), fc.nat(), fc.nat({ max: 10 ** 12 }), (payments, pick, amount) => {
      const sum = sumPayments(payments)
      assert.equal(sum, sumPayments([...payments].reverse()))
      assert.equal(isPaidInFull(amount, sum), sum > 0 && sum >= amount)
      assert.equal(
        paymentLevel(amount, sum) === 'none',
        payments.every(({ voided }) => voided),
      )
      const index = payments.length === 0 ? -1 : pick % payments.length
      const without = payments.map((one, place) => (place === index ? { ...one, voided: true } : one))
      const gone = payments[index]?.voided === false ? payments[index].amountMinor : 0
      assert.equal(sumPayments(without), sum - gone)
    }),
  )
})
