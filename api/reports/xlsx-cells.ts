import type ExcelJS from 'exceljs'
import { minorDigits, minorPerUnit } from '../../shared/domain/money.ts'
import { currencySymbol } from '../../shared/messages/format.ts'

/** Excel's own limit of a cell. */
const longestCell = 32_767
/** Signs that XML 1.0 cannot hold, and those that change the direction of what stands beside them. */
const unholdable = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu

/**
 * Text for a cell: always a string value, never an object, so that nothing in it becomes a formula or a link. Control signs are taken out, line
 * ends become spaces, what is beyond Excel's limit is cut.
 */
export function textCell(text: string): string {
  const plain = text
    .slice(0, longestCell)
    .toWellFormed()
    .replace(/[\r\n\t]+/g, ' ')
    .replace(unholdable, '')
  // Excel reads _x0041_ in a cell as a sign of that number; the underscore itself is written so.
  return plain.replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_').slice(0, longestCell)
}

/** A formula of ours with its value, for viewers that do not calculate; null where the result is no number. */
export function formulaCell(formula: string, result: number | null): ExcelJS.CellFormulaValue {
  return { formula, result: result ?? '' }
}

/**
 * Makes instants into what Excel keeps: times without a zone, as the clocks of the organisation showed them. The clock is made once for a list:
 * a format of dates is large, and lies outside the heap, where nothing hurries its end.
 * @returns for an instant a Date whose UTC parts are the local ones, as exceljs writes them
 */
export function createDateCell(timeZone: string): (instant: string) => Date {
  const clock = new Intl.DateTimeFormat('en-CA', zoneForm(timeZone))
  return (instant) => {
    const found = clock.formatToParts(new Date(instant))
    const part = (type: Intl.DateTimeFormatPartTypes) => Number(found.find((one) => one.type === type)?.value)
    return new Date(Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')))
  }
}

function zoneForm(timeZone: string): Intl.DateTimeFormatOptions {
  const digits = '2-digit'
  return { timeZone, year: 'numeric', month: digits, day: digits, hour: digits, minute: digits, second: digits, hourCycle: 'h23' }
}

export const formats = {
  count: '#,##0',
  /** Of several currencies: no decimal of any is hidden. */
  anyMoney: '#,##0.00##',
  share: '0%',
  points: '+0;−0;0',
  days: '0.0',
  day: { ru: 'dd.mm.yyyy', en: 'yyyy-mm-dd' },
  moment: { ru: 'dd.mm.yyyy hh:mm', en: 'yyyy-mm-dd hh:mm' },
} as const

/** `#,##0.00 "₽"`, `#,##0 "JPY"`. The sign is quoted: a code of letters would be read as a format. */
export function moneyFormat(currency: string): string {
  const digits = minorDigits(currency)
  const decimals = digits === 0 ? '' : `.${'0'.repeat(digits)}`
  return `#,##0${decimals} "${currencySymbol(currency).replaceAll('"', '')}"`
}

/** Money in whole units of its currency, as figures in a sheet are. */
export function moneyCell(amountMinor: number, currency: string): number {
  return amountMinor / minorPerUnit(currency)
}
