import { TableError } from './table-error.ts'
import type { TableLimits } from './table-limits.ts'
import { readWholeXml, type XlsxPackage } from './xlsx-package.ts'

/** The texts of a workbook, kept as UTF-8 outside the JavaScript heap: one byte a Latin letter, two a Cyrillic one. */
export type SharedStrings = { at(index: number): string | null }

/**
 * Reads the table of shared strings.
 * @param part its name, or null for a workbook without one
 * @throws TableError table_too_large (what: text), table_damaged
 */
export async function readSharedStrings(file: XlsxPackage, part: string | null, limits: TableLimits): Promise<SharedStrings> {
  const store = createTextStore(limits)
  if (!part) return store
  let [text, isText, phonetic] = ['', false, 0]
  await readWholeXml(file, part, {
    open(name) {
      if (name === 'si') text = ''
      if (name === 'rPh') phonetic++
      isText = name === 't' && phonetic === 0
    },
    text(piece) {
      if (!isText) return
      text += piece
      if (text.length > limits.maxRecordChars)
        throw new TableError('table_too_large', { what: 'text', max: limits.maxRecordChars })
    },
    close(name) {
      if (name === 'rPh') phonetic--
      if (name === 't') isText = false
      if (name === 'si') store.add(decodeEscapes(text))
    },
  })
  return store
}

/** Office writes control characters as `_x000D_`, and a literal `_x` as `_x005F_x`. Those that no table needs are left out. */
export function decodeEscapes(text: string): string {
  if (!text.includes('_x')) return text
  return text.replace(/_x([0-9a-f]{4})_/gi, (_whole, hex) => {
    const code = Number.parseInt(hex, 16)
    const isKept = code === 9 || code === 10 || code === 13 || (code >= 0x20 && !(code >= 0xd800 && code <= 0xdfff))
    return isKept ? String.fromCharCode(code) : ''
  })
}

/** Texts lie in pages, so that growing never copies them. No text is longer than a page: `maxRecordChars` is far below. */
const PAGE_BYTES = 4_194_304

function createTextStore(limits: TableLimits) {
  const pages: Buffer[] = []
  let ends = new Uint32Array(4_096)
  let starts = new Uint32Array(4_096)
  let [count, used] = [0, 0]

  function reserve(size: number): void {
    const left = pages.length * PAGE_BYTES - used
    if (size > left) {
      used = pages.length * PAGE_BYTES
      pages.push(Buffer.allocUnsafeSlow(PAGE_BYTES))
    }
    if (count < ends.length) return
    ends = doubled(ends)
    starts = doubled(starts)
  }

  return {
    add(text: string): void {
      const size = Buffer.byteLength(text)
      if (used + size > limits.maxSharedBytes || size > PAGE_BYTES)
        throw new TableError('table_too_large', { what: 'text', max: limits.maxSharedBytes })
      if (count >= limits.maxSharedStrings)
        throw new TableError('table_too_large', { what: 'text', max: limits.maxSharedStrings })
      reserve(size)
      starts[count] = used
      if (size > 0) pages.at(-1)!.write(text, used % PAGE_BYTES, 'utf8')
      used += size
      ends[count++] = used
    },
    at(index: number): string | null {
      if (!(index >= 0 && index < count)) return null
      const [start, end] = [starts[index]!, ends[index]!]
      const pageStart = Math.floor(start / PAGE_BYTES) * PAGE_BYTES
      return start === end ? '' : pages[pageStart / PAGE_BYTES]!.toString('utf8', start - pageStart, end - pageStart)
    },
  }
}

function doubled(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(numbers.length * 2)
  larger.set(numbers)
  return larger
}
