import type { Em } from '../orm.ts'
import { type RawBuilder, selectRows, sql } from '../sql.ts'
import type { SplitKey } from './funnel.ts'
import { attributed, type FunnelSlice, type StatusBits } from './funnel-slice.ts'

/** How deals are cut by one slice, over the alias `deal`: the key, its name, and what the name stands in. */
export function cutBy(slice: FunnelSlice, bits: StatusBits, by: SplitKey, locale: 'ru' | 'en') {
  const { owner, department } = attributed(slice, bits)
  const typeName = locale === 'ru' ? sql`deal_type.name_ru` : sql`deal_type.name_en`
  return {
    type: { key: sql`deal.type_id`, name: typeName, join: sql`join deal_type on deal_type.id = deal.type_id` },
    counterparty: {
      key: sql`deal.counterparty_id`,
      name: sql`cp.name`,
      join: sql`left join counterparty cp on cp.id = deal.counterparty_id`,
    },
    department: { key: department, name: sql`d.name`, join: sql`left join department d on d.id = ${department}` },
    employee: { key: owner, name: sql`e.name`, join: sql`left join employee e on e.id = ${owner}` },
  }[by]
}

/** A condition over the alias `deal`: those of exactly one value of a slice, as `cutBy` cuts them. @param key 0: those without any */
export function hasKey(slice: FunnelSlice, bits: StatusBits, by: SplitKey, key: number): RawBuilder<unknown> {
  const { key: column } = cutBy(slice, bits, by, 'en')
  return key === 0 ? sql`${column} is null` : sql`${column} = ${key}`
}

export type KeyTotalsRow = {
  readonly key: number | null
  readonly name: string | null
  readonly deals: number
  /** Minor units of the organisation's currency. */
  readonly amountMinor: number
}

/** Deals and money of each value of a slice. @param condition over the alias `deal` */
export function selectKeyTotals(em: Em, condition: RawBuilder<unknown>, cut: ReturnType<typeof cutBy>): Promise<KeyTotalsRow[]> {
  return selectRows<KeyTotalsRow>(
    em,
    sql`select ${cut.key} as key, ${cut.name} as name, count(*)::int as deals, coalesce(sum(deal.base_amount_minor), 0)::bigint as "amountMinor"
    from deal ${cut.join} where ${condition} group by 1, 2`,
  )
}
