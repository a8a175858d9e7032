import iconv from 'iconv-lite'
import { readBytes } from './byte-source.ts'
import type { EncodingName } from './detect-encoding.ts'
import { createCsvSplitter, type RawRow } from './split-csv.ts'
import type { TableLimits } from './table-limits.ts'

export type CsvSource = {
  readonly path: string
  readonly isGzip: boolean
  readonly encoding: EncodingName
  readonly separator: string
}

/**
 * The records of a text file, in batches as its chunks arrive; empty lines are among them.
 * @param onBytes told how many bytes of the file have been read
 */
export async function* readCsvRows(
  source: CsvSource,
  limits: TableLimits,
  onBytes?: (bytesRead: number) => void,
): AsyncGenerator<RawRow[]> {
  // The decoder takes the byte order mark off by itself.
  const decoder = iconv.getDecoder(source.encoding)
  const splitter = createCsvSplitter({ separator: source.separator, ...limits })
  for await (const chunk of readBytes(source.path, source.isGzip, limits, onBytes)) {
    yield splitter.push(decoder.write(chunk))
  }
  yield splitter.push(decoder.end() ?? '')
  yield splitter.finish()
}
