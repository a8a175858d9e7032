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

function createTextStore(limits: TableLimits) {
  let bytes = Buffer.allocUnsafe(65_536)
  let ends = new Uint32Array(4_096)
  let [count, used] = [0, 0]
  return {
    add(text: string): void {
      const size = Buffer.byteLength(text)
      if (used + size > limits.maxSharedBytes)
        throw new TableError('table_too_large', { what: 'text', max: limits.maxSharedBytes })
      if (count >= limits.maxSharedStrings)
        throw new TableError('table_too_large', { what: 'text', max: limits.maxSharedStrings })
      if (used + size > bytes.length) bytes = grow(bytes, Math.max(bytes.length * 2, used + size))
      if (count >= ends.length) ends = growEnds(ends)
      bytes.write(text, used, 'utf8')
      used += size
      ends[count++] = used
    },
    at(index: number): string | null {
      if (!(index >= 0 && index < count)) return null
      return bytes.toString('utf8', index === 0 ? 0 : ends[index - 1]!, ends[index]!)
    },
  }
}

function grow(bytes: Buffer<ArrayBuffer>, size: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafe(size)
  bytes.copy(larger)
  return larger
}

function growEnds(ends: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(ends.length * 2)
  larger.set(ends)
  return larger
}
