import { mean, pair, ratio } from './explain-change.ts'

/**
 * Why a sum over parts changed, T = Σ b with b what the n deals of a part bring: q̄·Δn for their number and n̄·Δq for what each of them brings, q = b / n,
 * by the means of both sides (T. L. Bennet, 1920). The contributions add up to the change exactly.
 */
export type CountedPart = { readonly key: number; readonly deals: number; readonly brought: number }
export type PartEffect = {
  readonly cause: 'number' | 'each'
  readonly key: number
  /** Deals, or what each of them brings. */
  readonly now: number
  readonly before: number
  readonly value: number
}

export function explainParts(now: readonly CountedPart[], before: readonly CountedPart[]): readonly PartEffect[] {
  const [own, other] = [now, before].map((parts) => new Map(parts.map((part) => [part.key, part])))
  return [...new Set([...own!.keys(), ...other!.keys()])].flatMap((key): PartEffect[] => {
    const [a, b] = [own!.get(key) ?? none, other!.get(key) ?? none]
    const sizes = { now: a.deals, before: b.deals }
    const each = pair(ratio(a.brought, a.deals), ratio(b.brought, b.deals))
    return [
      { cause: 'number', key, ...sizes, value: mean(each) * (sizes.now - sizes.before) },
      { cause: 'each', key, ...each, value: mean(sizes) * (each.now - each.before) },
    ]
  })
}

const none = { deals: 0, brought: 0 }
