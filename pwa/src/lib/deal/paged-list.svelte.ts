import { untrack } from 'svelte'
import { ApiError, getKept, keptKey, recallAnswer, withQuery } from '../api.ts'
import { type Kept, recallNow } from '../kept.ts'
import { network } from '../network.svelte.ts'

type AnyPage<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null; readonly total: number }

/** A list that grows page by page. `first` carries the totals over the whole list. */
export type PagedList<Item, View extends AnyPage<Item>> = {
  readonly first: View | null
  readonly items: readonly Item[]
  readonly hasMore: boolean
  readonly at: string | null
  readonly error: ApiError | null
  readonly loading: boolean
  reload(): Promise<void>
}

/**
 * Loads `pages()` pages of `path()` by cursor. What this browser already holds is shown at once, so that «back» finds the list as long as it was.
 * Call it while a component is being set up. By `keyOf` an item that came twice, because the list moved between two pages, stands once.
 */
export function createPagedList<Item, View extends AnyPage<Item>>(
  path: () => string,
  pages: () => number,
  keyOf: (item: Item) => number,
): PagedList<Item, View> {
  let views = $state.raw<readonly View[]>([])
  let viewsOf = ''
  let at = $state<string | null>(null)
  let error = $state.raw<ApiError | null>(null)
  let loading = $state(false)
  let turn = 0

  const pathOf = (base: string, cursor: string | null): string => withQuery(base, { cursor })

  function recallPages(base: string, count: number): void {
    const known: View[] = []
    let cursor: string | null = null
    for (let index = 0; index < count; index++) {
      const kept: Kept<View> | undefined = recallNow<View>(keptKey(pathOf(base, cursor)))
      if (!kept) break
      at = kept.at
      known.push(kept.data)
      cursor = kept.data.nextCursor
      if (cursor === null) break
    }
    if (known.length === 0) return
    views = known
    viewsOf = base
  }

  /** @param keep how many of the pages shown stay as they are: those before a «show more». */
  async function load(base: string, count: number, keep: number): Promise<void> {
    const mine = ++turn
    loading = true
    const found: View[] = views.slice(0, keep)
    try {
      let cursor = found.at(-1)?.nextCursor ?? null
      while (found.length === 0 || (found.length < count && cursor !== null)) {
        const kept: Kept<View> = await getKept<View>(pathOf(base, cursor))
        if (mine !== turn) return
        found.push(kept.data)
        at = kept.at
        cursor = kept.data.nextCursor
      }
      views = found
      viewsOf = base
      error = null
    } catch (failure) {
      if (mine !== turn) return
      error = failure instanceof ApiError ? failure : new ApiError('unexpected', String(failure), 0)
      const before = viewsOf === base ? undefined : await recallAnswer<View>(base)
      if (mine !== turn || !before) return
      views = [before.data]
      viewsOf = base
      at = before.at
    } finally {
      if (mine === turn) loading = false
    }
  }

  function follow(base: string, count: number): void {
    const isSame = viewsOf === base && views.length > 0
    if (isSame && count <= views.length) return
    if (!isSame) recallPages(base, count)
    void load(base, count, isSame ? views.length : 0)
  }

  $effect(() => {
    const base = path()
    const count = pages()
    untrack(() => follow(base, count))
  })
  $effect(() => network.onComeback(() => error && void load(path(), pages(), 0)))

  const items = $derived.by(() => {
    const seen = new Map<number, Item>()
    for (const view of views) for (const item of view.items) if (!seen.has(keyOf(item))) seen.set(keyOf(item), item)
    return [...seen.values()]
  })
  return {
    get first() {
      return views[0] ?? null
    },
    get items() {
      return items
    },
    get hasMore() {
      return views.length > 0 && views.at(-1)?.nextCursor !== null
    },
    get at() {
      return at
    },
    get error() {
      return error
    },
    get loading() {
      return loading
    },
    reload: () => load(path(), pages(), 0),
  }
}
