import { type ComparedSlices, splits } from '../../../../shared/domain/explain-split.ts'
import type { Period } from '../../../../shared/domain/periods.ts'
import type { ComparedDealsRef } from '../../../../shared/views/compare.ts'
import type { SplitBy } from '../../../../shared/views/funnel.ts'
import { type Basis, type SliceKind, sliceKinds } from '../funnel/slice.ts'

/** What a comparison adds to the slice of the funnel, as the address holds it. */
export type Against = 'previous' | 'year' | 'other'
export const againsts: readonly Against[] = ['previous', 'year', 'other']
export type Measure = 'won' | 'amount' | 'share' | 'count'
export const measures: readonly Measure[] = ['won', 'amount', 'share', 'count']
/** What a difference can be explained in: of deals that pass, or of deals that are counted. The usual one is first. */
export const measuresOf = (basis: Basis): readonly Measure[] =>
  basis === 'cohort' ? ['won', 'amount', 'share'] : ['count', 'amount']

export type Comparison = {
  readonly against: Against
  readonly aged: 'alike' | 'now'
  readonly split: SplitBy
  readonly of: Measure
  /** Of the other funnel; only with `other`, null or empty: as the first. */
  readonly days: Period | null
  /** The other moment of a snapshot, as `Slice.asOf`. */
  readonly moment: string | null
  readonly ids: Readonly<Record<SliceKind, readonly string[]>>
}

const momentPattern = /^\d{4}-\d{2}-\d{2}(T([01]\d|2[0-3]):[0-5]\d)?$/
const dayPattern = /^\d{4}-\d{2}-\d{2}$/
const nameOf = (kind: SliceKind): string => `other${kind[0]!.toUpperCase()}${kind.slice(1)}`

export { splits }

/** What cannot be read falls back to the usual. */
export function readComparison(params: Pick<URLSearchParams, 'get'>): Comparison {
  const choose = <Value extends string>(name: string, values: readonly Value[]): Value =>
    values.find((value) => value === params.get(name)) ?? values[0]!
  const [from, to] = [params.get('otherFrom') ?? '', params.get('otherTo') ?? '']
  const moment = params.get('otherAsOf') ?? ''
  const idsOf = (kind: SliceKind): readonly string[] =>
    (params.get(nameOf(kind)) ?? '').split(',').filter((id) => (kind === 'type' ? /^[\w-]+$/ : /^\d{1,9}$/).test(id))
  return {
    against: choose('against', againsts),
    aged: choose('aged', ['alike', 'now']),
    split: choose('split', splits),
    of: choose('of', measures),
    days: dayPattern.test(from) && dayPattern.test(to) && from < to ? { from, to } : null,
    moment: momentPattern.test(moment) ? moment : null,
    ids: {
      type: idsOf('type'),
      counterparty: idsOf('counterparty'),
      department: idsOf('department'),
      employee: idsOf('employee'),
    },
  }
}

/** The same for the address; only what differs from the usual is written. */
export function writeComparison({ against, aged, split, of, days, moment, ids }: Comparison): Record<string, string | null> {
  const isOther = against === 'other'
  const others = sliceKinds.map((kind) => [nameOf(kind), (isOther && ids[kind].join(',')) || null])
  return {
    against: against === 'previous' ? null : against,
    aged: aged === 'alike' ? null : aged,
    split: split === 'type' ? null : split,
    of: of === 'won' ? null : of,
    otherFrom: (isOther && days?.from) || null,
    otherTo: (isOther && days?.to) || null,
    otherAsOf: (isOther && moment) || null,
    ...Object.fromEntries(others),
  }
}

/** Of a request: what is chosen for the eye alone is no part of it. */
export function comparisonQuery(comparison: Comparison): Record<string, string | null> {
  const { of: _shown, ...query } = writeComparison(comparison)
  return query
}

/** What sets the sides apart, of the second funnel and of the first. */
export function comparedSlices({ against, ids }: Comparison, own: Comparison['ids']): ComparedSlices {
  return {
    against,
    ...own,
    otherType: ids.type,
    otherCounterparty: ids.counterparty,
    otherDepartment: ids.department,
    otherEmployee: ids.employee,
  }
}

/** A figure's list, as the address of its screen. */
export function listParams({ side, layer, part, key }: ComparedDealsRef): Record<string, string | null> {
  return { side, layer: layer ?? null, part, key: key === undefined ? null : String(key) }
}
