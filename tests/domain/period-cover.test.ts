import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Buckets, countBuckets, coverPeriod } from '../../shared/domain/period-cover.ts'
import { addDays } from '../../shared/domain/periods.ts'

const day = fc.nat(2400).map((days) => addDays('2019-12-20', days))
const length = fc.oneof(fc.integer({ min: 1, max: 45 }), fc.integer({ min: 1, max: 1500 }))

const starts = { day: /./, month: /-01$/, year: /-01-01$/ }
const holds = ({ from, to }: { readonly from: string; readonly to: string }, one: string) => from <= one && one < to

test('a period is covered by whole buckets so that each of its days counts once and no other at all', () => {
  fc.assert(
    fc.property(day, length, fc.constantFrom('day' as const, 'month' as const), (from, days, finest) => {
      const to = addDays(from, days)
      const { buckets, rest } = coverPeriod({ from, to }, finest)
      for (let one = addDays(from, -400); one < addDays(to, 400); one = addDays(one, 1)) {
        const times =
          buckets.filter((bucket) => holds(bucket, one)).reduce((sum, { isTaken }) => sum + (isTaken ? -1 : 1), 0) +
          rest.filter((part) => holds(part, one)).length
        assert.equal(times, one >= from && one < to ? 1 : 0, one)
      }
      for (const { grain, from: first, to: end } of buckets)
        assert.ok(starts[grain].test(first) && starts[grain].test(end) && first < end)
      if (finest === 'day') assert.equal(rest.length, 0)
      else assert.ok(rest.every((part) => part.from < part.to) && buckets.every(({ grain }) => grain !== 'day'))
    }),
    { numRuns: 150 },
  )
})

test('no period takes more buckets than half of two months, half of two years and its whole years', () => {
  fc.assert(
    fc.property(day, length, (from, days) => {
      const to = addDays(from, days)
      assert.ok(countBuckets(coverPeriod({ from, to }).buckets) <= 2 * 17 + 2 * 7 + Math.ceil(days / 365))
    }),
  )
})

const said = (buckets: readonly Buckets[]) =>
  buckets.map(({ grain, from, to, isTaken }) => `${isTaken ? '-' : '+'} ${grain} ${from} ${to}`)

test('what a year and a bit holds is read from few buckets, ten months as a year less two', () => {
  assert.deepEqual(said(coverPeriod({ from: '2025-01-01', to: '2027-01-01' }).buckets), ['+ year 2025-01-01 2027-01-01'])
  assert.deepEqual(said(coverPeriod({ from: '2025-01-01', to: '2025-11-01' }).buckets), [
    '+ year 2025-01-01 2026-01-01',
    '- month 2025-11-01 2026-01-01',
  ])
  assert.deepEqual(said(coverPeriod({ from: '2025-02-09', to: '2026-04-13' }).buckets), [
    '+ year 2025-01-01 2026-01-01',
    '- month 2025-01-01 2025-02-01',
    '- day 2025-02-01 2025-02-09',
    '+ month 2026-01-01 2026-04-01',
    '+ day 2026-04-01 2026-04-13',
  ])
  assert.deepEqual(coverPeriod({ from: '2025-02-09', to: '2025-04-02' }, 'month'), {
    buckets: [{ grain: 'month', from: '2025-03-01', to: '2025-04-01', isTaken: false }],
    rest: [
      { from: '2025-02-09', to: '2025-03-01' },
      { from: '2025-04-01', to: '2025-04-02' },
    ],
  })
})
