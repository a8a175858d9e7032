import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alikeInstants, contrastOf, periodBefore, sidesBeforeHistory } from '../../shared/domain/compared-periods.ts'

const before = [
  [{ from: '2026-03-01', to: '2026-04-01' }, 'previous', { from: '2026-01-29', to: '2026-03-01' }],
  [{ from: '2026-03-01', to: '2026-04-01' }, 'year', { from: '2025-03-01', to: '2025-04-01' }],
  [{ from: '2024-02-29', to: '2024-03-01' }, 'year', { from: '2023-02-28', to: '2023-03-01' }],
] as const
for (const [period, against, wanted] of before)
  test(`${against} of ${period.from}…${period.to} is ${wanted.from}…${wanted.to}`, () => {
    assert.deepEqual(periodBefore(period, against), wanted)
  })

const at = (day: string) => new Date(`${day}T00:00:00Z`)

test('the older period is taken as it stood when it was as old as the younger one is', () => {
  assert.deepEqual(alikeInstants({ now: at('2026-07-01'), before: at('2026-04-01') }, at('2026-07-11')), {
    now: at('2026-07-11'),
    before: at('2026-04-11'),
  })
})
test('which of the two is the younger does not matter, and neither is asked about a time to come', () => {
  assert.deepEqual(alikeInstants({ now: at('2026-04-01'), before: at('2026-07-01') }, at('2026-07-11')), {
    now: at('2026-04-11'),
    before: at('2026-07-11'),
  })
})
test('a period that has not ended is laid beside as much of the other as has passed', () => {
  assert.deepEqual(alikeInstants({ now: at('2026-12-01'), before: at('2026-11-01') }, at('2026-11-20')), {
    now: at('2026-11-20'),
    before: at('2026-10-21'),
  })
})

const days = (now: string, before: string) => ({
  now: { from: now, to: '2026-12-01' },
  before: { from: before, to: '2026-01-01' },
})

test('a side that begins before anything is known is named, by days of the organisation', () => {
  const since = new Date('2025-06-01T22:30:00Z')
  const sides = (now: string, before: string) => sidesBeforeHistory(days(now, before), since, 'Europe/Moscow')
  assert.deepEqual(sides('2026-01-01', '2025-01-31'), ['before'])
  assert.deepEqual(sides('2025-05-01', '2025-01-31'), ['now', 'before'])
  assert.deepEqual(sides('2026-01-01', '2025-06-02'), [], 'Moscow is on the second of June already')
  assert.deepEqual(sides('2026-01-01', '2025-06-01'), ['before'])
  assert.deepEqual(sidesBeforeHistory(days('2026-01-01', '2025-01-31'), null, 'UTC'), [])
})

test('two departments over the same days know as much of them', () => {
  const all = { from: '2000-01-01', to: '2026-12-01' }
  assert.deepEqual(sidesBeforeHistory({ now: all, before: all }, new Date('2025-06-02T09:00:00Z'), 'UTC'), [])
})

test('only the past of the same deals is said to have been', () => {
  assert.equal(contrastOf(days('2026-01-01', '2025-01-31'), true), 'time')
  assert.equal(contrastOf(days('2026-01-01', '2025-01-31'), false), 'sides')
  assert.equal(contrastOf(days('2026-01-01', '2026-01-01'), true), 'sides')
})
