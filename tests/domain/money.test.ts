import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { convertAmount, currencies, isCurrency, minorDigits, rateOn, ratePattern } from '../../shared/domain/money.ts'
import { formatMoney, formatMoneyShort } from '../../shared/messages/format.ts'

const plain = (text: string): string => text.replaceAll('\u00a0', ' ')
const rateTexts = fc
  .tuple(fc.bigInt(0n, 9_999_999_999n), fc.bigInt(0n, 9_999_999_999n))
  .map(([whole, fraction]) => `${whole}.${String(fraction).padStart(10, '0')}`)
  .filter((text) => ratePattern.test(text))

test('an amount is converted with the minor units of both currencies', () => {
  for (const [amountMinor, from, to, rate, expected] of [
    [100_00, 'USD', 'RUB', '92.5', 9_250_00],
    [100_00, 'USD', 'RUB', '0.0001', 1],
    [1000, 'JPY', 'RUB', '0.6123', 612_30],
    [100_00, 'RUB', 'JPY', '1.6', 160],
    [1_000, 'KWD', 'USD', '3.25', 325],
    [0, 'USD', 'RUB', '92.5', 0],
  ] as const)
    assert.equal(convertAmount(amountMinor, from, to, rate), expected, `${amountMinor} ${from}`)
})

test('half a minor unit is rounded away from zero', () => {
  assert.equal(convertAmount(1, 'USD', 'RUB', '0.5'), 1)
  assert.equal(convertAmount(-1, 'USD', 'RUB', '0.5'), -1)
  assert.equal(convertAmount(1, 'USD', 'RUB', '0.4999999999'), 0)
  assert.equal(convertAmount(3, 'USD', 'RUB', '0.5'), 2)
  assert.equal(convertAmount(1_50, 'RUB', 'JPY', '1'), 2)
})

test('an amount that a number cannot hold exactly is not there', () => {
  assert.equal(convertAmount(Number.MAX_SAFE_INTEGER, 'USD', 'RUB', '2'), null)
  assert.equal(convertAmount(Number.MAX_SAFE_INTEGER, 'USD', 'RUB', '1'), Number.MAX_SAFE_INTEGER)
})

test('the error of a conversion is never more than half a minor unit', () => {
  fc.assert(
    fc.property(
      fc.nat(1_000_000_000),
      fc.constantFrom('USD', 'JPY', 'KWD'),
      fc.constantFrom('RUB', 'JPY'),
      rateTexts,
      (amount, from, to, rate) => {
        const converted = convertAmount(amount, from, to, rate)
        if (converted === null) return
        const scale = 10n ** 16n
        const [whole, fraction] = rate.split('.') as [string, string]
        const exact =
          (BigInt(amount) * BigInt(whole + fraction) * scale * 10n ** BigInt(minorDigits(to))) /
          10n ** BigInt(10 + minorDigits(from))
        const error = BigInt(converted) * scale - exact
        assert.ok(error * 2n <= scale + 2n && error * 2n >= -scale - 2n)
      },
    ),
  )
})

test('the rate of a day is the last one valid by then, the newest where no day is meant, and none before the first', () => {
  const rates = [
    { currency: 'USD', validFrom: '2026-03-01', rate: '90' },
    { currency: 'USD', validFrom: '2026-01-01', rate: '80' },
    { currency: 'EUR', validFrom: '2026-02-01', rate: '100' },
  ]
  assert.equal(rateOn(rates, 'USD', '2026-02-28'), '80')
  assert.equal(rateOn(rates, 'USD', '2026-03-01'), '90')
  assert.equal(rateOn(rates, 'USD', null), '90')
  assert.equal(rateOn(rates, 'USD', '2025-12-31'), null)
  assert.equal(rateOn(rates, 'GBP', null), null)
})

test('money is written with the minor units of its currency', () => {
  assert.equal(plain(formatMoney(1234, 'JPY', 'ru')), '1 234 JPY')
  assert.equal(plain(formatMoney(1_234_500, 'KWD', 'ru')), '1 234,500 KWD')
  assert.equal(plain(formatMoney(1_234_000, 'KWD', 'ru')), '1 234 KWD')
  assert.equal(plain(formatMoneyShort(1_500_000, 'JPY', 'ru')), '1,5 млн JPY')
  assert.equal(plain(formatMoneyShort(1_500_000, 'RUB', 'ru')), '15 тыс. ₽')
})

test('only codes of ISO 4217 are currencies', () => {
  for (const code of ['RUB', 'USD', 'EUR', 'CNY', 'KZT', 'JPY']) assert.ok(isCurrency(code))
  for (const code of ['XYZ', 'usd', 'RUR', '']) assert.ok(!isCurrency(code))
  assert.deepEqual([...currencies].sort(), [...new Set(currencies)])
})
