import type { Condition } from './conditions.ts'
import type { Gate } from './rules.ts'

/** Sets of amounts as ranges of whole minor units, both ends included; apart from one another and in order. */
export type AmountRanges = readonly (readonly [from: number, to: number])[]

export const anyAmount: AmountRanges = [[0, Number.POSITIVE_INFINITY]]
export const noAmount: AmountRanges = []

/** The amounts that are in both. */
export function intersect(a: AmountRanges, b: AmountRanges): AmountRanges {
  const pairs = a.flatMap((one) => b.map((other) => [Math.max(one[0], other[0]), Math.min(one[1], other[1])] as const))
  return unite(
    pairs.filter(([from, to]) => from <= to),
    noAmount,
  )
}

/** The amounts that are in either. */
export function unite(a: AmountRanges, b: AmountRanges): AmountRanges {
  const united: [number, number][] = []
  for (const [from, to] of [...a, ...b].sort((one, other) => one[0] - other[0])) {
    const last = united.at(-1)
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else united.push([from, to])
  }
  return united
}

export function isSameAmounts(a: AmountRanges, b: AmountRanges): boolean {
  return a.length === b.length && a.every(([from, to], index) => b[index]?.[0] === from && b[index]?.[1] === to)
}

/** The amounts that all gates let through. */
export function amountsThrough(gates: readonly Gate[]): AmountRanges {
  return gates.reduce<AmountRanges>(
    (passed, gate) =>
      gate.kind === 'amount' ? intersect(passed, [[gate.fromMinor ?? 0, gate.toMinor ?? Number.POSITIVE_INFINITY]]) : passed,
    anyAmount,
  )
}

/** The amounts with which a condition may hold: whatever it asks besides amounts is taken as possible. */
export function amountsWhere(condition: Condition | null | undefined): AmountRanges {
  if (!condition) return anyAmount
  if ('all' in condition) return condition.all.map(amountsWhere).reduce(intersect, anyAmount)
  if ('any' in condition) return condition.any.map(amountsWhere).reduce(unite, noAmount)
  if (condition.fact !== 'amount') return anyAmount
  const limit = typeof condition.value === 'number' ? condition.value : Number.NaN
  switch (condition.is) {
    case 'atLeast':
      return within(Math.ceil(limit), Number.POSITIVE_INFINITY)
    case 'atMost':
      return within(0, Math.floor(limit))
    case 'is':
      return Number.isInteger(limit) ? within(limit, limit) : noAmount
    case 'isNot':
      return Number.isInteger(limit) ? unite(within(0, limit - 1), within(limit + 1, Number.POSITIVE_INFINITY)) : anyAmount
    case 'oneOf':
    case 'noneOf': {
      // Amounts are compared as text here, as `holds` does.
      const listed = [condition.value ?? []].flat().map(Number).filter(Number.isInteger)
      return condition.is === 'oneOf'
        ? listed.map((amount) => within(amount, amount)).reduce(unite, noAmount)
        : listed
            .map((amount) => unite(within(0, amount - 1), within(amount + 1, Number.POSITIVE_INFINITY)))
            .reduce(intersect, anyAmount)
    }
    case 'contains':
    case 'isEmpty':
      return noAmount
    case 'isSet':
      return anyAmount
  }
}

function within(from: number, to: number): AmountRanges {
  return Math.max(0, from) <= to ? [[Math.max(0, from), to]] : noAmount
}
