import type { Cell } from '../../shared/domain/import-values.ts'
import type { RawRow } from './split-csv.ts'
import { columnLetters, type RowProblem, TableError } from './table-error.ts'
import type { TableLimits } from './table-limits.ts'

/** The named columns and where the first of them stands (sheets often leave column A free). */
export type TableHeader = { readonly names: readonly string[]; readonly offset: number }

/** A row as the importer takes it. Without a problem `cells` has exactly one cell a column; with one, the cells as they stand. */
export type TableRow = { readonly rowNumber: number; readonly cells: readonly Cell[]; readonly problem: RowProblem | null }

/**
 * Judges the header. Columns without a name at either edge are left out if the first row of data has nothing there.
 * @throws TableError table_header_missing, table_header_duplicate, table_too_large
 */
export function readHeader(row: RawRow<Cell>, firstData: RawRow<Cell>, limits: TableLimits): TableHeader {
  const names = row.cells.map((cell) => String(cell).normalize('NFC').replace(/\s+/g, ' ').trim())
  const offset = names.findIndex((name) => name !== '')
  const end = names.findLastIndex((name) => name !== '') + 1
  if (offset < 0) throw new TableError('table_header_missing', { line: row.rowNumber, column: null })
  if (end > limits.maxColumns) throw new TableError('table_too_large', { what: 'columns', max: limits.maxColumns })
  const isUnnamed = (column: number) => (names[column] ?? '') === ''
  const mustHaveName = (column: number) => (column >= offset && column < end) || !isBlank(firstData.cells[column])
  for (let column = 0; column < Math.max(end, firstData.cells.length); column++) {
    if (!isUnnamed(column) || !mustHaveName(column)) continue
    throw new TableError('table_header_missing', { line: row.rowNumber, column: columnLetters(column + 1) })
  }
  refuseDuplicates(names, offset, end)
  return { names: names.slice(offset, end), offset }
}

function refuseDuplicates(names: readonly string[], offset: number, end: number): void {
  const seen = new Map<string, number>()
  for (let column = offset; column < end; column++) {
    const name = names[column]!
    const before = seen.get(name)
    if (before === undefined) seen.set(name, column)
    else throw new TableError('table_header_duplicate', { name, columns: [columnLetters(before + 1), columnLetters(column + 1)] })
  }
}

/**
 * Fits a row to the header.
 * @param isSheet rows of a sheet end at their last filled cell; a line of CSV must have all its separators
 */
export function fitRow(row: RawRow<Cell>, header: TableHeader, isSheet: boolean, limits: TableLimits): TableRow {
  const { rowNumber, cells } = row
  const end = header.offset + header.names.length
  const isInside = (_cell: Cell, column: number) => column >= header.offset && column < end
  const hasStray = cells.some((cell, column) => !isInside(cell, column) && !isBlank(cell))
  const counts = { cells: cells.length, columns: header.names.length }
  const tooFew = !isSheet && cells.length < end
  const problem: RowProblem | null =
    row.problem ??
    (hasStray ? { code: 'row_too_many_cells', details: counts } : tooFew ? { code: 'row_too_few_cells', details: counts } : null)
  if (problem) return { rowNumber, cells: cells.slice(0, limits.maxColumns), problem }
  if (cells.length === end && header.offset === 0) return { rowNumber, cells, problem }
  const fitted = cells.slice(header.offset, end)
  while (fitted.length < header.names.length) fitted.push('')
  return { rowNumber, cells: fitted, problem }
}

/** A row with nothing in it, which the tables of people are full of. */
export function isBlankRow(row: RawRow<Cell>): boolean {
  return row.problem === null && row.cells.every(isBlank)
}

function isBlank(cell: Cell | undefined): boolean {
  return cell === undefined || (typeof cell === 'string' && cell.trim() === '')
}
