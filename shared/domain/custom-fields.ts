import type { FieldKind } from './facts.ts'

/**
 * What a deal type's own fields take (product.md, section 4 "Administration"): one check for the API, forms and imports.
 * Values: text; number; money in minor units; a day; code of an option, codes in the field's order; true or false; files, clients and
 * employees by their id as text, as facts name them.
 */
export type FieldValue = string | number | boolean | readonly string[] | null
export type FieldOption = { readonly code: string; readonly ru: string; readonly en: string }

export type FieldDefinition = {
  readonly code: string
  readonly names: { readonly ru: string; readonly en: string }
  readonly kind: FieldKind
  readonly options: readonly FieldOption[]
  readonly isRequired: boolean
  /** Kept with what it holds, but no longer asked for. */
  readonly archived: boolean
}

export type FieldProblem = 'required' | 'too_long' | 'option_unknown' | 'field_unknown' | `not_${FieldKind}`
export type CheckedField =
  | { readonly ok: true; readonly value: FieldValue }
  | { readonly ok: false; readonly problem: FieldProblem }

export const longestFieldText = 4000
/** Beyond this a JavaScript number no longer tells neighbours apart. */
const largestNumber = 1e15
const largestId = 2_147_483_647

/** Kinds that choose among options of the field's own. */
export function hasOptions(kind: FieldKind): boolean {
  return kind === 'choice' || kind === 'several'
}

/** Checks one value and brings it to the form it is kept in. Nothing (null, blank text, no codes) is null. */
export function checkField(field: FieldDefinition, given: unknown): CheckedField {
  const value = typeof given === 'string' ? given.trim() : given
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0))
    return field.isRequired ? { ok: false, problem: 'required' } : { ok: true, value: null }
  const read = readers[field.kind](value, field)
  if (read === null) return { ok: false, problem: `not_${field.kind}` }
  return typeof read === 'object' && 'problem' in read ? { ok: false, problem: read.problem } : { ok: true, value: read }
}

export type CheckedFields = {
  readonly values: Readonly<Record<string, FieldValue>>
  readonly problems: readonly { readonly code: string; readonly problem: FieldProblem }[]
}

/**
 * Checks values by code, all problems at once; an archived field takes nothing.
 * @param isWhole true for a new deal: required fields that are not given are problems; false for an edit, which checks what it names
 */
export function checkFields(
  fields: readonly FieldDefinition[],
  given: Readonly<Record<string, unknown>>,
  isWhole: boolean,
): CheckedFields {
  const asked = fields.filter((field) => !field.archived)
  const known = new Map(asked.map((field) => [field.code, field]))
  const codes = isWhole ? [...new Set([...known.keys(), ...Object.keys(given)])] : Object.keys(given)
  const values: Record<string, FieldValue> = {}
  const problems: { code: string; problem: FieldProblem }[] = []
  for (const code of codes) {
    const field = known.get(code)
    const checked: CheckedField = field
      ? checkField(field, Object.hasOwn(given, code) ? given[code] : null)
      : { ok: false, problem: 'field_unknown' }
    if (!checked.ok) problems.push({ code, problem: checked.problem })
    else if (checked.value !== null || Object.hasOwn(given, code)) values[code] = checked.value
  }
  return { values, problems }
}

/**
 * What a deal of another type takes over from the fields of this one: values of fields of the same code and kind that it can hold.
 * @returns the required fields of the other type that stay empty, too
 */
export function takeOverFields(
  values: Readonly<Record<string, FieldValue>>,
  from: readonly FieldDefinition[],
  to: readonly FieldDefinition[],
): { readonly values: Readonly<Record<string, FieldValue>>; readonly empty: readonly FieldDefinition[] } {
  const kinds = new Map(from.map(({ code, kind }) => [code, kind]))
  const asked = to.filter(({ archived }) => !archived)
  const taken = asked.flatMap((field): [string, FieldValue][] => {
    const checked = kinds.get(field.code) === field.kind ? checkField(field, values[field.code]) : null
    return checked?.ok && checked.value !== null ? [[field.code, checked.value]] : []
  })
  const held = new Set(taken.map(([code]) => code))
  return { values: Object.fromEntries(taken), empty: asked.filter(({ code, isRequired }) => isRequired && !held.has(code)) }
}

/** Null keys are left out: what is not there is null. */
export function mergeFields(
  before: Readonly<Record<string, FieldValue>>,
  changes: Readonly<Record<string, FieldValue>>,
): Readonly<Record<string, FieldValue>> {
  return Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null))
}

export function isSameField(one: FieldValue, other: FieldValue): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null)
}

type Read = (value: unknown, field: FieldDefinition) => Exclude<FieldValue, null> | { readonly problem: FieldProblem } | null

const readers: Readonly<Record<FieldKind, Read>> = {
  text: (value) => {
    if (typeof value !== 'string' || value.includes('\u0000') || !value.isWellFormed()) return null
    return value.length > longestFieldText ? { problem: 'too_long' } : value
  },
  number: (value) => (typeof value === 'number' && Math.abs(value) <= largestNumber ? value + 0 : null),
  money: (value) => (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value + 0 : null),
  day: (value) => (typeof value === 'string' && isDay(value) ? value : null),
  choice: (value, { options }) => {
    if (typeof value !== 'string') return null
    return options.some((option) => option.code === value) ? value : { problem: 'option_unknown' }
  },
  several: (value, { options }) => {
    if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) return null
    if (!value.every((one) => options.some((option) => option.code === one))) return { problem: 'option_unknown' }
    return options.filter((option) => value.includes(option.code)).map((option) => option.code)
  },
  flag: (value) => (typeof value === 'boolean' ? value : null),
  file: readId,
  counterparty: readId,
  employee: readId,
}

function readId(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && /^[1-9]\d{0,9}$/.test(text) && Number(text) <= largestId ? text : null
}

/** From 1900 on, and in the calendar: 31 February is none. */
function isDay(text: string): boolean {
  if (!/^(19|[2-9]\d)\d\d-\d\d-\d\d$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
