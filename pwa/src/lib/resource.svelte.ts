import { ApiError, getKept, keptKey, recallAnswer } from './api.ts'
import { type Kept, recallNow } from './kept.ts'
import { network } from './network.svelte.ts'

/** Data of one screen that come from one GET and follow its path. */
export type Resource<Data> = {
  /** The newest data there are; while another path loads, those of the path before (see `isOf`). */
  readonly data: Data | null
  /** When `data` were read, ISO 8601. */
  readonly at: string | null
  /** What the last try met; `data` may stand beside it. */
  readonly error: ApiError | null
  readonly loading: boolean
  /** True when `data` belong to the present path and not to the one before. */
  readonly isCurrent: boolean
  reload(): Promise<void>
}

/**
 * Loads `path()` and again whenever it changes, keeping the last good data meanwhile, and by failure those kept from before.
 * Call it while a component is being set up. A null path loads nothing.
 */
export function createResource<Data>(path: () => string | null): Resource<Data> {
  let kept = $state.raw<Kept<Data> | null>(null)
  let keptPath = $state<string | null>(null)
  let error = $state.raw<ApiError | null>(null)
  let loading = $state(false)
  let turn = 0

  const take = (from: string, found: Kept<Data>): void => {
    kept = found
    keptPath = from
  }

  async function load(wanted: string): Promise<void> {
    const mine = ++turn
    loading = true
    try {
      const found = await getKept<Data>(wanted)
      if (mine !== turn) return
      take(wanted, found)
      error = null
    } catch (failure) {
      if (mine !== turn) return
      error = failure instanceof ApiError ? failure : new ApiError('unexpected', String(failure), 0)
      const before = await recallAnswer<Data>(wanted)
      if (mine === turn && before) take(wanted, before)
    } finally {
      if (mine === turn) loading = false
    }
  }

  $effect(() => {
    const wanted = path()
    if (wanted === null) return
    const known = recallNow<Data>(keptKey(wanted))
    if (known) take(wanted, known)
    void load(wanted)
  })
  $effect(() =>
    network.onComeback(() => {
      const wanted = path()
      if (wanted !== null && error) void load(wanted)
    }),
  )

  return {
    get data() {
      return kept?.data ?? null
    },
    get at() {
      return kept?.at ?? null
    },
    get error() {
      return error
    },
    get loading() {
      return loading
    },
    get isCurrent() {
      return kept !== null && keptPath === path()
    },
    async reload() {
      const wanted = path()
      if (wanted !== null) await load(wanted)
    },
  }
}
