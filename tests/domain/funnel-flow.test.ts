import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ladderOf } from '../../shared/domain/funnel.ts'
import {
  countClasses,
  type FlowClass,
  flowClassesOf,
  flowFunnel as flowOfCounts,
  flowOutcomeOf,
  flowOutcomes,
} from '../../shared/domain/funnel-flow.ts'
import { statusOf } from './funnel-world.ts'

/** 1 < 2 < 3 < hidden 4; 5 is lost, 6 a pause behind 2. */
const statuses = [
  statusOf(1, 10),
  statusOf(2, 20),
  statusOf(3, 30),
  statusOf(4, 40, { shownInFunnel: false }),
  statusOf(5, 90, { category: 'lost' }),
  statusOf(6, 25, { category: 'paused' }),
]
const ladder = ladderOf(statuses)
const flowFunnel = (all: typeof statuses, given: readonly FlowClass[]) => flowOfCounts(all, countClasses(all, given))
const fate = (more: Partial<FlowClass>): FlowClass => ({
  status: 2,
  furthest: null,
  current: 2,
  typeChanged: false,
  entries: 1,
  count: 1,
  amountMinor: 100,
  ...more,
})

test('the first that is true counts: advanced, lost, moved back, handed off, still there', () => {
  const table: readonly (readonly [Partial<FlowClass>, string])[] = [
    [{ furthest: 3, current: 3 }, 'advanced'],
    [{ furthest: 3, current: 5 }, 'advanced'],
    [{ furthest: 3, current: 1 }, 'advanced'],
    [{ furthest: 4, current: 4 }, 'advanced'],
    [{ furthest: 6, current: 6 }, 'advanced'],
    [{ furthest: 3, current: 3, typeChanged: true }, 'advanced'],
    [{ current: 5 }, 'lost'],
    [{ furthest: 1, current: 5 }, 'lost'],
    [{ current: 5, typeChanged: true }, 'lost'],
    [{ furthest: 1, current: 1 }, 'movedBack'],
    [{ furthest: 1, current: 1, typeChanged: true }, 'movedBack'],
    [{ typeChanged: true }, 'handedOff'],
    [{}, 'stillThere'],
    [{ furthest: 2, current: 2 }, 'stillThere'],
    [{ current: null }, 'stillThere'],
  ]
  for (const [given, outcome] of table) assert.equal(flowOutcomeOf(fate(given), ladder), outcome, JSON.stringify(given))
})

test('an entry into what is no layer is in no layer', () => {
  const { layers } = flowFunnel(statuses, [fate({ status: 4 }), fate({ status: 5, current: 5 })])
  assert.deepEqual(
    layers.map((layer) => [layer.status.id, layer.entered]),
    [
      [1, 0],
      [2, 0],
      [6, 0],
      [3, 0],
    ],
  )
  assert.throws(() => flowClassesOf(statuses, [], 5, 'entered'), { code: 'not_found' })
})

test('ping-pong is entries per deal minus one, and nothing where nobody entered', () => {
  const { layers } = flowFunnel(statuses, [fate({ count: 3, entries: 3 }), fate({ count: 1, entries: 3, furthest: 3 })])
  assert.deepEqual(
    layers.map((layer) => layer.pingPong),
    [null, 0.5, null, null],
  )
})

const anyStatus = fc.constantFrom(1, 2, 3, 4, 5, 6)
const classes: fc.Arbitrary<readonly FlowClass[]> = fc.array(
  fc
    .record({
      status: anyStatus,
      furthest: fc.option(fc.constantFrom(1, 2, 3, 4, 6)),
      current: fc.option(anyStatus),
      typeChanged: fc.boolean(),
      count: fc.integer({ min: 1, max: 9 }),
      repeats: fc.nat(5),
      amountMinor: fc.nat(1_000_000),
    })
    .map(({ repeats, ...one }) => ({ ...one, entries: one.count + repeats })),
  { maxLength: 30 },
)

test('the five add up to the entries, by number and by amount, and each has its list', () => {
  fc.assert(
    fc.property(classes, (given) => {
      for (const layer of flowFunnel(statuses, given).layers) {
        for (const figures of [layer, layer.amountMinor])
          assert.equal(
            figures.entered,
            flowOutcomes.reduce((sum, outcome) => sum + figures[outcome], 0),
          )
        for (const part of ['entered', ...flowOutcomes] as const) {
          const list = flowClassesOf(statuses, given, layer.status.id, part)
          assert.equal(
            list.reduce((sum, one) => sum + one.count, 0),
            layer[part],
          )
          assert.equal(
            list.reduce((sum, one) => sum + one.amountMinor, 0),
            layer.amountMinor[part],
          )
        }
        assert.ok(layer.pingPong === null || layer.pingPong >= 0)
      }
    }),
  )
})
