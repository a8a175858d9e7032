import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { countMarks, marksOfPart, marksOfPhases, rungsOf } from '../../shared/domain/flow-marks.ts'
import { phaseOrder } from '../../shared/domain/funnel-chapters.ts'
import { flowFunnel, flowOutcomes } from '../../shared/domain/funnel-flow.ts'
import { statusOf } from './funnel-world.ts'

/** 1 < 2 < hidden 3; 4 is lost. */
const statuses = [
  statusOf(1, 10, { phase: 'presale' }),
  statusOf(2, 20, { phase: 'sale' }),
  statusOf(3, 30, { phase: 'sale', shownInFunnel: false }),
  statusOf(4, 90, { category: 'lost' }),
]

test('a status is to the marks what it counts as: its place, whether it is lost, the phase of its layer', () => {
  const resolved = new Map([
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 4],
    [9, 2],
  ])
  assert.deepEqual(
    rungsOf(resolved, statuses).map(({ statusId, countsAs, place, isLost, phaseBit }) => [
      statusId,
      countsAs,
      place,
      isLost,
      phaseBit,
    ]),
    [
      [1, 1, 0, false, 1],
      [2, 2, 1, false, 2],
      [3, 3, 2, false, 0],
      [4, 4, null, true, 0],
      [9, 2, 1, false, 2],
    ],
  )
})

test('marks are counted as outcomes; one that another entry of the deal followed counts as an entry alone', () => {
  const sums = [
    { mark: 8 * 2 + 1, deals: 3, amountMinor: 300 },
    { mark: 8 * 2 + 5, deals: 1, amountMinor: 50 },
    { mark: 8 * 2, deals: 2, amountMinor: 120 },
    { mark: -2, deals: 4, amountMinor: 350 },
  ]
  const layer = flowFunnel(statuses, countMarks(sums)).layers.find(({ status }) => status.id === 2)!
  assert.deepEqual(
    [layer.entered, layer.advanced, layer.stillThere, layer.entries, layer.pingPong, layer.amountMinor.entered],
    [4, 3, 1, 6, 0.5, 350],
  )
})

test('the marks of a part are those of its outcome, and all that entered left one of the five', () => {
  assert.deepEqual(
    marksOfPart(statuses, 2, 'entered'),
    flowOutcomes.flatMap((outcome) => marksOfPart(statuses, 2, outcome)),
  )
  for (const none of [3, 4, 7]) assert.throws(() => marksOfPart(statuses, none, 'lost'), { code: 'not_found' })
})

test('whichever phases are asked for, a deal that entered any of them left exactly one of their marks', () => {
  const bitOf = (place: number) => 2 ** place
  const entries = fc.array(fc.nat(phaseOrder.length - 1), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(entries, fc.subarray([...phaseOrder], { minLength: 1 }), (entered, asked) => {
      // As the database makes them: the last entry into each phase, with the phases that were entered later.
      const left = [...new Set(entered)].map((place) => {
        const later = new Set(entered.slice(entered.lastIndexOf(place) + 1))
        return -(bitOf(place) + 32 * [...later].reduce((bits, one) => bits + bitOf(one), 0))
      })
      const wanted = new Set(marksOfPhases(asked))
      const isAsked = entered.some((place) => asked.includes(phaseOrder[place]!))
      assert.equal(left.filter((mark) => wanted.has(mark)).length, Number(isAsked))
    }),
  )
})
