import type { Condition } from './conditions.ts'
import { type RuleTrigger, type StatusRule, triggerParts } from './status-rules.ts'

type Asked = Pick<StatusRule, 'dealTypes' | 'trigger' | 'condition' | 'forwardOnly'>

/**
 * The first of the rules asked before it that always fits where this one does, so that this one never acts; undefined when there is none
 * that can be told. Pure. @param before in their order, only those in force
 */
export function findShadow<Rule extends Asked>(rule: Asked, before: readonly Rule[]): Rule | undefined {
  return before.find(
    (earlier) =>
      !earlier.forwardOnly &&
      coversTypes(earlier.dealTypes, rule.dealTypes) &&
      coversEvents(earlier.trigger, rule.trigger) &&
      (isAlways(earlier.condition) || JSON.stringify(earlier.condition) === JSON.stringify(rule.condition)),
  )
}

function coversTypes(wide: readonly string[], narrow: readonly string[]): boolean {
  return wide.length === 0 || (narrow.length > 0 && narrow.every((type) => wide.includes(type)))
}

/** Does every event that the narrow trigger waits for reach the wide one too? */
function coversEvents(wide: RuleTrigger, narrow: RuleTrigger): boolean {
  if (wide.kind !== narrow.kind) return false
  return triggerParts[wide.kind].every((part) => {
    const wanted = wide[part]
    if (part === 'onWorkingDay') return (wanted ?? false) === (narrow[part] ?? false)
    if (wanted === undefined || wanted === false) return true
    return part === 'days' ? Number(narrow.days ?? 0) >= Number(wanted) : narrow[part] === wanted
  })
}

/** Holds whatever the facts: groups of «all» with nothing in them. */
function isAlways(condition: Condition): boolean {
  return 'all' in condition && condition.all.every(isAlways)
}
