import type { BoardCard } from '../../../../shared/schemas/dashboards.ts'
import type { DashboardView } from '../../../../shared/views/dashboards.ts'
import { ApiError, request } from '../api.ts'
import { i18n } from '../i18n.svelte.ts'
import { withQuery } from '../query.ts'
import { createResource, type Resource } from '../resource.svelte.ts'
import { sayError } from '../say-error.ts'
import { toasts } from '../toasts.svelte.ts'
import { t } from './messages.ts'

export type BoardChange = { readonly name?: string; readonly cards?: readonly BoardCard[]; readonly shared?: boolean }

/** One dashboard: as it is, and as it is being changed; each change is sent at once and can be taken back. */
export type Board = {
  readonly resource: Resource<DashboardView>
  readonly view: DashboardView | null
  readonly busy: boolean
  readonly canUndo: boolean
  /** Changes what stands here now, and sends it, one after the other. */
  change(next: BoardChange): void
  undo(): void
  /** What was changed last has been saved, or the refusal shown. */
  settled(): Promise<void>
}

export function createBoard(id: () => string): Board {
  const pathOf = (): string => `/api/dashboards/${id()}`
  const resource = createResource<DashboardView>(() => withQuery(pathOf(), { lang: i18n.locale }))
  /** As it stands here: ahead of the server while something is sent. */
  let local = $state.raw<DashboardView | null>(null)
  let past = $state.raw<readonly DashboardView[]>([])
  let busy = $state(false)
  let sending: Promise<void> = Promise.resolve()
  /** What is to be sent next; changes made while one is under way become one. */
  let waiting: BoardChange | null = null
  const view = $derived.by(() => {
    const read = resource.data?.id === id() ? resource.data : null
    if (local?.id !== id()) return read
    return busy || !read || local.version >= read.version ? local : read
  })

  function put(next: BoardChange): void {
    if (!view) return
    local = { ...view, ...next }
    waiting = { ...waiting, ...next }
    if (!busy) sending = send(view.version)
  }

  async function send(from: number): Promise<void> {
    busy = true
    let version = from
    try {
      while (waiting) {
        const body = waiting
        waiting = null
        const { data } = await request<DashboardView>('PATCH', withQuery(pathOf(), { lang: i18n.locale }), {
          body,
          ifMatch: version,
        })
        version = data.version
        // What was changed meanwhile goes on standing.
        local = { ...data, ...(waiting as BoardChange | null) }
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      await refuse(error)
    } finally {
      busy = false
    }
  }

  /** What was not saved must not go on standing as if it were. */
  async function refuse(error: ApiError): Promise<void> {
    waiting = null
    past = []
    toasts.show(error.code === 'version_stale' ? t('board.stale') : sayError(error), { kind: 'error' })
    local = null
    await resource.reload()
  }

  return {
    resource,
    get view() {
      return view
    },
    get busy() {
      return busy
    },
    get canUndo() {
      return past.length > 0
    },
    change(next) {
      if (!view) return
      past = [...past, view]
      put(next)
    },
    undo() {
      const before = past.at(-1)
      if (!before) return
      past = past.slice(0, -1)
      put({ name: before.name, cards: before.cards, shared: before.shared })
    },
    settled: () => sending,
  }
}
