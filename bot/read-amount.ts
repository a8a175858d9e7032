/** Words and letters that stand for thousands, millions and billions, in both languages. */
const scales: readonly (readonly [RegExp, number])[] = [
  [/^(?:тыс(?:яч[аи]?)?\.?|к|k|thousand)$/iu, 1e3],
  [/^(?:млн\.?|миллион(?:а|ов)?|м|m|mln|million)$/iu, 1e6],
  [/^(?:млрд\.?|миллиард(?:а|ов)?|bn|b|billion)$/iu, 1e9],
  [/^$/, 1],
]

/**
 * Reads a sum as people write it: `420 000`, `1,86 млн`, `500 тыс ₽`, `₽1.5M`, `12 500,50`.
 * @returns minor units (hundredths), or null when it is not a sum.
 */
export function readAmount(text: string): number | null {
  const bare = text.replace(/[₽$€₸]|руб(?:л[ьяей]+)?\.?|rub|р\.?$/giu, '').trim()
  const match = /^(\d[\d\s\u00a0\u202f.,']*?)\s*([a-zа-я.]*)$/iu.exec(bare)
  const scale = match && scales.find(([word]) => word.test(match[2] ?? ''))?.[1]
  const number = match && readNumber(match[1] ?? '', scale !== 1)
  if (!scale || number === null || number === undefined) return null
  const minor = Math.round(number * scale * 100)
  return Number.isSafeInteger(minor) ? minor : null
}

/** A lone separator before one or two digits, or before any with a scale word after, is the decimal one; others part thousands. */
function readNumber(text: string, scaled: boolean): number | null {
  const plain = text.replace(/[\s\u00a0\u202f']/g, '')
  const decimal = scaled ? /^([\d.,]*?)[.,](\d{1,6})$/.exec(plain) : /^([\d.,]*?)[.,](\d{1,2})$/.exec(plain)
  const whole = (decimal?.[1] ?? plain).replace(/[.,](?=\d{3}(?:[.,]|$))/g, '')
  return /^\d+$/.test(whole) ? Number(`${whole}.${decimal?.[2] ?? '0'}`) : null
}
