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

/** Why the form of a whole column cannot be decided from its cells, so that a person must choose. */
export const columnReasons = {
  decimal_ambiguous: 'every sample reads both as thousands and as decimals: examples',
  decimal_mixed: 'some samples have a decimal point and some a decimal comma: examples',
  date_form_none: 'there are no dates to look at: all samples are empty',
  date_form_ambiguous: 'day and month could change places in every sample: candidates, example',
  date_form_unknown: 'no form reads four samples in five: candidates, example',
} as const
export type ColumnReason = keyof typeof columnReasons

/** Why a cell could not be understood. Each code is one sentence in the message catalogue. */
export const valueReasons = {
  value_empty: 'the cell is empty or holds only a dash',
  number_malformed: 'not a number in the form decided for this column',
  number_out_of_range: 'too large to be kept exactly',
  money_malformed: 'not an amount in the form decided for this column',
  money_too_precise: 'more decimals than the currency has',
  money_out_of_range: 'beyond the largest amount that is kept',
  yes_no_unknown: 'neither yes nor no',
  date_malformed: 'not a date in the form decided for this column',
  date_impossible: 'a day that the calendar does not have',
  date_out_of_range: 'outside the years 1900 to 2200',
  time_impossible: 'a time of day that the clock does not have',
} as const
export type ValueReason = keyof typeof valueReasons
