import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type ChangeSide,
  explainByLayers,
  explainBySlices,
  explainedMeasures,
  largestEffects,
  measureTotal,
  type SliceTotals,
} from '../../shared/domain/explain-change.ts'

/** A chain as a funnel makes it: through ≤ reached, reached = through above + joined. */
const chain = (length: number): fc.Arbitrary<ChangeSide> =>
  fc
    .record({
      first: fc.nat(500),
      shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: length, maxLength: length }),
      joins: fc.array(fc.nat(40), { minLength: length, maxLength: length }),
      beside: fc.nat(5),
      nowhere: fc.nat(20),
      average: fc.nat(1_000_000),
    })
    .map(({ first, shares, joins, beside, nowhere, average }) => {
      const steps: ChangeSide['steps'][number][] = []
      let above = 0
      for (let index = 0; index < length; index++) {
        const joined = index === 0 ? 0 : joins[index]!
        const reached = index === 0 ? first : above + joined
        above = Math.round(reached * shares[index]!)
        steps.push({ statusId: index + 1, reached, through: above, joined })
      }
      const won = steps.at(-1)!.reached + beside
      const deals = first + joins.slice(1).reduce((sum, count) => sum + count, 0) + beside + nowhere
      return { deals, won, wonAmountMinor: won * average, steps }
    })

const near = (sum: number, wanted: number, size: number) =>
  assert.ok(Math.abs(sum - wanted) <= 1e-9 * Math.max(1, size), `${sum} is not ${wanted}`)
const sumOf = (effects: readonly { readonly value: number }[]) => effects.reduce((sum, { value }) => sum + value, 0)

test('the contributions of the layers add up to the change, whatever is measured', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }).chain((length) => fc.tuple(chain(length), chain(length))),
      ([now, before]) => {
        for (const measure of explainedMeasures) {
          const [to, from] = [measureTotal(now, measure), measureTotal(before, measure)]
          const effects = explainByLayers(now, before, measure)
          if (to === null || from === null) assert.deepEqual(effects, [])
          else near(sumOf(effects), to - from, Math.max(to, from) * 10)
        }
      },
    ),
  )
})

test('the contributions of slices add up to the change, whatever is measured', () => {
  const totals = fc
    .record({ deals: fc.nat(300), share: fc.double({ min: 0, max: 1, noNaN: true }), average: fc.nat(100_000) })
    .map(({ deals, share, average }) => ({
      deals,
      won: Math.round(deals * share),
      wonAmountMinor: Math.round(deals * share) * average,
    }))
  const side = fc.array(totals, { maxLength: 6 }).map((all): SliceTotals[] => all.map((one, key) => ({ key, ...one })))
  fc.assert(
    fc.property(side, side, (now, before) => {
      const whole = (all: readonly SliceTotals[]) => ({
        deals: all.reduce((sum, one) => sum + one.deals, 0),
        won: all.reduce((sum, one) => sum + one.won, 0),
        wonAmountMinor: all.reduce((sum, one) => sum + one.wonAmountMinor, 0),
      })
      for (const measure of explainedMeasures) {
        const [to, from] = [measureTotal(whole(now), measure), measureTotal(whole(before), measure)]
        const effects = explainBySlices(now, before, measure)
        if (to === null || from === null) assert.deepEqual(effects, [])
        else near(sumOf(effects), to - from, Math.max(to, from) * 10)
      }
    }),
  )
})

const before: ChangeSide = {
  deals: 100,
  won: 25,
  wonAmountMinor: 2500,
  steps: [
    { statusId: 1, reached: 100, through: 50, joined: 0 },
    { statusId: 2, reached: 50, through: 25, joined: 0 },
    { statusId: 3, reached: 25, through: 0, joined: 0 },
  ],
}

test('twice the entries and nothing else explain the whole change', () => {
  const now: ChangeSide = {
    deals: 200,
    won: 50,
    wonAmountMinor: 5000,
    steps: before.steps.map((step) => ({ ...step, reached: step.reached * 2, through: step.through * 2 })),
  }
  assert.deepEqual(
    explainByLayers(now, before, 'won')
      .filter(({ value }) => value !== 0)
      .map(({ cause, value }) => [cause, value]),
    [['entries', 25]],
  )
  assert.deepEqual(
    explainByLayers(now, before, 'share').filter(({ value }) => Math.abs(value) > 1e-12),
    [],
  )
})

test('a layer that lets more through explains the change alone, and says from what share to what', () => {
  const [first, , third] = before.steps
  const now: ChangeSide = {
    ...before,
    won: 35,
    wonAmountMinor: 3500,
    steps: [first!, { statusId: 2, reached: 50, through: 35, joined: 0 }, { ...third!, reached: 35 }],
  }
  const [only, ...rest] = explainByLayers(now, before, 'won').filter(({ value }) => Math.abs(value) > 1e-9)
  assert.deepEqual(rest, [])
  assert.deepEqual([only?.cause, only?.statusId, only?.now, only?.before], ['conversion', 2, 0.7, 0.5])
  near(only!.value, 10, 10)
})

test('dearer deals alone are the average alone', () => {
  const effects = explainByLayers({ ...before, wonAmountMinor: 4000 }, before, 'amount').filter(({ value }) => value !== 0)
  assert.deepEqual(
    effects.map(({ cause, value }) => [cause, value]),
    [['average', 1500]],
  )
})

test('where every slice wins alike a changed mix explains nothing', () => {
  const side = (first: number, second: number): SliceTotals[] => [
    { key: 1, deals: first, won: first / 2, wonAmountMinor: 0 },
    { key: 2, deals: second, won: second / 2, wonAmountMinor: 0 },
  ]
  assert.ok(explainBySlices(side(80, 20), side(20, 80), 'share').every(({ value }) => Math.abs(value) < 1e-12))
})

test('a mix that moves to the better slice is said to be the mix, not the rate', () => {
  const side = (first: number, second: number): SliceTotals[] => [
    { key: 1, deals: first, won: first * 0.8, wonAmountMinor: 0 },
    { key: 2, deals: second, won: second * 0.2, wonAmountMinor: 0 },
  ]
  const effects = explainBySlices(side(80, 20), side(20, 80), 'share')
  assert.ok(effects.every(({ cause, value }) => cause === 'number' || Math.abs(value) < 1e-12))
  near(sumOf(effects), 0.36, 1)
})

test('only what is a tenth of all that moved is named, the largest first', () => {
  const named = largestEffects([{ value: 1 }, { value: -50 }, { value: 30 }, { value: 0 }, { value: 20 }, { value: 19 }])
  assert.deepEqual(
    named.map(({ value }) => value),
    [-50, 30, 20],
  )
})
