import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dragTo, shiftOf } from '../../pwa/src/lib/rules/drag-order.ts'
import {
  actionKinds,
  blankAction,
  blankRule,
  eventGroups,
  exampleRules,
  nameOr,
  needsOf,
  setsStatus,
  withEvent,
  withPart,
} from '../../pwa/src/lib/rules/rule-edit.ts'
import { type RuleTrigger, triggerParts } from '../../shared/domain/status-rules.ts'
import { RuleBodyField } from '../../shared/schemas/process.ts'

const kinds = eventGroups.flatMap(({ kinds: some }) => [...some])

test('every event and every action can be chosen', () => {
  assert.deepEqual(new Set(kinds), new Set(Object.keys(triggerParts)))
  assert.equal(new Set(actionKinds).size, 7)
})

test('another event keeps what narrows both, and nothing that does not narrow it', () => {
  const entered = { kind: 'stage_entered', template: 'a', stage: 'b' } as const
  assert.deepEqual(withEvent(entered, 'stage_completed'), { kind: 'stage_completed', template: 'a', stage: 'b' })
  assert.deepEqual(withEvent(entered, 'process_finished'), { kind: 'process_finished', template: 'a' })
  assert.deepEqual(withEvent(entered, 'deal_created'), { kind: 'deal_created' })
  assert.deepEqual(withEvent(entered, 'deal_idle'), { kind: 'deal_idle', days: 14 })
  for (const from of kinds)
    for (const to of kinds)
      for (const part of Object.keys(withEvent(withEvent(entered, from), to)).filter((key) => key !== 'kind'))
        assert.ok((triggerParts[to] as readonly string[]).includes(part), `${from} to ${to}: ${part}`)
})

test('an event by the calendar begins with what it needs, and says what it lacks', () => {
  const actions = [{ kind: 'start_process', template: 'month' }] as const
  const monthly = withEvent({ kind: 'deal_created' }, 'period_began')
  assert.deepEqual(monthly, { kind: 'period_began', every: 'month' })
  assert.deepEqual(needsOf({ ...blankRule, trigger: monthly, actions: [...actions] }), [])
  const near = withEvent({ kind: 'field_changed', fact: 'title' }, 'date_near')
  assert.deepEqual(near, { kind: 'date_near', daysBefore: 30 }, 'a title is no date')
  assert.deepEqual(withEvent({ ...near, fact: 'field.until' }, 'field_changed'), { kind: 'field_changed' })
  const needs = (trigger: RuleTrigger) => needsOf({ ...blankRule, trigger, actions: [...actions] })
  assert.deepEqual(needs(near), [{ at: 'trigger.fact', key: 'need.date' }])
  assert.deepEqual(needs({ ...near, fact: 'field.until' }), [])
  assert.deepEqual(needs(withPart({ ...near, fact: 'field.until' }, 'daysBefore', undefined)), [
    { at: 'trigger.daysBefore', key: 'need.daysBefore' },
  ])
  assert.deepEqual(needs({ ...near, fact: 'field.until', daysBefore: 9999 }), [
    { at: 'trigger.daysBefore', key: 'need.daysBefore' },
  ])
})

test('another process has other stages; no choice leaves the trigger wide', () => {
  const entered = { kind: 'stage_entered', template: 'a', stage: 'b' } as const
  assert.deepEqual(withPart(entered, 'template', 'c'), { kind: 'stage_entered', template: 'c' })
  assert.deepEqual(withPart(entered, 'stage', undefined), { kind: 'stage_entered', template: 'a' })
})

test('a blank rule says what it still needs, and is sound once that is given', () => {
  assert.deepEqual(needsOf(blankRule), [{ at: 'actions.0.status', key: 'need.status' }])
  assert.deepEqual(needsOf({ ...blankRule, actions: [{ kind: 'set_status', status: 'x' }] }), [])
  assert.deepEqual(needsOf({ ...blankRule, actions: [] }), [{ at: 'actions', key: 'need.action' }])
  assert.deepEqual(needsOf({ ...blankRule, actions: [{ kind: 'call_webhook', url: 'ftp://x' }] }), [
    { at: 'actions.0.url', key: 'need.url' },
  ])
  const idle = needsOf({
    ...blankRule,
    trigger: { kind: 'deal_idle', days: 0 },
    actions: [{ kind: 'assign', to: { kind: 'owner' } }],
  })
  assert.deepEqual(idle, [{ at: 'trigger.days', key: 'need.days' }])
  const condition = { all: [{ fact: 'amount', is: 'atLeast', value: null }] } as const
  assert.ok(needsOf({ ...blankRule, condition }).some(({ at }) => at === 'condition'))
})

test('each blank action is named as unfinished where it needs something, and else the server takes it', () => {
  for (const kind of actionKinds) {
    const rule = { ...blankRule, names: { ru: 'а', en: 'a' }, actions: [blankAction(kind)] }
    assert.equal(needsOf(rule).length === 0, RuleBodyField.safeParse(rule).success, kind)
  }
})

test('the examples lack at most a status, a process or a deal type', () => {
  for (const [name, rule] of Object.entries(exampleRules({ payable: 'invoice', template: undefined })))
    for (const { key } of needsOf(rule)) assert.match(key, /^need\.(status|template|dealType)$/, name)
  assert.equal(setsStatus(exampleRules({ payable: undefined, template: undefined }).paid), true)
})

test('a name given in one language stands for both, and none is the one proposed', () => {
  const proposed = { ru: 'Создана сделка', en: 'A deal is created' }
  assert.deepEqual(nameOr({ ru: ' ', en: '' }, proposed), proposed)
  assert.deepEqual(nameOr({ ru: 'Имя', en: '' }, proposed), { ru: 'Имя', en: 'Имя' })
  assert.deepEqual(nameOr({ ru: 'Имя', en: 'Name' }, proposed), { ru: 'Имя', en: 'Name' })
})

const boxesOf = (heights: readonly number[]) =>
  heights.map((height, index) => ({ height, top: heights.slice(0, index).reduce((sum, one) => sum + one, 0) }))

test('a dragged row falls where its middle is, and the others make room without a gap', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 40, max: 300 }), { minLength: 1, maxLength: 8 }),
      fc.nat(),
      fc.integer({ min: -3000, max: 3000 }),
      (heights, at, by) => {
        const boxes = boxesOf(heights)
        const from = at % heights.length
        const drag = dragTo(boxes, from, by)
        assert.ok(drag.to >= 0 && drag.to < heights.length)
        const others = boxes
          .map((box, index) => ({ ...box, index, top: box.top + shiftOf(drag, boxes, index) }))
          .filter(({ index }) => index !== from)
        for (const [place, box] of others.entries()) {
          const before = others.slice(0, place).reduce((sum, { height }) => sum + height, 0)
          assert.equal(box.top, before + (place >= drag.to ? heights[from]! : 0))
        }
      },
    ),
  )
  const boxes = boxesOf([100, 100, 100])
  assert.deepEqual(
    [dragTo(boxes, 0, 0).to, dragTo(boxes, 0, 110).to, dragTo(boxes, 0, 999).to, dragTo(boxes, 2, -999).to],
    [0, 1, 2, 0],
  )
})
