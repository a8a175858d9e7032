import type { ColumnReason, ValueReason } from './import-codes.ts'

/** A cell as the table readers hand it over: text as written, or a number or truth value where the file itself knows the type. */
export type Cell = string | number | boolean

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: ValueReason }

export type DecimalSign = '.' | ','

/**
 * The decimal sign of a column. `decided` is false when no sample has any sign, so either reading is the same;
 * `ambiguous` when the samples read both ways and a person must choose; `mixed` when they contradict each other.
 */
export type DecimalFinding =
  | { readonly ok: true; readonly value: DecimalSign; readonly decided: boolean }
  | { readonly ok: false; readonly reason: Extract<ColumnReason, `decimal_${string}`>; readonly examples: readonly string[] }

/** An amount in minor units of its currency, with the currency that the cell itself named (ISO 4217), or null. */
export type ParsedMoney = { readonly amountMinor: number; readonly currency: string | null }

/** 10^13 major units with two decimals still fit a JavaScript integer exactly. */
const MAX_AMOUNT_MINOR = 1e15

const CURRENCY_MARKS: Readonly<Record<string, string>> = {
  '₽': 'RUB',
  'руб.': 'RUB',
  руб: 'RUB',
  'р.': 'RUB',
  р: 'RUB',
  рублей: 'RUB',
  рубля: 'RUB',
  рубль: 'RUB',
  rub: 'RUB',
  rur: 'RUB',
  $: 'USD',
  us$: 'USD',
  usd: 'USD',
  '€': 'EUR',
  eur: 'EUR',
  '£': 'GBP',
  gbp: 'GBP',
  '¥': 'CNY',
  cny: 'CNY',
  '₸': 'KZT',
  kzt: 'KZT',
  '₴': 'UAH',
  uah: 'UAH',
  byn: 'BYN',
  br: 'BYN',
  chf: 'CHF',
  '₺': 'TRY',
  try: 'TRY',
  aed: 'AED',
  uzs: 'UZS',
  '֏': 'AMD',
  amd: 'AMD',
  '₾': 'GEL',
  gel: 'GEL',
}

const SPACES = /[\s\u00a0\u2007\u2009\u202f]+/g
const CURRENCY_AT_END = /([₽$€£¥₸₴₺֏₾]|[a-zа-я]{1,6}\$?\.?)$/i
const CURRENCY_AT_START = /^([₽$€£¥₸₴₺֏₾]|[a-zа-я]{1,6}\$?\.?)(?=\s*[-–—−+\d.,]|$)/i
const DASH_ONLY = /^[-–—−]?$/

/** The text of a cell without outer blanks (no-break ones too) and without the apostrophe that marks text in a spreadsheet. */
export function cellText(cell: Cell): string {
  return String(cell)
    .trim()
    .replace(/^'(?=[=+\-@\s＝＋－＠])/, '')
}

/** True for a cell with nothing in it: blanks, or the lone dash that spreadsheets show for nothing. */
export function isBlankCell(cell: Cell): boolean {
  return DASH_ONLY.test(cellText(cell))
}

/**
 * Finds the decimal sign of a column of amounts or numbers.
 * @param samples cells of the column; numbers and blanks say nothing
 * @param usualDecimals decimals that the values may have (2 for most money): with 0 to 2, "1,234" is read as thousands; null when any
 *   count is possible, then such a column is reported as ambiguous
 */
export function detectDecimal(samples: readonly Cell[], usualDecimals: number | null = 2): DecimalFinding {
  const strong = { '.': [] as string[], ',': [] as string[] }
  const weak = { '.': [] as string[], ',': [] as string[] }
  const unsure: string[] = []
  for (const sample of samples) {
    if (typeof sample !== 'string' || isBlankCell(sample)) continue
    const vote = voteForDecimal(bareNumber(sample), usualDecimals)
    if (vote?.kind === 'unsure') unsure.push(sample)
    else if (vote) (vote.kind === 'strong' ? strong : weak)[vote.sign].push(sample)
  }
  const votes = strong['.'].length + strong[','].length > 0 ? strong : weak
  const [winner, other] = votes['.'].length >= votes[','].length ? (['.', ','] as const) : ([',', '.'] as const)
  const [most, least] = [votes[winner].length, votes[other].length]
  if (least > 0 && least * 20 > most)
    return { ok: false, reason: 'decimal_mixed', examples: [votes[winner][0]!, votes[other][0]!] }
  if (most > 0) return { ok: true, value: winner, decided: true }
  if (unsure.length > 0) return { ok: false, reason: 'decimal_ambiguous', examples: unsure.slice(0, 3) }
  return { ok: true, value: '.', decided: false }
}

type DecimalVote = { kind: 'strong' | 'weak'; sign: DecimalSign } | { kind: 'unsure' }

/** "1.234,5" and "1234,5" prove their decimal sign; "1,234" only suggests thousands, and any stronger sample overrules it. */
function voteForDecimal(bare: string, usualDecimals: number | null): DecimalVote | null {
  const lastSign = Math.max(bare.lastIndexOf('.'), bare.lastIndexOf(','))
  if (lastSign < 0 || !/^[\d.,]+$/.test(bare)) return null
  const sign = bare[lastSign] as DecimalSign
  const opposite = sign === '.' ? ',' : '.'
  const repeated = bare.indexOf(sign) !== lastSign
  if (repeated) return bare.includes(opposite) ? null : { kind: 'strong', sign: opposite }
  if (bare.includes(opposite) || !/^[1-9]\d{0,2}[.,]\d{3}$/.test(bare)) return { kind: 'strong', sign }
  return usualDecimals !== null && usualDecimals < 3 ? { kind: 'weak', sign: opposite } : { kind: 'unsure' }
}

/** Digits and decimal or grouping signs only: currency, blanks, apostrophes, minus and brackets taken away. */
function bareNumber(sample: string): string {
  return splitAmount(cellText(sample)).digits.replace(/[\s'’]/g, '')
}

/**
 * Reads an amount of money.
 * @param cell "1 234,50", "12 000 ₽", "(500)", "−3.5"; a number is an amount in major units
 * @param form the column's decimal sign and the count of decimals of its currency
 * @returns whole minor units (half away from zero only for the noise of binary fractions), or why not
 */
export function parseMoney(cell: Cell, form: { decimal: DecimalSign; minorDigits?: number }): Parsed<ParsedMoney> {
  const minorDigits = form.minorDigits ?? 2
  if (typeof cell === 'number') return moneyFromNumber(cell, minorDigits)
  if (typeof cell === 'boolean') return { ok: false, reason: 'money_malformed' }
  const amount = splitAmount(cellText(cell))
  if (amount.digits === '' && !amount.strange) return { ok: false, reason: 'value_empty' }
  const read = amount.strange ? null : readDigits(amount.digits, form.decimal)
  if (!read) return { ok: false, reason: 'money_malformed' }
  const fraction = read.fraction.replace(/0+$/, '')
  if (fraction.length > minorDigits) return { ok: false, reason: 'money_too_precise' }
  const amountMinor = Number(read.whole + fraction.padEnd(minorDigits, '0'))
  if (amountMinor > MAX_AMOUNT_MINOR) return { ok: false, reason: 'money_out_of_range' }
  return {
    ok: true,
    value: { amountMinor: amount.negative && amountMinor !== 0 ? -amountMinor : amountMinor, currency: amount.currency },
  }
}

function moneyFromNumber(value: number, minorDigits: number): Parsed<ParsedMoney> {
  const exact = Math.abs(value) * 10 ** minorDigits
  if (!(exact <= MAX_AMOUNT_MINOR)) return { ok: false, reason: 'money_out_of_range' }
  const rounded = Math.round(exact)
  if (Math.abs(exact - rounded) > Math.max(1e-6, exact * 1e-12)) return { ok: false, reason: 'money_too_precise' }
  return { ok: true, value: { amountMinor: value < 0 && rounded !== 0 ? -rounded : rounded, currency: null } }
}

/** `strange` when something besides one amount, one sign and one known currency stands in the cell. */
type Amount = { digits: string; negative: boolean; currency: string | null; strange: boolean }

/** Takes brackets, minus and currency off an amount, in whatever order they stand: "($500)", "-$500", "500 ₽-". */
function splitAmount(text: string): Amount {
  let digits = text.replace(SPACES, ' ').trim()
  let [minuses, marks] = [0, 0]
  let currency: string | null = null
  const take = (pattern: RegExp): string | null => {
    const found = pattern.exec(digits)
    if (found) digits = digits.replace(pattern, '').trim()
    return found ? found[0].trim().toLowerCase() : null
  }
  const bracketed = /^\((.*)\)$/.exec(digits)
  if (bracketed) [digits, minuses] = [bracketed[1]!.trim(), 1]
  for (let round = 0; round < 2; round++) {
    if (take(/^[-–—−]|[-–—−]$/)) minuses++
    else take(/^\+/)
    const mark = take(CURRENCY_AT_END) ?? take(CURRENCY_AT_START)
    if (!mark) continue
    marks++
    currency = CURRENCY_MARKS[mark] ?? null
  }
  return { digits, negative: minuses > 0, currency, strange: minuses > 1 || marks > 1 || (marks === 1 && currency === null) }
}

/** Splits a number by the decided sign; groups of thousands must be regular, so a slip of the hand is refused, not guessed. */
function readDigits(text: string, decimal: DecimalSign): { whole: string; fraction: string } | null {
  const [whole = '', fraction = '', ...more] = text.split(decimal)
  if (more.length > 0 || !/^\d*$/.test(fraction) || whole + fraction === '') return null
  const grouped = /^\d{1,3}([ .,'’])\d{3}(?:\1\d{3})*$/.test(whole)
  if (!grouped && !/^\d*$/.test(whole)) return null
  return { whole: whole.replace(/\D/g, '') || '0', fraction }
}

/** Reads a plain number, e.g. a headcount. "1e3", "NaN" and percentages are refused. */
export function parseNumber(cell: Cell, form: { decimal: DecimalSign }): Parsed<number> {
  if (typeof cell === 'number')
    return Number.isFinite(cell) ? { ok: true, value: cell } : { ok: false, reason: 'number_malformed' }
  if (typeof cell === 'boolean') return { ok: false, reason: 'number_malformed' }
  const amount = splitAmount(cellText(cell))
  const strange = amount.strange || amount.currency !== null
  if (amount.digits === '' && !strange) return { ok: false, reason: 'value_empty' }
  const read = strange ? null : readDigits(amount.digits, form.decimal)
  if (!read) return { ok: false, reason: 'number_malformed' }
  const value = Number(`${read.whole}.${read.fraction || '0'}`)
  if (value > Number.MAX_SAFE_INTEGER) return { ok: false, reason: 'number_out_of_range' }
  return { ok: true, value: amount.negative && value !== 0 ? -value : value }
}

const YES = new Set(['yes', 'y', 'true', 't', '1', '+', 'on', 'x', '✓', '✔', 'да', 'д', 'истина', 'есть', 'верно'])
const NO = new Set(['no', 'n', 'false', 'f', '0', '-', '−', '–', '—', 'off', 'нет', 'н', 'ложь', 'неверно'])

/** Reads yes or no in Russian or English. A lone dash means no here; an empty cell is `value_empty`. */
export function parseYesNo(cell: Cell): Parsed<boolean> {
  if (typeof cell === 'boolean') return { ok: true, value: cell }
  const word = cellText(cell).toLowerCase()
  if (YES.has(word)) return { ok: true, value: true }
  if (NO.has(word)) return { ok: true, value: false }
  return { ok: false, reason: word === '' ? 'value_empty' : 'yes_no_unknown' }
}
