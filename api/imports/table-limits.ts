/** How much of a file is read at most. All of them keep memory bounded whatever the file says about itself. */
export type TableLimits = {
  /** Data rows, the header not counted. */
  readonly maxRows: number
  readonly maxColumns: number
  /** Characters of one record of CSV, or of all cells of one row of a sheet. */
  readonly maxRecordChars: number
  /** Bytes of the file, unpacked. */
  readonly maxBytes: number
  /** Unpacked size to packed size, looked at once more than `ratioFromBytes` are unpacked: even very repetitive tables stay well below 300, bombs reach 1,000. */
  readonly maxRatio: number
  readonly ratioFromBytes: number
  readonly maxZipEntries: number
  /** Bytes (UTF-8) of all distinct texts of a workbook, which must be kept while its sheet is read, and their count. */
  readonly maxSharedBytes: number
  readonly maxSharedStrings: number
  /** Rows with an unclosed quote that are reported one by one before the file is given up. */
  readonly maxUnclosedQuotes: number
}

export const defaultTableLimits: TableLimits = {
  maxRows: 1_000_000,
  maxColumns: 1_000,
  maxRecordChars: 1_048_576,
  maxBytes: 1_073_741_824,
  maxRatio: 400,
  ratioFromBytes: 16_777_216,
  maxZipEntries: 5_000,
  maxSharedBytes: 134_217_728,
  maxSharedStrings: 4_000_000,
  maxUnclosedQuotes: 100,
}
