import type { z } from 'zod'
import { ratePattern } from '../domain/money.ts'
import type { Locale } from '../views/common.ts'
import { inputEn } from './en/input.ts'
import { type InputKey, inputRu } from './ru/input.ts'
import { createTranslate, type Translate } from './translate.ts'

/** Kinds of problems that zod finds (its `issue.code`, `format`, `expected`, `origin`), said in our own words; its own show regular expressions. */
export type Issue = z.core.$ZodRawIssue
const translators = { ru: createTranslate('ru', inputRu), en: createTranslate('en', inputEn) }

/** What every pattern of `shared/schemas` asks for; a pattern that is not here is told as `format.other`. */
export const saidPatterns: Readonly<Record<string, InputKey>> = {
  [String(/^[a-z0-9][a-z0-9_-]{0,59}$/i)]: 'format.code',
  [String(/^[a-z0-9][a-z0-9_-]{0,59}$/)]: 'format.codeLower',
  [String(/^\d{1,9}$/)]: 'format.id',
  [String(/^[A-Z]{3}$/)]: 'format.currency',
  [String(ratePattern)]: 'format.rate',
  [String(/^([01]\d|2[0-3]):[0-5]\d$/)]: 'format.time',
  [String(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/)]: 'format.timeOrMidnight',
  [String(/^[a-z0-9][a-z0-9._@+-]{1,99}$/)]: 'format.login',
  [String(/^(\d{10}|\d{12})$/)]: 'format.inn',
  [String(/^\d{4}[\dA-Z]{2}\d{3}$/)]: 'format.kpp',
  [String(/^[a-z_]{1,40}$/)]: 'format.entity',
  [String(/^[a-z]{1,20}$/)]: 'format.icon',
  [String(/^[\w-]{8,16}$/)]: 'format.board',
  [String(/^[a-zA-Z]+(\.[a-z0-9][a-z0-9_-]{0,59})?$/i)]: 'format.fact',
  [String(/^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/i)]: 'format.mediaType',
  [String(/^(?:[a-z0-9][a-z0-9_-]{0,59})?\.\.(?:[a-z0-9][a-z0-9_-]{0,59})?$/i)]: 'format.way',
}
const saidFormats: Readonly<Record<string, InputKey>> = {
  date: 'format.date',
  datetime: 'format.datetime',
  email: 'format.email',
  url: 'format.url',
}
const saidTypes: Readonly<Record<string, InputKey>> = {
  string: 'type.string',
  number: 'type.number',
  int: 'type.int',
  boolean: 'type.boolean',
  array: 'type.array',
  object: 'type.object',
  record: 'type.object',
  null: 'type.null',
}
/** What refinements and use-cases say of an input in words that belong to no language. */
const saidRules: Readonly<Record<string, InputKey>> = {
  'from < to': 'rule.fromBeforeTo',
  'asOf <= now': 'rule.asOfAhead',
  'layer | chapter | happened': 'rule.onePlace',
  'layer | chapter': 'rule.partOf',
  'happened, cut & key': 'rule.cut',
  expected: 'rule.expected',
  'order | merge': 'rule.orderOrMerge',
  cursor: 'rule.cursor',
  nobody: 'rule.nobody',
  empty: 'rule.empty',
  'PUT /loss': 'rule.loss',
  'Idempotency-Key': 'rule.idempotencyKey',
}
/** The other refinements, by the last name of their place. */
const saidPlaces: Readonly<Record<string, InputKey>> = {
  timeZone: 'custom.timeZone',
  currency: 'custom.currency',
  base: 'custom.currency',
  amount: 'custom.amount',
  quiet: 'custom.quiet',
  options: 'custom.repeated',
  id: 'custom.repeated',
  field: 'custom.reserved',
  conditions: 'custom.condition',
  condition: 'custom.condition',
}

/** The sentence of one problem, without its place: what is wrong and how to mend it. */
export function describeIssue(issue: Issue, locale: Locale): string {
  const say = translators[locale]
  switch (issue.code) {
    case 'invalid_type':
      return say(keyOfType(issue.expected, issue.input))
    case 'invalid_value':
      return sayValues(issue.values, say)
    case 'too_small':
      return saySmall(issue, say)
    case 'too_big':
      return sayBig(issue, say)
    case 'not_multiple_of':
      return say('number.step', { step: String(issue.divisor) })
    case 'invalid_format':
      return say(keyOfFormat(issue))
    case 'unrecognized_keys':
      return say('unknown', { count: issue.keys.length, keys: issue.keys.join(', ') })
    case 'invalid_union':
      return sayUnion(issue, locale, say)
    case 'invalid_key':
      return say('key', { why: sayInner(issue.issues[0], issue.input, locale) })
    case 'invalid_element':
      return sayInner(issue.issues[0], issue.input, locale)
    case 'custom':
      return say(keyOfCustom(issue))
  }
}

/** What was said in no language, such as `from < to`, as a sentence; null when there is none for it. */
export function describeRule(rule: string, locale: Locale): string | null {
  const key = Object.hasOwn(saidRules, rule) ? saidRules[rule] : undefined
  return key === undefined ? null : translators[locale](key)
}

function keyOfType(expected: string, input: unknown): InputKey {
  if (input === undefined || input === null) return expected === 'null' ? 'type.null' : 'missing'
  if (Array.isArray(input) && expected !== 'array' && expected !== 'object') return 'type.once'
  return saidTypes[expected] ?? 'type.other'
}

function sayValues(values: readonly unknown[], say: Translate<InputKey>): string {
  const words = values.map(String)
  return words.length === 1 ? say('one', { value: words[0] }) : say('oneOf', { values: words.join(', ') })
}

function saySmall(
  { origin, minimum, inclusive, exact }: Extract<Issue, { code: 'too_small' }>,
  say: Translate<InputKey>,
): string {
  const least = Number(minimum)
  if (origin === 'string') return say(exact ? 'text.exact' : least <= 1 ? 'text.empty' : 'text.short', { count: least })
  if (origin === 'array' || origin === 'set') return say('list.short', { count: least })
  return say(inclusive === false ? 'number.smallOpen' : 'number.small', { limit: String(minimum) })
}

function sayBig({ origin, maximum, inclusive, exact }: Extract<Issue, { code: 'too_big' }>, say: Translate<InputKey>): string {
  const most = Number(maximum)
  if (origin === 'string') return say(exact ? 'text.exact' : 'text.long', { count: most })
  if (origin === 'array' || origin === 'set') return say('list.long', { count: most })
  return say(inclusive === false ? 'number.bigOpen' : 'number.big', { limit: String(maximum) })
}

function keyOfFormat(issue: Extract<Issue, { code: 'invalid_format' }>): InputKey {
  const pattern = 'pattern' in issue && issue.pattern !== undefined ? String(issue.pattern) : ''
  if (issue.format === 'regex') return saidPatterns[pattern] ?? 'format.other'
  // The pattern of a local time may end without a zone.
  if (issue.format === 'datetime' && /\\d\)\$\/?$/.test(pattern)) return 'format.datetimeLocal'
  return saidFormats[issue.format] ?? 'format.other'
}

/** Several ways to fill one place in are told together; where they are forms of many fields, there is nothing short to say. */
function sayUnion(issue: Extract<Issue, { code: 'invalid_union' }>, locale: Locale, say: Translate<InputKey>): string {
  if ('options' in issue && Array.isArray(issue.options)) return sayValues(issue.options, say)
  const ways = issue.errors.map(([first, ...others]) =>
    first && others.length === 0 && first.path.length === 0 ? sayInner(first, issue.input, locale) : null,
  )
  const known = [...new Set(ways)]
  if (issue.input === undefined) return say('missing')
  return known.length > 0 && known.length <= 3 && !known.includes(null) ? known.join(translators[locale]('or')) : say('noWay')
}

/** A problem that was found on the way to another one, of the same value: its own message may be in no language. */
function sayInner(inner: z.core.$ZodIssue | undefined, input: unknown, locale: Locale): string {
  return describeIssue({ ...(inner ?? { code: 'custom' }), input } as Issue, locale)
}

function keyOfCustom({ input, path = [] }: Extract<Issue, { code: 'custom' }>): InputKey {
  if (typeof input === 'string' && (input.includes('\u0000') || !input.isWellFormed())) return 'custom.text'
  if (typeof input === 'string' && /^\d{4}-\d{2}-\d{2}/.test(input)) return 'custom.past'
  const names = path.filter((part) => typeof part === 'string')
  return saidPlaces[names.at(-1) ?? ''] ?? 'custom.other'
}
