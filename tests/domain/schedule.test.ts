import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addDays, dayOf } from '../../shared/domain/periods.ts'
import { instantAt, nextDue, type Rhythm, schedulePeriod } from '../../shared/domain/schedule.ts'

const next = (rhythm: Rhythm, time: string, zone: string, after: string) =>
  nextDue(rhythm, time, zone, new Date(after)).toISOString()
const daily = { kind: 'daily' } as const

test('a moment comes by the clocks of its zone, and never at the moment asked from', () => {
  assert.equal(next(daily, '09:00', 'Europe/Moscow', '2026-11-24T05:59:00Z'), '2026-11-24T06:00:00.000Z')
  assert.equal(next(daily, '09:00', 'Europe/Moscow', '2026-11-24T06:00:00Z'), '2026-11-25T06:00:00.000Z')
  assert.equal(next(daily, '09:00', 'Asia/Yekaterinburg', '2026-11-24T05:59:00Z'), '2026-11-25T04:00:00.000Z')
})

test('weekly on the days chosen, monthly on the day or the last of a shorter month', () => {
  const weekly = { kind: 'weekly', weekdays: [1, 4] } as const
  // 24 November 2026 is a Tuesday.
  assert.equal(next(weekly, '08:30', 'UTC', '2026-11-24T12:00:00Z'), '2026-11-26T08:30:00.000Z')
  assert.equal(next(weekly, '08:30', 'UTC', '2026-11-26T08:30:00Z'), '2026-11-30T08:30:00.000Z')
  const sunday = { kind: 'weekly', weekdays: [7] } as const
  assert.equal(next(sunday, '00:00', 'UTC', '2026-11-24T12:00:00Z'), '2026-11-29T00:00:00.000Z')
  const monthly = { kind: 'monthly', day: 31 } as const
  assert.equal(next(monthly, '10:00', 'UTC', '2026-02-01T00:00:00Z'), '2026-02-28T10:00:00.000Z')
  assert.equal(next(monthly, '10:00', 'UTC', '2026-02-28T10:00:00Z'), '2026-03-31T10:00:00.000Z')
  assert.equal(next({ kind: 'monthly', day: 30 }, '10:00', 'UTC', '2028-02-10T00:00:00Z'), '2028-02-29T10:00:00.000Z')
})

test('when clocks are put forward, a time that is left out comes as much later; put back, the first of two hours counts, once', () => {
  // Berlin: 29 March 2026 02:00 becomes 03:00; 25 October 2026 03:00 becomes 02:00.
  assert.equal(instantAt('2026-03-29', '02:30', 'Europe/Berlin').toISOString(), '2026-03-29T01:30:00.000Z')
  assert.equal(instantAt('2026-10-25', '02:30', 'Europe/Berlin').toISOString(), '2026-10-25T00:30:00.000Z')
  assert.equal(next(daily, '02:30', 'Europe/Berlin', '2026-03-29T00:00:00Z'), '2026-03-29T01:30:00.000Z')
  assert.equal(next(daily, '02:30', 'Europe/Berlin', '2026-10-25T00:30:00Z'), '2026-10-26T01:30:00.000Z')
  assert.equal(instantAt('2026-03-29', '09:00', 'Europe/Berlin').toISOString(), '2026-03-29T07:00:00.000Z')
})

test('whatever the zone and the time, every due day has exactly one moment, and it lies on that day', () => {
  const zones = ['Europe/Moscow', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'Asia/Kathmandu']
  const times = fc.tuple(fc.nat(23), fc.nat(59)).map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`)
  fc.assert(
    fc.property(fc.constantFrom(...zones), times, fc.nat(700), (zone, time, start) => {
      let at = new Date(Date.UTC(2026, 0, 1 + start))
      const days: string[] = []
      for (let turn = 0; turn < 10; turn++) {
        const due = nextDue(daily, time, zone, at)
        assert.ok(due > at)
        at = due
        days.push(dayOf(due, zone))
      }
      for (const [index, day] of days.slice(1).entries()) assert.equal(day, addDays(days[index]!, 1), `${zone} ${time}`)
    }),
    { numRuns: 200 },
  )
})

test('the period of a report is to date, or the last whole week, month or quarter', () => {
  const on = (period: Parameters<typeof schedulePeriod>[0]) => schedulePeriod(period, '2026-11-24')
  assert.deepEqual(on('lastWeek'), { from: '2026-11-16', to: '2026-11-23' })
  assert.deepEqual(on('lastMonth'), { from: '2026-10-01', to: '2026-11-01' })
  assert.deepEqual(on('lastQuarter'), { from: '2026-07-01', to: '2026-10-01' })
  assert.deepEqual(on('month'), { from: '2026-11-01', to: '2026-11-25' })
  assert.deepEqual(schedulePeriod('lastMonth', '2026-01-31'), { from: '2025-12-01', to: '2026-01-01' })
})
