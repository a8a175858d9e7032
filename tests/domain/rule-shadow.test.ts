import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Condition } from '../../shared/domain/conditions.ts'
import { findShadow } from '../../shared/domain/rule-shadow.ts'
import { findRule, type RuleEvent, type RuleTrigger, type StatusRule } from '../../shared/domain/status-rules.ts'

const rule = (changes: Partial<StatusRule> = {}): StatusRule => ({
  id: 1,
  names: { ru: 'а', en: 'a' },
  position: 0,
  dealTypes: [],
  trigger: { kind: 'stage_entered' },
  condition: { all: [] },
  forwardOnly: false,
  actions: [{ kind: 'set_status', status: 'x' }],
  ...changes,
})
const some: Condition = { fact: 'a', is: 'atLeast', value: 1 }
const cases: readonly (readonly [
  sentence: string,
  earlier: Partial<StatusRule>,
  later: Partial<StatusRule>,
  shadows: boolean,
])[] = [
  ['the same event without conditions', {}, { condition: some }, true],
  ['the same conditions', { condition: some }, { condition: some }, true],
  ['conditions of its own', { condition: some }, {}, false],
  ['any stage before one stage', {}, { trigger: { kind: 'stage_entered', stage: 'b' } }, true],
  ['one stage before any stage', { trigger: { kind: 'stage_entered', stage: 'b' } }, {}, false],
  ['another event', { trigger: { kind: 'stage_completed' } }, {}, false],
  ['all types before one', {}, { dealTypes: ['sale'] }, true],
  ['one type before all', { dealTypes: ['sale'] }, {}, false],
  ['types that hold the later one’s', { dealTypes: ['sale', 'project'] }, { dealTypes: ['sale'] }, true],
  ['forward only: deals behind are left to the later one', { forwardOnly: true }, {}, false],
  ['seven days before fourteen', { trigger: { kind: 'deal_idle', days: 7 } }, { trigger: { kind: 'deal_idle', days: 14 } }, true],
  [
    'fourteen days before seven',
    { trigger: { kind: 'deal_idle', days: 14 } },
    { trigger: { kind: 'deal_idle', days: 7 } },
    false,
  ],
  [
    'any payment before a full one',
    { trigger: { kind: 'payment_received' } },
    { trigger: { kind: 'payment_received', isFull: true } },
    true,
  ],
  [
    'a full payment before any',
    { trigger: { kind: 'payment_received', isFull: true } },
    { trigger: { kind: 'payment_received' } },
    false,
  ],
]
const month: RuleTrigger = { kind: 'period_began', every: 'month' }
const workday: RuleTrigger = { ...month, onWorkingDay: true }
const byCalendar: typeof cases = [
  ['the same period', { trigger: month }, { trigger: { ...month, onWorkingDay: false } }, true],
  ['another period', { trigger: month }, { trigger: { kind: 'period_began', every: 'week' } }, false],
  ['the first day before the first working day', { trigger: month }, { trigger: workday }, false],
  ['the first working day before the first day', { trigger: workday }, { trigger: month }, false],
  [
    'another number of days before a date',
    { trigger: { kind: 'date_near', fact: 'expectedCloseOn', daysBefore: 30 } },
    { trigger: { kind: 'date_near', fact: 'expectedCloseOn', daysBefore: 60 } },
    false,
  ],
]
for (const [sentence, earlier, later, shadows] of [...cases, ...byCalendar])
  test(`an earlier rule with ${sentence} ${shadows ? 'leaves nothing to the later one' : 'leaves some to the later one'}`, () =>
    assert.equal(findShadow(rule(later), [rule(earlier)]) !== undefined, shadows))

const stages = ['a', 'b'] as const
const anyTrigger: fc.Arbitrary<RuleTrigger> = fc.oneof(
  fc.record({ kind: fc.constant('stage_entered' as const), stage: fc.constantFrom(...stages) }, { requiredKeys: ['kind'] }),
  fc.record({ kind: fc.constant('payment_received' as const), isFull: fc.boolean() }, { requiredKeys: ['kind'] }),
  fc.record({ kind: fc.constant('deal_idle' as const), days: fc.integer({ min: 1, max: 3 }) }, { requiredKeys: ['kind'] }),
)
const anyEvent: fc.Arbitrary<RuleEvent> = fc.oneof(
  fc.record({ kind: fc.constant('stage_entered' as const), template: fc.constant('t'), stage: fc.constantFrom(...stages) }),
  fc.record({ kind: fc.constant('payment_received' as const), documentType: fc.constant('d'), isFull: fc.boolean() }),
  fc.record({ kind: fc.constant('deal_idle' as const), days: fc.integer({ min: 1, max: 4 }) }),
)
const anyRule = fc.record({
  trigger: anyTrigger,
  dealTypes: fc.subarray(['sale', 'project']),
  forwardOnly: fc.boolean(),
  condition: fc.constantFrom<Condition>({ all: [] }, { all: [{ all: [] }] }, some, { any: [some] }),
})

test('a rule that is said to be shadowed never acts, whatever happens', () => {
  let shadowed = 0
  fc.assert(
    fc.property(
      anyRule,
      fc.array(anyRule, { maxLength: 3 }),
      fc.array(anyEvent, { minLength: 5, maxLength: 10 }),
      fc.nat(2),
      (last, before, events, a) => {
        const rules = [...before, last].map((one, index) => rule({ ...one, id: index + 1, position: index }))
        if (!findShadow(rules.at(-1)!, rules.slice(0, -1))) return
        shadowed++
        for (const event of events)
          for (const type of ['sale', 'project', 'other'])
            for (const rank of [null, 1, 2])
              assert.notEqual(findRule(rules, event, { a }, { type, rank }, () => 2)?.rule.id, rules.length)
      },
    ),
    { numRuns: 2000 },
  )
  assert.ok(shadowed > 50, `only ${shadowed} were shadowed`)
})
