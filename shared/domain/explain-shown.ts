import { formatInteger, formatMoneyShort, formatPoints, formatShare } from '../messages/format.ts'
import type { Locale } from '../views/common.ts'
import { minorPerUnit } from './money.ts'

/**
 * Two figures and what they differ by, as they are shown: the difference is always that of the figures shown. Usually as coarse as figures are anywhere
 * (design/look, section 6); where the rounded pair and the rounded change would contradict one another, all three get one decimal more.
 */
export type ShownPair = {
  readonly now: string
  readonly before: string
  /** Without a sign, `0` with its unit where nothing is left of it. */
  readonly size: string
  /** Of the change as shown: nothing is said of one that rounds to nothing. */
  readonly sign: -1 | 0 | 1
}
type Pair = { readonly now: number; readonly before: number }
type Unit = { readonly size: number; readonly digits: number }

/** What is shown of `now - before`, in steps of the unit, and whether that is what the change itself rounds to. */
function inSteps({ now, before }: Pair, { size, digits }: Unit) {
  const step = size / 10 ** digits
  const [a, b, exact] = [now, before, now - before].map((value) => Math.round(value / step))
  const change = a! - b!
  return { now: a!, before: b!, change, step, agrees: change === exact && (change !== 0 || now === before) }
}

function finer(unit: Unit, pairs: readonly Pair[], more: number): Unit {
  return pairs.every((pair) => inSteps(pair, unit).agrees) ? unit : { ...unit, digits: unit.digits + more }
}

/** `1 284,50`, of whole steps. */
function writeSteps(steps: number, digits: number, locale: Locale): string {
  const size = Math.abs(steps)
  const whole = formatInteger(Math.floor(size / 10 ** digits), locale)
  const text = digits === 0 ? whole : `${whole}${locale === 'ru' ? ',' : '.'}${String(size % 10 ** digits).padStart(digits, '0')}`
  return steps < 0 ? `−${text}` : text
}

const number = /\d+(?:[.,]\d+)?/

/** Decimals of the percentages of one column: no two of it are written differently. Null: not known. @param pairs shares 0..1 */
export function shareDigits(pairs: readonly { readonly now: number | null; readonly before: number | null }[]): number {
  const known = pairs.flatMap(({ now, before }) => [now, before]).filter((share) => share !== null)
  // As formatShare: near none and near all a whole percent would hide the rest.
  const digits = known.some((share) => (share > 0 && share < 0.01) || (share > 0.99 && share < 1)) ? 1 : 0
  return finer({ size: 0.01, digits }, pairs.filter(isPair), 1).digits
}

function isPair(pair: { readonly now: number | null; readonly before: number | null }): pair is Pair {
  return pair.now !== null && pair.before !== null
}

/** `53 %`, `53,4 %`; null: a dash. */
export function showShare(share: number | null, digits: number, locale: Locale): string {
  if (share === null) return formatShare(null, locale)
  return formatShare(0.5, locale).replace(number, writeSteps(Math.round(share * 100 * 10 ** digits), digits, locale))
}

/** @param digits of its column, see `shareDigits`; else its own */
export function showShares(pair: Pair, locale: Locale, digits = shareDigits([pair])): ShownPair {
  const { change } = inSteps(pair, { size: 0.01, digits })
  return {
    now: showShare(pair.now, digits, locale),
    before: showShare(pair.before, digits, locale),
    size: showPoints(change, digits, locale),
    sign: signOf(change),
  }
}

/** `0,7 п.п.` @param steps of so many decimals of a percentage point, whole */
export function showPoints(steps: number, digits: number, locale: Locale): string {
  return (formatPoints(0, 0, locale) ?? '').replace(number, writeSteps(Math.abs(steps), steps === 0 ? 0 : digits, locale))
}

/** Units that short money is written in, by the sums from which on it is; see formatMoneyShort. In major units. */
const moneyUnits: readonly (Unit & { readonly from: number })[] = [
  { from: 9_995_000_000, size: 1e9, digits: 1 },
  { from: 999_950_000, size: 1e9, digits: 2 },
  { from: 9_995_000, size: 1e6, digits: 1 },
  { from: 999_500, size: 1e6, digits: 2 },
  { from: 9_999.5, size: 1e3, digits: 0 },
  { from: 0, size: 1, digits: 0 },
]

/** How the sums of one comparison are written: by the largest, one decimal finer where pair and change would contradict one another. */
export function moneyUnit(pair: Pair, currency: string): Unit {
  const perUnit = minorPerUnit(currency)
  const largest = Math.max(Math.abs(pair.now), Math.abs(pair.before)) / perUnit
  const { size, digits } = moneyUnits.find(({ from }) => largest >= from) ?? moneyUnits.at(-1)!
  return finer({ size: size * perUnit, digits }, [pair], size === 1 ? 2 : 1)
}

/** `248,64 млн ₽`. @param steps of the unit, whole */
export function showMoney(steps: number, { size, digits }: Unit, currency: string, locale: Locale): string {
  // Unit word and symbol as short money has them: twenty of the unit.
  const text = formatMoneyShort(20 * size, currency, locale).replace(number, writeSteps(Math.abs(steps), digits, locale))
  return steps < 0 ? `−${text}` : text
}

export function showMoneys(pair: Pair, currency: string, locale: Locale): ShownPair {
  const unit = moneyUnit(pair, currency)
  const steps = inSteps(pair, unit)
  const show = (value: number) => showMoney(value, unit, currency, locale)
  return { now: show(steps.now), before: show(steps.before), size: show(Math.abs(steps.change)), sign: signOf(steps.change) }
}

/** Numbers of deals are whole. */
export function showCounts({ now, before }: Pair, locale: Locale): ShownPair {
  const show = (value: number) => formatInteger(value, locale)
  return { now: show(now), before: show(before), size: show(Math.abs(now - before)), sign: signOf(now - before) }
}

/** `1,25` and `1`: entries per deal are near one, a tenth would hide the difference. */
export function showDecimals(pair: Pair, locale: Locale): ShownPair {
  const digits = Math.max(pair.now, pair.before) >= 10 ? 1 : 2
  const { now, before, change } = inSteps(pair, { size: 1, digits })
  const show = (steps: number) => writeSteps(steps, digits, locale).replace(/[.,]0+$|(?<=[.,]\d*[1-9])0+$/, '')
  return { now: show(now), before: show(before), size: show(Math.abs(change)), sign: signOf(change) }
}

/** What a change is, in whole steps as it is shown, and how fine they are. */
export function shownChange(pair: Pair, unit: Unit): { readonly change: number; readonly step: number } {
  const { change, step } = inSteps(pair, unit)
  return { change, step }
}

function signOf(value: number): -1 | 0 | 1 {
  return value > 0 ? 1 : value < 0 ? -1 : 0
}
