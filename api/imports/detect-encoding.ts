import { analyse } from 'chardet'
import iconv from 'iconv-lite'

/** Names as iconv-lite and people know them. */
export type EncodingName = string

const CYRILLIC_ENCODINGS = ['windows-1251', 'KOI8-R', 'IBM866'] as const
/** Encodings that are believed when the text is not Cyrillic: certain enough by their own statistics. */
const OTHER_ENCODINGS = new Set([
  'windows-1250',
  'windows-1252',
  'windows-1253',
  'windows-1254',
  'ISO-8859-1',
  'ISO-8859-2',
  'ISO-8859-7',
  'ISO-8859-9',
  'Shift_JIS',
  'EUC-JP',
  'EUC-KR',
  'GB18030',
  'Big5',
])
/** What a person may choose against the detection. */
export const encodingChoices: readonly EncodingName[] = [
  'UTF-8',
  'windows-1251',
  'KOI8-R',
  'IBM866',
  'ISO-8859-5',
  'macCyrillic',
  'UTF-16LE',
  'UTF-16BE',
  'windows-1250',
  'windows-1252',
]
const BYTES_WEIGHED = 32_768
const BYTES_OF_LINE = 1_024
const LEAST_CONFIDENCE = 25
/** What Windows writes when it means the standard: the same letters plus dashes, quotes and currency signs. */
const SUPERSETS: Readonly<Record<string, EncodingName>> = { 'ISO-8859-1': 'windows-1252', 'ISO-8859-9': 'windows-1254' }
/** Some short words have rare letters only; random bytes stay well below. */
const LEAST_RATING = -1

const USUAL_SIGNS = '№«»–—…“”’\u00a0₽°·•'
const EVEN_SHARE = 100 / 32
/** Share of each letter in Russian text, in percent (а to я; ё counts as е). */
const LETTER_SHARE = [
  8.0, 1.6, 4.5, 1.7, 3.0, 8.5, 0.9, 1.7, 7.4, 1.2, 3.5, 4.4, 3.2, 6.7, 11.0, 2.8, 4.7, 5.5, 6.3, 2.6, 0.3, 1.0, 0.5, 1.4, 0.7,
  0.4, 0.04, 1.9, 1.7, 0.3, 0.6, 2.0,
]

/**
 * Tells UTF-16 by its mark or by its pattern: text in it has a zero, or a Cyrillic page number, in every second byte.
 * @param start the first bytes of the file, an even count, at least 2
 */
export function detectUtf16(start: Buffer): 'UTF-16LE' | 'UTF-16BE' | null {
  if (start[0] === 0xff && start[1] === 0xfe) return 'UTF-16LE'
  if (start[0] === 0xfe && start[1] === 0xff) return 'UTF-16BE'
  if (!start.includes(0) || start.length < 4) return null
  const even = start.subarray(0, start.length & ~1)
  for (const encoding of ['UTF-16LE', 'UTF-16BE'] as const) {
    const text = iconv.decode(even, encoding, { stripBOM: false })
    if (countMatches(text, /[\t\n\r\u0020-\u007e\u00a0-\u00ff\u0400-\u045f\u2010-\u203a\u20a0-\u20bf№]/g) >= text.length * 0.97)
      return encoding
  }
  return null
}

/**
 * Tells a one-byte (or Asian) encoding from text that is not UTF-8. The three Russian ones are weighed by letter frequency and by
 * capitals standing where capitals stand; when none of them gives words, the general statistics decide.
 * @param bytes some stretch of the file with letters beyond ASCII; up to 32 KB of its lines that have them are weighed
 * @returns null when the bytes follow nothing known
 */
export function detectByteEncoding(bytes: Buffer): EncodingName | null {
  const sample = foreignLines(bytes)
  const rated = CYRILLIC_ENCODINGS.map((encoding) => ({ encoding, rating: rateRussian(iconv.decode(sample, encoding)) }))
  const best = rated.reduce((a, b) => (b.rating > a.rating ? b : a))
  if (best.rating > 0) return best.encoding
  const guess = analyse(sample).find(({ name, confidence }) => OTHER_ENCODINGS.has(name) && confidence >= LEAST_CONFIDENCE)
  if (guess && !iconv.decode(sample, guess.name).includes('\ufffd')) return SUPERSETS[guess.name] ?? guess.name
  if (best.rating > LEAST_RATING) return best.encoding
  return isWestern(iconv.decode(sample, 'windows-1252')) ? 'windows-1252' : null
}

function foreignLines(bytes: Buffer): Buffer {
  const lines: Buffer[] = []
  let [taken, at] = [0, 0]
  while (at < bytes.length && taken < BYTES_WEIGHED) {
    if (bytes[at]! < 0x80) {
      at++
      continue
    }
    const lineStart = Math.max(bytes.lastIndexOf(10, at) + 1, at - BYTES_OF_LINE)
    const lineEnd = bytes.indexOf(10, at)
    const end = Math.min(lineEnd < 0 ? bytes.length : lineEnd + 1, at + BYTES_OF_LINE)
    lines.push(bytes.subarray(lineStart, end))
    taken += end - lineStart
    at = end
  }
  return Buffer.concat(lines)
}

/**
 * How much the letters beyond ASCII look like Russian: the mean over them of how much more frequent the letter is than chance. Signs that
 * are no letters, capitals after small letters and Russian letters inside Latin words speak against it.
 * @returns below zero for chance; -Infinity when most are no Russian letters
 */
function rateRussian(text: string): number {
  let [score, count, russian] = [0, 0, 0]
  for (const [run] of text.matchAll(/[a-z]*[\u0080-\uffff][a-z\u0080-\uffff]*/gi)) {
    score -= 4 * (countMatches(run, /[а-яё](?=[А-ЯЁ])/g) + countMatches(run, /[a-z](?=[а-яё])|[а-яё](?=[a-z])/gi))
    for (const letter of run) {
      if (letter < '\x80' || USUAL_SIGNS.includes(letter)) continue
      count++
      const isRussian = /[а-яё]/i.test(letter)
      if (isRussian) russian++
      score += isRussian ? Math.log2(shareOf(letter.charCodeAt(0)) / EVEN_SHARE) : -4
    }
  }
  return russian === 0 || russian < count * 0.8 ? Number.NEGATIVE_INFINITY : score / count
}

/** A few accents in otherwise plain words, too few for statistics. */
function isWestern(text: string): boolean {
  const accents = countMatches(text, /(?<=[a-z])[\u00c0-\u00ff]|[\u00c0-\u00ff](?=[a-z])/gi)
  return accents >= 0.9 * countMatches(text, /[\u0080-\uffff]/g)
}

function shareOf(code: number): number {
  if (code === 0x401 || code === 0x451) return LETTER_SHARE[5]!
  return LETTER_SHARE[(code - 0x410) % 32]!
}

function countMatches(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
