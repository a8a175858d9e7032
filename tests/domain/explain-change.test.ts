import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type ChangeSide,
  type Explained,
  explainByLayers,
  explainBySlices,
  explainedMeasures,
  largestEffects,
  measureTotal,
  type SliceTotals,
} from '../../shared/domain/explain-change.ts'

/** Every measure, a share also of the amount. */
const explanations = explainedMeasures.flatMap((measure) => (['count', 'amount'] as const).map((by) => ({ measure, by })))
const won = { measure: 'won', by: 'count' } as const
const share = { measure: 'share', by: 'count' } as const

const sides = (length: number): fc.Arbitrary<ChangeSide> => fc.record({ count: chain(length), amount: chain(length) })
/** A chain as a funnel makes it: through ≤ reached, reached = through above + joined. */
const chain = (length: number): fc.Arbitrary<ChangeSide['count']> =>
  fc
    .record({
      first: fc.nat(500),
      shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: length, maxLength: length }),
      joins: fc.array(fc.nat(40), { minLength: length, maxLength: length }),
      beside: fc.nat(5),
      nowhere: fc.nat(20),
    })
    .map(({ first, shares, joins, beside, nowhere }) => {
      const steps: ChangeSide['count']['steps'][number][] = []
      let above = 0
      for (let index = 0; index < length; index++) {
        const joined = index === 0 ? 0 : joins[index]!
        const reached = index === 0 ? first : above + joined
        above = Math.round(reached * shares[index]!)
        steps.push({ statusId: index + 1, reached, through: above, joined })
      }
      const all = first + joins.slice(1).reduce((sum, count) => sum + count, 0) + beside + nowhere
      return { all, won: steps.at(-1)!.reached + beside, steps }
    })

const near = (sum: number, wanted: number, size: number) =>
  assert.ok(Math.abs(sum - wanted) <= 1e-9 * Math.max(1, size), `${sum} is not ${wanted}`)
const sumOf = (effects: readonly { readonly value: number }[]) => effects.reduce((sum, { value }) => sum + value, 0)

test('the contributions of the layers add up to the change, whatever is measured', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }).chain((length) => fc.tuple(sides(length), sides(length))),
      ([now, before]) => {
        for (const explained of explanations) {
          const [to, from] = [measureTotal(now, explained), measureTotal(before, explained)]
          const effects = explainByLayers(now, before, explained)
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
      amountMinor: deals * average * 2,
      won: Math.round(deals * share),
      wonAmountMinor: Math.round(deals * share) * average,
    }))
  const side = fc.array(totals, { maxLength: 6 }).map((all): SliceTotals[] => all.map((one, key) => ({ key, ...one })))
  fc.assert(
    fc.property(side, side, (now, before) => {
      const sum = (all: readonly SliceTotals[], field: Exclude<keyof SliceTotals, 'key'>) =>
        all.reduce((total, one) => total + one[field], 0)
      const whole = (all: readonly SliceTotals[]) => ({
        count: { all: sum(all, 'deals'), won: sum(all, 'won') },
        amount: { all: sum(all, 'amountMinor'), won: sum(all, 'wonAmountMinor') },
      })
      for (const explained of explanations) {
        const [to, from] = [measureTotal(whole(now), explained), measureTotal(whole(before), explained)]
        const effects = explainBySlices(now, before, explained)
        if (to === null || from === null) assert.deepEqual(effects, [])
        else near(sumOf(effects), to - from, Math.max(to, from) * 10)
      }
    }),
  )
})

const chainOf = (...steps: ChangeSide['count']['steps']): ChangeSide['count'] => ({
  all: steps[0]!.reached,
  won: steps.at(-1)!.reached,
  steps,
})
const before: ChangeSide = {
  count: chainOf(
    { statusId: 1, reached: 100, through: 50, joined: 0 },
    { statusId: 2, reached: 50, through: 25, joined: 0 },
    { statusId: 3, reached: 25, through: 0, joined: 0 },
  ),
  amount: chainOf(
    { statusId: 1, reached: 10_000, through: 5000, joined: 0 },
    { statusId: 2, reached: 5000, through: 2500, joined: 0 },
    { statusId: 3, reached: 2500, through: 0, joined: 0 },
  ),
}

test('twice the entries and nothing else explain the whole change', () => {
  const twice = ({ steps }: ChangeSide['count']) =>
    chainOf(...steps.map((step) => ({ ...step, reached: step.reached * 2, through: step.through * 2 })))
  const now: ChangeSide = { count: twice(before.count), amount: twice(before.amount) }
  const told = (explained: Explained) =>
    explainByLayers(now, before, explained)
      .filter(({ value }) => Math.abs(value) > 1e-12)
      .map(({ cause, value }) => [cause, value])
  assert.deepEqual(told(won), [['entries', 25]])
  assert.deepEqual(told({ measure: 'amount', by: 'count' }), [['entries', 2500]])
  assert.deepEqual([told(share), told({ ...share, by: 'amount' })], [[], []])
})

test('a layer that lets more through explains the change alone, and says from what share to what', () => {
  const [first, second, third] = before.count.steps
  const now: ChangeSide = { ...before, count: chainOf(first!, { ...second!, through: 35 }, { ...third!, reached: 35 }) }
  const [only, ...rest] = explainByLayers(now, before, won).filter(({ value }) => Math.abs(value) > 1e-9)
  assert.deepEqual(rest, [])
  assert.deepEqual([only?.cause, only?.statusId, only?.now, only?.before], ['conversion', 2, 0.7, 0.5])
  near(only!.value, 10, 10)
})

test('money is explained by the shares of the amount that go on, whatever the deals do, and of them chance is not told', () => {
  const [first, second, third] = before.amount.steps
  const now: ChangeSide = { ...before, amount: chainOf(first!, { ...second!, through: 4000 }, { ...third!, reached: 4000 }) }
  for (const explained of [
    { measure: 'amount', by: 'count' },
    { measure: 'share', by: 'amount' },
  ] as const) {
    const [only, ...rest] = explainByLayers(now, before, explained).filter(({ value }) => Math.abs(value) > 1e-9)
    assert.deepEqual(rest, [])
    assert.deepEqual([only?.cause, only?.statusId, only?.now, only?.before, only?.verdict], ['conversion', 2, 0.8, 0.5, null])
    near(only!.value, explained.measure === 'amount' ? 1500 : 0.15, 10)
  }
  assert.ok(explainByLayers(now, before, won).every(({ value }) => value === 0))
})

test('where every slice wins alike a changed mix explains nothing', () => {
  const side = (first: number, second: number): SliceTotals[] => [
    { key: 1, deals: first, amountMinor: 0, won: first / 2, wonAmountMinor: 0 },
    { key: 2, deals: second, amountMinor: 0, won: second / 2, wonAmountMinor: 0 },
  ]
  assert.ok(explainBySlices(side(80, 20), side(20, 80), share).every(({ value }) => Math.abs(value) < 1e-12))
})

test('a mix that moves to the better slice is said to be the mix, not the rate', () => {
  const side = (first: number, second: number): SliceTotals[] => [
    { key: 1, deals: first, amountMinor: 0, won: first * 0.8, wonAmountMinor: 0 },
    { key: 2, deals: second, amountMinor: 0, won: second * 0.2, wonAmountMinor: 0 },
  ]
  const effects = explainBySlices(side(80, 20), side(20, 80), share)
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
