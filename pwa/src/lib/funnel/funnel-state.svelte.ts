import { getContext, setContext } from 'svelte'
import { withParams } from '#lib/query.ts'
import { goto } from '$app/navigation'
import { page } from '$app/state'
import type { CohortLayerView, FunnelHeadView, FunnelView } from '../../../../shared/views/funnel.ts'
import { today } from '../clock.ts'
import { onLiveEvent } from '../events.ts'
import { i18n } from '../i18n.svelte.ts'
import { withQuery } from '../query.ts'
import { createResource, type Resource } from '../resource.svelte.ts'
import { session } from '../session.svelte.ts'
import { isAhead } from '../travel/past-moment.ts'
import { readSlice, type Slice, sliceQuery, writeSlice } from './slice.ts'

/** What is read of an address. */
export type Address = Pick<URL, 'pathname' | 'search'> & {
  readonly searchParams: Pick<URLSearchParams, 'get' | 'has' | 'entries'>
}

/** The funnel screen, or a card pinned from it: its slice (from the address) and its figures; the drill-down beside it shares both. */
export type FunnelState = {
  /** Where this slice is the whole screen: of a pinned card the funnel itself, as it was pinned. */
  readonly address: Address
  readonly isPinned: boolean
  readonly slice: Slice
  /** The moment that the screen is asked for is yet to come: there is nothing to show. */
  readonly isAhead: boolean
  readonly view: Resource<FunnelView>
  /** Layers of the cohort figures; empty in a snapshot. */
  readonly cohortLayers: readonly CohortLayerView[]
  /** Counts live changes, so that lists beside the funnel are read again too. */
  readonly liveTurn: number
  /** Goes to the same screen with another slice; a step in the history. */
  change(next: Partial<Slice>): void
  /** The question about this slice in words, as a body carries it. */
  readonly words: Readonly<Record<string, string>>
  /** Address of a request about this slice. */
  path(path: string, extra?: Readonly<Record<string, string>>): string
}

/** What the chips and sheets of a slice need: any screen that is cut like the funnel has it. */
export type Sliced = Pick<FunnelState, 'slice' | 'change'> & {
  readonly view: { readonly data: FunnelHeadView | null; readonly isCurrent: boolean }
}

const contextKey = Symbol('funnel')

/** @param pinned of a card: the address that it was pinned from, and whether it draws the funnel itself */
export function createFunnelState(pinned?: { readonly address: () => Address; readonly hasFunnel: () => boolean }): FunnelState {
  const address = $derived(pinned?.address() ?? page.url)
  const slice = $derived(readSlice(address.searchParams))
  const ahead = $derived(!pinned && slice.asOf !== null && isAhead(slice.asOf, new Date(), session.timeZone))
  let liveTurn = $state(0)
  const pathOf = (path: string, extra: Readonly<Record<string, string>> = {}): string =>
    withQuery(path, { ...sliceQuery(slice, today, session.timeZone), ...extra, lang: i18n.locale })
  const view = createResource<FunnelView>(() => (ahead || (pinned && !pinned.hasFunnel()) ? null : pathOf('/api/funnel')))

  $effect(() =>
    onLiveEvent('funnel', () => {
      liveTurn++
      void view.reload()
    }),
  )
  const state: FunnelState = {
    get address() {
      return address
    },
    isPinned: pinned !== undefined,
    get slice() {
      return slice
    },
    get isAhead() {
      return ahead
    },
    view,
    get cohortLayers() {
      return view.data?.basis === 'cohort' ? view.data.layers : []
    },
    get words() {
      const words = Object.entries(sliceQuery(slice, today, session.timeZone))
      return Object.fromEntries(words.filter((entry): entry is [string, string] => entry[1] != null))
    },
    get liveTurn() {
      return liveTurn
    },
    change: (next) => void goto(withParams(address, writeSlice({ ...slice, ...next })), { reset: false }),
    path: pathOf,
  }
  return setContext(contextKey, state)
}

export function funnelState(): FunnelState {
  return getContext<FunnelState>(contextKey)
}
