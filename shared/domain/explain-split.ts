import type { SplitBy } from '../views/funnel.ts'

/** Dimensions in which a change can be taken apart; the first that tells something is taken where the asked one does not. */
export const splits: readonly SplitBy[] = ['type', 'department', 'employee', 'counterparty']

type Ids = readonly (string | number)[] | undefined
export type ComparedSlices = {
  readonly against: 'previous' | 'year' | 'other'
  readonly type?: Ids
  readonly counterparty?: Ids
  readonly department?: Ids
  readonly employee?: Ids
  readonly otherType?: Ids
  readonly otherCounterparty?: Ids
  readonly otherDepartment?: Ids
  readonly otherEmployee?: Ids
}

/** Dimensions that set the two sides apart. */
export function comparedDimensions(query: ComparedSlices): ReadonlySet<SplitBy> {
  if (query.against !== 'other') return new Set()
  const pairs: Readonly<Record<SplitBy, readonly [Ids, Ids]>> = {
    type: [query.type, query.otherType],
    department: [query.department, query.otherDepartment],
    employee: [query.employee, query.otherEmployee],
    counterparty: [query.counterparty, query.otherCounterparty],
  }
  const said = (ids: Ids) => [...(ids ?? [])].map(String).sort().join()
  return new Set(splits.filter((by) => (pairs[by][1]?.length ?? 0) > 0 && said(pairs[by][0]) !== said(pairs[by][1])))
}

/**
 * Dimensions that a difference can be taken apart by: not those that set the sides apart, where each value is on one side only. People belong to
 * departments: two departments have no people in common, nor two people a department that tells anything.
 */
export function freeSplits(query: ComparedSlices): readonly SplitBy[] {
  const compared = comparedDimensions(query)
  const isStaff = compared.has('department') || compared.has('employee')
  return splits.filter((by) => !compared.has(by) && !(isStaff && (by === 'department' || by === 'employee')))
}

/** What the difference is really taken apart by; null: by nothing. */
export function splitOf(query: ComparedSlices & { readonly split: SplitBy }): SplitBy | null {
  const free = freeSplits(query)
  return free.includes(query.split) ? query.split : (free[0] ?? null)
}
