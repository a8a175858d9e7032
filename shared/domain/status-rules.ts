import type { Locale, Role } from '../views/common.ts'
import { type Condition, type Facts, factsIn, holds } from './conditions.ts'
import type { CyclePeriod } from './cycles.ts'
import type { DocumentState } from './facts.ts'
import type { Day } from './periods.ts'

/**
 * The company's rules: "when EVENT, if CONDITION, then actions" (product.md, section 2). Pure: what happened and the facts come in, what to
 * do goes out; the use-case does it and writes down what was seen.
 */

/** What happened to a deal, as rules hear it. Codes of templates, stages, statuses, document types and fields. */
export type RuleEvent =
  | { readonly kind: 'deal_created' }
  | { readonly kind: 'stage_entered'; readonly template: string; readonly stage: string }
  | { readonly kind: 'stage_completed'; readonly template: string; readonly stage: string }
  | { readonly kind: 'process_started'; readonly template: string }
  | { readonly kind: 'process_finished'; readonly template: string }
  | { readonly kind: 'process_cancelled'; readonly template: string }
  | { readonly kind: 'document_changed'; readonly documentType: string; readonly state: DocumentState }
  | { readonly kind: 'payment_received'; readonly documentType: string; readonly isFull: boolean }
  | { readonly kind: 'field_changed'; readonly fact: string }
  | { readonly kind: 'status_changed'; readonly status: string }
  /** The time limit of the stage or status ran out. */
  | { readonly kind: 'deadline_passed' }
  /** Nothing has changed for so many whole days. */
  | { readonly kind: 'deal_idle'; readonly days: number }
  /** The deal came from outside, by the API. Imports set no rules off: thousands of them at once would be a surprise. */
  | { readonly kind: 'lead_received' }
  /** A period has begun, by its first day or by the first working day in it; `startsOn` is the first day of the period. */
  | { readonly kind: 'period_began'; readonly every: CyclePeriod; readonly onWorkingDay: boolean; readonly startsOn: Day }
  /** So many days are left until a date of the deal; below 0, that many have gone by since. */
  | { readonly kind: 'date_near'; readonly fact: string; readonly daysBefore: number; readonly date: Day }
export type RuleEventKind = RuleEvent['kind']

/** What a rule waits for: the event's kind, narrowed by what is given. `days` of an idle deal and a full payment are lower bounds. */
export type RuleTrigger = {
  readonly kind: RuleEventKind
  readonly template?: string
  readonly stage?: string
  readonly documentType?: string
  readonly state?: DocumentState
  readonly isFull?: boolean
  readonly fact?: string
  readonly status?: string
  readonly days?: number
  readonly every?: CyclePeriod
  readonly onWorkingDay?: boolean
  readonly daysBefore?: number
}

/** What narrows each kind of event; editors and schemas are made from it. */
export const triggerParts: Readonly<Record<RuleEventKind, readonly Exclude<keyof RuleTrigger, 'kind'>[]>> = {
  deal_created: [],
  lead_received: [],
  stage_entered: ['template', 'stage'],
  stage_completed: ['template', 'stage'],
  process_started: ['template'],
  process_finished: ['template'],
  process_cancelled: ['template'],
  document_changed: ['documentType', 'state'],
  payment_received: ['documentType', 'isFull'],
  field_changed: ['fact'],
  status_changed: ['status'],
  deadline_passed: [],
  deal_idle: ['days'],
  period_began: ['every', 'onWorkingDay'],
  date_near: ['fact', 'daysBefore'],
}

/** Whom a task, a notice or a deal goes to. */
export type Assignee =
  | { readonly kind: 'owner' }
  | { readonly kind: 'department_head' }
  | { readonly kind: 'role'; readonly role: Role }
  | { readonly kind: 'employee'; readonly employeeId: number }

export type Words = Readonly<Record<Locale, string>>
export type RuleAction =
  | { readonly kind: 'set_status'; readonly status: string }
  | { readonly kind: 'create_task'; readonly title: Words; readonly assignee: Assignee; readonly dueInHours: number | null }
  | { readonly kind: 'notify'; readonly to: Assignee; readonly text: Words }
  | { readonly kind: 'assign'; readonly to: Assignee }
  | { readonly kind: 'start_process'; readonly template: string }
  /** A linked deal of a type for the same client, such as a support contract from a won sale or a renewal. */
  | { readonly kind: 'create_deal'; readonly dealType: string; readonly title: Words }
  | { readonly kind: 'call_webhook'; readonly url: string }
export type RuleActionKind = RuleAction['kind']

export type StatusRule = {
  readonly id: number
  readonly names: Words
  /** Lower ones are asked first. */
  readonly position: number
  /** Codes of deal types; empty for all. */
  readonly dealTypes: readonly string[]
  readonly trigger: RuleTrigger
  readonly condition: Condition
  /** Leaves a deal alone whose status already stands at or behind the one the rule sets. */
  readonly forwardOnly: boolean
  readonly actions: readonly RuleAction[]
}

/** One event is handled once, and what it sets off is at most so many steps long. */
export const maxChain = 10

export type RuleMatch = {
  readonly rule: StatusRule /** The facts that the condition looked at, as they were. */
  readonly seen: Facts
}

/**
 * The first rule, by position, that waits for the event and whose condition holds.
 * @param deal its type's code, and the rank of its status (null when lost)
 * @param rankOf rank of a status by code; null when it is lost, archived or unknown
 */
export function findRule(
  rules: readonly StatusRule[],
  event: RuleEvent,
  facts: Facts,
  deal: { readonly type: string; readonly rank: number | null },
  rankOf: (status: string) => number | null,
): RuleMatch | null {
  const inOrder = [...rules].sort((a, b) => a.position - b.position || a.id - b.id)
  const rule = inOrder.find(
    (one) =>
      (one.dealTypes.length === 0 || one.dealTypes.includes(deal.type)) &&
      waitsFor(one.trigger, event) &&
      !(one.forwardOnly && goesBack(one, deal.rank, rankOf)) &&
      holds(one.condition, facts),
  )
  if (!rule) return null
  return { rule, seen: Object.fromEntries(factsIn(rule.condition).map((fact) => [fact, facts[fact] ?? null])) }
}

/** Is this what the trigger waits for? */
export function waitsFor(trigger: RuleTrigger, event: RuleEvent): boolean {
  if (trigger.kind !== event.kind) return false
  return triggerParts[trigger.kind].every((part) => {
    const wanted = trigger[part]
    const happened = (event as unknown as RuleTrigger)[part]
    // The first day of a period and the first working day are two events: none is wider than the other.
    if (part === 'onWorkingDay') return (wanted ?? false) === happened
    if (wanted === undefined) return true
    if (part === 'days') return Number(happened) >= Number(wanted)
    if (part === 'isFull') return wanted === false || happened === true
    return happened === wanted
  })
}

/** The statuses outside of which none of the conditions can hold; null where one of them does not say. */
export function statusesAsked(conditions: readonly Condition[]): readonly string[] | null {
  const asked = conditions.map((condition): readonly string[] | null => {
    if ('all' in condition) return condition.all.map((part) => statusesAsked([part])).find((found) => found !== null) ?? null
    if ('any' in condition) return condition.any.length === 0 ? null : statusesAsked(condition.any)
    const { fact, is, value = null } = condition
    if (fact !== 'status' || value === null || (is !== 'is' && is !== 'oneOf')) return null
    return [value].flat().map(String)
  })
  return asked.some((found) => found === null) ? null : [...new Set(asked.flatMap((found) => found ?? []))]
}

/** The status that a rule sets; undefined for one that sets none. */
export function statusOf(rule: Pick<StatusRule, 'actions'>): string | undefined {
  return rule.actions.find((action) => action.kind === 'set_status')?.status
}

function goesBack(rule: StatusRule, rank: number | null, rankOf: (status: string) => number | null): boolean {
  const status = statusOf(rule)
  if (status === undefined) return false
  const target = rankOf(status)
  return target !== null && rank !== null && target <= rank
}
