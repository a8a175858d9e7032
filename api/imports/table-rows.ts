import type { Cell } from '../../shared/domain/import-values.ts'
import type { RawRow } from './split-csv.ts'
import { TableError } from './table-error.ts'
import { fitRow, isBlankRow, readHeader, type TableRow } from './table-header.ts'
import type { TableLimits } from './table-limits.ts'
import type { SheetInfo } from './xlsx-workbook.ts'

export type TableProgress = { readonly bytesRead: number; readonly bytesTotal: number; readonly rowsRead: number }

export type OpenTableOptions = {
  /** The sheet to read; without it the first visible one that has rows. */
  readonly sheet?: string
  /** The line (or row) of the header, from 1; without it the first that is not empty. */
  readonly headerRow?: number
  /** What a person chose against the detection. */
  readonly encoding?: string
  readonly separator?: string
  readonly limits?: Partial<TableLimits>
  readonly onProgress?: (progress: TableProgress) => void
}

export type Table = {
  readonly format: 'csv' | 'xlsx'
  /** What was found: "UTF-8", "windows-1251", ...; null for a workbook. */
  readonly encoding: string | null
  readonly separator: string | null
  readonly sheet: string | null
  readonly sheets: readonly SheetInfo[]
  readonly header: readonly string[]
  readonly headerRow: number
  /** The rows below the header, empty ones left out. To be read once; a second reading opens the table again. */
  readonly rows: AsyncIterable<TableRow>
  /** What `bytesRead` counts up to: the size of the file, or the unpacked size of the sheet. */
  readonly bytesTotal: number
  /** Ends reading at any point; not needed after `rows` came to an end. */
  close(): Promise<void>
}

export type Batches = AsyncGenerator<RawRow<Cell>[]>
/** Where rows come from: a text file or one sheet. */
export type Source = Pick<Table, 'format' | 'encoding' | 'separator' | 'sheet' | 'sheets' | 'bytesTotal'> & {
  readonly batches: Batches
  readonly firstRow: number
  readonly close: () => void
}
export type Progress = { bytesRead: number }

/** Takes the header and the first row off the source, so that a file without either is refused before anything is imported. */
export async function readTable(
  source: Source,
  options: OpenTableOptions,
  limits: TableLimits,
  progress: Progress,
): Promise<Table> {
  const rows = filledRows(source.batches, Math.max(options.headerRow ?? 1, source.firstRow))
  try {
    const headerRow = (await rows.next()).value
    const firstData = headerRow && (await rows.next()).value
    if (!headerRow || !firstData) throw new TableError('table_no_rows', { header: headerRow ? headerRow.cells.map(String) : [] })
    const header = readHeader(headerRow, firstData, limits)
    const fit = (row: RawRow<Cell>) => fitRow(row, header, source.format === 'xlsx', limits)
    const tell = (rowsRead: number) =>
      options.onProgress?.({ bytesRead: progress.bytesRead, bytesTotal: source.bytesTotal, rowsRead })
    const close = async () => {
      await rows.return(undefined)
      source.close()
    }
    const { format, encoding, separator, sheet, sheets, bytesTotal } = source
    const body = readBody(firstData, rows, fit, limits, tell, source.close)
    return {
      format,
      encoding,
      separator,
      sheet,
      sheets,
      bytesTotal,
      header: header.names,
      headerRow: headerRow.rowNumber,
      rows: body,
      close,
    }
  } catch (error) {
    await rows.return(undefined)
    throw error
  }
}

const ROWS_PER_REPORT = 1_000

async function* readBody(
  firstData: RawRow<Cell>,
  rest: AsyncGenerator<RawRow<Cell>, undefined>,
  fit: (row: RawRow<Cell>) => TableRow,
  limits: TableLimits,
  tell: (rowsRead: number) => void,
  close: () => void,
): AsyncGenerator<TableRow> {
  let count = 1
  try {
    yield fit(firstData)
    for await (const row of rest) {
      if (++count > limits.maxRows) throw new TableError('table_too_large', { what: 'rows', max: limits.maxRows })
      yield fit(row)
      if (count % ROWS_PER_REPORT === 0) tell(count)
    }
    tell(count)
  } finally {
    close()
  }
}

async function* filledRows(batches: Batches, firstRow: number): AsyncGenerator<RawRow<Cell>, undefined> {
  for await (const batch of batches) {
    for (const row of batch) {
      if (row.rowNumber >= firstRow && !isBlankRow(row)) yield row
    }
  }
}
