import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameableCurrencies, nameCurrency, readRate } from '../../pwa/src/lib/currencies/rate-words.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { currencies } from '../../shared/domain/money.ts'
import { describeError } from '../../shared/messages/describe-error.ts'

test('a rate is offered for money that people know by a name, and for what is in use; never a bare code', () => {
  const offered = nameableCurrencies(currencies, [])
  for (const code of ['USD', 'CNY', 'KZT', 'JPY']) assert.ok(offered.includes(code), code)
  for (const code of offered) for (const locale of ['ru', 'en'] as const) assert.notEqual(nameCurrency(code, locale), code)
  const nameless = currencies.find((code) => !offered.includes(code))
  if (nameless) assert.deepEqual(nameableCurrencies([nameless], [nameless]), [nameless])
  assert.equal(readRate('92,5'), '92.5')
})

test('an empty period is refused in a sentence of the reader’s language', () => {
  const refused = new AppError('input_invalid', { problems: 'from < to' })
  for (const [locale, letters] of [
    ['ru', /[а-я]{4}/],
    ['en', /[a-z]{4}/],
  ] as const) {
    const text = describeError(refused, locale)
    assert.ok(letters.test(text) && !text.includes('from <'), text)
  }
})
