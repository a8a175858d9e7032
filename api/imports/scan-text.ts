import { isAscii } from 'node:buffer'
import { StringDecoder } from 'node:string_decoder'
import iconv from 'iconv-lite'
import { readBytes } from './byte-source.ts'
import { detectByteEncoding, detectUtf16, type EncodingName, encodingChoices } from './detect-encoding.ts'
import { TableError } from './table-error.ts'
import type { TableLimits } from './table-limits.ts'

const SAMPLE_BYTES = 262_144

/** What one pass over a text file finds: its encoding and its beginning as text. */
export type TextScan = { readonly encoding: EncodingName; readonly sample: string }

/**
 * Reads a text file once from end to end, before any row is believed: a letter beyond ASCII may first occur in the last line, and a bomb
 * shows only when it is unpacked. Keeps two samples and no more.
 * @param told the encoding when a person has chosen it
 * @throws TableError table_encoding_unknown, table_not_a_table, table_no_rows and those of `readBytes`
 */
export async function scanText(path: string, isGzip: boolean, limits: TableLimits, told?: EncodingName): Promise<TextScan> {
  const findings = createFindings()
  for await (const chunk of readBytes(path, isGzip, limits)) findings.look(chunk)
  const { start, foreign, hasZero, brokenLine, mostlyUtf8 } = findings
  if (start.length === 0) throw new TableError('table_no_rows', {})
  if (told && !encodingChoices.includes(told)) throw new TableError('table_encoding_unknown', { encoding: told })
  if (told && hasZero && !/utf-?16/i.test(told)) throw new TableError('table_not_a_table', { looksLike: looksLike(start) })
  const encoding = told ?? chooseEncoding(start, foreign, hasZero, brokenLine, mostlyUtf8)
  const sample = decodeSample(start, encoding)
  refuseNonTable(sample)
  return { encoding, sample }
}

function chooseEncoding(
  start: Buffer,
  foreign: Buffer,
  hasZero: boolean,
  brokenLine: number | null,
  mostlyUtf8: boolean,
): EncodingName {
  const wide = detectUtf16(start.subarray(0, 65_536))
  if (wide) return wide
  if (hasZero) throw new TableError('table_not_a_table', { looksLike: looksLike(start) })
  if (brokenLine === null) return 'UTF-8'
  if (mostlyUtf8) throw new TableError('table_encoding_unknown', { line: brokenLine })
  if (looksLike(start) !== 'binary') throw new TableError('table_not_a_table', { looksLike: looksLike(start) })
  const found = detectByteEncoding(foreign)
  if (!found) throw new TableError('table_encoding_unknown', {})
  return found
}

/** Watches chunks go by. `foreign` holds stretches with bytes beyond ASCII; `brokenLine` is the first line that is not UTF-8. */
function createFindings() {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const heads: Buffer[] = []
  const foreign: Buffer[] = []
  let [headBytes, foreignBytes, line, brokenLine, hasZero] = [0, 0, 1, null as number | null, false]

  function look(chunk: Buffer): void {
    if (headBytes < SAMPLE_BYTES) heads.push(Buffer.from(chunk.subarray(0, SAMPLE_BYTES - headBytes)))
    headBytes += chunk.length
    hasZero ||= chunk.includes(0)
    const plain = isAscii(chunk)
    if (!plain && foreignBytes < SAMPLE_BYTES) {
      foreign.push(Buffer.from(chunk.subarray(0, SAMPLE_BYTES - foreignBytes)))
      foreignBytes += chunk.length
    }
    if (brokenLine !== null) return
    try {
      decoder.decode(chunk, { stream: true })
      line += countByte(chunk, 10)
    } catch {
      brokenLine = line + linesBeforeBreak(chunk)
    }
  }

  return {
    look,
    get start() {
      return Buffer.concat(heads)
    },
    get foreign() {
      return Buffer.concat(foreign)
    },
    get hasZero() {
      return hasZero
    },
    get brokenLine() {
      if (brokenLine !== null) return brokenLine
      try {
        decoder.decode()
        return null
      } catch {
        return line
      }
    },
    get mostlyUtf8() {
      const text = Buffer.concat(foreign).toString('utf8')
      return countMatches(text, /[\u0080-\ufffc]/g) > 20 * countMatches(text, /\ufffd/g)
    },
  }
}

function countMatches(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}

function countByte(chunk: Buffer, byte: number): number {
  let count = 0
  for (let at = chunk.indexOf(byte); at >= 0; at = chunk.indexOf(byte, at + 1)) count++
  return count
}

/** Lines of a chunk that end before its first bytes that are not UTF-8; a letter cut by the chunk's own start is not one of them. */
function linesBeforeBreak(chunk: Buffer): number {
  let from = 0
  while (from < 3 && (chunk[from]! & 0xc0) === 0x80) from++
  const text = new StringDecoder('utf8').write(chunk.subarray(from))
  const broken = text.indexOf('\ufffd')
  return countByte(Buffer.from(text.slice(0, broken < 0 ? text.length : broken)), 10)
}

function decodeSample(start: Buffer, encoding: EncodingName): string {
  const decoder = iconv.getDecoder(encoding)
  return decoder.write(start)
}

/** @throws TableError for text that is some other thing than a table */
function refuseNonTable(sample: string): void {
  const text = sample.slice(0, 65_536)
  const controls = countMatches(text, /[^\P{Cc}\t\n\v\f\r]/gu)
  if (controls > 2 && controls > text.length * 0.002) throw new TableError('table_not_a_table', { looksLike: 'binary' })
  if (text.trim() === '') throw new TableError('table_no_rows', {})
  if (/^\s*<(?:!doctype|html|\?xml|table|head|body|meta)\b/i.test(text))
    throw new TableError('table_not_a_table', { looksLike: 'html' })
  if (/^\s*(?:\{\s*"|\[\s*[[{])/.test(text)) throw new TableError('table_not_a_table', { looksLike: 'json' })
  if (text.startsWith('%PDF-')) throw new TableError('table_not_a_table', { looksLike: 'pdf' })
}

/** The kind of a binary file by its first bytes. */
function looksLike(start: Buffer): string {
  const hex = start.subarray(0, 8).toString('hex')
  if (hex.startsWith('25504446')) return 'pdf'
  if (/^(ffd8ff|89504e47|47494638|424d|49492a00|4d4d002a)/.test(hex) || start.subarray(8, 12).toString('latin1') === 'WEBP')
    return 'image'
  return 'binary'
}
