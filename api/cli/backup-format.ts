import type { Readable } from 'node:stream'

/**
 * A backup is one gzipped stream: a line of JSON (`BackupHead`), then for each table a line with its name and columns, its rows as COPY text
 * in pieces (four bytes of length, big-endian, then so many bytes; a length of 0 ends the table), and a line that sums them up; at last `BackupEnd`.
 */
export type BackupHead = {
  readonly format: 'voronka-backup'
  readonly version: 1
  readonly createdAt: string
  readonly migrations: readonly string[]
}
export type TableHead = { readonly table: string; readonly columns: readonly string[] }
export type TableSum = { readonly rows: number; readonly sha256: string }
export type BackupEnd = { readonly end: true; readonly tables: number; readonly sequences: Readonly<Record<string, number>> }

/** A backup that cannot be what was written: cut off, changed, or something else. */
export class BackupDamaged extends Error {}

const longestLine = 1_000_000

export type BackupReader = {
  line<Line>(): Promise<Line>
  /** The pieces of a table up to its end. */
  pieces(): AsyncGenerator<Buffer>
}

/** Reads a backup piece by piece. @throws BackupDamaged */
export function readBackup(source: Readable): BackupReader {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let held: Buffer = Buffer.alloc(0)
  const nextChunk = async (): Promise<Buffer> => {
    const next = await chunks.next().catch((error: Error) => {
      throw new BackupDamaged(error.message)
    })
    if (next.done) throw new BackupDamaged('it ends too early')
    return next.value
  }
  /** Joins what came once, at the end: the row of a stored file is as long as thousands of chunks. */
  const holdAtLeast = async (length: number): Promise<void> => {
    if (held.length >= length) return
    const parts = [held]
    for (let size = held.length; size < length; size += parts.at(-1)!.length) parts.push(await nextChunk())
    held = Buffer.concat(parts)
  }
  const take = async (length: number): Promise<Buffer> => {
    await holdAtLeast(length)
    const taken = held.subarray(0, length)
    held = held.subarray(length)
    return taken
  }
  return {
    async line<Line>() {
      let end = held.indexOf(10)
      while (end < 0) {
        if (held.length > longestLine) throw new BackupDamaged('a line is too long')
        await holdAtLeast(held.length + 1)
        end = held.indexOf(10)
      }
      const text = (await take(end + 1)).toString('utf8')
      try {
        return JSON.parse(text) as Line
      } catch {
        throw new BackupDamaged('a line is not JSON')
      }
    },
    async *pieces() {
      for (;;) {
        const length = (await take(4)).readUInt32BE()
        if (length === 0) return
        if (length > 64 * 1024 * 1024) throw new BackupDamaged('a piece is too long')
        yield await take(length)
      }
    },
  }
}

export function pieceHead(length: number): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(length)
  return head
}
