import type { ColumnReason, ValueReason } from './import-codes.ts'
import { type Cell, cellText, isBlankCell, type Parsed } from './import-values.ts'
import { type InstantReading, instantAt, type WallTime } from './wall-time.ts'

/**
 * How a column writes its dates. `ymd` covers ISO 8601, Y/m/d, Y.m.d and 20161020; `named` has the month as a word;
 * `excel1900` and `excel1904` are day counts that lost their format. A time of day and a zone may follow in any form but a day count.
 */
export type DateForm = 'ymd' | 'dmy' | 'mdy' | 'named' | 'excel1900' | 'excel1904'

export type DateFormFinding =
  | {
      readonly ok: true
      readonly value: DateForm
      readonly read: number
      readonly unread: number
      readonly withTime: boolean
      readonly withZone: boolean
    }
  | {
      readonly ok: false
      readonly reason: Extract<ColumnReason, `date_form_${string}`>
      readonly candidates: readonly DateForm[]
      readonly example: string | null
    }

type DateParts = { year: number; month: number; day: number; rest: string }
type DayParts = { year: number; month: number; day: number }

const [FIRST_YEAR, LAST_YEAR] = [1900, 2200]
const DETECTED_FORMS: readonly DateForm[] = ['ymd', 'dmy', 'mdy', 'named', 'excel1900']
/** A bare number is taken for a day count by itself only between 1954 and 2119, so that years and quantities are not. */
const [FIRST_SERIAL, LAST_SERIAL] = [20_000, 80_400]
const SHARE_TO_DECIDE = 0.8

const YMD = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)(.*)$/s
const COMPACT = /^((?:19|20|21)\d{2})(\d{2})(\d{2})(?!\d)(.*)$/s
const TWO_FIRST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)(?:\s*г\.?)?(.*)$/s
const DAY_NAMED = /^(\d{1,2})[\s.-]*(\p{L}{3,8})[.,]?[\s-]*(\d{4})(?!\d)(?:\s*г\.?)?(.*)$/su
const MONTH_NAMED = /^(\p{L}{3,9})[.]?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)(.*)$/su
const MONTH_WORDS = [
  ['jan', 'янв'],
  ['feb', 'фев'],
  ['mar', 'мар'],
  ['apr', 'апр'],
  ['may', 'май', 'мая'],
  ['jun', 'июн'],
  ['jul', 'июл'],
  ['aug', 'авг'],
  ['sep', 'сен'],
  ['oct', 'окт'],
  ['nov', 'ноя'],
  ['dec', 'дек'],
]
const CLOCK = /^[T\s,]+(\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(am|pm)?\s*(z|utc|gmt|[+\-−]\d{2}(?::?\d{2})?)?$/i

/**
 * Finds the date form of a column over samples: the only one that reads at least four samples in five.
 * Day and month are told apart by any sample with a number above 12; failing that, dots mean d.m.Y, and slashes or dashes are
 * reported as ambiguous with both candidates.
 * @param samples cells of the column, a few hundred are enough; blanks say nothing
 */
export function detectDateForm(samples: readonly Cell[]): DateFormFinding {
  const texts = samples.filter((sample) => !isBlankCell(sample)).map(cellText)
  if (texts.length === 0) return { ok: false, reason: 'date_form_none', candidates: [], example: null }
  const reads = DETECTED_FORMS.map((form) => ({ form, count: texts.filter((text) => canRead(text, form)).length }))
  const most = Math.max(...reads.map((one) => one.count))
  const best = reads.filter((one) => one.count === most).map((one) => one.form)
  if (most === 0 || most < texts.length * SHARE_TO_DECIDE) {
    const unread = texts.find((text) => !best.some((form) => most > 0 && canRead(text, form))) ?? texts[0]!
    return { ok: false, reason: 'date_form_unknown', candidates: most === 0 ? [] : best, example: unread }
  }
  const form = breakTie(texts, best)
  if (!form)
    return {
      ok: false,
      reason: 'date_form_ambiguous',
      candidates: best,
      example: texts.find((text) => best.every((one) => canRead(text, one)))!,
    }
  const clocks = texts.flatMap((text) => splitDateOrIso(text, form)?.rest.trim() || [])
  const withZone = clocks.some((rest) => Boolean(CLOCK.exec(` ${rest}`)?.[6]))
  return { ok: true, value: form, read: most, unread: texts.length - most, withTime: clocks.length > 0, withZone }
}

function canRead(text: string, form: DateForm): boolean {
  if (form === 'excel1900')
    return /^\d+([.,]\d+)?$/.test(text) && Number.parseFloat(text) >= FIRST_SERIAL && Number.parseFloat(text) <= LAST_SERIAL
  return readDate(text, form).ok
}

/** ISO dates are read under any form, so they decide for themselves; day and month with dots stand in one order everywhere. */
function breakTie(texts: readonly string[], best: readonly DateForm[]): DateForm | null {
  if (best.length === 1 || best.includes('ymd')) return best[0]!
  const isDayOrMonth = best.every((form) => form === 'dmy' || form === 'mdy')
  return isDayOrMonth && texts.every((text) => !/[-/]/.test(TWO_FIRST.exec(text)?.[2] ?? '')) ? 'dmy' : null
}

/**
 * Reads a day. A time of day that follows is checked and left out: the day is the one that is written.
 * @returns `YYYY-MM-DD`
 */
export function parseDay(cell: Cell, form: DateForm): Parsed<string> {
  if (isBlankCell(cell)) return { ok: false, reason: 'value_empty' }
  const read = readDate(cellText(cell), form)
  if (!read.ok) return read
  return { ok: true, value: isoDay(read.value.wall) }
}

/**
 * Reads a moment. A zone in the cell wins; otherwise the clock of `timeZone` is meant. A bare day is its first moment there.
 * A time that the clock skips in spring is moved forward by the gap, a time that comes twice in autumn is the first of the two;
 * both are told by `adjusted`.
 * @returns ISO 8601 in UTC with milliseconds
 */
export function parseInstant(cell: Cell, form: DateForm, timeZone: string): Parsed<InstantReading> {
  if (isBlankCell(cell)) return { ok: false, reason: 'value_empty' }
  const read = readDate(cellText(cell), form)
  if (!read.ok) return read
  const { wall, offsetMinutes } = read.value
  return { ok: true, value: instantAt(wall, offsetMinutes ?? timeZone) }
}

function readDate(text: string, form: DateForm): Parsed<{ wall: WallTime; offsetMinutes: number | null }> {
  if (form === 'excel1900' || form === 'excel1904') return YMD.test(text) ? readDate(text, 'ymd') : readSerial(text, form)
  const parts = splitDateOrIso(text, form)
  if (!parts) return fail('date_malformed')
  if (!isRealDay(parts)) return fail('date_impossible')
  if (parts.year < FIRST_YEAR || parts.year > LAST_YEAR) return fail('date_out_of_range')
  return readClock(parts)
}

/** A spreadsheet's own dates arrive in ISO form whatever the text cells of the same column look like. */
function splitDateOrIso(text: string, form: DateForm): DateParts | null {
  return splitDate(text, form) ?? (/^\d{4}-/.test(text) ? splitDate(text, 'ymd') : null)
}

function splitDate(text: string, form: DateForm): DateParts | null {
  if (form === 'ymd') {
    const [, year, , month, day, rest] = YMD.exec(text) ?? []
    if (year) return dateParts(year, month, day, rest)
    const [, compactYear, compactMonth, compactDay, compactRest] = COMPACT.exec(text) ?? []
    return compactYear ? dateParts(compactYear, compactMonth, compactDay, compactRest) : null
  }
  if (form === 'named') return splitNamed(text)
  const [, first, , second, year, rest] = TWO_FIRST.exec(text) ?? []
  if (!first || !year) return null
  const fullYear = year.length === 4 ? year : String(Number(year) + (Number(year) < 70 ? 2000 : 1900))
  return form === 'dmy' ? dateParts(fullYear, second, first, rest) : dateParts(fullYear, first, second, rest)
}

function splitNamed(text: string): DateParts | null {
  const [, day, word, year, rest] = DAY_NAMED.exec(text) ?? []
  if (day && word) return dateParts(year, monthOf(word), day, rest)
  const [, wordFirst, dayAfter, yearAfter, restAfter] = MONTH_NAMED.exec(text) ?? []
  return wordFirst ? dateParts(yearAfter, monthOf(wordFirst), dayAfter, restAfter) : null
}

function monthOf(word: string): number {
  const start = word.slice(0, 3).toLowerCase()
  return MONTH_WORDS.findIndex((words) => words.includes(start)) + 1
}

function dateParts(
  year: string | undefined,
  month: string | number | undefined,
  day: string | undefined,
  rest = '',
): DateParts | null {
  return Number(month) === 0 && typeof month === 'number'
    ? null
    : { year: Number(year), month: Number(month), day: Number(day), rest }
}

function isRealDay({ year, month, day }: DayParts): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  return days !== undefined && day >= 1 && day <= days
}

function readClock(parts: DateParts): Parsed<{ wall: WallTime; offsetMinutes: number | null }> {
  const { year, month, day } = parts
  if (parts.rest.trim() === '') return { ok: true, value: { wall: { year, month, day, timeMs: 0 }, offsetMinutes: null } }
  const [matched, hours, minutes, seconds = '0', fraction = '0', half, zone] = CLOCK.exec(parts.rest.trimEnd()) ?? []
  if (!matched || (minutes === undefined && !half)) return fail('date_malformed')
  const hour = half ? (Number(hours) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0) : Number(hours)
  const offsetMinutes = zone ? zoneOffset(zone) : null
  const isClock =
    hour < 24 && Number(minutes ?? 0) < 60 && Number(seconds) < 60 && (!half || (Number(hours) >= 1 && Number(hours) <= 12))
  if (!isClock || Math.abs(offsetMinutes ?? 0) > 15 * 60) return fail('time_impossible')
  const milliseconds = Math.floor(Number(`0.${fraction}`) * 1000)
  const timeMs = ((hour * 60 + Number(minutes ?? 0)) * 60 + Number(seconds)) * 1000 + milliseconds
  return { ok: true, value: { wall: { year, month, day, timeMs }, offsetMinutes } }
}

function zoneOffset(zone: string): number {
  const [, sign, hours, minutes = '0'] = /^([+\-−])(\d{2}):?(\d{2})?$/.exec(zone) ?? []
  if (!sign) return 0
  return (sign === '+' ? 1 : -1) * (Number(hours) * 60 + Number(minutes))
}

function readSerial(text: string, form: 'excel1900' | 'excel1904'): Parsed<{ wall: WallTime; offsetMinutes: null }> {
  if (!/^\d+([.,]\d+)?$/.test(text)) return fail('date_malformed')
  const wall = wallTimeOfSerial(Number(text.replace(',', '.')), form === 'excel1904')
  if (!wall) return fail('date_impossible')
  if (wall.year < FIRST_YEAR || wall.year > LAST_YEAR) return fail('date_out_of_range')
  return { ok: true, value: { wall, offsetMinutes: null } }
}

/**
 * The day and time of a spreadsheet's day count, to the nearest millisecond, or null where there is none.
 * Count 60 of the 1900 system is a 29 February 1900 that never was (ECMA-376 part 1, 18.17.4.1).
 */
export function wallTimeOfSerial(serial: number, is1904: boolean): WallTime | null {
  if (!(serial >= 0 && serial < 2_958_466)) return null
  const totalMs = Math.round(serial * 86_400_000)
  const wholeDays = Math.floor(totalMs / 86_400_000)
  if (!is1904 && wholeDays === 60) return null
  const epoch = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, wholeDays > 60 ? 30 : 31)
  const date = new Date(epoch + wholeDays * 86_400_000)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), timeMs: totalMs % 86_400_000 }
}

/** `YYYY-MM-DD` of a wall time. */
export function isoDay({ year, month, day }: DayParts): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

function fail(reason: ValueReason): { ok: false; reason: ValueReason } {
  return { ok: false, reason }
}
