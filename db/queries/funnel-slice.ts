import { type RawBuilder, sql } from '../sql.ts'

/** Which deals a figure speaks of. Empty lists mean all. `departments` stand for their subtrees. */
export type FunnelSlice = {
  readonly types: readonly number[]
  readonly counterparties: readonly number[]
  readonly departments: readonly number[]
  readonly employees: readonly number[]
  /** Of whom a deal is: its owner and department now, or at its first entry into the funnel (in a flow, at the entry that is counted). */
  readonly attribution: 'current' | 'event'
  /** Further conditions over the alias `deal`: tags and custom fields. */
  readonly others: readonly RawBuilder<unknown>[]
}

/** What is kept by day knows of no more: all deals of some departments (with all below them) and types. Empty lists mean all. */
export type KeptSlice = Pick<FunnelSlice, 'departments' | 'types'>

/** Conditions over `department_id` and `type_id`. */
export function inKeptSlice({ departments, types }: KeptSlice): Readonly<Record<keyof KeptSlice, RawBuilder<unknown>>> {
  const below = sql`(select below from unnest(${[...departments]}::int[]) as root, department_subtree(root) as below)`
  return {
    departments: departments.length > 0 ? sql`department_id in ${below}` : sql`true`,
    types: types.length > 0 ? sql`type_id = any(${[...types]}::int[])` : sql`true`,
  }
}

/** One bit of `visited` per status, in this order; merged statuses share the bit of the one they count as. */
export type StatusBits = {
  readonly ids: readonly number[]
  /** For every status of the dictionary: the id it counts as. */
  readonly resolved: ReadonlyMap<number, number>
  /** Ids whose first entry is the entry into the funnel. */
  readonly anchors: readonly number[]
}

/** All statuses, merged ones too, that count as one of these. */
export function sourcesOf(bits: StatusBits, statusIds: readonly number[]): number[] {
  return [...bits.resolved].filter(([, to]) => statusIds.includes(to)).map(([id]) => id)
}

/** Nothing is cut away. */
export function isWholeCompany({ types, counterparties, departments, employees, others }: FunnelSlice): boolean {
  return [types, counterparties, departments, employees, others].every((cut) => cut.length === 0)
}

type Attributed = { readonly owner: RawBuilder<unknown>; readonly department: RawBuilder<unknown> }

/** Conditions over the alias `deal`. @param who whose a deal is, unless by its first entry or now */
export function inSlice(slice: FunnelSlice, bits: StatusBits, who: Attributed = attributed(slice, bits)): RawBuilder<unknown> {
  const conditions: RawBuilder<unknown>[] = [sql`true`, ...slice.others]
  if (slice.types.length > 0) conditions.push(sql`deal.type_id = any(${[...slice.types]}::int[])`)
  if (slice.counterparties.length > 0) conditions.push(sql`deal.counterparty_id = any(${[...slice.counterparties]}::int[])`)
  const { owner, department } = who
  if (slice.departments.length > 0)
    conditions.push(
      sql`${department} in (select below from unnest(${[...slice.departments]}::int[]) as root, department_subtree(root) as below)`,
    )
  if (slice.employees.length > 0) conditions.push(sql`${owner} = any(${[...slice.employees]}::int[])`)
  return sql.join(conditions, sql` and `)
}

/** Whose a deal is, by the slice's attribution. */
export function attributed(slice: FunnelSlice, bits: StatusBits): Attributed {
  if (slice.attribution === 'current') return { owner: sql`deal.owner_id`, department: sql`deal.department_id` }
  const first = (column: RawBuilder<unknown>) =>
    sql`(select ${column} from status_visit f where f.deal_id = deal.id and f.voided_at is null
      and f.status_id = any(${sourcesOf(bits, bits.anchors)}::int[]) order by f.entered_at, f.id limit 1)`
  return { owner: first(sql`f.owner_id`), department: first(sql`f.department_id`) }
}
