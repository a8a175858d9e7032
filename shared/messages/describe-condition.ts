import type { Comparison, Condition, FactValue } from '../domain/conditions.ts'
import { type DocumentState, documentStates, type FactKind } from '../domain/facts.ts'
import type { Locale } from '../views/common.ts'
import { rulesEn } from './en/rules.ts'
import { formatDay, formatInteger, formatMoney } from './format.ts'
import { type RulesKey, rulesRu } from './ru/rules.ts'
import { createTranslate } from './translate.ts'

/** The company's own words that rules and conditions may name. An empty code is something not chosen yet. */
export type RuleWords = {
  readonly fact: (key: string) => { readonly name: string; readonly kind: FactKind; readonly source: string | null } | undefined
  /** Name of a value of a fact with choices: a code, or an id as text. */
  readonly choice: (fact: string, value: string) => string
  readonly dealType: (code: string) => string
  readonly status: (code: string) => string
  readonly template: (code: string) => string
  readonly stage: (template: string | undefined, code: string) => string
  readonly documentType: (code: string) => string
  readonly employee: (id: number) => string
  readonly currency: string
}

export const ruleTranslators = { ru: createTranslate<RulesKey>('ru', rulesRu), en: createTranslate<RulesKey>('en', rulesEn) }

/** Of the names of built-in facts in Russian; fields are neuter, documents masculine, other languages only ask for plurals. */
const genders: Readonly<Record<string, 'f' | 'n' | 'p'>> = {
  amount: 'f',
  currency: 'f',
  title: 'n',
  requisitesComplete: 'p',
  expectedCloseOn: 'n',
  daysInStatus: 'n',
  hoursInStage: 'n',
  openTasks: 'n',
  paidAmount: 'f',
  tags: 'p',
  isLinked: 'f',
  runningProcesses: 'p',
}

/** `согласован`. */
export function nameDocumentState(state: DocumentState, locale: Locale): string {
  return ruleTranslators[locale](`document.${state}`)
}

/** A condition as words that stand after "if": `сумма не меньше 100 000 ₽ и тип сделки — «Проект»`; empty when it always holds. */
export function describeCondition(condition: Condition, locale: Locale, words: RuleWords): string {
  if (!('all' in condition) && !('any' in condition)) return describeComparison(condition, locale, words)
  const parts = 'all' in condition ? condition.all : condition.any
  const texts = parts
    .map((part) => wrapped(part, describeCondition(part, locale, words), parts.length))
    .filter((text) => text !== '')
  return joinWords(texts, ruleTranslators[locale]('all' in condition ? 'and' : 'or'))
}

/** `a, b и c`. */
export function joinWords(texts: readonly string[], last: string): string {
  if (texts.length < 2) return texts[0] ?? ''
  return `${texts.slice(0, -1).join(', ')} ${last} ${texts.at(-1)}`
}

/** A fact as it stands inside a sentence, and the gender of its name. */
export function nameFactInside(
  key: string,
  locale: Locale,
  words: RuleWords,
): { readonly fact: string; readonly gender: string } {
  const t = ruleTranslators[locale]
  const builtIn = `name.${key}`
  if (builtIn in rulesRu) return { fact: t(builtIn as RulesKey), gender: genders[key] ?? 'm' }
  if (key.startsWith('document.'))
    return { fact: t('name.document', { name: quote(words.documentType(key.slice('document.'.length)), locale) }), gender: 'm' }
  return { fact: t('name.field', { name: quote(words.fact(key)?.name || t('unnamed'), locale) }), gender: 'n' }
}

/** A value of a fact by itself, as it was seen: `120 000 ₽`, `12 мая 2026`, `Оплата`. */
export function describeFactValue(key: string, value: FactValue, locale: Locale, words: RuleWords): string {
  const t = ruleTranslators[locale]
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return t('value.none')
  if (typeof value === 'boolean') return t(value ? 'value.yes' : 'value.no')
  if (words.fact(key)?.kind === 'flag') return t('value.yes')
  if (Array.isArray(value)) return value.map((one) => words.choice(key, one)).join(', ')
  const kind = words.fact(key)?.kind
  if (typeof value === 'number')
    return kind === 'money' ? formatMoney(value, words.currency, locale) : formatNumber(value, locale)
  if (kind === 'day' && /^\d{4}-\d{2}-\d{2}$/.test(String(value))) return formatDay(String(value), locale)
  return kind === 'choice' || kind === 'choices' ? words.choice(key, String(value)) : String(value)
}

/** A group of several inside another group of several is set off by brackets. */
function wrapped(part: Condition, text: string, neighbours: number): string {
  const inner = 'all' in part ? part.all : 'any' in part ? part.any : []
  return inner.length > 1 && neighbours > 1 ? `(${text})` : text
}

function describeComparison({ fact, is, value = null }: Comparison, locale: Locale, words: RuleWords): string {
  const t = ruleTranslators[locale]
  const kind = words.fact(fact)?.kind ?? 'text'
  const name = nameFactInside(fact, locale, words)
  const isField = fact.startsWith('field.')
  const isDocument = fact.startsWith('document.')
  if (kind === 'flag' && (is === 'is' || is === 'isNot'))
    return describeFlag(fact, (value !== false) === (is === 'is'), words.fact(fact)?.source === 'file', name, locale)
  const say = (one: FactValue): string => sayValue(fact, kind, one, locale, words)
  const list = (last: string): string => joinWords(listOf(value).map(say), last) || t('unnamed')
  switch (is) {
    case 'is':
      if (isDocument) return t('if.documentIs', { ...name, value: say(value) })
      return t(kind === 'number' || kind === 'money' ? 'if.equals' : 'if.is', { ...name, value: say(value) })
    case 'isNot':
      return t(isDocument ? 'if.documentIsNot' : 'if.isNot', { ...name, value: say(value) })
    case 'oneOf':
      if (isDocument) return t('if.documentIs', { ...name, value: list(t('or')) })
      return t(kind === 'choices' ? 'if.includes' : 'if.oneOf', { ...name, values: list(t('or')) })
    case 'noneOf': {
      const values = listOf(value).map(say)
      if (values.length < 2 && kind !== 'choices')
        return t(isDocument ? 'if.documentIsNot' : 'if.isNot', { ...name, value: values[0] ?? t('unnamed') })
      return t(kind === 'choices' ? 'if.excludes' : 'if.noneOf', {
        ...name,
        values: values.join(t('if.nor')) || t('unnamed'),
      })
    }
    case 'atLeast':
      return t(kind === 'day' ? 'if.notBefore' : 'if.atLeast', { ...name, value: say(value) })
    case 'atMost':
      return t(kind === 'day' ? 'if.notAfter' : 'if.atMost', { ...name, value: say(value) })
    case 'contains':
      return t('if.contains', { ...name, value: say(value) })
    case 'isSet':
      return t(isDocument ? 'if.documentSet' : isField ? 'if.fieldSet' : 'if.isSet', name)
    case 'isEmpty':
      return t(isDocument ? 'if.documentEmpty' : isField ? 'if.fieldEmpty' : 'if.isEmpty', name)
  }
}

function describeFlag(fact: string, isOn: boolean, isFile: boolean, name: { readonly fact: string }, locale: Locale): string {
  const key = `flag.${isOn ? '' : 'not.'}${fact}`
  if (isFile) return ruleTranslators[locale](isOn ? 'if.fieldSet' : 'if.fieldEmpty', name)
  return ruleTranslators[locale](key in rulesRu ? (key as RulesKey) : isOn ? 'flag.field' : 'flag.not.field', name)
}

/** A name in quotes; quotes inside it are the inner ones. */
export function quote(name: string, locale: Locale): string {
  const inside = locale === 'ru' ? name.replaceAll('«', '„').replaceAll('»', '“') : name.replaceAll('“', '‘').replaceAll('”', '’')
  return ruleTranslators[locale]('value.quoted', { value: inside })
}

/** A value inside a sentence: names in quotes, people and states of documents without. */
function sayValue(fact: string, kind: FactKind, value: FactValue, locale: Locale, words: RuleWords): string {
  const t = ruleTranslators[locale]
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return t('unnamed')
  const text = describeFactValue(fact, value, locale, words)
  const source = words.fact(fact)?.source
  if (kind === 'number' || kind === 'money' || kind === 'day' || source === 'employee') return text
  if (documentStates.includes(value as DocumentState) && fact.startsWith('document.')) return text
  return quote(text, locale)
}

function listOf(value: FactValue): readonly FactValue[] {
  return Array.isArray(value) ? value : value === null ? [] : [value]
}

function formatNumber(value: number, locale: Locale): string {
  if (Number.isInteger(value)) return formatInteger(value, locale)
  const text = String(value).replace('-', '−')
  return locale === 'ru' ? text.replace('.', ',') : text
}
