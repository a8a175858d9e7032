import { AppError } from './app-error.ts'

/**
 * Money is whole minor units of a currency. How many make one unit differs: 100 kopecks, but one yen (ISO 4217).
 *
 * Sums over deals are in the organisation's base currency. A deal in it counts as it is. One in another currency is converted at the rate
 * valid on the day when it was won or lost (its last entry into such a status), while it is open at the newest rate; half a minor unit is
 * rounded away from zero. Without a rate for that day the deal is counted and its money is missing, which the figure says. The database
 * keeps the result on each deal (`base_amount` in migration 0004); `convertAmount` says the same in TypeScript.
 */
const codes =
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UYW UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG'
const known: ReadonlySet<string> = new Set(codes.split(' '))

const digits: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries({
    0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
    3: 'BHD IQD JOD KWD LYD OMR TND',
    4: 'CLF UYW',
  }).flatMap(([count, currencies]) => currencies.split(' ').map((currency) => [currency, Number(count)])),
)

/** Codes of the currencies in use (ISO 4217), in alphabetical order. */
export const currencies: readonly string[] = [...known]

export function isCurrency(code: string): boolean {
  return known.has(code)
}

/** @throws AppError currency_unknown */
export function assertCurrency(code: string): void {
  if (!isCurrency(code)) throw new AppError('currency_unknown', { currency: code })
}

/** Decimals of the currency's minor unit: 2 for roubles, 0 for yen. */
export function minorDigits(currency: string): number {
  return digits[currency] ?? 2
}

/** Minor units in one unit of the currency. */
export function minorPerUnit(currency: string): number {
  return 10 ** minorDigits(currency)
}

/** Most minor units that a number holds exactly. */
const mostMinor = BigInt(Number.MAX_SAFE_INTEGER)

/** A rate as written: up to ten digits and ten decimals, above zero. */
export const ratePattern = /^(?=.*[1-9])\d{1,10}(\.\d{1,10})?$/

/**
 * An amount at a rate, by exact arithmetic.
 * @param rate units of `to` per unit of `from`, as a decimal text
 * @returns minor units of `to`, half rounded away from zero; null beyond what a number holds exactly
 */
export function convertAmount(amountMinor: number, from: string, to: string, rate: string): number | null {
  const [whole = '0', fraction = ''] = rate.split('.')
  const shift = minorDigits(to) - minorDigits(from) - fraction.length
  const product = BigInt(amountMinor) * BigInt(whole + fraction)
  const exact = shift >= 0 ? product * 10n ** BigInt(shift) : halfAway(product, 10n ** BigInt(-shift))
  return exact > mostMinor || exact < -mostMinor ? null : Number(exact)
}

function halfAway(value: bigint, divisor: bigint): bigint {
  const half = value < 0n ? -divisor : divisor
  return (value * 2n + half) / (divisor * 2n)
}

/** One row of the table of rates: units of the base currency per unit of `currency`, from a day on. */
export type DatedRate = { readonly currency: string; readonly validFrom: string; readonly rate: string }

/** The rate of a currency on a day, the newest one when `day` is null; null when none is known by then. */
export function rateOn(rates: readonly DatedRate[], currency: string, day: string | null): string | null {
  const valid = rates.filter((row) => row.currency === currency && (day === null || row.validFrom <= day))
  return valid.sort((a, b) => (a.validFrom < b.validFrom ? 1 : -1))[0]?.rate ?? null
}
