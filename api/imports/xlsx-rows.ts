import { isoDay, wallTimeOfSerial } from '../../shared/domain/import-dates.ts'
import type { Cell } from '../../shared/domain/import-values.ts'
import { detachText } from './detach-text.ts'
import { decodeEscapes, type SharedStrings } from './shared-strings.ts'
import type { RawRow } from './split-csv.ts'
import { type RowProblem, TableError } from './table-error.ts'
import type { TableLimits } from './table-limits.ts'
import type { DateStyle, Workbook } from './xlsx-workbook.ts'
import { attribute, type XmlEvents } from './xml-stream.ts'

type OpenCell = { column: number; type: string; style: number; value: string; hasValue: boolean; isFormula: boolean }

/**
 * Reads the rows of a sheet from the events of its XML: saved results of formulas, never the formulas; dates as `YYYY-MM-DD`,
 * `YYYY-MM-DDTHH:MM:SS[.mmm]` or `HH:MM:SS`; numbers and truth values as such.
 * @returns the events to feed, and `take`, which hands over the rows completed since the last time
 */
export function createSheetReader(workbook: Workbook, strings: SharedStrings, limits: TableLimits) {
  let rows: RawRow<Cell>[] = []
  let [inData, hasData, rowNumber, chars, capture, phonetic] = [false, false, 0, 0, false, 0]
  let cells: Cell[] = []
  let problem: RowProblem | null = null
  let cell: OpenCell | null = null

  function openRow(attributes: string): void {
    const given = Number(attribute(attributes, 'r') ?? rowNumber + 1)
    if (!Number.isInteger(given) || given < 1 || given > 1_048_576)
      throw new TableError('table_damaged', { reason: 'a row number' })
    ;[rowNumber, cells, problem, chars] = [given, [], null, 0]
  }

  function openCell(attributes: string): void {
    const reference = attribute(attributes, 'r')
    const column = reference ? columnOf(reference) : cells.length + 1
    const style = Number(attribute(attributes, 's') ?? 0)
    cell = { column, type: attribute(attributes, 't') ?? 'n', style, value: '', hasValue: false, isFormula: false }
  }

  function closeCell(done: OpenCell): void {
    cell = null
    const read = readCell(done, workbook, strings)
    problem ??= read.problem
    if (read.value === '') return
    if (done.column > limits.maxColumns) throw new TableError('table_too_large', { what: 'columns', max: limits.maxColumns })
    count(typeof read.value === 'string' ? read.value.length : 8)
    while (cells.length < done.column - 1) cells.push('')
    cells[done.column - 1] = read.value
  }

  function count(length: number): void {
    chars += length
    if (chars > limits.maxRecordChars)
      throw new TableError('table_line_too_long', { line: rowNumber, maxChars: limits.maxRecordChars })
  }

  const events: XmlEvents = {
    open(name, attributes) {
      if (name === 'sheetData') inData = hasData = true
      if (!inData) return
      if (name === 'row') openRow(attributes)
      else if (name === 'c') openCell(attributes)
      else if (name === 'rPh') phonetic++
      else if (cell && name === 'f') cell.isFormula = true
      capture = cell !== null && (name === 'v' || (name === 't' && phonetic === 0))
      if (capture && cell) cell.hasValue = true
    },
    text(piece) {
      if (!capture || !cell) return
      cell.value += piece
      if (cell.value.length + chars > limits.maxRecordChars) count(cell.value.length)
    },
    close(name) {
      if (name === 'sheetData') inData = false
      if (name === 'v' || name === 't') capture = false
      if (name === 'rPh') phonetic--
      if (name === 'c' && cell) closeCell(cell)
      if (name === 'row' && inData && (cells.length > 0 || problem)) rows.push({ rowNumber, cells, problem })
    },
  }
  return {
    events,
    take(): RawRow<Cell>[] {
      const taken = rows
      rows = []
      return taken
    },
    hasData: () => hasData,
  }
}

/** The number of the column in a reference like "AB12". */
function columnOf(reference: string): number {
  let column = 0
  for (let at = 0; at < reference.length; at++) {
    const code = reference.charCodeAt(at) & 0xdf
    if (code < 65 || code > 90) break
    column = column * 26 + (code - 64)
  }
  if (column < 1 || column > 16_384) throw new TableError('table_damaged', { reason: 'a cell reference' })
  return column
}

type ReadCell = { value: Cell; problem: RowProblem | null }

function readCell(cell: OpenCell, workbook: Workbook, strings: SharedStrings): ReadCell {
  if (cell.isFormula && !cell.hasValue) return broken(cell, 'row_formula_without_value')
  if (!cell.hasValue) return { value: '', problem: null }
  switch (cell.type) {
    case 's': {
      const text = strings.at(Number(cell.value))
      if (text === null) throw new TableError('table_damaged', { reason: 'a text number that the workbook does not have' })
      return { value: text, problem: null }
    }
    case 'b':
      return { value: cell.value.trim() === '1' || cell.value.trim() === 'true', problem: null }
    case 'e':
      return broken(cell, 'row_cell_error', { error: detachText(cell.value.slice(0, 40)) })
    case 'n':
      return readNumber(cell, workbook.dateStyles[cell.style] ?? null, workbook.is1904)
    default:
      return { value: detachText(decodeEscapes(cell.value)), problem: null }
  }
}

function readNumber(cell: OpenCell, style: DateStyle, is1904: boolean): ReadCell {
  if (cell.value.trim() === '') return { value: '', problem: null }
  const number = Number(cell.value)
  if (!Number.isFinite(number)) throw new TableError('table_damaged', { reason: 'a number' })
  if (!style) return { value: number, problem: null }
  const wall = wallTimeOfSerial(number, is1904)
  if (!wall) return { ...broken(cell, 'row_date_impossible'), value: number }
  const isTimeOnly = style === 'time' && number < 1
  if (isTimeOnly) return { value: clock(wall.timeMs), problem: null }
  const hasTime = style !== 'day' || wall.timeMs !== 0
  return { value: hasTime ? `${isoDay(wall)}T${clock(wall.timeMs)}` : isoDay(wall), problem: null }
}

/** The time of day to the second; Excel's fractions of a day are exact to about a millisecond only. */
function clock(timeMs: number): string {
  const nearSecond =
    Math.abs(timeMs - Math.round(timeMs / 1000) * 1000) <= 2 ? Math.min(Math.round(timeMs / 1000) * 1000, 86_399_000) : timeMs
  const iso = new Date(nearSecond).toISOString().slice(11, 23)
  return iso.endsWith('.000') ? iso.slice(0, 8) : iso
}

function broken(cell: OpenCell, code: RowProblem['code'], details: Record<string, string> = {}): ReadCell {
  return { value: details['error'] ?? '', problem: { code, details: { column: cell.column, ...details } } }
}
