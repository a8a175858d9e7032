import { ratePattern } from '../../../../shared/domain/money.ts'
import type { Locale } from '../../../../shared/views/common.ts'

/** What a person typed as a rate, `92,5` or `92.5`, as the API takes it; null when it is none. */
export function readRate(text: string): string | null {
  const plain = text.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.')
  return ratePattern.test(plain) ? plain : null
}

/** `92.5` -> `92,5` in Russian. */
export function writeRate(rate: string, locale: Locale): string {
  return locale === 'ru' ? rate.replace('.', ',') : rate
}

/** Codes that people know by a name, in both languages, and those in use: funds and units of account are no money that a deal is agreed in. */
export function nameableCurrencies(codes: readonly string[], inUse: readonly string[]): string[] {
  const isNamed = (code: string) => (['ru', 'en'] as const).every((locale) => nameCurrency(code, locale).toUpperCase() !== code)
  return codes.filter((code) => inUse.includes(code) || isNamed(code))
}

/** `USD` -> `Доллар США`, as far as the browser knows it. */
export function nameCurrency(code: string, locale: Locale): string {
  const name = new Intl.DisplayNames(locale, { type: 'currency', fallback: 'code' }).of(code) ?? code
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1)
}
