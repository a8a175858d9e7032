import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type Cell,
  type DecimalSign,
  detectDecimal,
  parseMoney,
  parseNumber,
  parseYesNo,
} from '../../shared/domain/import-values.ts'

const NBSP = '\u00a0'

test('an amount is read as it is written in any country, to the kopeck', () => {
  const table: [Cell, DecimalSign, number, string | null][] = [
    ['1 234,50', ',', 123450, null],
    [`1${NBSP}234,5`, ',', 123450, null],
    ['1\u202f234\u202f567,89', ',', 123456789, null],
    ['1,234.50', '.', 123450, null],
    ['1.234.567,8', ',', 123456780, null],
    ["1'234.50", '.', 123450, null],
    ['12 000 ₽', '.', 1200000, 'RUB'],
    ['12 000 руб.', ',', 1200000, 'RUB'],
    ['$1,000.10', '.', 100010, 'USD'],
    ['€ 5', ',', 500, 'EUR'],
    ['(500)', '.', -50000, null],
    ['($500)', '.', -50000, 'USD'],
    ['-$500', '.', -50000, 'USD'],
    ['\u2212500,01', ',', -50001, null],
    ['500-', ',', -50000, null],
    ["'-500", ',', -50000, null],
    ['1,500', ',', 150, null],
    ['.5', '.', 50, null],
    ['0', '.', 0, null],
    ['-0', '.', 0, null],
    [1234.5, ',', 123450, null],
    [0.1 + 0.2, ',', 30, null],
    [-4.35, '.', -435, null],
  ]
  for (const [cell, decimal, amountMinor, currency] of table) {
    assert.deepEqual(parseMoney(cell, { decimal }), { ok: true, value: { amountMinor, currency } }, String(cell))
  }
})

test('what is no amount is refused with its reason and never guessed', () => {
  const table: [Cell, DecimalSign, string][] = [
    ['', '.', 'value_empty'],
    [' - ', '.', 'value_empty'],
    ['1e3', '.', 'money_malformed'],
    ['NaN', '.', 'money_malformed'],
    ['Infinity', '.', 'money_malformed'],
    ['0x10', '.', 'money_malformed'],
    ['12,34,567', '.', 'money_malformed'],
    ['1 2345', '.', 'money_malformed'],
    ['1.2.3', '.', 'money_malformed'],
    ['1,23', '.', 'money_malformed'],
    ['--5', '.', 'money_malformed'],
    ['(-5)', '.', 'money_malformed'],
    ['5 млн', '.', 'money_malformed'],
    ['5 т.р.', '.', 'money_malformed'],
    ['5 $ ₽', '.', 'money_malformed'],
    ['10%', '.', 'money_malformed'],
    ['=1+1', '.', 'money_malformed'],
    [true, '.', 'money_malformed'],
    ['1.005', '.', 'money_too_precise'],
    [1.005, '.', 'money_too_precise'],
    ['99999999999999999999', '.', 'money_out_of_range'],
    [1e300, '.', 'money_out_of_range'],
    [Number.NaN, '.', 'money_out_of_range'],
  ]
  for (const [cell, decimal, reason] of table)
    assert.deepEqual(parseMoney(cell, { decimal }), { ok: false, reason }, String(cell))
})

test('minor units follow the currency', () => {
  assert.deepEqual(parseMoney('1,234', { decimal: '.', minorDigits: 0 }), {
    ok: true,
    value: { amountMinor: 1234, currency: null },
  })
  assert.deepEqual(parseMoney('1.234', { decimal: '.', minorDigits: 3 }), {
    ok: true,
    value: { amountMinor: 1234, currency: null },
  })
  assert.deepEqual(parseMoney('1.5', { decimal: '.', minorDigits: 0 }), { ok: false, reason: 'money_too_precise' })
})

test('the decimal sign is decided by the whole column', () => {
  assert.deepEqual(detectDecimal(['1,234', '1 234,5']), { ok: true, value: ',', decided: true })
  assert.deepEqual(detectDecimal(['1,234', '1,234,567']), { ok: true, value: '.', decided: true })
  assert.deepEqual(detectDecimal(['1.234.567']), { ok: true, value: ',', decided: true })
  assert.deepEqual(detectDecimal(['1,234.50 ₽', '']), { ok: true, value: '.', decided: true })
  assert.deepEqual(detectDecimal(['12 000', '5', 7.5]), { ok: true, value: '.', decided: false })
  assert.deepEqual(detectDecimal(['1,234']), { ok: true, value: '.', decided: true }, 'money has no three decimals')
  assert.deepEqual(detectDecimal(['1,234'], null), { ok: false, reason: 'decimal_ambiguous', examples: ['1,234'] })
  assert.deepEqual(detectDecimal(['1.5', '2,5']), { ok: false, reason: 'decimal_mixed', examples: ['1.5', '2,5'] })
  const oneSlip = detectDecimal([...Array.from({ length: 100 }, (_, i) => `${i},50`), '7.5'])
  assert.deepEqual(oneSlip, { ok: true, value: ',', decided: true }, 'one slip in a hundred is a row error, not a doubt')
})

test('an amount written in any usual form is read back exactly', () => {
  const amount = fc.integer({ min: -(10 ** 14), max: 10 ** 14 })
  const form = fc.constantFrom<[DecimalSign, string]>([',', ' '], [',', NBSP], [',', '.'], ['.', ','], ['.', "'"], ['.', ''])
  fc.assert(
    fc.property(amount, form, (amountMinor, [decimal, group]) => {
      const digits = String(Math.abs(amountMinor)).padStart(3, '0')
      const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, group)
      const text = `${amountMinor < 0 ? '−' : ''}${whole}${decimal}${digits.slice(-2)}`
      assert.deepEqual(parseMoney(text, { decimal }), { ok: true, value: { amountMinor, currency: null } })
    }),
  )
})

test('no text whatever makes the value parsers fail otherwise than by a reason', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom<DecimalSign>('.', ','), (text, decimal) => {
      for (const read of [parseMoney(text, { decimal }), parseNumber(text, { decimal }), parseYesNo(text)])
        assert.equal(typeof read.ok, 'boolean')
      detectDecimal([text], null)
    }),
  )
})

test('numbers and yes or no', () => {
  assert.deepEqual(parseNumber('2 822', { decimal: ',' }), { ok: true, value: 2822 })
  assert.deepEqual(parseNumber('-1,5', { decimal: ',' }), { ok: true, value: -1.5 })
  assert.deepEqual(parseNumber('1e3', { decimal: ',' }), { ok: false, reason: 'number_malformed' })
  assert.deepEqual(parseNumber('5 ₽', { decimal: ',' }), { ok: false, reason: 'number_malformed' })
  assert.deepEqual(parseNumber('99999999999999999', { decimal: ',' }), { ok: false, reason: 'number_out_of_range' })
  for (const word of ['да', 'Да', 'YES', '1', 'истина', '+', true])
    assert.deepEqual(parseYesNo(word), { ok: true, value: true }, String(word))
  for (const word of ['нет', 'no', '0', 'ЛОЖЬ', '-', false])
    assert.deepEqual(parseYesNo(word), { ok: true, value: false }, String(word))
  assert.deepEqual(parseYesNo('может быть'), { ok: false, reason: 'yes_no_unknown' })
  assert.deepEqual(parseYesNo(''), { ok: false, reason: 'value_empty' })
})
