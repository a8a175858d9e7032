import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAhead, monthsAgo, weeksAgo } from '../../pwa/src/lib/travel/past-moment.ts'
import { type Names, readWay } from '../../pwa/src/lib/travel/way-key.ts'

test('weeks and months of the past are counted as many as they are', () => {
  assert.equal(weeksAgo('2026-11-09', '2026-11-30'), 3)
  assert.equal(weeksAgo('2020-01-01', '2026-11-30'), 361)
  assert.equal(weeksAgo('2030-01-01', '2026-11-30'), 0)
  assert.deepEqual(monthsAgo('2020-01-01', '2026-11-30'), { years: 6, months: 10 })
  assert.deepEqual(monthsAgo('2020-12-01T14:05', '2026-11-30'), { years: 5, months: 11 })
  assert.deepEqual(monthsAgo('2020-11-30', '2026-11-30'), { years: 6, months: 0 })
})

test('a moment is ahead when its day or its time of today is yet to come; the end of today is now', () => {
  const now = new Date('2026-11-30T11:00:00Z')
  const ahead = (asOf: string) => isAhead(asOf, now, 'Europe/Moscow')
  assert.deepEqual(['2030-01-01', '2026-12-01', '2026-11-30T14:05'].map(ahead), [true, true, true])
  assert.deepEqual(['2026-11-30', '2026-11-30T13:55', '2020-01-01', '2020-01-01T23:59'].map(ahead), [false, false, false, false])
})

test('a way is known by its statuses; anything else is no way', () => {
  const names: Names = new Map([['new', { name: 'Новая', isLost: false }]])
  assert.deepEqual(readWay('..new', names), { from: null, to: 'new' })
  assert.deepEqual(readWay('new..', names), { from: 'new', to: null })
  assert.deepEqual(readWay('new..won', null), { from: 'new', to: 'won' }, 'while the statuses are not known yet')
  for (const key of ['zzz', '', '..', 'new..zzz', 'zzz..', 'a..b..c']) assert.equal(readWay(key, names), null, key)
})
