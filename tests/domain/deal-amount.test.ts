import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMoney } from '../../bot/read-money.ts'
import { readAmount, writeAmount } from '../../pwa/src/lib/deal/amount.ts'
import { joinRange, splitRange } from '../../pwa/src/lib/fields/field-filters.ts'
import { formatMoney, formatMoneyShort } from '../../shared/messages/format.ts'

test('an amount typed in roubles and kopecks becomes minor units without rounding', () => {
  const right: readonly (readonly [string, number])[] = [
    ['420000', 42_000_000],
    ['420 000,5', 42_000_050],
    ['420\u00a0000.05 ₽', 42_000_005],
    ['0', 0],
    ['0,29', 29],
    ['90071992547409,91', 9_007_199_254_740_991],
  ]
  for (const [text, amountMinor] of right) assert.deepEqual(readAmount(text, 'ru', 'RUB'), { amountMinor }, text)
  assert.deepEqual(readAmount('1,250,000.10', 'en', 'RUB'), { amountMinor: 125_000_010 })
})

test('what is no amount is named: nothing, no number, a third decimal, too much', () => {
  assert.deepEqual(readAmount('  ', 'ru', 'RUB'), { problem: 'new.needAmount' })
  for (const text of ['сто', '1,234', '12.345', '-5', '1e6', '1.2.3'])
    assert.deepEqual(readAmount(text, 'ru', 'RUB'), { problem: 'new.badAmount' }, text)
  assert.deepEqual(readAmount('90071992547409,92', 'ru', 'RUB'), { problem: 'new.bigAmount' })
})

test('an amount written into a field reads back as the same', () => {
  for (const minor of [0, 5, 100, 42_000_050, 186_000_000])
    for (const locale of ['ru', 'en'] as const)
      for (const currency of ['RUB', 'JPY', 'KWD', 'CLF'])
        assert.deepEqual(readAmount(writeAmount(minor, locale, currency), locale, currency), { amountMinor: minor })
})

test('yen have no parts, Kuwaiti dinars a thousand: as typed in the app and in the chat, and as shown', () => {
  assert.deepEqual(readAmount('1500', 'ru', 'JPY'), { amountMinor: 1500 })
  assert.deepEqual(readAmount('1500,5', 'ru', 'JPY'), { problem: 'new.badAmount' })
  assert.deepEqual(readAmount('12,345', 'ru', 'KWD'), { amountMinor: 12_345 })
  assert.equal(joinRange('money', { from: '1 200', to: '1 500' }, 'ru', 'JPY'), '1200..1500')
  assert.deepEqual(splitRange('money', '12345..', 'ru', 'KWD'), { from: '12,345', to: '' })
  const chat: readonly (readonly [string, string, number | null])[] = [
    ['1 500 JPY', 'JPY', 1500],
    ['1,5 млн JPY', 'JPY', 1_500_000],
    ['1500,5 JPY', 'JPY', null],
    ['12.345 KWD', 'KWD', 12_345],
    ['12,5 KWD', 'KWD', 12_500],
    ['1,234.567 KWD', 'KWD', 1_234_567],
    ['1.234,567 KWD', 'KWD', 1_234_567],
    ['1,234,567 KWD', 'KWD', 1_234_567_000],
    ['12,345 KWD', 'KWD', null],
    ['12 345 KWD', 'KWD', 12_345_000],
    ['420 000', 'RUB', 42_000_000],
  ]
  for (const [text, currency, amountMinor] of chat)
    assert.deepEqual(readMoney(text, 'RUB'), amountMinor === null ? null : { amountMinor, currency }, text)
  assert.equal(formatMoney(1500, 'JPY', 'ru'), '1\u00a0500\u00a0JPY')
  assert.match(formatMoney(12_345, 'KWD', 'ru'), /^12,345\u00a0KWD$/)
  assert.match(formatMoneyShort(2_500_000, 'JPY', 'ru'), /^2,5\u00a0млн\u00a0/)
  assert.match(formatMoneyShort(2_500_000, 'KWD', 'ru'), /^2,5\u00a0тыс\.?\u00a0|^2\u00a0500\u00a0/)
})
