import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  forecastBuckets,
  forecastError,
  forecastOf,
  learnedProbability,
  type OutcomeClass,
} from '../../shared/domain/forecast.ts'
import { calendarPeriod, frozenPeriods, madeForecasts } from '../../shared/domain/forecast-history.ts'
import { addDays, mondayOf } from '../../shared/domain/periods.ts'
import { type TypePace, totalVelocity, typeVelocity, winRate } from '../../shared/domain/win-rate.ts'

const counts = fc.nat(200)
const classes = fc.array(
  fc.record<OutcomeClass>({
    bucket: fc.constantFrom(...forecastBuckets),
    typeId: fc.integer({ min: 1, max: 3 }),
    departmentId: fc.integer({ min: 1, max: 3 }),
    statusId: fc.integer({ min: 1, max: 4 }),
    handPct: fc.option(fc.integer({ min: 0, max: 100 })),
    count: fc.integer({ min: 1, max: 9 }),
    amountMinor: fc.nat(1_000_000_000),
    withoutRate: fc.nat(3),
  }),
)
const book = {
  learned: (typeId: number, statusId: number) =>
    typeId === 3 ? null : { wins: typeId * statusId, resolved: typeId * statusId + 7 },
  defaultPct: (statusId: number) => statusId * 20,
}
const one = (fields: Partial<OutcomeClass>): OutcomeClass => ({
  bucket: 'expected',
  typeId: 3,
  departmentId: 1,
  statusId: 2,
  handPct: null,
  count: 1,
  amountMinor: 1000_00,
  withoutRate: 0,
  ...fields,
})

test('nothing resolved gives the default, much resolved gives what was seen, and ten made-up deals stand between', () => {
  assert.equal(learnedProbability({ wins: 0, resolved: 0 }, 40), 0.4)
  assert.equal(learnedProbability({ wins: 10, resolved: 10 }, 40), 0.7)
  assert.equal(learnedProbability({ wins: 0, resolved: 30 }, 40), 0.1)
  fc.assert(
    fc.property(counts, counts, fc.integer({ min: 0, max: 100 }), (wins, losses, defaultPct) => {
      const seen = wins + losses === 0 ? defaultPct / 100 : wins / (wins + losses)
      const learned = learnedProbability({ wins, resolved: wins + losses }, defaultPct)
      const [low, high] = [Math.min(seen, defaultPct / 100), Math.max(seen, defaultPct / 100)]
      assert.ok(learned >= low - 1e-12 && learned <= high + 1e-12)
    }),
  )
})

test('a deal counts by hand before it counts by what was learned, and that before the default', () => {
  const weighted = (fields: Partial<OutcomeClass>) => forecastOf([one(fields)], book).totalMinor
  assert.equal(weighted({ handPct: 15 }), 150_00)
  assert.equal(weighted({ handPct: 0 }), 0)
  assert.equal(weighted({ typeId: 1, statusId: 3 }), Math.round((100_000 * (3 + 6)) / 20))
  assert.equal(weighted({}), 400_00)
})

test('lost deals count 0, won ones whole, and what is overdue, undated or of another day stands apart from the sum', () => {
  const buckets = forecastBuckets.map((bucket) => one({ bucket, handPct: 50 }))
  const forecast = forecastOf(buckets, book)
  assert.equal(forecast.totalMinor, 1000_00 + 500_00)
  assert.equal(forecast.buckets.wonThenLost.weightedMinor, 0)
  assert.equal(forecast.buckets.overdue.weightedMinor, 500_00)
})

test('whatever the deals, the sum lies between the won and the won with all expected, and every deal is in one bucket', () => {
  fc.assert(
    fc.property(classes, (all) => {
      const { buckets, totalMinor } = forecastOf(all, book)
      assert.ok(totalMinor >= buckets.won.amountMinor && totalMinor <= buckets.won.amountMinor + buckets.expected.amountMinor)
      const sum = (key: 'deals' | 'amountMinor') => forecastBuckets.reduce((total, bucket) => total + buckets[bucket][key], 0)
      assert.equal(
        sum('deals'),
        all.reduce((total, { count }) => total + count, 0),
      )
      assert.equal(
        sum('amountMinor'),
        all.reduce((total, { amountMinor }) => total + amountMinor, 0),
      )
    }),
  )
})

test('periods are whole calendar months, quarters and years', () => {
  assert.deepEqual(calendarPeriod('month', '2026-11-24'), { from: '2026-11-01', to: '2026-12-01' })
  assert.deepEqual(calendarPeriod('quarter', '2026-11-24', 1), { from: '2027-01-01', to: '2027-04-01' })
  assert.deepEqual(calendarPeriod('quarter', '2026-01-31', -1), { from: '2025-10-01', to: '2026-01-01' })
  assert.deepEqual(calendarPeriod('year', '2026-11-24', -1), { from: '2025-01-01', to: '2026-01-01' })
  assert.deepEqual(
    frozenPeriods('2026-11-24').map(({ kind, period }) => `${kind} ${period.from}`),
    ['month 2026-11-01', 'month 2026-12-01', 'month 2027-01-01', 'quarter 2026-10-01', 'quarter 2027-01-01', 'year 2026-01-01'],
  )
})

test('a forecast made so many weeks before is the last copy by then, and none when it is older than a week', () => {
  const period = { from: '2026-07-01', to: '2026-10-01' }
  const copy = (week: string, wonMinor: number) => ({
    week,
    wonMinor,
    weightedMinor: 50,
    wonDeals: 0,
    expectedDeals: 0,
    expectedMinor: 0,
    overdueDeals: 0,
    overdueMinor: 0,
    undatedDeals: 0,
    undatedMinor: 0,
    withoutRate: 0,
  })
  const copies = [copy('2026-07-06', 1), copy('2026-08-31', 50), copy('2026-09-14', 100), copy('2026-09-21', 150)]
  assert.deepEqual(madeForecasts(copies, period, 200), [
    { weeksBefore: 1, week: '2026-09-21', totalMinor: 200, error: 0 },
    { weeksBefore: 2, week: '2026-09-14', totalMinor: 150, error: -0.25 },
    { weeksBefore: 4, week: '2026-08-31', totalMinor: 100, error: -0.5 },
  ])
  assert.equal(forecastError(100, 0), null)
  fc.assert(
    fc.property(fc.nat(80), (days) => {
      const week = mondayOf(addDays('2026-07-06', days))
      for (const made of madeForecasts([copy(week, 1)], period, 1)) {
        const ahead = (Date.parse(period.to) - Date.parse(made.week)) / 604_800_000
        assert.ok(ahead >= made.weeksBefore && ahead < made.weeksBefore + 2)
      }
    }),
  )
})

test('a win rate of nothing is no rate, and deals that stand far too long count against it', () => {
  const of = (deals: number) => ({ deals, amountMinor: deals * 100 })
  assert.equal(winRate('event', of(0), of(0)).byCount, null)
  assert.equal(winRate('event', of(3), of(1)).byCount, 0.75)
  assert.equal(winRate('stale', of(3), of(1), of(2)).byCount, 0.5)
  assert.equal(winRate('event', { deals: 1, amountMinor: 900 }, { deals: 3, amountMinor: 100 }).byAmount, 0.9)
})

test('velocity is open deals × win rate × average won amount / median days, summed over types', () => {
  const pace = (fields: Partial<TypePace>): TypePace => ({
    typeId: 1,
    open: { deals: 10, amountMinor: 1 },
    won: { deals: 4, amountMinor: 4000 },
    lost: { deals: 4, amountMinor: 1 },
    medianDays: 20,
    ...fields,
  })
  assert.equal(typeVelocity(pace({})).perDayMinor, (10 * 0.5 * 1000) / 20)
  const none = { deals: 0, amountMinor: 0 }
  assert.equal(typeVelocity(pace({ won: none, medianDays: null })).perDayMinor, 0)
  assert.equal(typeVelocity(pace({ won: none, lost: none, medianDays: null })).perDayMinor, null)
  assert.equal(typeVelocity(pace({ medianDays: 0 })).perDayMinor, null)
  const parts = [pace({}), pace({ typeId: 2, medianDays: 10 }), pace({ typeId: 3, medianDays: 0 })].map(typeVelocity)
  assert.equal(totalVelocity(parts), 250 + 500)
  assert.equal(totalVelocity([typeVelocity(pace({ medianDays: 0 }))]), null)
})
