import type { RowProblemCode, TableErrorCode } from '../../shared/domain/import-codes.ts'

/** Why one row cannot be taken while the file as a whole can. */
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
