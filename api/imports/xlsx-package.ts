import { posix } from 'node:path'
import yauzl from 'yauzl'
import { readingFailed, refuseBomb } from './byte-source.ts'
import { TableError } from './table-error.ts'
import type { TableLimits } from './table-limits.ts'
import { createXmlReader, type XmlEvents } from './xml-stream.ts'

/** The parts of a workbook file. Nothing is unpacked to disk; only the parts that are asked for are read. */
export type XlsxPackage = {
  /** The part's name as the archive writes it, whatever the case of the question, or null. */
  find(name: string): string | null
  /** The unpacked size that the directory declares; reading more than that fails. */
  sizeOf(name: string): number
  /** Passes a part through an XML reader; after each chunk `onChunk` may take what has been gathered. */
  readXml(name: string, events: XmlEvents, onChunk?: (bytesRead: number) => void): AsyncGenerator<void>
  close(): void
}

/**
 * Opens the archive and judges its directory before anything is unpacked: count of parts, sizes and ratios, names, passwords.
 * @throws TableError table_damaged, table_zip_bomb, table_too_large, table_encrypted, table_not_a_table (another kind of archive)
 */
export async function openPackage(path: string, limits: TableLimits): Promise<XlsxPackage> {
  const zip = await yauzl.openPromise(path, { autoClose: false, lazyEntries: true, validateEntrySizes: true }).catch((error) => {
    throw readingFailed(error)
  })
  try {
    const entries = await listEntries(zip, limits)
    refuseOtherArchive([...entries.values()].map((entry) => entry.fileName))
    return packageOf(zip, entries, limits)
  } catch (error) {
    zip.close()
    throw error instanceof TableError ? error : readingFailed(error)
  }
}

async function listEntries(zip: yauzl.ZipFile, limits: TableLimits): Promise<Map<string, yauzl.Entry>> {
  const entries = new Map<string, yauzl.Entry>()
  let [packed, unpacked, count] = [0, 0, 0]
  for await (const entry of zip.eachEntry()) {
    if (++count > limits.maxZipEntries) throw new TableError('table_too_large', { what: 'entries', max: limits.maxZipEntries })
    if (entry.isEncrypted()) throw new TableError('table_encrypted')
    refuseBomb(entry.uncompressedSize, entry.compressedSize, limits)
    ;[packed, unpacked] = [packed + entry.compressedSize, unpacked + entry.uncompressedSize]
    refuseBomb(unpacked, packed, limits)
    if (unpacked > limits.maxBytes) throw new TableError('table_too_large', { what: 'bytes', max: limits.maxBytes })
    const key = entry.fileName.toLowerCase()
    if (entries.has(key)) throw new TableError('table_damaged', { reason: `two parts named ${entry.fileName}` })
    entries.set(key, entry)
  }
  return entries
}

function refuseOtherArchive(names: readonly string[]): void {
  const has = (start: string) => names.some((name) => name.toLowerCase().startsWith(start))
  if (has('xl/') && !has('xl/workbook.bin')) return
  const looksLike = has('xl/workbook.bin') ? 'xlsb' : has('word/') ? 'docx' : has('content.xml') ? 'ods' : 'zip'
  throw new TableError('table_not_a_table', { looksLike })
}

function packageOf(zip: yauzl.ZipFile, entries: ReadonlyMap<string, yauzl.Entry>, limits: TableLimits): XlsxPackage {
  const entryOf = (name: string) => {
    const entry = entries.get(name.toLowerCase())
    if (!entry) throw new TableError('table_damaged', { reason: `no part ${name}` })
    return entry
  }
  return {
    find: (name) => entries.get(name.toLowerCase())?.fileName ?? null,
    sizeOf: (name) => entryOf(name).uncompressedSize,
    readXml: (name, events, onChunk) => readEntryXml(zip, entryOf(name), events, limits, onChunk),
    close: () => zip.close(),
  }
}

async function* readEntryXml(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  events: XmlEvents,
  limits: TableLimits,
  onChunk?: (bytesRead: number) => void,
): AsyncGenerator<void> {
  const reader = createXmlReader(events)
  let bytesRead = 0
  try {
    const stream = await zip.openReadStreamPromise(entry)
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytesRead += chunk.length
      if (bytesRead > limits.maxBytes) throw new TableError('table_too_large', { what: 'bytes', max: limits.maxBytes })
      reader.write(chunk)
      onChunk?.(bytesRead)
      yield
    }
  } catch (error) {
    if (error instanceof TableError) throw error
    if (/too many bytes/.test((error as Error).message)) throw new TableError('table_zip_bomb', { ratio: null }, error)
    throw readingFailed(error)
  }
  reader.end()
}

/** Reads a whole part that is known to be small in meaning if not in size: the events gather what matters. */
export async function readWholeXml(file: XlsxPackage, name: string, events: Partial<XmlEvents>): Promise<void> {
  const nothing = () => {}
  for await (const _ of file.readXml(name, { open: nothing, text: nothing, close: nothing, ...events }));
}

/** A target of a relationship as a part name: relative to the folder of its source, or from the root of the archive. */
export function resolveTarget(sourcePart: string, target: string): string {
  const path = target.replaceAll('\\', '/')
  return path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(sourcePart), path)
}
