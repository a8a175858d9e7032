import { keep, zonedFormat } from '../domain/kept-formats.ts'
import { minorDigits, minorPerUnit } from '../domain/money.ts'
import type { Locale } from '../views/common.ts'

/**
 * How numbers, money, days and ages are written (design/look, section 6). Pure: the caller gives locale and time zone.
 * NBSP (U+00A0) stands inside numbers and before units in Russian; minus is U+2212.
 */
const nbsp = '\u00a0'
const symbols: Readonly<Record<string, string>> = { RUB: '₽', USD: '$', EUR: '€', KZT: '₸', BYN: 'Br', CNY: '¥' }

const groupMark: Readonly<Record<Locale, string>> = { ru: nbsp, en: ',' }

/** Groups of three always stand apart. By hand: the first Intl.NumberFormat costs a phone more than the rest of a screen's texts together. */
function grouped(value: number, digits: number, locale: Locale): string {
  const [whole = '', fraction] = Math.abs(value).toFixed(digits).split('.')
  const text =
    whole.replace(/\B(?=(?:\d{3})+$)/g, groupMark[locale]) + (fraction ? `${locale === 'ru' ? ',' : '.'}${fraction}` : '')
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text
}

const pluralRules = keep((locale) => new Intl.PluralRules(locale))

export function currencySymbol(currency: string): string {
  return symbols[currency] ?? currency
}

/** 1284 -> `1 284` / `1,284`. */
export function formatInteger(value: number, locale: Locale): string {
  return grouped(Math.round(value), 0, locale)
}

/** How a thing is called that has only its number for a name: `№ 7` / `No. 7`. */
export function formatReference(number: number | string, locale: Locale): string {
  return `${locale === 'ru' ? '№' : 'No.'}${nbsp}${number}`
}

function decimal(value: number, digits: number, locale: Locale): string {
  return localDecimal(Number(value.toFixed(digits)).toString(), locale)
}

function localDecimal(plain: string, locale: Locale): string {
  const text = plain.replace('-', '−')
  return locale === 'ru' ? text.replace('.', ',') : text
}

/**
 * Magnitudes: from 10 million exactly one decimal; 1 to 10 million up to two, no trailing zero; 10 to 999 thousand whole; below,
 * full units. The limits are where rounding would carry over.
 */
function magnitude(major: number): { value: number; digits: number; unit: '' | 'thousand' | 'million' | 'billion' } {
  const size = Math.abs(major)
  if (size >= 9_995_000_000) return { value: major / 1e9, digits: 1, unit: 'billion' }
  if (size >= 999_950_000) return { value: major / 1e9, digits: 2, unit: 'billion' }
  if (size >= 9_995_000) return { value: major / 1e6, digits: 1, unit: 'million' }
  if (size >= 999_500) return { value: major / 1e6, digits: 2, unit: 'million' }
  if (size >= 9_999.5) return { value: major / 1e3, digits: 0, unit: 'thousand' }
  return { value: major, digits: 0, unit: '' }
}

const unitWords = {
  ru: { '': '', thousand: `${nbsp}тыс.`, million: `${nbsp}млн`, billion: `${nbsp}млрд` },
  en: { '': '', thousand: 'K', million: 'M', billion: 'B' },
} as const

/** Short money: `105,3 млн ₽`, `₽105.3M`. @param amountMinor integer minor units of the currency. */
export function formatMoneyShort(amountMinor: number, currency: string, locale: Locale): string {
  const { value, digits, unit } = magnitude(amountMinor / minorPerUnit(currency))
  const number =
    unit === ''
      ? formatInteger(value, locale)
      : digits === 1
        ? localDecimal(value.toFixed(1), locale)
        : decimal(value, digits, locale)
  const symbol = currencySymbol(currency)
  if (locale === 'ru') return `${number}${unitWords.ru[unit]}${nbsp}${symbol}`
  return number.startsWith('−') ? `−${symbol}${number.slice(1)}${unitWords.en[unit]}` : `${symbol}${number}${unitWords.en[unit]}`
}

/** Full money: `420 000 ₽`, `₽420,000`; kopecks only when there are any. */
export function formatMoney(amountMinor: number, currency: string, locale: Locale): string {
  const perUnit = minorPerUnit(currency)
  const digits = amountMinor % perUnit === 0 ? 0 : minorDigits(currency)
  const number = grouped(amountMinor / perUnit, digits, locale)
  const symbol = currencySymbol(currency)
  return locale === 'ru'
    ? `${number}${nbsp}${symbol}`
    : number.startsWith('−')
      ? `−${symbol}${number.slice(1)}`
      : `${symbol}${number}`
}

/** Share 0..1 -> `53 %` / `53%`; null -> a dash, never 0 %. Rounded for show only. */
export function formatShare(share: number | null, locale: Locale): string {
  if (share === null) return '—'
  const text = decimal(share * 100, share > 0 && share < 0.01 ? 1 : share < 1 && share > 0.99 ? 1 : 0, locale)
  return locale === 'ru' ? `${text}${nbsp}%` : `${text}%`
}

/** Change between two shares in percentage points, from unrounded values: `▼ 8 п.п.`; null when it cannot be told, 0 is `''`-free: `0 п.п.`. */
export function formatPoints(now: number | null, before: number | null, locale: Locale): string | null {
  const points = pointsBetween(now, before)
  if (points === null) return null
  const sign = points > 0 ? `▲${nbsp}` : points < 0 ? `▼${nbsp}` : ''
  return `${sign}${Math.abs(points)}${nbsp}${locale === 'ru' ? 'п.п.' : 'pp'}`
}

/** Whole percentage points between two shares, null when either is unknown. */
export function pointsBetween(now: number | null, before: number | null): number | null {
  if (now === null || before === null) return null
  const points = Math.round(Math.abs(now - before) * 100)
  return now < before && points > 0 ? -points : points
}

function parts(instant: string | Date, timeZone: string): { y: number; m: number; d: number; hm: string } {
  const date = typeof instant === 'string' ? new Date(instant) : instant
  const found = Object.fromEntries(
    zonedFormat(timeZone)
      .formatToParts(date)
      .map((part) => [part.type, part.value]),
  )
  return {
    y: Number(found['year']),
    m: Number(found['month']),
    d: Number(found['day']),
    hm: `${found['hour']}:${found['minute']}`,
  }
}

const months = {
  ru: ['янв', 'фев', 'мар', 'апр', 'мая', 'июн', 'июл', 'авг', 'сен', 'окт', 'ноя', 'дек'],
  en: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
} as const

/** Day `YYYY-MM-DD` -> `13 ноя`, with the year when it differs from `currentYear`. */
export function formatDay(day: string, locale: Locale, currentYear?: number): string {
  const [y, m, d] = day.slice(0, 10).split('-').map(Number) as [number, number, number]
  const text = `${d}${nbsp}${months[locale][m - 1]}`
  return currentYear === y ? text : `${text}${nbsp}${y}`
}

/** Instant -> `13 ноя` in the time zone. */
export function formatDate(instant: string | Date, timeZone: string, locale: Locale, currentYear?: number): string {
  const { y, m, d } = parts(instant, timeZone)
  return formatDay(`${y}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`, locale, currentYear)
}

/** Instant -> `12 ноя, 14:05`. */
export function formatDateTime(instant: string | Date, timeZone: string, locale: Locale, currentYear?: number): string {
  return `${formatDate(instant, timeZone, locale, currentYear)}, ${parts(instant, timeZone).hm}`
}

/** Half-open period of days -> `1 янв – 13 ноя 2026`; `to` is the first day outside. */
export function formatPeriod(from: string, to: string, locale: Locale): string {
  const last = new Date(Date.parse(`${to.slice(0, 10)}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)
  const lastText = formatDay(last, locale)
  if (from.slice(0, 10) === last) return lastText
  const sameYear = from.slice(0, 4) === last.slice(0, 4)
  return `${formatDay(from, locale, sameYear ? Number(last.slice(0, 4)) : undefined)} – ${lastText}`
}

const ageWords = {
  ru: {
    day: { one: 'день', few: 'дня', many: 'дней', other: 'дня' },
    hour: { one: 'час', few: 'часа', many: 'часов', other: 'часа' },
  },
  en: {
    day: { one: 'day', few: 'days', many: 'days', other: 'days' },
    hour: { one: 'hour', few: 'hours', many: 'hours', other: 'hours' },
  },
} as const

/** Hours -> `41 день`, `5 часов`; whole days from 24 h on. */
export function formatAge(hours: number, locale: Locale): string {
  const unit = hours >= 24 ? 'day' : 'hour'
  const value = Math.floor(unit === 'day' ? hours / 24 : hours)
  const form = pluralRules(locale).select(value) as 'one' | 'few' | 'many' | 'other'
  return `${formatInteger(value, locale)}${nbsp}${ageWords[locale][unit][form]}`
}

/** Hours -> days with at most one decimal below ten, for tables: `2,5`. */
/** A rate to two places: `0,12`; `—` where there is none. */
export function formatRate(rate: number | null, locale: Locale): string {
  return rate === null ? '—' : decimal(rate, 2, locale)
}

export function formatDays(hours: number | null, locale: Locale): string {
  if (hours === null) return '—'
  const days = hours / 24
  return decimal(days, days < 10 ? 1 : 0, locale)
}
