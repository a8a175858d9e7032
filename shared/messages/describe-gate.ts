import type { Requirement } from '../domain/process.ts'
import { type Gate, type GateInput, gateForms } from '../domain/rules.ts'
import type { Locale, Role } from '../views/common.ts'
import { processEn } from './en/process.ts'
import { formatAge, formatMoney } from './format.ts'
import { type ProcessKey, processRu } from './ru/process.ts'
import { createTranslate } from './translate.ts'

/** The company's own words that a gate may name. */
export type GateWords = {
  /** Name of a fact by its key. */
  readonly fact: (key: string) => string
  readonly documentType: (code: string) => string
  readonly currency: string
}

const translators = { ru: createTranslate<ProcessKey>('ru', processRu), en: createTranslate<ProcessKey>('en', processEn) }

/** Name of a built-in fact; undefined for the company's own. */
export function nameBuiltInFact(key: string, locale: Locale): string | undefined {
  const name = `fact.${key}`
  return name in processRu ? translators[locale](name as ProcessKey) : undefined
}

/** What has to be done to pass a gate, from its kind's message and the parts of `gateForms`: `Нужен подписанный документ «Договор».` */
export function describeGate(gate: Gate, locale: Locale, words: GateWords): string {
  const parts = gate as unknown as Readonly<Record<string, unknown>>
  const form = Object.entries<GateInput>(gateForms[gate.kind])
  return translators[locale](
    `gate.${gate.kind}`,
    Object.fromEntries(form.map(([part, input]) => [part, sayPart(input, parts[part], locale, words)])),
  )
}

/** A part in words; `none` where it is left open, for messages to choose by; goals by code, likewise. */
function sayPart(input: GateInput, value: unknown, locale: Locale, words: GateWords): string {
  if (value === null) return 'none'
  switch (input) {
    case 'facts':
      return (value as readonly string[]).map(words.fact).join(', ')
    case 'money':
      return formatMoney(value as number, words.currency, locale)
    case 'documentType':
      return words.documentType(value as string)
    case 'role':
      return describeRole(value as Role, locale)
    case 'hours':
      return formatAge(value as number, locale)
    case 'documentGoal':
      return value as string
  }
}

/** A role in words, as gates name it: `руководитель отдела`. */
export function describeRole(role: Role, locale: Locale): string {
  return translators[locale](`role.${role}`)
}

/** One unmet requirement in words. */
export function describeRequirement(requirement: Requirement, locale: Locale, words: GateWords): string {
  return requirement.kind === 'gate' ? describeGate(requirement.gate, locale, words) : translators[locale]('gate.no_way')
}
