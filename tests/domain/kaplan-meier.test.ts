import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Stays, stayQuantiles } from '../../shared/domain/kaplan-meier.ts'

const times = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 30 })
const stays: fc.Arbitrary<Stays> = fc.record({ left: times, here: times })

/** The definition, time by time: the product over all times up to t of one minus those that left of those that could. */
function survivalAt({ left, here }: Stays, t: number): number {
  return [...new Set(left)]
    .filter((time) => time <= t)
    .reduce((product, time) => {
      const atRisk = [...left, ...here].filter((other) => other >= time).length
      return product * (1 - left.filter((other) => other === time).length / atRisk)
    }, 1)
}

test('the estimate agrees with published values: remission of leukaemia under 6-MP and placebo (Freireich, 1963)', () => {
  const treated = { left: [6, 6, 6, 7, 10, 13, 16, 22, 23], here: [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35] }
  const placebo = { left: [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], here: [] }
  assert.deepEqual(stayQuantiles(treated, [0.5]), [{ time: 23, over: null }])
  assert.deepEqual(
    stayQuantiles(placebo, [0.5, 0.9]).map(({ time }) => time),
    [8, 17],
  )
})

test('where the curve does not come down, the share stays longer than if all left at once', () => {
  assert.deepEqual(stayQuantiles({ left: [1], here: [5, 7, 9, 11] }, [0.5, 0.9]), [
    { time: null, over: 7 },
    { time: null, over: 11 },
  ])
  assert.deepEqual(stayQuantiles({ left: [], here: [] }, [0.5]), [{ time: null, over: null }])
})

test('a quantile is the first time at which the product-limit curve is down to it', () => {
  fc.assert(
    fc.property(stays, fc.constantFrom(0.25, 0.5, 0.9), (given, share) => {
      const [found] = stayQuantiles(given, [share])
      const down = [...new Set(given.left)].sort((a, b) => a - b).find((time) => survivalAt(given, time) <= 1 - share + 1e-9)
      assert.equal(found!.time, down ?? null)
    }),
  )
})

test('with nobody left behind it is the plain quantile', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(99), { minLength: 1, maxLength: 40 }), (left) => {
      const [median] = stayQuantiles({ left, here: [] }, [0.5])
      assert.equal(median!.time, left.toSorted((a, b) => a - b)[Math.ceil(left.length / 2) - 1])
    }),
  )
})

test('a jam never looks fast: a deal that has not left makes no quantile shorter than if it had', () => {
  fc.assert(
    fc.property(stays, fc.nat(), (given, pick) => {
      if (given.left.length === 0) return
      const stuck = given.left[pick % given.left.length]!
      const jam = { left: given.left.toSpliced(given.left.indexOf(stuck), 1), here: [...given.here, stuck] }
      for (const share of [0.5, 0.9]) {
        const [[free], [jammed]] = [stayQuantiles(given, [share]), stayQuantiles(jam, [share])]
        if (jammed!.time !== null) assert.ok(free!.time !== null && jammed!.time >= free!.time)
        if (jammed!.over !== null && free!.time !== null) assert.ok(jammed!.over <= free!.time || jammed!.time === null)
      }
    }),
  )
})

test('what is said of a curve that does not come down is a true bound', () => {
  fc.assert(
    fc.property(stays, (given) => {
      const [median] = stayQuantiles(given, [0.5])
      const all = [...given.left, ...given.here]
      if (median!.over === null) return
      assert.ok(all.filter((time) => time >= median!.over!).length * 2 >= all.length)
    }),
  )
})
