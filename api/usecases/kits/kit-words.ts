import type { FactDictionaryRow } from '../../../db/queries/facts.ts'
import { statusesOf } from '../../../shared/kits/kit-statuses.ts'
import type { RuleWords } from '../../../shared/messages/describe-condition.ts'
import type { GateWords } from '../../../shared/messages/describe-gate.ts'
import { ruleWords } from '../../../shared/messages/rule-words.ts'
import type { Kit } from '../../../shared/schemas/kits.ts'
import type { Locale } from '../../../shared/views/common.ts'
import { factsOf } from '../rules/list-facts.ts'

/** Pure: what rules and gates of a kit may name, as if nothing else were there. */
export function kitDictionary(kit: Kit): FactDictionaryRow {
  return {
    types: [{ code: kit.code, names: kit.names }],
    statuses: statusesOf(kit),
    templates: [kit.process, ...kit.furtherProcesses].map(({ code, draft }) => ({
      code,
      names: draft.names,
      stages: draft.stages,
    })),
    departments: [],
    documentTypes: kit.documentTypes,
    fields: kit.fields.map((field) => ({ ...field, type: kit.code })),
  }
}

/** Pure: the words to tell a kit with before it is installed. @param currency that of the company */
export function kitWords(kit: Kit, locale: Locale, currency: string): { readonly rules: RuleWords; readonly gates: GateWords } {
  const dictionary = kitDictionary(kit)
  const named = (rows: FactDictionaryRow['types']) => rows.map(({ code, names }) => ({ code, name: names[locale] }))
  const facts = factsOf(dictionary, locale)
  const rules = ruleWords(
    {
      facts,
      dealTypes: named(dictionary.types),
      statuses: named(dictionary.statuses),
      templates: dictionary.templates.map(({ code, names, stages }) => ({ code, name: names[locale], stages: named(stages) })),
      documentTypes: named(dictionary.documentTypes),
      employees: [],
      counterparties: [],
      currency,
    },
    locale,
  )
  const nameOf = (key: string) => facts.find((fact) => fact.key === key)?.name ?? key
  return { rules, gates: { fact: nameOf, documentType: rules.documentType, currency } }
}
