import { createCsvSplitter, type RawRow } from './split-csv.ts'
import { TableError } from './table-error.ts'

/** In the order of trust: commas also stand inside amounts and prose, so they win only when the others do not fit. */
const SEPARATORS = ['\t', ';', '|', ','] as const
const ROWS_LOOKED_AT = 100
const CHARS_LOOKED_AT = 65_536

export type SeparatorFinding = {
  readonly separator: string /** true when the first line is Excel's own `sep=;` */
  readonly isDeclared: boolean
}

/**
 * Finds the separator of CSV text: the one that cuts the rows into as many cells as the header, and into the most of them.
 * A table of one column gets a separator that its text does not use.
 * @param text the beginning of the file: its first 64 K characters are looked at
 * @param headerRow the line of the header: what stands above it is not looked at
 */
export function detectSeparator(text: string, headerRow = 1): SeparatorFinding {
  const sample = text.slice(0, CHARS_LOOKED_AT)
  const declared = /^sep=(.)(?:\r?\n|\r|$)/.exec(sample)?.[1]
  if (declared) return { separator: declared, isDeclared: true }
  const scores = SEPARATORS.map((separator) => ({ separator, ...rateSeparator(sample, separator, headerRow) }))
  const fitting = scores.filter((score) => score.columns > 1)
  if (fitting.length === 0)
    return { separator: SEPARATORS.find((separator) => !sample.includes(separator)) ?? ',', isDeclared: false }
  const best = fitting.reduce((a, b) => (rank(b) > rank(a) ? b : a))
  return { separator: best.separator, isDeclared: false }
}

/** Even cuts come first (in steps of a tenth, so that one bad row does not matter), then the count of columns. */
function rank({ evenness, columns }: { evenness: number; columns: number }): number {
  return Math.round(evenness * 10) * 10_000 + Math.min(columns, 9_999)
}

function rateSeparator(sample: string, separator: string, headerRow: number): { columns: number; evenness: number } {
  const rows = splitSample(sample, separator)
    .filter(({ cells, rowNumber }) => rowNumber >= headerRow && cells.some((cell) => cell.trim() !== ''))
    .slice(0, ROWS_LOOKED_AT)
  const columns = rows[0]?.cells.length ?? 0
  const even = rows.filter(({ cells }) => cells.length === columns).length
  return { columns, evenness: rows.length === 0 ? 0 : even / rows.length }
}

/** The complete records of the sample; the last one, which the sample may cut, counts only when it is all there is. */
function splitSample(sample: string, separator: string): RawRow[] {
  const splitter = createCsvSplitter({ separator, maxRecordChars: sample.length + 1, maxUnclosedQuotes: ROWS_LOOKED_AT })
  const complete = splitter.push(sample)
  if (complete.length > 1) return complete
  try {
    return [...complete, ...splitter.finish()]
  } catch (error) {
    if (error instanceof TableError) return complete
    throw error
  }
}
