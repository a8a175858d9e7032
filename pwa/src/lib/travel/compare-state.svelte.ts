import { goto } from '$app/navigation'
import { page } from '$app/state'
import type { ComparedDealsRef, CompareView } from '../../../../shared/views/compare.ts'
import { today } from '../clock.ts'
import type { Address, Sliced } from '../funnel/funnel-state.svelte.ts'
import { instantOf, periodOf, readSlice, type Slice, sliceKinds, sliceQuery, writeSlice } from '../funnel/slice.ts'
import { i18n } from '../i18n.svelte.ts'
import { withParams, withQuery } from '../query.ts'
import { createResource, type Resource } from '../resource.svelte.ts'
import { session } from '../session.svelte.ts'
import { type Comparison, comparisonQuery, listParams, readComparison, writeComparison } from './compare-query.ts'

/** A comparison, on its screen or pinned: two slices and how they are held against each other, all in the address. */
export type CompareState = {
  readonly address: Address
  readonly comparison: Comparison
  readonly view: Resource<CompareView>
  /** The first funnel's slice, and the second's: both can be cut by the funnel's own chips. */
  readonly first: Sliced
  readonly second: Sliced
  change(next: Partial<Comparison>): void
  /** The screen of the deals behind a figure. */
  hrefOf(ref: ComparedDealsRef): string
}

export function compareSlice({ searchParams }: Address = page.url): Slice {
  return readSlice(searchParams)
}

export function comparePath(
  path: string,
  extra: Readonly<Record<string, string | null>> = {},
  address: Address = page.url,
): string {
  const comparison = readComparison(address.searchParams)
  return withQuery(path, {
    ...sliceQuery(compareSlice(address), today, session.timeZone),
    ...comparisonQuery(comparison),
    ...(comparison.moment ? { otherAsOf: instantOf(comparison.moment, session.timeZone).toISOString() } : {}),
    ...extra,
    lang: i18n.locale,
  })
}

/** @param pinned of a card: the address that it was pinned from */
export function createCompareState(pinned?: () => Address): CompareState {
  const address = $derived(pinned?.() ?? page.url)
  const slice = $derived(compareSlice(address))
  const comparison = $derived(readComparison(address.searchParams))
  const view = createResource<CompareView>(() => comparePath('/api/funnel/compare', {}, address))
  const second = $derived<Slice>({
    ...slice,
    asOf: (comparison.against === 'other' ? comparison.moment : null) ?? slice.asOf,
    period: 'own',
    own: (comparison.against === 'other' ? comparison.days : view.data?.before.period) ?? periodOf(slice, today()),
    ids: {
      ...slice.ids,
      ...Object.fromEntries(
        sliceKinds.filter((kind) => comparison.ids[kind].length > 0).map((kind) => [kind, comparison.ids[kind]]),
      ),
    },
  })
  const go = (changes: Record<string, string | null>): void => void goto(withParams(address, changes), { reset: false })
  const change = (next: Partial<Comparison>): void => go(writeComparison({ ...comparison, ...next }))

  return {
    get address() {
      return address
    },
    get comparison() {
      return comparison
    },
    view,
    first: {
      get slice() {
        return slice
      },
      view: sideOf(view, 'now'),
      change: (next) => go(writeSlice({ ...slice, ...next })),
    },
    second: {
      get slice() {
        return second
      },
      view: sideOf(view, 'before'),
      change(next) {
        const days =
          next.own ?? (next.period && next.period !== 'own' ? periodOf({ ...slice, ...next, own: null }, today()) : null)
        const ids = next.ids
          ? Object.fromEntries(sliceKinds.map((kind) => [kind, next.ids![kind] === slice.ids[kind] ? [] : next.ids![kind]]))
          : null
        // «Now» is a moment of its own beside a first funnel of the past.
        const moment = next.asOf === undefined ? undefined : (next.asOf ?? (slice.asOf ? today() : null))
        const kept = comparison.against === 'other' ? comparison : { days: null, moment: null, ids: comparison.ids }
        change({
          against: 'other',
          days: days ?? kept.days,
          moment: moment === undefined ? kept.moment : moment,
          ids: (ids as Comparison['ids'] | null) ?? kept.ids,
        })
      },
    },
    change,
    hrefOf: (ref) => withParams(address, listParams(ref), '/funnel/~compare/deals'),
  }
}

function sideOf(view: Resource<CompareView>, side: 'now' | 'before'): Sliced['view'] {
  return {
    get data() {
      return view.data?.[side] ?? null
    },
    get isCurrent() {
      return view.isCurrent
    },
  }
}
