import { open, stat } from 'node:fs/promises'
import { readingFailed } from './byte-source.ts'
import { readCsvRows } from './csv-rows.ts'
import { detectSeparator } from './detect-separator.ts'
import { refuseCompoundFile } from './old-excel.ts'
import { scanText } from './scan-text.ts'
import { readSharedStrings } from './shared-strings.ts'
import { TableError } from './table-error.ts'
import { defaultTableLimits, type TableLimits } from './table-limits.ts'
import { type Batches, type OpenTableOptions, type Progress, readTable, type Source, type Table } from './table-rows.ts'
import { openPackage, type XlsxPackage } from './xlsx-package.ts'
import { createSheetReader } from './xlsx-rows.ts'
import { readWorkbook, type Workbook } from './xlsx-workbook.ts'

/**
 * Opens a table that somebody uploaded: CSV with any usual separator and encoding (also gzipped), or XLSX. Memory stays bounded whatever
 * the file contains; rows are read as they are asked for.
 * @param path the file; its name and extension are not believed
 * @returns the header and the rows; a bad row carries its problem, a bad file throws here or while the rows are read
 * @throws TableError, and nothing else, for whatever bytes
 */
export async function openTable(path: string, options: OpenTableOptions = {}): Promise<Table> {
  const limits = { ...defaultTableLimits, ...options.limits }
  const start = await readStart(path)
  const signature = start.bytes.toString('hex')
  if (signature.startsWith('d0cf11e0a1b11ae1')) return refuseCompoundFile(path, limits)
  if (signature.startsWith('504b0304') || signature.startsWith('504b0506')) return openWorkbook(path, options, limits)
  const progress = { bytesRead: 0 }
  const source = await openText(path, signature.startsWith('1f8b'), start.size, options, limits, progress)
  return readTable(source, options, limits, progress)
}

async function readStart(path: string): Promise<{ bytes: Buffer; size: number }> {
  try {
    const info = await stat(path)
    if (!info.isFile()) throw new TableError('table_unreadable', { reason: 'EISDIR' })
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0)
      return { bytes: buffer.subarray(0, bytesRead), size: info.size }
    } finally {
      await file.close()
    }
  } catch (error) {
    throw error instanceof TableError ? error : readingFailed(error)
  }
}

async function openText(
  path: string,
  isGzip: boolean,
  size: number,
  options: OpenTableOptions,
  limits: TableLimits,
  progress: Progress,
): Promise<Source> {
  const { encoding, sample } = await scanText(path, isGzip, limits, options.encoding)
  const found = detectSeparator(sample, options.headerRow)
  const separator = options.separator ?? found.separator
  const onBytes = (bytesRead: number) => {
    progress.bytesRead = bytesRead
  }
  const batches = readCsvRows({ path, isGzip, encoding, separator }, limits, onBytes)
  const firstRow = found.isDeclared ? 2 : 1
  return { format: 'csv', encoding, separator, sheet: null, sheets: [], bytesTotal: size, batches, firstRow, close: () => {} }
}

/** Opens the asked sheet, or tries the visible ones in their order until one has rows. */
async function openWorkbook(path: string, options: OpenTableOptions, limits: TableLimits): Promise<Table> {
  const file = await openPackage(path, limits)
  try {
    const workbook = await readWorkbook(file, limits)
    const names = workbook.sheets.map(({ name }) => name)
    const visible = workbook.sheets.filter(({ hidden }) => !hidden).map(({ name }) => name)
    if (options.sheet !== undefined && !names.includes(options.sheet)) {
      throw new TableError('table_sheet_unknown', { sheet: options.sheet, sheets: names })
    }
    const wanted = options.sheet !== undefined ? [options.sheet] : visible.length > 0 ? visible : names
    return await openFirstSheet(file, workbook, wanted, options, limits)
  } catch (error) {
    file.close()
    throw error
  }
}

async function openFirstSheet(
  file: XlsxPackage,
  workbook: Workbook,
  wanted: readonly string[],
  options: OpenTableOptions,
  limits: TableLimits,
): Promise<Table> {
  const strings = await readSharedStrings(file, workbook.sharedStringsPart, limits)
  let empty: TableError | null = null
  for (const name of wanted) {
    const { part } = workbook.sheets.find((sheet) => sheet.name === name)!
    const progress = { bytesRead: 0 }
    const reader = createSheetReader(workbook, strings, limits)
    const sheets = workbook.sheets.map(({ name: title, hidden }) => ({ name: title, hidden }))
    const batches = readSheet(file, part, reader, progress)
    const source = { format: 'xlsx', encoding: null, separator: null, sheet: name, sheets, batches, firstRow: 1 } as const
    try {
      return await readTable({ ...source, bytesTotal: file.sizeOf(part), close: file.close }, options, limits, progress)
    } catch (error) {
      if (!(error instanceof TableError) || error.code !== 'table_no_rows') throw error
      empty ??= error
    }
  }
  throw empty ?? new TableError('table_no_rows')
}

async function* readSheet(
  file: XlsxPackage,
  part: string,
  reader: ReturnType<typeof createSheetReader>,
  progress: Progress,
): Batches {
  const onChunk = (bytesRead: number) => {
    progress.bytesRead = bytesRead
  }
  for await (const _ of file.readXml(part, reader.events, onChunk)) yield reader.take()
  yield reader.take()
  if (!reader.hasData()) throw new TableError('table_damaged', { reason: 'a sheet without data' })
}
