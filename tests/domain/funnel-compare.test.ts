import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differ, judgeCounts, judged, judgeShares } from '../../shared/domain/funnel-compare.ts'

const shares = [
  ['56 of 70 against 48 of 80, the example of Newcombe, 1998', [56, 70], [48, 80], 'real'],
  ['9 of 10 against 3 of 10: too few', [9, 10], [3, 10], 'few'],
  ['nothing tried', [0, 0], [30, 60], 'few'],
  ['55 % against 50 % of 100 each', [55, 100], [50, 100], 'chance'],
  ['the same 55 % against 50 % of 10 000 each', [5500, 10_000], [5000, 10_000], 'real'],
  ['50 % and 50 %', [20, 40], [30, 60], 'same'],
] as const
for (const [name, [a, n], [b, m], verdict] of shares)
  test(`two shares: ${name}: ${verdict}`, () => {
    assert.equal(judgeShares({ successes: a, n }, { successes: b, n: m }), verdict)
    assert.equal(judgeShares({ successes: b, n: m }, { successes: a, n }), verdict)
  })

const counts = [
  [10, 3, 'few'],
  [40, 40, 'same'],
  [0, 0, 'same'],
  [55, 45, 'chance'],
  [70, 40, 'real'],
  [0, 25, 'real'],
] as const
for (const [now, before, verdict] of counts)
  test(`${now} deals against ${before}: ${verdict}`, () => {
    assert.equal(judgeCounts(now, before), verdict)
    assert.equal(judgeCounts(before, now), verdict)
  })

test('the difference of something and no data is no number', () => {
  assert.deepEqual(differ(0.5, null), { now: 0.5, before: null, change: null })
  assert.deepEqual(differ(3, 5), { now: 3, before: 5, change: -2 })
})

test('nothing is concluded where some of the days are not known', () => {
  assert.equal(judged(differ(1888, 1103), judgeCounts(1888, 1103), true).verdict, 'real')
  assert.equal(judged(differ(1888, 1103), judgeCounts(1888, 1103), false).verdict, 'few')
  assert.equal(judged(differ(30, 30), judgeCounts(30, 30), false).verdict, 'same')
})
