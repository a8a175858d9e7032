import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { Cell } from '../../shared/domain/import-values.ts'

/** A row that was not taken: where it stands in the user's file, why not (a sentence in the user's language), and what is in it. */
export type RefusedRow = { readonly rowNumber: number; readonly reason: string; readonly cells: readonly Cell[] }

export type ErrorFileForm = {
  /** The columns of the user's file. */
  readonly header: readonly string[]
  /** The names of the two columns put before them. */
  readonly titles: { readonly row: string; readonly reason: string }
  /** `;` by default: that is what a Russian Excel opens as columns. */
  readonly separator?: ';' | ',' | '\t'
}

export type ErrorFile = {
  /** Appends a row; resolves when the disk has kept up. */
  write(row: RefusedRow): Promise<void>
  /** Ends the file. @returns how many rows were written */
  close(): Promise<number>
}

/** Spreadsheets run a cell that begins with one of these, full-width ones included, as a formula. */
const STARTS_FORMULA = /^[=+\-@\t\r\n＝＋－＠]/

/**
 * Begins a CSV file of refused rows (UTF-8 with a mark, CRLF, RFC 4180) that a spreadsheet opens without running anything in it. It can be
 * mended there and imported again: the apostrophes that make formulas text are not seen by the value parsers.
 * @param path a new file; an existing one is refused with EEXIST
 */
export async function createErrorFile(path: string, form: ErrorFileForm): Promise<ErrorFile> {
  const stream = createWriteStream(path, { flags: 'wx' })
  await once(stream, 'open')
  stream.write(errorFileHead(form))
  let count = 0
  return {
    async write(row) {
      count++
      if (!stream.write(errorFileLine(row, form.separator))) await once(stream, 'drain')
    },
    async close() {
      stream.end()
      await finished(stream)
      return count
    },
  }
}

/** The mark of UTF-8 and the line of column names, for a file that is gathered as text. */
export function errorFileHead({ header, titles, separator }: ErrorFileForm): string {
  return `\ufeff${csvLine([titles.row, titles.reason, ...header], separator)}`
}

/** One refused row as a line of the file, its end included. */
export function errorFileLine({ rowNumber, reason, cells }: RefusedRow, separator?: ErrorFileForm['separator']): string {
  return csvLine([rowNumber, reason, ...cells], separator)
}

function csvLine(cells: readonly Cell[], separator: ErrorFileForm['separator'] = ';'): string {
  return `${cells.map((cell) => csvCell(cell, separator)).join(separator)}\r\n`
}

/**
 * One cell of CSV: quoted where needed, and made text where a spreadsheet would run it. Numbers that the program itself counted stay numbers.
 * @param separator the separator of the file
 */
export function csvCell(cell: Cell, separator: string): string {
  if (typeof cell !== 'string') return String(cell)
  const safe = STARTS_FORMULA.test(cell) ? `'${cell}` : cell
  return safe.includes(separator) || /["\r\n\t;,]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
