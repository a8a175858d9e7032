import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type Condition,
  type Facts,
  type FactValue,
  factsIn,
  holds,
  type Operator,
  sizeOf,
} from '../../shared/domain/conditions.ts'

const facts: Facts = {
  type: 'project',
  amount: 100_00,
  title: 'Насосы для ЖБИ',
  closeOn: '2026-05-12',
  tags: ['vip', 'new'],
  none: [],
  blank: '',
  contact: true,
  nobody: null,
}
const table: readonly (readonly [fact: string, is: Operator, value: FactValue | undefined, expected: boolean])[] = [
  ['type', 'is', 'project', true],
  ['type', 'is', 'sale', false],
  ['type', 'isNot', 'sale', true],
  ['type', 'isNot', 'project', false],
  ['type', 'oneOf', ['sale', 'project'], true],
  ['type', 'oneOf', ['sale'], false],
  ['type', 'oneOf', [], false],
  ['type', 'noneOf', ['sale'], true],
  ['type', 'noneOf', ['sale', 'project'], false],
  ['tags', 'is', 'vip', true],
  ['tags', 'is', 'old', false],
  ['tags', 'isNot', 'old', true],
  ['tags', 'oneOf', ['old', 'new'], true],
  ['tags', 'noneOf', ['old'], true],
  ['tags', 'noneOf', ['old', 'new'], false],
  ['amount', 'atLeast', 100_00, true],
  ['amount', 'atLeast', 100_01, false],
  ['amount', 'atMost', 100_00, true],
  ['amount', 'atMost', 99_99, false],
  ['amount', 'is', 100_00, true],
  ['amount', 'atLeast', '1', false],
  ['closeOn', 'atLeast', '2026-05-12', true],
  ['closeOn', 'atLeast', '2026-05-13', false],
  ['closeOn', 'atMost', '2026-05-12', true],
  ['title', 'contains', 'насос', true],
  ['title', 'contains', 'котёл', false],
  ['contact', 'is', true, true],
  ['contact', 'is', false, false],
  ['nobody', 'is', false, true],
  ['nobody', 'isNot', true, true],
  ['amount', 'is', true, true],
  ['none', 'is', true, false],
  ['type', 'isSet', undefined, true],
  ['blank', 'isSet', undefined, false],
  ['blank', 'isEmpty', undefined, true],
  ['none', 'isEmpty', undefined, true],
  ['tags', 'isEmpty', undefined, false],
  ['nobody', 'isEmpty', undefined, true],
]
for (const [fact, is, value, expected] of table) {
  test(`${fact} ${is} ${JSON.stringify(value)}: ${expected}`, () =>
    assert.equal(holds(value === undefined ? { fact, is } : { fact, is, value }, facts), expected))
}

test('what is unknown is neither more nor less, contains nothing, is none of a list, and is empty', () => {
  const unknown = (is: Operator, value?: FactValue) =>
    holds({ fact: 'unheard', is, ...(value !== undefined && { value }) }, facts)
  assert.deepEqual(
    [
      unknown('atLeast', 0),
      unknown('atMost', 0),
      unknown('contains', ''),
      unknown('oneOf', ['null']),
      unknown('is', 'x'),
      unknown('isSet'),
    ],
    [false, false, false, false, false, false],
  )
  assert.deepEqual([unknown('noneOf', ['null']), unknown('isNot', 'x'), unknown('isEmpty')], [true, true, true])
})

test('an empty «all» holds, an empty «any» does not', () => {
  assert.equal(holds({ all: [] }, {}), true)
  assert.equal(holds({ any: [] }, {}), false)
})

const keys = ['a', 'b', 'c', 'd']
const scalar = fc.oneof(fc.constantFrom('x', 'y', ''), fc.integer({ min: 0, max: 3 }), fc.boolean(), fc.constant(null))
const anyValue: fc.Arbitrary<FactValue> = fc.oneof(scalar, fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 3 }))
const anyFacts: fc.Arbitrary<Facts> = fc.dictionary(fc.constantFrom(...keys), anyValue)
const operators: readonly Operator[] = ['is', 'isNot', 'oneOf', 'noneOf', 'atLeast', 'atMost', 'contains', 'isSet', 'isEmpty']
const anyCondition: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'condition' },
    fc.record({ fact: fc.constantFrom(...keys), is: fc.constantFrom(...operators), value: anyValue }),
    fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }),
  ),
})).condition

/** The opposite by De Morgan: groups change places, comparisons turn round; only for those that have an opposite. */
const opposites: Partial<Record<Operator, Operator>> = {
  is: 'isNot',
  isNot: 'is',
  oneOf: 'noneOf',
  noneOf: 'oneOf',
  isSet: 'isEmpty',
  isEmpty: 'isSet',
}
function opposite(condition: Condition): Condition {
  if ('all' in condition) return { any: condition.all.map(opposite) }
  if ('any' in condition) return { all: condition.any.map(opposite) }
  return { ...condition, is: opposites[condition.is]! }
}
const hasOpposite = (condition: Condition): boolean =>
  'all' in condition
    ? condition.all.every(hasOpposite)
    : 'any' in condition
      ? condition.any.every(hasOpposite)
      : opposites[condition.is] !== undefined

test('not (a and b) is (not a) or (not b), however deep', () => {
  fc.assert(
    fc.property(anyCondition.filter(hasOpposite), anyFacts, (condition, given) => {
      assert.equal(holds(opposite(condition), given), !holds(condition, given))
    }),
    { numRuns: 500 },
  )
})

test('order and brackets within a group of one kind change nothing', () => {
  fc.assert(
    fc.property(fc.array(anyCondition, { maxLength: 4 }), fc.constantFrom('all', 'any'), anyFacts, (parts, join, given) => {
      const group = (of: readonly Condition[]): Condition => (join === 'all' ? { all: of } : { any: of })
      const whole = holds(group(parts), given)
      assert.equal(holds(group(parts.toReversed()), given), whole)
      assert.equal(holds(group([group(parts.slice(0, 2)), group(parts.slice(2))]), given), whole)
      assert.equal(holds(group([...parts, ...parts]), given), whole)
    }),
  )
})

test('one more part makes «all» no easier and «any» no harder', () => {
  fc.assert(
    fc.property(fc.array(anyCondition, { maxLength: 3 }), anyCondition, anyFacts, (parts, more, given) => {
      if (holds({ all: [...parts, more] }, given)) assert.ok(holds({ all: parts }, given))
      if (holds({ any: parts }, given)) assert.ok(holds({ any: [...parts, more] }, given))
    }),
  )
})

test('only the facts that a condition mentions decide it', () => {
  fc.assert(
    fc.property(anyCondition, anyFacts, anyFacts, (condition, given, others) => {
      const mentioned = factsIn(condition)
      assert.equal(new Set(mentioned).size, mentioned.length)
      const kept = Object.fromEntries(mentioned.flatMap((fact) => (fact in given ? [[fact, given[fact]!] as const] : [])))
      const strange = Object.fromEntries(Object.entries(others).filter(([fact]) => !mentioned.includes(fact)))
      assert.equal(holds(condition, { ...strange, ...kept }), holds(condition, given))
    }),
  )
})

test('a condition counts its groups and comparisons, and how deep they stand', () => {
  assert.deepEqual(sizeOf({ fact: 'a', is: 'isSet' }), { parts: 1, depth: 1 })
  assert.deepEqual(sizeOf({ all: [{ fact: 'a', is: 'isSet' }, { any: [{ fact: 'b', is: 'isSet' }] }] }), { parts: 4, depth: 3 })
})
