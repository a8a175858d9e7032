import { goto } from '$app/navigation'
import { page } from '$app/state'
import type { WayPart } from '../../../../shared/domain/funnel-paths.ts'
import type { PathsView, WayView } from '../../../../shared/views/paths.ts'
import { today } from '../clock.ts'
import type { Sliced } from '../funnel/funnel-state.svelte.ts'
import { noPane } from '../funnel/pane-params.ts'
import { type Slice, sliceQuery, writeSlice } from '../funnel/slice.ts'
import { i18n } from '../i18n.svelte.ts'
import { withParams, withQuery } from '../query.ts'
import { createResource, type Resource } from '../resource.svelte.ts'
import { session } from '../session.svelte.ts'
import { compareSlice } from './compare-state.svelte.ts'
import { wayKey } from './way-key.ts'
import { readThreshold, usualThreshold } from './ways.ts'

/** The screen of ways: its slice and threshold, in the address. */
export type PathsState = {
  readonly view: Resource<PathsView>
  readonly sliced: Sliced
  readonly threshold: number
  setThreshold(percent: number): void
  /** The deals that took a way, or a part of them. */
  hrefOf(way: Pick<WayView, 'from' | 'to'>, part?: WayPart): string
}

function pathsSlice(): Slice {
  return { ...compareSlice(), basis: 'cohort' }
}

export function pathsPath(path: string, extra: Readonly<Record<string, string | null>> = {}): string {
  const { by: _counts, strict: _visits, ...query } = sliceQuery(pathsSlice(), today, session.timeZone)
  return withQuery(path, { ...query, ...extra, lang: i18n.locale })
}

export function createPathsState(): PathsState {
  const slice = $derived(pathsSlice())
  const view = createResource<PathsView>(() => pathsPath('/api/funnel/paths'))
  return {
    view,
    sliced: {
      get slice() {
        return slice
      },
      view,
      change: (next) => void goto(withParams(page.url, writeSlice({ ...slice, ...next })), { reset: false }),
    },
    get threshold() {
      return readThreshold(page.url.searchParams.get('least'))
    },
    setThreshold: (percent) =>
      void goto(withParams(page.url, { least: percent === usualThreshold ? null : String(percent) }), {
        replace: true,
        reset: false,
      }),
    hrefOf: (way, part) => withParams(page.url, { ...noPane, way: wayKey(way), part: part ?? null }, '/funnel/~paths/deals'),
  }
}
