import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addDays, addMonths, dayOf, precedingYear, presetPeriod, startOfDay } from '../../shared/domain/periods.ts'

const zones = [
  'UTC',
  'Europe/Moscow',
  'Asia/Yekaterinburg',
  'Asia/Kamchatka',
  'Europe/Lisbon',
  'America/New_York',
  'America/St_Johns',
  'America/Sao_Paulo',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
]
const day = fc.integer({ min: 0, max: 365 * 40 }).map((days) => addDays('1996-01-01', days))

test('a day begins at the first instant that falls on it, in every zone and through every change of the clock', () => {
  fc.assert(
    fc.property(day, fc.constantFrom(...zones), (date, zone) => {
      const begins = startOfDay(date, zone)
      assert.equal(dayOf(begins, zone), date)
      assert.ok(dayOf(new Date(begins.getTime() - 1), zone) < date)
    }),
    { numRuns: 2000 },
  )
})

test('where midnight is skipped a day begins an hour later', () => {
  assert.equal(startOfDay('2018-11-04', 'America/Sao_Paulo').toISOString(), '2018-11-04T03:00:00.000Z')
  assert.equal(startOfDay('2024-04-26', 'Africa/Cairo').toISOString(), '2024-04-25T22:00:00.000Z')
  assert.equal(startOfDay('2021-03-28', 'Asia/Beirut').toISOString(), '2021-03-27T22:00:00.000Z')
})

test('where midnight comes twice a day begins at the first', () => {
  assert.equal(startOfDay('2021-11-07', 'America/Havana').toISOString(), '2021-11-07T04:00:00.000Z')
})

test('Moscow’s days begin at 21:00 of the day before in UTC; the years of summer time too', () => {
  assert.equal(startOfDay('2026-01-01', 'Europe/Moscow').toISOString(), '2025-12-31T21:00:00.000Z')
  assert.equal(startOfDay('2012-07-01', 'Europe/Moscow').toISOString(), '2012-06-30T20:00:00.000Z')
  assert.equal(dayOf(new Date('2025-12-31T20:59:59.999Z'), 'Europe/Moscow'), '2025-12-31')
  assert.equal(dayOf(new Date('2025-12-31T21:00:00Z'), 'Europe/Moscow'), '2026-01-01')
})

test('the same day of another month, or the last one it has', () => {
  assert.equal(addMonths('2026-01-31', 1), '2026-02-28')
  assert.equal(addMonths('2028-01-31', 1), '2028-02-29')
  assert.equal(addMonths('2028-02-29', -12), '2027-02-28')
  assert.equal(addMonths('2026-01-15', -1), '2025-12-15')
  assert.equal(addMonths('2026-11-30', 15), '2028-02-29')
})

test('named periods run from their first day to tomorrow', () => {
  assert.deepEqual(presetPeriod('month', '2026-08-31'), { from: '2026-08-01', to: '2026-09-01' })
  assert.deepEqual(presetPeriod('quarter', '2026-12-31'), { from: '2026-10-01', to: '2027-01-01' })
  assert.deepEqual(presetPeriod('quarter', '2026-01-01'), { from: '2026-01-01', to: '2026-01-02' })
  assert.deepEqual(presetPeriod('year', '2026-02-28'), { from: '2026-01-01', to: '2026-03-01' })
  assert.deepEqual(presetPeriod('last12', '2026-11-20'), { from: '2025-11-21', to: '2026-11-21' })
  assert.deepEqual(presetPeriod('all', '2026-11-20'), { from: '2000-01-01', to: '2026-11-21' })
})

test('the preceding year ends where the period begins', () => {
  assert.deepEqual(precedingYear({ from: '2026-07-01', to: '2026-10-01' }), { from: '2025-07-01', to: '2026-07-01' })
})
