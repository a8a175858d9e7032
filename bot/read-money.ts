import { isCurrency, minorDigits } from '../shared/domain/money.ts'
import { readAmount } from './read-amount.ts'

/** Marks and words of money by the currency that they mean; codes of ISO 4217 speak for themselves. */
const marks: readonly (readonly [RegExp, string])[] = [
  [/₽|руб(?:л[ьяей]+)?\.?|р\.$/iu, 'RUB'],
  [/\$|доллар(?:а|ов)?/iu, 'USD'],
  [/€|евро/iu, 'EUR'],
  [/₸|тенге/iu, 'KZT'],
  [/¥|юан(?:ь|я|ей)/iu, 'CNY'],
]
const code = /(?<!\p{L})([a-z]{3})(?!\p{L})/giu

export type Money = { readonly amountMinor: number; readonly currency: string }

/**
 * Reads a sum as people write it, with its currency: `420 000`, `1,5 млн $`, `USD 300`, `12 500,50 руб.`
 * @param usual the currency where none is named @returns null when it is not a sum
 */
export function readMoney(text: string, usual: string): Money | null {
  const named = [...text.matchAll(code)].map(([word]) => word.toUpperCase()).find(isCurrency)
  const marked = marks.find(([mark]) => mark.test(text))
  const currency = named ?? marked?.[1] ?? usual
  const bare = marked ? text.replace(marked[0], ' ') : text
  const amountMinor = readAmount((named ? bare.replace(new RegExp(named, 'i'), ' ') : bare).trim(), minorDigits(currency))
  return amountMinor === null ? null : { amountMinor, currency }
}
