import { parseDay, parseInstant } from '../../../shared/domain/import-dates.ts'
import { type Cell, isBlankCell, parseMoney } from '../../../shared/domain/import-values.ts'
import { isCurrency, minorDigits } from '../../../shared/domain/money.ts'
import type { ImportField, ImportMapping, ImportSource } from '../../../shared/schemas/imports.ts'
import type { MoneyView } from '../../../shared/views/common.ts'
import type { Refusal } from './report.ts'
import { compileSource, type ReadCell, type SourceContext, textOf } from './sources.ts'
import { columnTitle, type Survey } from './survey.ts'

export type RowScope = {
  readonly mapping: ImportMapping
  readonly context: SourceContext
  readonly survey: Survey
  readonly timeZone: string
  readonly baseCurrency: string
  readonly now: Date
}

/** Why a row is not taken, thrown while its cells are read and caught by whoever reads the file. */
export class RowRefused extends Error {
  readonly refusal: Refusal
  constructor(code: Refusal['code'], column: string | null, values: Refusal['values'] = {}) {
    super(code)
    this.refusal = { code, column: column === '' ? null : column, values }
  }
}

export type RowValues = {
  readonly title: (field: ImportField) => string
  isMapped(field: ImportField): boolean
  /** @throws RowRefused text_too_long, text_forbidden_sign */
  text(field: ImportField, cells: readonly Cell[], max: number): string
  /** In the currency that a column or a sign names, else the organisation's; 0 where the cell is empty. @throws RowRefused */
  amount(cells: readonly Cell[]): MoneyView
  /** Milliseconds, or null where the cell is empty. @throws RowRefused */
  instant(source: ImportSource | undefined, cells: readonly Cell[]): number | null
  /** `YYYY-MM-DD` or null. @throws RowRefused */
  day(source: ImportSource | undefined, cells: readonly Cell[]): string | null
}

/** Clocks of other systems run a little ahead. */
const toleranceMs = 5 * 60_000

/** Reads the cells of rows by the mapping, in the forms that the survey found. */
export function createRowValues({ mapping, context, survey, timeZone, baseCurrency, now }: RowScope): RowValues {
  const readers = new Map<string, ReadCell>()
  const readerOf = (source: ImportSource): ReadCell => {
    const key = JSON.stringify(source)
    const known = readers.get(key) ?? compileSource(source, context)
    readers.set(key, known)
    return known
  }
  const title = (field: ImportField) => columnTitle(mapping.columns[field], context)
  const formOf = (source: ImportSource) => survey.dateForms.get(JSON.stringify(source)) ?? 'ymd'
  const text: RowValues['text'] = (field, cells, max) => {
    const source = mapping.columns[field]
    const value = source === undefined ? '' : textOf(readerOf(source)(cells))
    if (value.includes('\0')) throw new RowRefused('text_forbidden_sign', title(field))
    if (value.length > max) throw new RowRefused('text_too_long', title(field), { max })
    return value
  }
  /** A sign such as $ tells the currency where no column does, and with it how many decimals an amount may have. */
  const readMoney = (cell: Cell, named: string | null) => {
    const form = (currency: string) => ({ decimal: survey.decimal, minorDigits: minorDigits(currency) })
    const money = parseMoney(cell, form(named ?? baseCurrency))
    const sign = money.ok && named === null ? money.value.currency : null
    return sign === null ? money : parseMoney(cell, form(sign))
  }
  return {
    title,
    isMapped: (field) => mapping.columns[field] !== undefined,
    text,
    amount(cells) {
      const source = mapping.columns.amount
      const cell = source === undefined ? '' : readerOf(source)(cells)
      const named = text('currency', cells, 20).toUpperCase() || null
      if (named !== null && !isCurrency(named)) throw new RowRefused('currency_unknown', title('currency'), { value: named })
      if (isBlankCell(cell)) return { amountMinor: 0, currency: named ?? baseCurrency }
      const money = readMoney(cell, named)
      if (!money.ok) throw new RowRefused(money.reason, title('amount'), { value: String(cell) })
      if (money.value.amountMinor < 0) throw new RowRefused('amount_negative', title('amount'), { value: String(cell) })
      return { amountMinor: money.value.amountMinor, currency: named ?? money.value.currency ?? baseCurrency }
    },
    instant(source, cells) {
      const cell = source === undefined ? '' : readerOf(source)(cells)
      if (source === undefined || isBlankCell(cell)) return null
      const column = columnTitle(source, context)
      const read = parseInstant(cell, formOf(source), timeZone)
      if (!read.ok) throw new RowRefused(read.reason, column, { value: String(cell) })
      const at = Date.parse(read.value.instant)
      if (at > now.getTime() + toleranceMs) throw new RowRefused('time_in_future', column, { value: String(cell) })
      return Math.min(at, now.getTime())
    },
    day(source, cells) {
      const cell = source === undefined ? '' : readerOf(source)(cells)
      if (source === undefined || isBlankCell(cell)) return null
      const read = parseDay(cell, formOf(source))
      if (!read.ok) throw new RowRefused(read.reason, columnTitle(source, context), { value: String(cell) })
      return read.value
    },
  }
}
