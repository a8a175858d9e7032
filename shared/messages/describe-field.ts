import { type FieldDefinition, type FieldProblem, type FieldValue, longestFieldText } from '../domain/custom-fields.ts'
import type { Locale } from '../views/common.ts'
import { fieldsEn } from './en/fields.ts'
import { formatDay, formatMoney } from './format.ts'
import { fieldsRu } from './ru/fields.ts'
import { createTranslate } from './translate.ts'

const translators = { ru: createTranslate('ru', fieldsRu), en: createTranslate('en', fieldsEn) }

export type FieldWords = {
  /** The organisation's. */
  readonly currency: string
  /** What a file, client or employee is called. */
  readonly nameOf: (kind: 'file' | 'counterparty' | 'employee', id: string) => string
  /** Year that goes without saying. */
  readonly currentYear?: number
}

/** A value in words: `12 мая 2026`, `150 000 ₽`, names of options; nothing is an empty text. An option that is gone is shown by its code. */
export function describeField(
  field: Pick<FieldDefinition, 'kind' | 'options'>,
  value: FieldValue,
  locale: Locale,
  words: FieldWords,
): string {
  if (value === null) return ''
  const nameOption = (code: string) => field.options.find((option) => option.code === code)?.[locale] ?? code
  switch (field.kind) {
    case 'text':
      return String(value)
    case 'number':
      return plainNumber(Number(value), locale)
    case 'money':
      return formatMoney(Number(value), words.currency, locale)
    case 'day':
      return formatDay(String(value), locale, words.currentYear)
    case 'choice':
      return nameOption(String(value))
    case 'several':
      return (Array.isArray(value) ? value : [String(value)]).map(nameOption).join(', ')
    case 'flag':
      return translators[locale](value === true ? 'yes' : 'no')
    case 'file':
    case 'counterparty':
    case 'employee':
      return words.nameOf(field.kind, String(value))
  }
}

/** What is wrong with a value, and how to mend it. */
export function describeFieldProblem(problem: FieldProblem, locale: Locale): string {
  return translators[locale](problem, { max: longestFieldText })
}

/** Every digit that there is; thousands stand apart from ten thousand on. */
function plainNumber(value: number, locale: Locale): string {
  const [whole = '', fraction] = String(Math.abs(value)).split('.')
  if (whole.includes('e')) return String(value)
  const mark = locale === 'ru' ? '\u00a0' : ','
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(?:\d{3})+$)/g, mark) : whole
  return `${value < 0 ? '−' : ''}${grouped}${fraction ? `${locale === 'ru' ? ',' : '.'}${fraction}` : ''}`
}
