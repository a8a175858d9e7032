import type { Requirement } from '../domain/process.ts'
import type { Gate } from '../domain/rules.ts'
import type { Locale } from '../views/common.ts'
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

/** What has to be done to pass a gate: `Нужен подписанный документ «Договор».` */
export function describeGate(gate: Gate, locale: Locale, words: GateWords): string {
  const t = translators[locale]
  switch (gate.kind) {
    case 'fields':
      return t('gate.fields', { facts: gate.facts.map(words.fact).join(', ') })
    case 'amount': {
      const [from, to] = [gate.fromMinor, gate.toMinor].map(
        (minor) => minor !== null && formatMoney(minor, words.currency, locale),
      )
      return from && to
        ? t('gate.amountBetween', { from, to })
        : from
          ? t('gate.amountFrom', { from })
          : t('gate.amountTo', { to: to || '' })
    }
    case 'document':
      return t(`gate.document.${gate.goal}`, { document: words.documentType(gate.documentType) })
    case 'approval':
      return t('gate.approval', { role: t(`role.${gate.role}`) })
    case 'time':
      return t('gate.time', { age: formatAge(gate.hours, locale) })
    case 'tasks':
    case 'requisites':
      return t(`gate.${gate.kind}`)
  }
}

/** One unmet requirement in words. */
export function describeRequirement(requirement: Requirement, locale: Locale, words: GateWords): string {
  return requirement.kind === 'gate' ? describeGate(requirement.gate, locale, words) : translators[locale]('gate.no_way')
}
