/** Why a whole file is refused. Each code is one sentence in the message catalogue; `details` holds the values that it names. */
export const tableErrorCodes = {
  table_unreadable: 'the file is not there or may not be read: details.reason',
  table_not_a_table:
    'neither CSV nor XLSX; details.looksLike says what it seems to be: binary, pdf, image, html, json, zip, docx, ods, xlsb',
  table_encoding_unknown:
    'the letters follow no known encoding, or more than one; details.line is the first line that breaks UTF-8, if it mostly is UTF-8',
  table_line_too_long: 'a line (or row) is longer than details.maxChars; details.line',
  table_quote_unclosed:
    'so many quotes are opened and never closed that lines cannot be told apart; details.line of the last one tried',
  table_too_large: 'more than details.max of details.what: bytes, rows, columns, sheets, entries, text',
  table_zip_bomb: 'unpacks to far more than its size allows: details.ratio',
  table_damaged: 'cut off or broken inside: details.reason',
  table_encrypted: 'protected with a password',
  table_old_excel: 'the format of Excel before 2007 (.xls): save it as .xlsx or .csv',
  table_sheet_unknown: 'no sheet of the name details.sheet; details.sheets are there',
  table_header_missing: 'column details.column (A, B, ...) has no name, or no column has; details.line',
  table_header_duplicate: 'two columns have the name details.name: details.columns',
  table_no_rows: 'nothing below the header, or nothing at all',
} as const
export type TableErrorCode = keyof typeof tableErrorCodes

/** Why one row cannot be taken while the file as a whole can. `column` is the number of the column from 1. */
export const rowProblemCodes = {
  row_too_few_cells: 'fewer cells than the header has columns: details.cells, details.columns',
  row_too_many_cells: 'more cells than the header has columns: details.cells, details.columns',
  row_quote_unclosed: 'a quote is opened and never closed',
  row_cell_error: 'the cell details.column holds an error of the spreadsheet: details.error',
  row_formula_without_value: 'the cell details.column holds a formula whose result was never saved',
  row_date_impossible: 'the cell details.column is shown as a date but its number is none',
} as const
export type RowProblemCode = keyof typeof rowProblemCodes
export type RowProblem = { readonly code: RowProblemCode; readonly details: Readonly<Record<string, string | number>> }

export type TableErrorDetails = Readonly<Record<string, unknown>>

/** The one way in which reading a table fails, whatever bytes it is given. */
export class TableError extends Error {
  readonly code: TableErrorCode
  readonly details: TableErrorDetails

  constructor(code: TableErrorCode, details: TableErrorDetails = {}, cause?: unknown) {
    super(`${code} ${JSON.stringify(details)}`, { cause })
    this.name = 'TableError'
    this.code = code
    this.details = details
  }
}

/** The name that a spreadsheet shows for a column: 1 is A, 27 is AA. */
export function columnLetters(column: number): string {
  let letters = ''
  for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters
  return letters
}
