import type { DealListView, DealRowView } from '../../../../shared/views/deals.ts'
import { ApiError, get } from '../api.ts'
import { withQuery } from '../query.ts'
import { createResource, type Resource } from '../resource.svelte.ts'

export const listSorts = ['waiting', 'amount', 'recent', 'created'] as const
export type ListSort = (typeof listSorts)[number]

/** The order that the address asks for. @param usual where it asks for none */
export function readSort(params: Pick<URLSearchParams, 'get'>, usual: ListSort): ListSort {
  return listSorts.find((one) => one === params.get('sort')) ?? usual
}

/** A paged list of deals: the first page follows the path, further ones are added by `more`. */
export type DealList = {
  readonly first: Resource<DealListView>
  readonly items: readonly DealRowView[]
  readonly hasMore: boolean
  readonly loadingMore: boolean
  readonly moreError: ApiError | null
  more(): Promise<void>
}

export function createDealList(path: () => string | null): DealList {
  const first = createResource<DealListView>(path)
  let further = $state.raw<readonly DealRowView[]>([])
  let cursor = $state<string | null>(null)
  let loadingMore = $state(false)
  let moreError = $state.raw<ApiError | null>(null)

  $effect(() => {
    further = []
    cursor = first.data?.nextCursor ?? null
    moreError = null
  })

  return {
    first,
    get items() {
      return [...(first.data?.items ?? []), ...further]
    },
    get hasMore() {
      return cursor !== null
    },
    get loadingMore() {
      return loadingMore
    },
    get moreError() {
      return moreError
    },
    async more() {
      const from = path()
      if (!from || !cursor || loadingMore) return
      loadingMore = true
      moreError = null
      try {
        const page = await get<DealListView>(withQuery(from, { cursor }))
        // A page of a list that has been left meanwhile is of no use.
        if (from !== path()) return
        further = [...further, ...page.items]
        cursor = page.nextCursor
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        moreError = error
      } finally {
        loadingMore = false
      }
    },
  }
}
