import { detachText } from './detach-text.ts'
import { type RowProblem, TableError } from './table-error.ts'

/** A record as it stands in the file. `rowNumber` is the line on which it begins (or the row of the sheet), from 1. */
export type RawRow<C = string> = { readonly rowNumber: number; readonly cells: C[]; readonly problem: RowProblem | null }

export type CsvForm = { readonly separator: string; readonly maxRecordChars: number; readonly maxUnclosedQuotes: number }

const [LF, CR, SPACE, QUOTE] = [10, 13, 32, 34]

type Scan = { cells: string[]; next: number } | 'more' | 'unclosed'

/**
 * Splits CSV text into records (RFC 4180, kindly): line ends LF, CRLF or CR, mixed too; a quote inside an unquoted cell is a letter; so is
 * one inside a quoted cell that is not doubled and not followed by a separator. A quote that is never closed costs its own line only.
 * Holds one chunk and one record, never more than `maxRecordChars` of unread text.
 * @returns push(text) and finish(): the records that became complete
 * @throws TableError table_line_too_long, table_quote_unclosed
 */
export function createCsvSplitter(form: CsvForm) {
  let [buffer, line, unclosed] = ['', 1, 0]

  function drain(isLast: boolean): RawRow[] {
    const rows: RawRow[] = []
    let start = 0
    while (start < buffer.length) {
      let problem: RowProblem | null = null
      let scan = scanRecord(buffer, start, form.separator, isLast, true)
      const isTooLong =
        (scan === 'more' ? buffer.length : typeof scan === 'object' ? scan.next : start) - start > form.maxRecordChars
      if (scan === 'more' && !isTooLong) break
      if (scan === 'unclosed' || (isTooLong && isQuoted(buffer, start, form.separator))) {
        scan = scanRecord(buffer, start, form.separator, true, false)
        problem = { code: 'row_quote_unclosed', details: {} }
        if (++unclosed > form.maxUnclosedQuotes) throw new TableError('table_quote_unclosed', { line })
      }
      if (typeof scan !== 'object' || scan.next - start > form.maxRecordChars) {
        throw new TableError('table_line_too_long', { line, maxChars: form.maxRecordChars })
      }
      rows.push({ rowNumber: line, cells: scan.cells, problem })
      line += countLines(buffer, start, scan.next)
      start = scan.next
    }
    buffer = buffer.slice(start)
    return rows
  }

  return {
    push(text: string): RawRow[] {
      buffer += text
      return drain(false)
    },
    finish: (): RawRow[] => drain(true),
  }
}

/** Reads one record from `start`; `next` is where the following one begins. With `quotes` off, quotes are plain letters. */
function scanRecord(text: string, start: number, separator: string, isLast: boolean, quotes: boolean): Scan {
  const cells: string[] = []
  const separatorCode = separator.charCodeAt(0)
  let at = start
  while (true) {
    const opening = quotes ? openingQuote(text, at, separatorCode) : -1
    let end: number
    if (opening >= 0) {
      const closing = closingQuote(text, opening + 1, separatorCode, isLast)
      if (closing < 0) return isLast ? 'unclosed' : 'more'
      cells.push(detachText(text.slice(opening + 1, closing).replaceAll('""', '"')))
      end = skipSpaces(text, closing + 1, separatorCode)
    } else {
      end = at
      for (let code = text.charCodeAt(end); end < text.length && code !== separatorCode && code !== LF && code !== CR; )
        code = text.charCodeAt(++end)
      cells.push(detachText(text.slice(at, end)))
    }
    if (end >= text.length) return isLast ? { cells, next: end } : 'more'
    const code = text.charCodeAt(end)
    if (code === separatorCode) {
      at = end + 1
      continue
    }
    if (code === LF) return { cells, next: end + 1 }
    if (end + 1 >= text.length && !isLast) return 'more'
    return { cells, next: text.charCodeAt(end + 1) === LF ? end + 2 : end + 1 }
  }
}

function openingQuote(text: string, at: number, separatorCode: number): number {
  const first = skipSpaces(text, at, separatorCode)
  return text.charCodeAt(first) === QUOTE ? first : -1
}

/** The quote that ends the cell, or -1 when the text ends before it. */
function closingQuote(text: string, from: number, separatorCode: number, isLast: boolean): number {
  let hasLooseQuote = false
  for (let at = text.indexOf('"', from); at >= 0; ) {
    if (at + 1 >= text.length) return isLast ? at : -1
    const isDoubled = text.charCodeAt(at + 1) === QUOTE
    if (isDoubled && hasLooseQuote && endsCell(text, at + 2, separatorCode)) return at + 1
    if (!isDoubled && endsCell(text, at + 1, separatorCode)) return at
    if (!isDoubled) hasLooseQuote = true
    at = text.indexOf('"', at + (isDoubled ? 2 : 1))
  }
  return -1
}

function endsCell(text: string, from: number, separatorCode: number): boolean {
  const at = skipSpaces(text, from, separatorCode)
  const code = text.charCodeAt(at)
  return at >= text.length || code === separatorCode || code === LF || code === CR
}

function skipSpaces(text: string, from: number, separatorCode: number): number {
  let at = from
  while (text.charCodeAt(at) === SPACE && separatorCode !== SPACE) at++
  return at
}

/** Whether the record at `start` is long because of a quoted cell: its first line alone is shorter. */
function isQuoted(text: string, start: number, separator: string): boolean {
  const scan = scanRecord(text, start, separator, false, false)
  return typeof scan === 'object' && text.slice(start, scan.next).includes('"')
}

function countLines(text: string, start: number, end: number): number {
  let lines = 0
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code === LF || (code === CR && text.charCodeAt(at + 1) !== LF)) lines++
  }
  return lines
}
