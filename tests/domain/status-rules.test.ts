import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { factsIn, holds } from '../../shared/domain/conditions.ts'
import {
  findRule,
  type RuleEvent,
  type RuleTrigger,
  type StatusRule,
  statusOf,
  triggerParts,
  waitsFor,
} from '../../shared/domain/status-rules.ts'

const names = { ru: 'Правило', en: 'Rule' }
const rule = (changes: Partial<StatusRule> = {}): StatusRule => ({
  id: 1,
  names,
  position: 0,
  dealTypes: [],
  trigger: { kind: 'deal_created' },
  condition: { all: [] },
  forwardOnly: false,
  actions: [{ kind: 'set_status', status: 'offer' }],
  ...changes,
})
const ranks: Readonly<Record<string, number>> = { new: 1, offer: 2, won: 3 }
const rankOf = (status: string): number | null => ranks[status] ?? null
const sale = { type: 'sale', rank: 1 }
const created: RuleEvent = { kind: 'deal_created' }
const find = (rules: readonly StatusRule[], facts = {}, event = created, deal: { type: string; rank: number | null } = sale) =>
  findRule(rules, event, facts, deal, rankOf)?.rule.id ?? null

const invoice = { kind: 'payment_received', documentType: 'invoice', isFull: false } as const
const waiting: readonly (readonly [sentence: string, trigger: RuleTrigger, event: RuleEvent, expected: boolean])[] = [
  [
    'the kind alone takes every event of that kind',
    { kind: 'stage_entered' },
    { kind: 'stage_entered', template: 'a', stage: 'b' },
    true,
  ],
  ['another kind is not heard', { kind: 'stage_entered' }, { kind: 'stage_completed', template: 'a', stage: 'b' }, false],
  ['a given part must agree', { kind: 'stage_entered', stage: 'b' }, { kind: 'stage_entered', template: 'a', stage: 'b' }, true],
  [
    'a given part that differs is not heard',
    { kind: 'stage_entered', stage: 'c' },
    { kind: 'stage_entered', template: 'a', stage: 'b' },
    false,
  ],
  [
    'all given parts must agree',
    { kind: 'stage_entered', template: 'x', stage: 'b' },
    { kind: 'stage_entered', template: 'a', stage: 'b' },
    false,
  ],
  ['a part payment is not a full one', { kind: 'payment_received', isFull: true }, invoice, false],
  ['a full payment is one', { kind: 'payment_received', isFull: true }, { ...invoice, isFull: true }, true],
  [
    'who waits for any payment hears a full one too',
    { kind: 'payment_received', isFull: false },
    { ...invoice, isFull: true },
    true,
  ],
  ['days are a lower bound', { kind: 'deal_idle', days: 14 }, { kind: 'deal_idle', days: 20 }, true],
  ['fewer days are too few', { kind: 'deal_idle', days: 14 }, { kind: 'deal_idle', days: 13 }, false],
  ['what does not narrow an event of that kind is not looked at', { kind: 'deal_created', stage: 'b' }, created, true],
]
for (const [sentence, trigger, event, expected] of waiting) test(sentence, () => assert.equal(waitsFor(trigger, event), expected))

test('of several that fit, the one that stands first acts, whatever order they came in', () => {
  const rules = [rule({ id: 3, position: 2 }), rule({ id: 1, position: 1 }), rule({ id: 2, position: 0 })]
  assert.equal(find(rules), 2)
  assert.equal(find(rules.toReversed()), 2)
})

test('a rule is limited to its deal types', () => {
  assert.equal(find([rule({ dealTypes: ['project'] })]), null)
  assert.equal(find([rule({ dealTypes: ['project', 'sale'] })]), 1)
})

test('a rule whose condition does not hold lets the next one act', () => {
  const rules = [rule({ id: 1, condition: { fact: 'amount', is: 'atLeast', value: 10 } }), rule({ id: 2, position: 1 })]
  assert.equal(find(rules, { amount: 9 }), 2)
  assert.equal(find(rules, { amount: 10 }), 1)
})

const forwards: readonly (readonly [sentence: string, status: string, rank: number | null, acts: boolean])[] = [
  ['moves on', 'offer', 1, true],
  ['does not enter the status it stands in', 'offer', 2, false],
  ['does not go back', 'offer', 3, false],
  ['may lose: a lost status has no place in the order', 'lost', 3, true],
  ['acts on a lost deal, which has no place in the order', 'offer', null, true],
]
for (const [sentence, status, rank, acts] of forwards) {
  test(`forward only: a deal ${sentence}`, () => {
    const rules = [rule({ forwardOnly: true, actions: [{ kind: 'set_status', status }] })]
    assert.equal(find(rules, {}, created, { type: 'sale', rank }), acts ? 1 : null)
  })
}

test('forward only means nothing to a rule that sets no status', () => {
  const rules = [rule({ forwardOnly: true, actions: [{ kind: 'call_webhook', url: 'https://x.example' }] })]
  assert.equal(find(rules, {}, created, { type: 'sale', rank: 9 }), 1)
  assert.equal(statusOf(rules[0]!), undefined)
})

const keys = ['a', 'b', 'c'] as const
const anyFacts = fc.record({ a: fc.nat(3), b: fc.nat(3), c: fc.nat(3) })
const anyRules = fc
  .array(
    fc.record({
      position: fc.nat(3),
      trigger: fc.constantFrom<RuleTrigger>({ kind: 'deal_created' }, { kind: 'lead_received' }),
      dealTypes: fc.constantFrom<string[]>([], ['sale'], ['project']),
      forwardOnly: fc.boolean(),
      status: fc.constantFrom('new', 'offer', 'won', 'lost'),
      fact: fc.constantFrom(...keys),
      least: fc.nat(3),
    }),
    { maxLength: 8 },
  )
  .map((drafts) =>
    drafts.map(({ fact, least, status, ...rest }, index) =>
      rule({
        ...rest,
        id: index + 1,
        condition: { all: [{ fact, is: 'atLeast', value: least }] },
        actions: [{ kind: 'set_status', status }],
      }),
    ),
  )
const anyDeal = fc.record({ type: fc.constantFrom('sale', 'project'), rank: fc.constantFrom(1, 2, 3, null) })

test('order decides and nothing else: the first of those that would act alone', () => {
  fc.assert(
    fc.property(anyRules, anyFacts, anyDeal, fc.nat(), (rules, facts, deal, turn) => {
      const alone = rules.filter((one) => find([one], facts, created, deal) !== null)
      const first = alone.toSorted((a, b) => a.position - b.position || a.id - b.id)[0]?.id ?? null
      const turned = [...rules.slice(turn % (rules.length || 1)), ...rules.slice(0, turn % (rules.length || 1))]
      assert.equal(find(turned, facts, created, deal), first)
    }),
    { numRuns: 500 },
  )
})

test('a forward rule never leads back or to where the deal stands', () => {
  fc.assert(
    fc.property(anyRules, anyFacts, anyDeal, (rules, facts, deal) => {
      const found = findRule(
        rules.map((one) => ({ ...one, forwardOnly: true })),
        created,
        facts,
        deal,
        rankOf,
      )
      const target = found && rankOf(statusOf(found.rule)!)
      if (target !== null && deal.rank !== null) assert.ok(target > deal.rank)
    }),
    { numRuns: 500 },
  )
})

test('what was seen is exactly what the condition mentions, as it was, and it held', () => {
  fc.assert(
    fc.property(anyRules, fc.record({ a: fc.nat(3), d: fc.nat(3) }), anyDeal, (rules, facts, deal) => {
      const found = findRule(rules, created, facts, deal, rankOf)
      if (!found) return
      assert.deepEqual(Object.keys(found.seen), factsIn(found.rule.condition))
      for (const [key, value] of Object.entries(found.seen)) assert.equal(value, (facts as Record<string, number>)[key] ?? null)
      assert.ok(holds(found.rule.condition, found.seen))
    }),
  )
})

test('what narrows an event is a part of it', () => {
  const events: readonly RuleEvent[] = [
    { kind: 'stage_entered', template: 't', stage: 's' },
    { kind: 'stage_completed', template: 't', stage: 's' },
    { kind: 'process_started', template: 't' },
    { kind: 'process_finished', template: 't' },
    { kind: 'process_cancelled', template: 't' },
    { kind: 'document_changed', documentType: 'd', state: 'signed' },
    { kind: 'payment_received', documentType: 'd', isFull: true },
    { kind: 'field_changed', fact: 'amount' },
    { kind: 'status_changed', status: 's' },
    { kind: 'deal_idle', days: 3 },
    { kind: 'period_began', every: 'month', onWorkingDay: true, startsOn: '2026-12-01' },
    { kind: 'date_near', fact: 'expectedCloseOn', daysBefore: 7, date: '2026-12-01' },
    { kind: 'deal_created' },
    { kind: 'lead_received' },
    { kind: 'deadline_passed' },
  ]
  assert.deepEqual(new Set(events.map(({ kind }) => kind)), new Set(Object.keys(triggerParts)))
  // Which period or date it was narrows nothing: it is what an event by the calendar tells besides.
  const told = new Set(['startsOn', 'date'])
  for (const event of events) {
    const parts = Object.keys(event).slice(1)
    assert.deepEqual(parts.filter((part) => !told.has(part)).toSorted(), [...triggerParts[event.kind]].toSorted())
  }
  for (const event of events) assert.ok(waitsFor(event as RuleTrigger, event), 'an event fits a trigger that names all of it')
})
