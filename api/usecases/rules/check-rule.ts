import type { FactDictionaryRow } from '../../../db/queries/facts.ts'
import type { Comparison, Condition, FactValue } from '../../../shared/domain/conditions.ts'
import { editedFacts, operatorsFor } from '../../../shared/domain/facts.ts'
import { type RuleAction, type RuleTrigger, triggerParts } from '../../../shared/domain/status-rules.ts'
import { ruleTranslators } from '../../../shared/messages/describe-condition.ts'
import type { RulesKey } from '../../../shared/messages/ru/rules.ts'
import type { RuleBody } from '../../../shared/schemas/process.ts'
import type { Locale } from '../../../shared/views/common.ts'
import type { FactView } from '../../../shared/views/processes.ts'
import { factsOf } from './list-facts.ts'

/** Something wrong with a rule: where (`trigger`, `condition`, `dealTypes`, `actions.0`) and in words. */
export type RuleProblem = { readonly at: string; readonly message: string }

/** What a rule may name. */
export type RuleGround = {
  readonly dictionary: FactDictionaryRow
  readonly activeEmployees: ReadonlySet<number>
  readonly locale: Locale
}

type Say = (key: RulesKey, values?: Record<string, string | number>) => string
type Checks = RuleGround & { readonly facts: ReadonlyMap<string, FactView>; readonly say: Say }

/** Everything that is wrong with a rule, at once: what it names must be there and in force, comparisons must fit what they compare. Pure. */
export function checkRule(rule: RuleBody, ground: RuleGround): readonly RuleProblem[] {
  const { dictionary, locale } = ground
  const facts = new Map(factsOf(dictionary, locale).map((fact) => [fact.key, fact]))
  const say = ruleTranslators[locale]
  const checks: Checks = { ...ground, facts, say }
  const told = (at: string, key: RulesKey, whats: readonly string[]): RuleProblem[] =>
    whats.map((what) => ({ at, message: say(key, { what, number: Number(at.split('.')[1] ?? 0) + 1 }) }))
  const types = rule.dealTypes.flatMap((code) => unknown('dealType', code, dictionary.types, say))
  return [
    ...told('dealTypes', 'problem.dealTypes', types),
    ...told('trigger', 'problem.trigger', checkTrigger(rule.trigger, checks)),
    ...told('condition', 'problem.condition', [...new Set(checkCondition(rule.condition, checks))]),
    ...rule.actions.flatMap((action, index) =>
      told(`actions.${index}`, 'problem.action', checkAction(action, index, rule, checks)),
    ),
  ]
}

type Kind = 'status' | 'dealType' | 'template' | 'stage' | 'documentType'

function unknown(kind: Kind, code: string | undefined, known: readonly { readonly code: string }[], say: Say): string[] {
  return code === undefined || known.some((one) => one.code === code) ? [] : [say(`problem.unknown.${kind}`, { code })]
}

function checkTrigger(trigger: RuleTrigger, { dictionary, facts, say }: Checks): string[] {
  const parts = triggerParts[trigger.kind]
  const { kind: _kind, ...given } = trigger
  const foreign = Object.entries(given).filter(
    ([part, value]) => value !== undefined && !(parts as readonly string[]).includes(part),
  )
  const template = dictionary.templates.find(({ code }) => code === trigger.template)
  const stages = (trigger.template === undefined ? dictionary.templates : template ? [template] : []).flatMap(
    ({ stages }) => stages,
  )
  const document = dictionary.documentTypes.find(({ code }) => code === trigger.documentType)
  return [
    ...foreign.map(([part]) => say('problem.part', { part })),
    ...unknown('template', trigger.template, dictionary.templates, say),
    // Of an unknown process no stage is known: one complaint is enough.
    ...(trigger.template !== undefined && !template ? [] : unknown('stage', trigger.stage, stages, say)),
    ...unknown('documentType', trigger.documentType, dictionary.documentTypes, say),
    ...unknown('status', trigger.status, dictionary.statuses, say),
    ...(trigger.kind === 'date_near' ? checkDate(trigger, facts, say) : checkEdited(trigger.fact, facts, say)),
    ...(trigger.kind === 'payment_received' && document && !document.isPayable
      ? [say('problem.notPayable', { document: nameOf(document, say) })]
      : []),
    ...(trigger.kind === 'deal_idle' && trigger.days === undefined ? [say('problem.days')] : []),
    ...(trigger.kind === 'period_began' && trigger.every === undefined ? [say('problem.every')] : []),
  ]
}

/** A date that deals carry, and how many days before it. */
function checkDate({ fact: key, daysBefore }: RuleTrigger, facts: Checks['facts'], say: Say): string[] {
  if (key === undefined || daysBefore === undefined) return [say('problem.date')]
  const fact = facts.get(key)
  if (!fact) return [say('problem.unknown.fact', { code: key })]
  return fact.kind === 'day' ? [] : [say('problem.notDate', { fact: fact.name })]
}

/** People write it, so it can change. */
function checkEdited(key: string | undefined, facts: Checks['facts'], say: Say): string[] {
  if (key === undefined) return []
  const fact = facts.get(key)
  if (!fact) return [say('problem.unknown.fact', { code: key })]
  return key.startsWith('field.') || editedFacts.includes(key) ? [] : [say('problem.notEdited', { fact: fact.name })]
}

function nameOf({ names }: { readonly names: Readonly<Record<Locale, string>> }, say: Say): string {
  return say === ruleTranslators.ru ? names.ru : names.en
}

function checkCondition(condition: Condition, checks: Checks): string[] {
  if ('all' in condition) return condition.all.flatMap((part) => checkCondition(part, checks))
  if ('any' in condition) return condition.any.flatMap((part) => checkCondition(part, checks))
  return checkComparison(condition, checks)
}

function checkComparison({ fact: key, is, value }: Comparison, checks: Checks): string[] {
  const { facts, say } = checks
  const fact = facts.get(key)
  if (!fact) return [say('problem.unknown.fact', { code: key })]
  if (!operatorsFor[fact.kind].includes(is)) return [say('problem.operator', { fact: fact.name })]
  if (is === 'isSet' || is === 'isEmpty') return []
  const several = is === 'oneOf' || is === 'noneOf'
  if (several !== Array.isArray(value) || !fits(fact, value)) return [say('problem.value', { fact: fact.name })]
  if (fact.kind !== 'choice' && fact.kind !== 'choices') return []
  const codes = [value].flat() as string[]
  return codes
    .filter((code) => !isKnownChoice(fact, code, checks))
    .map((code) =>
      fact.source === 'employee'
        ? say('problem.unknown.employee', { code })
        : say('problem.unknown.value', { fact: fact.name, code }),
    )
}

function fits({ kind }: FactView, value: FactValue | undefined): boolean {
  switch (kind) {
    case 'number':
    case 'money':
      return typeof value === 'number' && Number.isFinite(value)
    case 'flag':
      return typeof value === 'boolean'
    case 'day':
      return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))
    case 'text':
      return typeof value === 'string' && value !== ''
    case 'choice':
    case 'choices':
      return Array.isArray(value)
        ? value.length > 0 && value.every((one) => one !== '')
        : typeof value === 'string' && value !== ''
  }
}

function isKnownChoice(fact: FactView, code: string, { activeEmployees }: Checks): boolean {
  if (fact.choices) return fact.choices.some(({ value }) => value === code)
  return fact.source === 'employee' ? activeEmployees.has(Number(code)) : true
}

function checkAction(
  action: RuleAction,
  index: number,
  { actions }: RuleBody,
  { dictionary, activeEmployees, say }: Checks,
): string[] {
  switch (action.kind) {
    case 'set_status': {
      const isSecond = actions.findIndex(({ kind }) => kind === 'set_status') < index
      return [...unknown('status', action.status, dictionary.statuses, say), ...(isSecond ? [say('problem.twoStatuses')] : [])]
    }
    case 'start_process':
      return unknown('template', action.template, dictionary.templates, say)
    case 'create_deal':
      return unknown('dealType', action.dealType, dictionary.types, say)
    case 'create_task':
    case 'notify':
    case 'assign': {
      const to = action.kind === 'create_task' ? action.assignee : action.to
      if (to.kind !== 'employee' || activeEmployees.has(to.employeeId)) return []
      return [say('problem.unknown.employee', { code: String(to.employeeId) })]
    }
    case 'call_webhook':
      return []
  }
}
