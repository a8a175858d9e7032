import type { Locale } from '../views/common.ts'
import type { FactView } from '../views/processes.ts'
import { type RuleWords, ruleTranslators } from './describe-condition.ts'
import { formatReference } from './format.ts'

type Named = { readonly code: string; readonly name: string }

/** What the words of rules are gathered from: names in one language. Archived ones may be among them, so that old rules still read. */
export type RuleVocabulary = {
  readonly facts: readonly FactView[]
  readonly dealTypes: readonly Named[]
  readonly statuses: readonly Named[]
  readonly templates: readonly (Named & { readonly stages: readonly Named[] })[]
  readonly documentTypes: readonly Named[]
  readonly employees: readonly { readonly id: number; readonly name: string }[]
  readonly counterparties: readonly { readonly id: number; readonly name: string }[]
  readonly currency: string
}

/** The company's words by code. What is unknown is shown by its code, what is not chosen yet as an ellipsis. */
export function ruleWords(vocabulary: RuleVocabulary, locale: Locale): RuleWords {
  const { facts, templates, currency } = vocabulary
  const unnamed = ruleTranslators[locale]('unnamed')
  const byKey = new Map(facts.map((fact) => [fact.key, fact]))
  const people = new Map(vocabulary.employees.map(({ id, name }) => [id, name]))
  const clients = new Map(vocabulary.counterparties.map(({ id, name }) => [id, name]))
  const namer = (rows: readonly Named[]): ((code: string) => string) => {
    const names = new Map(rows.map(({ code, name }) => [code, name]))
    return (code) => names.get(code) || code || unnamed
  }
  const employee = (id: number): string => people.get(id) ?? (id > 0 ? formatReference(id, locale) : unnamed)
  const [dealType, status, template, documentType] = [
    namer(vocabulary.dealTypes),
    namer(vocabulary.statuses),
    namer(templates),
    namer(vocabulary.documentTypes),
  ]
  const stage = (of: string | undefined, code: string): string =>
    namer(templates.filter((one) => of === undefined || one.code === of).flatMap(({ stages }) => stages))(code)
  return {
    fact: (key) =>
      byKey.get(key) ?? (key.startsWith('document.') ? { name: key, kind: 'choice', source: 'documentState' } : undefined),
    choice(key, value) {
      const fact = byKey.get(key)
      const choice = fact?.choices?.find((one) => one.value === value)
      if (choice) return choice.name
      switch (fact?.source) {
        case 'employee':
          return employee(Number(value))
        case 'dealType':
          return dealType(value)
        case 'status':
          return status(value)
        case 'process':
          return template(value)
        case 'stage':
          return stage(undefined, value)
        case 'counterparty':
          return clients.get(Number(value)) ?? formatReference(value, locale)
        default:
          return value
      }
    },
    dealType,
    status,
    template,
    stage,
    documentType,
    employee,
    currency,
  }
}
