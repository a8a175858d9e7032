import { type RawBuilder, sql } from '../sql.ts'
import type { SplitKey } from './funnel.ts'
import { attributed, type FunnelSlice, type StatusBits } from './funnel-slice.ts'

/** A condition over the alias `deal`: those of exactly one value of a slice, as `selectSplitClasses` cuts them. @param key 0: those without any */
export function hasKey(slice: FunnelSlice, bits: StatusBits, by: SplitKey, key: number): RawBuilder<unknown> {
  const { owner, department } = attributed(slice, bits)
  const column = { type: sql`deal.type_id`, counterparty: sql`deal.counterparty_id`, department, employee: owner }[by]
  return key === 0 ? sql`${column} is null` : sql`${column} = ${key}`
}
