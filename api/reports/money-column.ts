import { minorPerUnit } from '../../shared/domain/money.ts'
import { currencySymbol, formatInteger } from '../../shared/messages/format.ts'
import type { Locale } from '../../shared/views/common.ts'

/** How the sums of one table are written: plain figures, their unit in the head of the column. */
export type MoneyColumn = {
  /** `Сумма, млн ₽`. */
  readonly title: (name: string) => string
  /** `105,3`; a dash where there is nothing to say. */
  readonly say: (minor: number | null) => string
}

const units = {
  whole: { size: 1, ru: '', en: '' },
  thousand: { size: 1e3, ru: 'тыс.\u00a0', en: 'K' },
  million: { size: 1e6, ru: 'млн\u00a0', en: 'M' },
} as const

/**
 * One unit for all sums of a table, so that neighbours are compared and never read as one number with the count beside them. Two decimals
 * where there are sums below ten of it, as short money has.
 * @param amounts minor units of everything that the columns hold
 */
export function moneyColumn(amounts: readonly (number | null)[], currency: string, locale: Locale): MoneyColumn {
  const majors = amounts
    .filter((minor) => minor !== null && minor !== 0)
    .map((minor) => Math.abs(minor!) / minorPerUnit(currency))
  const largest = Math.max(0, ...majors)
  const unit = largest >= 999_500 ? units.million : largest >= 9_999.5 ? units.thousand : units.whole
  const hasSmall = majors.some((major) => major / unit.size < 9.995)
  const digits = unit === units.whole ? 0 : unit === units.thousand ? (hasSmall ? 1 : 0) : hasSmall ? 2 : 1
  const symbol = currencySymbol(currency)
  const unitWords = locale === 'ru' ? `${unit.ru}${symbol}` : `${symbol}${unit.en}`
  return {
    title: (name) => `${name}, ${unitWords}`,
    say: (minor) => (minor === null ? '—' : sayFigure(minor / minorPerUnit(currency) / unit.size, digits, locale)),
  }
}

function sayFigure(value: number, digits: number, locale: Locale): string {
  const mark = locale === 'ru' ? ',' : '.'
  const least = 10 ** -digits
  // What is there is never shown as nothing.
  if (value !== 0 && digits > 0 && Math.abs(value) < least / 2) return `<${least.toFixed(digits).replace('.', mark)}`
  const [whole = '', fraction] = Math.abs(value).toFixed(digits).split('.')
  const text = formatInteger(Number(whole), locale) + (fraction ? mark + fraction : '')
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text
}
