/** Words and letters that stand for thousands, millions and billions, in both languages. */
const scales: readonly (readonly [RegExp, number])[] = [
  [/^(?:тыс(?:яч[аи]?)?\.?|к|k|thousand)$/iu, 1e3],
  [/^(?:млн\.?|миллион(?:а|ов)?|м|m|mln|million)$/iu, 1e6],
  [/^(?:млрд\.?|миллиард(?:а|ов)?|bn|b|billion)$/iu, 1e9],
  [/^$/, 1],
]

/**
 * Reads a sum as people write it: `420 000`, `1,86 млн`, `500 тыс ₽`, `₽1.5M`, `12 500,50`.
 * @param digits decimals of the currency @returns minor units, or null when it is not a sum, or has parts that the currency has not
 */
export function readAmount(text: string, digits = 2): number | null {
  const bare = text.replace(/[₽$€₸]|руб(?:л[ьяей]+)?\.?|rub|р\.?$/giu, '').trim()
  const match = /^(\d[\d\s\u00a0\u202f.,']*?)\s*([a-zа-я.]*)$/iu.exec(bare)
  const scale = match && scales.find(([word]) => word.test(match[2] ?? ''))?.[1]
  const number = match && readNumber(match[1] ?? '', scale !== 1, digits)
  if (!scale || number === null || number === undefined) return null
  const exact = number * scale * 10 ** digits
  const minor = Math.round(exact)
  // A part of a sum in millions may be finer than a kopeck, a yen has no parts at all.
  return Number.isSafeInteger(minor) && (digits > 0 || Math.abs(exact - minor) < 1e-6) ? minor : null
}

/**
 * A lone separator before one or two digits, or before any with a scale word after, is the decimal one; others part thousands. Where the
 * currency has three decimals or more, so many digits after a lone point or after the last of two kinds are decimals too, and after a lone comma it cannot be told.
 */
function readNumber(text: string, scaled: boolean, digits: number): number | null {
  const plain = text.replace(/[\s\u00a0\u202f']/g, '')
  if (digits > 2 && !scaled && /^\d+,\d{3,}$/.test(plain)) return null
  const decimal = scaled
    ? /^([\d.,]*?)[.,](\d{1,6})$/.exec(plain)
    : (/^([\d.,]*?)[.,](\d{1,2})$/.exec(plain) ?? (digits > 2 ? longDecimals(plain, digits) : null))
  const whole = (decimal?.[1] ?? plain).replace(/[.,](?=\d{3}(?:[.,]|$))/g, '')
  return /^\d+$/.test(whole) ? Number(`${whole}.${decimal?.[2] ?? '0'}`) : null
}

/** `12.345`, `1,234.567`, `1.234,567` */
function longDecimals(plain: string, digits: number): RegExpExecArray | null {
  return new RegExp(`^(\\d+(?=\\.)|\\d{1,3}(?:,\\d{3})+(?=\\.)|\\d{1,3}(?:\\.\\d{3})+(?=,))[.,](\\d{1,${digits}})$`).exec(plain)
}
