import type { Comparison, Condition, FactValue, Operator } from '../../../../shared/domain/conditions.ts'
import { type FactKind, operatorsFor } from '../../../../shared/domain/facts.ts'
import type { Assignee } from '../../../../shared/domain/status-rules.ts'
import type { FactView } from '../../../../shared/views/processes.ts'

/** What the editor of conditions does to a condition. Pure: each step gives a new condition. */
export type Join = 'all' | 'any'
export type Group = { readonly join: Join; readonly parts: readonly Condition[] }

export const always: Condition = { all: [] }

export function isComparison(condition: Condition): condition is Comparison {
  return 'fact' in condition
}

/** A condition as a group; a comparison by itself is a group of one. */
export function groupOf(condition: Condition): Group {
  if ('all' in condition) return { join: 'all', parts: condition.all }
  if ('any' in condition) return { join: 'any', parts: condition.any }
  return { join: 'all', parts: [condition] }
}

/** An empty group always holds, however its parts were joined. */
export function conditionOf({ join, parts }: Group): Condition {
  return join === 'any' && parts.length > 0 ? { any: parts } : { all: parts }
}

export function replacePart(group: Group, at: number, part: Condition): Condition {
  return conditionOf({ ...group, parts: group.parts.map((one, index) => (index === at ? part : one)) })
}

/** Takes a part out, and with it the groups that are left empty. */
export function removePart(group: Group, at: number): Condition {
  return conditionOf({ ...group, parts: group.parts.filter((_, index) => index !== at) })
}

export function addPart(group: Group, part: Condition): Condition {
  return conditionOf({ ...group, parts: [...group.parts, part] })
}

/** A first comparison of a fact, as an editor offers it. */
export function blankComparison({ key, kind }: Pick<FactView, 'key' | 'kind'>): Comparison {
  return withOperator({ fact: key, is: 'is' }, operatorsFor[kind][0] ?? 'isSet', kind)
}

export function needsValue(is: Operator): boolean {
  return is !== 'isSet' && is !== 'isEmpty'
}

export function takesSeveral(is: Operator): boolean {
  return is === 'oneOf' || is === 'noneOf'
}

/** Another comparison of the same fact; what was given is kept where it still makes sense. */
export function withOperator({ fact, value }: Comparison, is: Operator, kind: FactKind): Comparison {
  if (!needsValue(is)) return { fact, is }
  if (kind === 'flag') return { fact, is, value: value !== false }
  const given: readonly string[] = Array.isArray(value) ? value : isGiven(value) ? [String(value)] : []
  if (takesSeveral(is)) return { fact, is, value: given }
  return { fact, is, value: Array.isArray(value) ? (given[0] ?? null) : (value ?? null) }
}

/** True when every comparison that needs a value has one. */
export function isConditionComplete(condition: Condition): boolean {
  if (!isComparison(condition)) return groupOf(condition).parts.every(isConditionComplete)
  return !needsValue(condition.is) || isGiven(condition.value)
}

export function isAssigneeComplete(assignee: Assignee): boolean {
  return assignee.kind !== 'employee' || assignee.employeeId > 0
}

export function isGiven(value: FactValue | undefined): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)
}
