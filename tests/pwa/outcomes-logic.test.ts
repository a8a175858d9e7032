import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatMoneySum, readShown } from '../../pwa/src/lib/outcomes/money-sum.ts'
import { readNarrowing } from '../../pwa/src/lib/outcomes/outcome-query.ts'
import { minorPerUnit } from '../../shared/domain/money.ts'
import { formatMoneyShort } from '../../shared/messages/format.ts'

const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

test('where rounding would break the sum, parts and total are shown one decimal finer', () => {
  // 137,5 + 49,6 = 187,0 is what they are by themselves.
  const { parts, total } = formatMoneySum([13_745_500_000, 4_955_400_000], 18_700_900_000, 'RUB', 'ru')
  assert.deepEqual([...parts, total].map(plain), ['137,46 млн ₽', '49,55 млн ₽', '187,01 млн ₽'])
  const rest = formatMoneySum([13_745_400_000, 4_955_400_000], 18_700_800_000, 'RUB', 'ru')
  assert.deepEqual([...rest.parts, rest.total].map(plain), ['137,454 млн ₽', '49,554 млн ₽', '187,008 млн ₽'])
})

test('where it does not, money is written as everywhere', () => {
  assert.deepEqual(formatMoneySum([900_000_000, 600_000_000], 1_500_000_000, 'RUB', 'en'), {
    parts: ['₽9M', '₽6M'],
    total: '₽15.0M',
  })
})

test('what is shown always adds up, each number is its own amount rounded, and the words stay those of money', () => {
  const amount = fc.oneof(fc.integer({ min: 0, max: 2_000_000 }), fc.integer({ min: 0, max: 5_000_000_000_00 }))
  fc.assert(
    fc.property(
      fc.array(amount, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('RUB', 'KZT', 'USD', 'JPY', 'KWD'),
      fc.constantFrom('ru' as const, 'en' as const),
      (amounts, currency, locale) => {
        const total = amounts.reduce((sum, one) => sum + one, 0)
        const perUnit = minorPerUnit(currency)
        const shown = formatMoneySum(amounts, total, currency, locale)
        const values = shown.parts.map((text) => readShown(text, perUnit, locale))
        const sum = values.reduce((all, one) => all + one, 0)
        assert.equal(sum, readShown(shown.total, perUnit, locale), `${shown.parts.join(' + ')} = ${shown.total}`)
        for (const [index, value] of values.entries())
          assert.ok(Math.abs(value - amounts[index]!) <= Math.max(perUnit / 2, amounts[index]! * 0.051), shown.parts[index])
        const words = (text: string): string => text.replace(/[\d\u00a0,.]/g, '')
        assert.equal(words(shown.total), words(formatMoneyShort(total, currency, locale)))
      },
    ),
  )
})

test('the day of another forecast is one of the calendar, or none', () => {
  const dayOf = (day: string): string | null => readNarrowing(new URLSearchParams({ day })).day
  assert.deepEqual(['2026-02-28', '2026-02-31', '2026-13-01', 'x'].map(dayOf), ['2026-02-28', null, null, null])
})
