import type { Condition, FactValue } from './conditions.ts'
import type { StatusRule } from './status-rules.ts'

type Named = Pick<StatusRule, 'trigger' | 'condition' | 'actions'>

/** A rule that names one status by code, naming another instead; null when it does not name the first. */
export function renameStatus({ trigger, condition, actions }: Named, from: string, into: string): Named | null {
  const before = { trigger, condition, actions }
  const after: Named = {
    trigger: trigger.status === from ? { ...trigger, status: into } : trigger,
    condition: renameInCondition(condition, from, into),
    actions: actions.map((action) =>
      action.kind === 'set_status' && action.status === from ? { ...action, status: into } : action,
    ),
  }
  return JSON.stringify(before) === JSON.stringify(after) ? null : after
}

/** The condition, naming another status instead of one. */
export function renameInCondition(condition: Condition, from: string, into: string): Condition {
  if ('all' in condition) return { all: condition.all.map((part) => renameInCondition(part, from, into)) }
  if ('any' in condition) return { any: condition.any.map((part) => renameInCondition(part, from, into)) }
  if (condition.fact !== 'status' || condition.value === undefined) return condition
  return { ...condition, value: inValue(condition.value, from, into) }
}

function inValue(value: FactValue, from: string, into: string): FactValue {
  if (value === from) return into
  if (!isList(value)) return value
  return [...new Set(value.map((one) => (one === from ? into : one)))]
}

function isList(value: FactValue): value is readonly string[] {
  return Array.isArray(value)
}
