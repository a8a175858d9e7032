import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkRule } from '../../api/usecases/rules/check-rule.ts'
import { type CyclePeriod, cyclePeriods, datesDue, firstDayOf, newestPeriod } from '../../shared/domain/cycles.ts'
import { addDays } from '../../shared/domain/periods.ts'
import { type RuleEvent, type RuleTrigger, statusesAsked, waitsFor } from '../../shared/domain/status-rules.ts'
import { TriggerField } from '../../shared/schemas/process.ts'

const usual = { workDays: [1, 2, 3, 4, 5], exceptions: {} }
/** New Year's holidays in Russia: the first worked day of 2027 is Monday the 11th. */
const holidays = {
  workDays: [1, 2, 3, 4, 5],
  exceptions: Object.fromEntries(Array.from({ length: 8 }, (_, day) => [addDays('2027-01-01', day), false])),
}

const firsts: readonly (readonly [CyclePeriod, day: string, first: string])[] = [
  ['week', '2026-11-22', '2026-11-16'],
  ['week', '2026-11-23', '2026-11-23'],
  ['week', '2027-01-01', '2026-12-28'],
  ['month', '2026-12-31', '2026-12-01'],
  ['month', '2028-02-29', '2028-02-01'],
  ['quarter', '2026-12-31', '2026-10-01'],
  ['quarter', '2026-03-01', '2026-01-01'],
  ['year', '2026-12-31', '2026-01-01'],
]
for (const [every, day, first] of firsts)
  test(`the ${every} of ${day} begins on ${first}`, () => assert.equal(firstDayOf(every, day), first))

const beginnings: readonly (readonly [sentence: string, CyclePeriod, today: string, calendar: typeof usual, first: string])[] = [
  ['a month whose first day is a Sunday has not begun on it', 'month', '2026-11-01', usual, '2026-10-01'],
  ['it begins on the Monday', 'month', '2026-11-02', usual, '2026-11-01'],
  ['holidays put a year off', 'year', '2027-01-10', holidays, '2026-01-01'],
  ['until the first day that is worked', 'year', '2027-01-11', holidays, '2027-01-01'],
  ['a week of nothing but holidays does not begin', 'week', '2027-01-10', holidays, '2026-12-28'],
  ['a worked Sunday begins its month', 'month', '2026-11-01', { ...usual, exceptions: { '2026-11-01': true } }, '2026-11-01'],
]
for (const [sentence, every, today, calendar, first] of beginnings)
  test(`on working days: ${sentence}`, () => assert.equal(newestPeriod({ every, onWorkingDay: true }, today, calendar), first))

test('a calendar that nobody works by still has an answer', () => {
  assert.match(
    newestPeriod({ every: 'month', onWorkingDay: true }, '2026-11-20', { workDays: [], exceptions: {} }),
    /^20\d\d-\d\d-01$/,
  )
})

test('the newest period has begun, and never goes back as days go by', () => {
  const day = fc.integer({ min: 0, max: 4000 }).map((days) => addDays('2024-01-01', days))
  fc.assert(
    fc.property(fc.constantFrom(...cyclePeriods), fc.boolean(), day, fc.nat({ max: 40 }), (every, onWorkingDay, today, later) => {
      const first = newestPeriod({ every, onWorkingDay }, today, holidays)
      assert.ok(first <= today)
      assert.equal(first, firstDayOf(every, first))
      assert.ok(newestPeriod({ every, onWorkingDay }, addDays(today, later), holidays) >= first)
    }),
  )
})

const due: readonly (readonly [sentence: string, daysBefore: number, toldUpTo: string, from: string, to: string])[] = [
  ['60 days before: all that end within 60 days', 60, '2026-11-19', '2026-11-20', '2027-01-19'],
  ['on the day: that day', 0, '2026-11-19', '2026-11-20', '2026-11-20'],
  ['on the day, after three days off: those days too', 0, '2026-11-16', '2026-11-17', '2026-11-20'],
  ['30 days after: nothing that ended long ago', -30, '2026-11-19', '2026-10-21', '2026-10-21'],
  ['30 days after, after a week off: what came due in it', -30, '2026-11-12', '2026-10-14', '2026-10-21'],
]
for (const [sentence, daysBefore, toldUpTo, from, to] of due)
  test(`dates that are due ${sentence}`, () => assert.deepEqual(datesDue(daysBefore, '2026-11-20', toldUpTo), { from, to }))

const began = (every: CyclePeriod, onWorkingDay = false): RuleEvent => ({
  kind: 'period_began',
  every,
  onWorkingDay,
  startsOn: '2026-11-01',
})
const near: RuleEvent = { kind: 'date_near', fact: 'field.until', daysBefore: 60, date: '2027-01-19' }
const waits: readonly (readonly [RuleTrigger, RuleEvent, boolean])[] = [
  [{ kind: 'period_began', every: 'month' }, began('month'), true],
  [{ kind: 'period_began', every: 'month' }, began('week'), false],
  [{ kind: 'period_began', every: 'month' }, began('month', true), false],
  [{ kind: 'period_began', every: 'month', onWorkingDay: false }, began('month'), true],
  [{ kind: 'period_began', every: 'month', onWorkingDay: true }, began('month', true), true],
  [{ kind: 'period_began', every: 'month', onWorkingDay: true }, began('month'), false],
  [{ kind: 'date_near', fact: 'field.until', daysBefore: 60 }, near, true],
  [{ kind: 'date_near', fact: 'field.until', daysBefore: 30 }, near, false],
  [{ kind: 'date_near', fact: 'expectedCloseOn', daysBefore: 60 }, near, false],
]
for (const [trigger, event, isWaited] of waits)
  test(`${JSON.stringify(trigger)} ${isWaited ? 'waits' : 'does not wait'} for ${JSON.stringify(event)}`, () => {
    assert.deepEqual(TriggerField.parse(trigger), trigger)
    assert.equal(waitsFor(trigger, event), isWaited)
  })

test('the statuses a rule can act in are known where its condition says so', () => {
  const inSupport = { fact: 'status', is: 'is', value: 'support' } as const
  const paid = { fact: 'amount', is: 'atLeast', value: 1 } as const
  assert.deepEqual(statusesAsked([inSupport]), ['support'])
  assert.deepEqual(statusesAsked([{ all: [paid, { fact: 'status', is: 'oneOf', value: ['a', 'b'] }] }]), ['a', 'b'])
  assert.deepEqual(statusesAsked([inSupport, { any: [inSupport, { fact: 'status', is: 'is', value: 'c' }] }]), ['support', 'c'])
  assert.equal(statusesAsked([inSupport, { all: [] }]), null, 'one rule that says nothing asks for all')
  assert.equal(statusesAsked([{ any: [inSupport, paid] }]), null)
  assert.equal(statusesAsked([{ fact: 'status', is: 'isNot', value: 'support' }]), null)
})

test('a rule by the calendar says which period, and which date of the deal', () => {
  const dictionary = {
    types: [],
    statuses: [],
    templates: [],
    departments: [],
    documentTypes: [],
    fields: [
      { code: 'until', type: 'a', names: { ru: 'До', en: 'Until' }, kind: 'day' as const, options: [] },
      { code: 'note', type: 'a', names: { ru: 'Пометка', en: 'Note' }, kind: 'text' as const, options: [] },
    ],
  }
  const problems = (trigger: RuleTrigger): readonly string[] =>
    checkRule(
      {
        names: { ru: 'а', en: 'a' },
        dealTypes: [],
        trigger,
        condition: { all: [] },
        forwardOnly: false,
        actions: [{ kind: 'assign', to: { kind: 'owner' } }],
        isActive: true,
      },
      { dictionary, activeEmployees: new Set(), locale: 'ru' },
    ).map(({ message }) => message)
  assert.deepEqual(problems({ kind: 'period_began', every: 'month', onWorkingDay: true }), [])
  assert.deepEqual(problems({ kind: 'period_began' }), ['Событие: укажите, какой период: неделя, месяц, квартал или год'])
  assert.deepEqual(problems({ kind: 'deal_created', every: 'month' }), ['Событие: период к этому событию не относится'])
  assert.deepEqual(problems({ kind: 'date_near', fact: 'field.until', daysBefore: -5 }), [])
  assert.deepEqual(problems({ kind: 'date_near', fact: 'expectedCloseOn', daysBefore: 0 }), [])
  assert.deepEqual(problems({ kind: 'date_near', fact: 'field.until' }), ['Событие: укажите дату сделки и число дней'])
  assert.deepEqual(problems({ kind: 'date_near', fact: 'field.note', daysBefore: 5 }), ['Событие: поле «Пометка» — не дата'])
  assert.equal(problems({ kind: 'date_near', fact: 'field.gone', daysBefore: 5 }).length, 1)
})
