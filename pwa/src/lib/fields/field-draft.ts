import type { FieldValue } from '../../../../shared/domain/custom-fields.ts'
import type { Locale } from '../../../../shared/views/common.ts'
import type { CustomFieldView, FieldValueView } from '../../../../shared/views/processes.ts'
import { readAmount, writeAmount } from '../deal/amount.ts'

/** What stands in an input: texts as typed, yes or no, codes of options, or a file, client or employee with its name. */
export type NamedRef = { readonly id: string; readonly name: string }
export type DraftValue = string | boolean | readonly string[] | NamedRef | null
/** How the organisation's money is written. */
export type DraftWords = { readonly locale: Locale; readonly currency: string }
export type FieldDraft = Readonly<Record<string, DraftValue>>
export type FieldProblems = Readonly<Record<string, 'fields.required' | 'fields.badNumber' | 'new.badAmount' | 'new.bigAmount'>>

type Held = Pick<FieldValueView, 'code' | 'value' | 'text'>

/** The draft of a deal that holds `held`; a new deal holds nothing. */
export function draftOf(fields: readonly CustomFieldView[], held: readonly Held[], words: DraftWords): FieldDraft {
  const byCode = new Map(held.map((one) => [one.code, one]))
  return Object.fromEntries(fields.map((field) => [field.code, draftValue(field, byCode.get(field.code), words)]))
}

function draftValue({ kind }: CustomFieldView, held: Held | undefined, { locale, currency }: DraftWords): DraftValue {
  const value = held?.value ?? null
  switch (kind) {
    case 'flag':
      return value as boolean | null
    case 'several':
      return Array.isArray(value) ? value : []
    case 'file':
    case 'counterparty':
    case 'employee':
      return value === null ? null : { id: String(value), name: held?.text ?? '' }
    case 'money':
      return value === null ? '' : writeAmount(Number(value), locale, currency)
    case 'number':
      return value === null ? '' : String(value).replace('.', locale === 'ru' ? ',' : '.')
    case 'text':
    case 'day':
    case 'choice':
      return value === null ? '' : String(value)
  }
}

/** The draft as the API takes it, with what is wrong by code. An unticked «yes or no» is «no» where an answer is required. */
export function readDraft(
  fields: readonly CustomFieldView[],
  draft: FieldDraft,
  words: DraftWords,
): { readonly values: Readonly<Record<string, FieldValue>>; readonly problems: FieldProblems } {
  const values: Record<string, FieldValue> = {}
  const problems: Record<string, FieldProblems[string]> = {}
  for (const field of fields) {
    const read = readValue(field, draft[field.code] ?? null, words)
    if ('problem' in read) problems[field.code] = read.problem
    else if (read.value === null && field.isRequired) problems[field.code] = 'fields.required'
    else values[field.code] = read.value
  }
  return { values, problems }
}

/** Those of the values that differ from what the deal held. */
export function changedValues(
  values: Readonly<Record<string, FieldValue>>,
  held: readonly Held[],
): Readonly<Record<string, FieldValue>> {
  const before = new Map(held.map((one) => [one.code, one.value]))
  const isChanged = ([code, value]: [string, FieldValue]) => JSON.stringify(before.get(code) ?? null) !== JSON.stringify(value)
  return Object.fromEntries(Object.entries(values).filter(isChanged))
}

type Reading = { readonly value: FieldValue } | { readonly problem: FieldProblems[string] }

function readValue({ kind, isRequired }: CustomFieldView, draft: DraftValue, { locale, currency }: DraftWords): Reading {
  if (kind === 'flag') return { value: draft === null ? (isRequired ? false : null) : Boolean(draft) }
  if (Array.isArray(draft)) return { value: draft.length > 0 ? draft : null }
  if (draft !== null && typeof draft === 'object') return { value: (draft as NamedRef).id }
  const text = typeof draft === 'string' ? draft.trim() : ''
  if (text === '') return { value: null }
  if (kind === 'money') {
    const reading = readAmount(text, locale, currency)
    if ('amountMinor' in reading) return { value: reading.amountMinor }
    return { problem: reading.problem === 'new.bigAmount' ? 'new.bigAmount' : 'new.badAmount' }
  }
  if (kind === 'number') {
    const plain = text
      .replace(/[\s\u00a0\u202f_]/g, '')
      .replace('−', '-')
      .replace(',', '.')
    return /^-?\d{1,15}(\.\d{1,9})?$/.test(plain) ? { value: Number(plain) } : { problem: 'fields.badNumber' }
  }
  return { value: text }
}
