import { minorDigits, minorPerUnit } from '../../../../shared/domain/money.ts'
import type { Locale } from '../../../../shared/views/common.ts'

/** Money as people type it: `420 000,50`, `420000.5`, `1 240 тыс` is not taken. */
export type AmountReading =
  | { readonly amountMinor: number }
  | { readonly problem: 'new.needAmount' | 'new.badAmount' | 'new.bigAmount' }

/**
 * Typed money -> minor units of its currency, without floating point.
 * Spaces, a trailing currency sign and either decimal mark are taken; in English commas may part thousands.
 */
export function readAmount(text: string, locale: Locale, currency: string): AmountReading {
  const digits = minorDigits(currency)
  const plain = text.replace(/[\s\u00a0\u202f_]/g, '').replace(/^[₽$€]|[₽$€]$/g, '')
  if (plain === '') return { problem: 'new.needAmount' }
  // In Russian a comma parts kopecks, so `1,234` would be a guess there.
  const grouped = locale === 'en' && /^\d{1,3}(,\d{3})+(\.\d{1,4})?$/.test(plain) ? plain.replaceAll(',', '') : plain
  const match = /^(\d+)(?:[.,](\d{1,4}))?$/.exec(grouped)
  const fraction = match?.[2] ?? ''
  if (!match || fraction.length > digits) return { problem: 'new.badAmount' }
  const amountMinor = Number(`${match[1]}${fraction.padEnd(digits, '0')}`)
  return Number.isSafeInteger(amountMinor) ? { amountMinor } : { problem: 'new.bigAmount' }
}

/** Minor units -> what stands in the field: `420000`, `420000,50`. */
export function writeAmount(amountMinor: number, locale: Locale, currency: string): string {
  const perUnit = minorPerUnit(currency)
  const rest = amountMinor % perUnit
  const whole = String(Math.trunc(amountMinor / perUnit))
  return rest === 0 ? whole : `${whole}${locale === 'ru' ? ',' : '.'}${String(rest).padStart(minorDigits(currency), '0')}`
}
