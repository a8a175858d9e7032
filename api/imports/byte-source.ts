import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { TableError } from './table-error.ts'
import type { TableLimits } from './table-limits.ts'

/**
 * The bytes of a file in chunks, inflated when it is gzip.
 * @param onBytes told how many bytes of the file itself have been read so far
 * @throws TableError table_zip_bomb, table_too_large, table_damaged, table_unreadable
 */
export async function* readBytes(
  path: string,
  isGzip: boolean,
  limits: TableLimits,
  onBytes?: (bytesRead: number) => void,
): AsyncGenerator<Buffer> {
  const file = createReadStream(path)
  const source = isGzip ? file.pipe(createGunzip()) : file
  file.on('error', (error) => source.destroy(error))
  let unpacked = 0
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      unpacked += chunk.length
      if (isGzip) refuseBomb(unpacked, file.bytesRead, limits)
      if (unpacked > limits.maxBytes) throw new TableError('table_too_large', { what: 'bytes', max: limits.maxBytes })
      onBytes?.(file.bytesRead)
      yield chunk
    }
  } catch (error) {
    throw error instanceof TableError ? error : readingFailed(error)
  } finally {
    file.destroy()
    source.destroy()
  }
}

/** @throws TableError table_zip_bomb when what came out is out of proportion to what went in */
export function refuseBomb(unpacked: number, packed: number, limits: TableLimits): void {
  const ratio = Math.round(unpacked / Math.max(packed, 1))
  if (unpacked > limits.ratioFromBytes && ratio > limits.maxRatio) throw new TableError('table_zip_bomb', { ratio })
}

/** A failure of the system or of the packing, as a TableError. */
export function readingFailed(error: unknown): TableError {
  const { code, message } = error as NodeJS.ErrnoException
  if (code && /^E[A-Z]+$/.test(code)) return new TableError('table_unreadable', { reason: code }, error)
  return new TableError('table_damaged', { reason: message }, error)
}
