/**
 * Conditions over the declared facts of a deal (product.md, section 2): groups of all / any around comparisons. Data only, evaluated here;
 * nothing that a user types is ever run.
 */
export type FactValue = string | number | boolean | null | readonly string[]
/** Fact key (`facts.ts` declares them) -> value; a fact that is not there counts as null. Money in minor units, days as `YYYY-MM-DD`. */
export type Facts = Readonly<Record<string, FactValue>>

export type Operator = 'is' | 'isNot' | 'oneOf' | 'noneOf' | 'atLeast' | 'atMost' | 'contains' | 'isSet' | 'isEmpty'
export type Comparison = { readonly fact: string; readonly is: Operator; readonly value?: FactValue }
export type Condition = { readonly all: readonly Condition[] } | { readonly any: readonly Condition[] } | Comparison

/** Does the condition hold? An empty `all` holds, an empty `any` does not. */
export function holds(condition: Condition, facts: Facts): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, facts))
  if ('any' in condition) return condition.any.some((part) => holds(part, facts))
  return compares(condition, facts[condition.fact] ?? null)
}

/** The facts that a condition looks at, each once, in order of mention. */
export function factsIn(condition: Condition): readonly string[] {
  if ('all' in condition) return [...new Set(condition.all.flatMap(factsIn))]
  if ('any' in condition) return [...new Set(condition.any.flatMap(factsIn))]
  return [condition.fact]
}

/** How many groups and comparisons a condition has, and how deep groups stand in groups; for limits on input. */
export function sizeOf(condition: Condition): { readonly parts: number; readonly depth: number } {
  const inner = 'all' in condition ? condition.all : 'any' in condition ? condition.any : []
  const sizes = inner.map(sizeOf)
  return {
    parts: 1 + sizes.reduce((sum, size) => sum + size.parts, 0),
    depth: 1 + Math.max(0, ...sizes.map((size) => size.depth)),
  }
}

function compares({ is, value = null }: Comparison, seen: FactValue): boolean {
  switch (is) {
    case 'isSet':
      return !isEmpty(seen)
    case 'isEmpty':
      return isEmpty(seen)
    case 'is':
      return isSame(seen, value)
    case 'isNot':
      return !isSame(seen, value)
    case 'oneOf':
      return listOf(value).some((one) => (Array.isArray(seen) ? seen.includes(one) : seen !== null && String(seen) === one))
    case 'noneOf':
      return !listOf(value).some((one) => (Array.isArray(seen) ? seen.includes(one) : seen !== null && String(seen) === one))
    // Days compare as texts; what is unknown is neither more nor less.
    case 'atLeast':
      return isOrdered(seen, value) && value !== null && seen >= value
    case 'atMost':
      return isOrdered(seen, value) && value !== null && seen <= value
    case 'contains':
      return typeof seen === 'string' && seen.toLowerCase().includes(String(value).toLowerCase())
  }
}

/** Yes and no ask whether there is something at all: a flag never touched is a no, a file that is there a yes. */
function isSame(seen: FactValue, value: FactValue): boolean {
  if (typeof value === 'boolean') return (seen !== false && !isEmpty(seen)) === value
  return Array.isArray(seen) ? seen.includes(String(value)) : seen === value
}

function isEmpty(value: FactValue): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

function listOf(value: FactValue): readonly string[] {
  return Array.isArray(value) ? value : value === null ? [] : [String(value)]
}

function isOrdered(seen: FactValue, limit: FactValue): seen is number | string {
  return typeof seen === typeof limit && (typeof seen === 'number' || typeof seen === 'string')
}
