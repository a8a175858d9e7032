import type { Names } from '../../../db/queries/dictionaries.ts'
import { type FactDictionaryRow, selectFactDictionary } from '../../../db/queries/facts.ts'
import {
  documentStates,
  type FactDeclaration,
  type FactSource,
  type FieldKind,
  factDeclarations,
  factKindOfField,
} from '../../../shared/domain/facts.ts'
import { nameDocumentState, quote, ruleTranslators } from '../../../shared/messages/describe-condition.ts'
import { nameBuiltInFact } from '../../../shared/messages/describe-gate.ts'
import type { Locale } from '../../../shared/views/common.ts'
import type { FactView } from '../../../shared/views/processes.ts'
import type { Session } from '../../session.ts'
import { assertSettings } from '../people.ts'

type Choices = NonNullable<FactView['choices']>

/** Everything that may be asked of deals, in the session's language: built-in facts, documents, the company's own fields. @throws AppError forbidden */
export async function listFacts(session: Session): Promise<readonly FactView[]> {
  assertSettings(session)
  return factsOf(await selectFactDictionary(session.em), session.locale)
}

/** Pure: the dictionary as facts, named in a language. A field that several types have is one fact; what would read alike is told apart by its types. */
export function factsOf(dictionary: FactDictionaryRow, locale: Locale): readonly FactView[] {
  const facts = [...builtIns(dictionary, locale), ...documents(dictionary, locale), ...customFields(dictionary, locale)]
  const types = new Map(dictionary.types.map(({ code, names }) => [code, names[locale]]))
  return facts.map((fact) => {
    if (facts.filter((other) => other.name === fact.name).length === 1) return fact
    const owners = dictionary.fields.filter(({ code }) => `field.${code}` === fact.key).map(({ type }) => types.get(type) ?? type)
    return owners.length === 0 ? fact : { ...fact, name: `${fact.name} (${owners.join(', ')})` }
  })
}

function builtIns(dictionary: FactDictionaryRow, locale: Locale): FactView[] {
  return Object.entries<FactDeclaration>(factDeclarations).map(([key, { kind, source }]) => ({
    key,
    name: nameBuiltInFact(key, locale) ?? key,
    kind,
    choices: source === undefined ? null : choicesOf(source, dictionary, locale),
    source: source ?? null,
  }))
}

function documents(dictionary: FactDictionaryRow, locale: Locale): FactView[] {
  return dictionary.documentTypes.map(({ code, names }) => ({
    key: `document.${code}`,
    name: ruleTranslators[locale]('title.document', { name: quote(names[locale], locale) }),
    kind: 'choice',
    choices: choicesOf('documentState', dictionary, locale),
    source: 'documentState',
  }))
}

function customFields(dictionary: FactDictionaryRow, locale: Locale): FactView[] {
  const byCode = Map.groupBy(dictionary.fields, ({ code }) => code)
  return [...byCode].map(([code, fields]) => {
    const { kind, names } = fields[0]!
    const options = new Map(fields.flatMap((field) => field.options.map((option) => [option.code, option[locale]])))
    return {
      key: `field.${code}`,
      name: names[locale],
      kind: factKindOfField[kind],
      choices: isChosen(kind) ? [...options].map(([value, name]) => ({ value, name })) : null,
      source: kind === 'employee' || kind === 'counterparty' || kind === 'file' ? kind : null,
    }
  })
}

function isChosen(kind: FieldKind): boolean {
  return kind === 'choice' || kind === 'several'
}

function choicesOf(source: FactSource, dictionary: FactDictionaryRow, locale: Locale): Choices | null {
  const coded = (rows: readonly { readonly code: string; readonly names: Names }[]): Choices =>
    rows.map(({ code, names }) => ({ value: code, name: names[locale] }))
  switch (source) {
    case 'dealType':
      return coded(dictionary.types)
    case 'status':
      return coded(dictionary.statuses)
    case 'process':
      return coded(dictionary.templates)
    case 'stage':
      return stageChoices(dictionary, locale)
    case 'department':
      return dictionary.departments.map(({ id, name }) => ({ value: String(id), name }))
    case 'documentState':
      return documentStates.map((state) => ({ value: state, name: nameDocumentState(state, locale) }))
    case 'employee':
    case 'counterparty':
    case 'role':
      return null
  }
}

/** Stages of all processes by code: one that several processes have is one choice, called by all its names. */
function stageChoices({ templates }: FactDictionaryRow, locale: Locale): Choices {
  const byCode = Map.groupBy(
    templates.flatMap(({ stages }) => stages),
    ({ code }) => code,
  )
  return [...byCode].map(([value, stages]) => ({
    value,
    name: [...new Set(stages.map(({ names }) => names[locale]))].join(' / '),
  }))
}
