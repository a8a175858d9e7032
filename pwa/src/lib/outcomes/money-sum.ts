import { minorPerUnit } from '../../../../shared/domain/money.ts'
import { formatMoneyShort } from '../../../../shared/messages/format.ts'
import type { Locale } from '../../../../shared/views/common.ts'

/** Parts and total in short words, such as `137,46 млн ₽`. */
export type MoneySum = { readonly parts: readonly string[]; readonly total: string }
const numberPart = /\d[\d\u00a0,.]*\d|\d/
const thousands = /(?:тыс\.\u00a0.*|K)$/
const millions = /(?:млн\u00a0.*|M)$/
const billions = /(?:млрд\u00a0.*|B)$/

/**
 * Parts and their total so that what is shown adds up: as money is written everywhere, or where rounding would break the sum, all with as many
 * decimals more as it takes. Rounding stays true for each: no part is bent to fit.
 * @param partsMinor, totalMinor minor units; the total is the sum of the parts, else all are written as usual
 */
export function formatMoneySum(partsMinor: readonly number[], totalMinor: number, currency: string, locale: Locale): MoneySum {
  const all = [...partsMinor, totalMinor]
  const usual = all.map((minor) => formatMoneyShort(minor, currency, locale))
  const perUnit = minorPerUnit(currency)
  const isSum = partsMinor.reduce((sum, part) => sum + part, 0) === totalMinor
  if (!isSum || addsUp(usual.map((text) => readShown(text, perUnit, locale)))) return split(usual)
  // At least a decimal more for the total, and never coarser than any part is by itself.
  const parts = partsMinor.filter((minor) => minor !== 0).map((minor) => resolutionOf(minor, perUnit))
  for (let stepMinor = Math.min(resolutionOf(totalMinor, perUnit) / 10, ...parts); stepMinor > 1; stepMinor /= 10) {
    const rounded = all.map((minor) => Math.round(minor / stepMinor) * stepMinor)
    if (addsUp(rounded)) return split(rounded.map((minor, index) => write(usual[index] ?? '', minor, stepMinor, perUnit, locale)))
  }
  return split(all.map((minor, index) => write(usual[index] ?? '', minor, 1, perUnit, locale)))
}

/** What a written amount says, in minor units. */
export function readShown(text: string, perUnit: number, locale: Locale): number {
  const [found = '0'] = numberPart.exec(text) ?? []
  const plain = locale === 'ru' ? found.replaceAll('\u00a0', '').replace(',', '.') : found.replaceAll(',', '')
  return Math.round(Number(plain) * unitOf(text, perUnit))
}

function addsUp(values: readonly number[]): boolean {
  const total = values.at(-1) ?? 0
  return values.slice(0, -1).reduce((sum, value) => sum + value, 0) === total
}

function split(texts: readonly string[]): MoneySum {
  return { parts: texts.slice(0, -1), total: texts.at(-1) ?? '' }
}

/** Minor units in the unit that the words name. */
function unitOf(text: string, perUnit: number): number {
  return perUnit * (billions.test(text) ? 1e9 : millions.test(text) ? 1e6 : thousands.test(text) ? 1e3 : 1)
}

/** What money of this size is rounded to where it is written short (`formatMoneyShort`), in minor units. */
function resolutionOf(minor: number, perUnit: number): number {
  const size = Math.abs(minor) / perUnit
  const step = [
    [9_995_000_000, 1e8],
    [999_950_000, 1e7],
    [9_995_000, 1e5],
    [999_500, 1e4],
    [9_999.5, 1e3],
  ].find(([from = 0]) => size >= from)
  return (step?.[1] ?? 1) * perUnit
}

/** The usual words with another number in them. */
function write(usual: string, minor: number, stepMinor: number, perUnit: number, locale: Locale): string {
  const unit = unitOf(usual, perUnit)
  const digits = Math.max(0, Math.round(Math.log10(unit / stepMinor)))
  const [whole = '', fraction] = (minor / unit).toFixed(digits).split('.')
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, locale === 'ru' ? '\u00a0' : ',')
  return usual.replace(numberPart, fraction ? `${grouped}${locale === 'ru' ? ',' : '.'}${fraction}` : grouped)
}
