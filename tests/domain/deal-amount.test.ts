import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAmount, writeAmount } from '../../pwa/src/lib/deal/amount.ts'

test('an amount typed in roubles and kopecks becomes minor units without rounding', () => {
  const right: readonly (readonly [string, number])[] = [
    ['420000', 42_000_000],
    ['420 000,5', 42_000_050],
    ['420\u00a0000.05 ₽', 42_000_005],
    ['0', 0],
    ['0,29', 29],
    ['90071992547409,91', 9_007_199_254_740_991],
  ]
  for (const [text, amountMinor] of right) assert.deepEqual(readAmount(text, 'ru'), { amountMinor }, text)
  assert.deepEqual(readAmount('1,250,000.10', 'en'), { amountMinor: 125_000_010 })
})

test('what is no amount is named: nothing, no number, a third decimal, too much', () => {
  assert.deepEqual(readAmount('  ', 'ru'), { problem: 'new.needAmount' })
  for (const text of ['сто', '1,234', '12.345', '-5', '1e6', '1.2.3'])
    assert.deepEqual(readAmount(text, 'ru'), { problem: 'new.badAmount' }, text)
  assert.deepEqual(readAmount('90071992547409,92', 'ru'), { problem: 'new.bigAmount' })
})

test('an amount written into a field reads back as the same', () => {
  for (const minor of [0, 5, 100, 42_000_050, 186_000_000])
    for (const locale of ['ru', 'en'] as const)
      assert.deepEqual(readAmount(writeAmount(minor, locale), locale), { amountMinor: minor })
})
