import type { StatusPreviewView } from '../../../../shared/views/dictionaries.ts'
import { ApiError, request } from '../api.ts'
import { i18n } from '../i18n.svelte.ts'
import { network } from '../network.svelte.ts'

/** One change of the dictionary to be tried. */
export type TriedChange =
  | { readonly order: readonly string[] }
  | { readonly merge: { readonly code: string; readonly into: string } }

export type Preview = {
  readonly view: StatusPreviewView | null
  readonly error: ApiError | null
  readonly loading: boolean
  reload(): void
}

/** Asks what a change would do, and again when it or the language changes. Call it while a component is being set up. */
export function createPreview(change: () => TriedChange | null, basis: () => 'cohort' | 'snapshot'): Preview {
  let view = $state.raw<StatusPreviewView | null>(null)
  let error = $state.raw<ApiError | null>(null)
  let loading = $state(false)
  let turn = 0

  async function load(body: object): Promise<void> {
    const mine = ++turn
    loading = true
    try {
      const { data } = await request<StatusPreviewView>('POST', '/api/statuses/preview', { body, timeoutMs: 30_000 })
      if (mine !== turn) return
      view = data
      error = null
    } catch (failure) {
      if (mine !== turn) return
      error = failure instanceof ApiError ? failure : new ApiError('unexpected', String(failure), 0)
      view = null
    } finally {
      if (mine === turn) loading = false
    }
  }
  const reload = (): void => {
    const wanted = change()
    if (wanted) void load({ ...wanted, basis: basis() })
  }
  $effect(() => {
    void i18n.locale
    reload()
  })
  $effect(() => network.onComeback(() => void (error && reload())))
  return {
    get view() {
      return view
    },
    get error() {
      return error
    },
    get loading() {
      return loading
    },
    reload,
  }
}
