import { goto } from '$app/navigation'
import { page } from '$app/state'
import type { ComparedDealsRef, CompareView } from '../../../../shared/views/compare.ts'
import { today } from '../clock.ts'
import type { Sliced } from '../funnel/funnel-state.svelte.ts'
import { periodOf, readSlice, type Slice, sliceKinds, sliceQuery, writeSlice } from '../funnel/slice.ts'
import { i18n } from '../i18n.svelte.ts'
import { withParams, withQuery } from '../query.ts'
import { createResource, type Resource } from '../resource.svelte.ts'
import { session } from '../session.svelte.ts'
import { type Comparison, comparisonQuery, listParams, readComparison, writeComparison } from './compare-query.ts'

/** The screen of comparison: two slices and how they are held against each other, all in the address. */
export type CompareState = {
  readonly comparison: Comparison
  readonly view: Resource<CompareView>
  /** The first funnel's slice, and the second's: both can be cut by the funnel's own chips. */
  readonly first: Sliced
  readonly second: Sliced
  change(next: Partial<Comparison>): void
  /** The screen of the deals behind a figure. */
  hrefOf(ref: ComparedDealsRef): string
}

export function compareSlice(): Slice {
  return { ...readSlice(page.url.searchParams), basis: 'cohort' }
}

export function comparePath(path: string, extra: Readonly<Record<string, string | null>> = {}): string {
  const comparison = readComparison(page.url.searchParams)
  return withQuery(path, {
    ...sliceQuery(compareSlice(), today, session.timeZone),
    ...comparisonQuery(comparison),
    ...extra,
    lang: i18n.locale,
  })
}

export function createCompareState(): CompareState {
  const slice = $derived(compareSlice())
  const comparison = $derived(readComparison(page.url.searchParams))
  const view = createResource<CompareView>(() => comparePath('/api/funnel/compare'))
  const second = $derived<Slice>({
    ...slice,
    period: 'own',
    own: (comparison.against === 'other' ? comparison.days : view.data?.before.period) ?? periodOf(slice, today()),
    ids: {
      ...slice.ids,
      ...Object.fromEntries(
        sliceKinds.filter((kind) => comparison.ids[kind].length > 0).map((kind) => [kind, comparison.ids[kind]]),
      ),
    },
  })
  const go = (changes: Record<string, string | null>): void => void goto(withParams(page.url, changes), { reset: false })
  const change = (next: Partial<Comparison>): void => go(writeComparison({ ...comparison, ...next }))

  return {
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
        const kept = comparison.against === 'other' ? comparison : { days: null, ids: comparison.ids }
        change({ against: 'other', days: days ?? kept.days, ids: (ids as Comparison['ids'] | null) ?? kept.ids })
      },
    },
    change,
    hrefOf: (ref) => withParams(page.url, listParams(ref), '/funnel/~compare/deals'),
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
