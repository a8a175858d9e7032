import { getContext, setContext } from 'svelte'
import type { DealAction } from '../../../../shared/domain/permissions.ts'
import { describeEvent } from '../../../../shared/messages/describe.ts'
import type { DealCardView, DealEventView, DealHistoryView } from '../../../../shared/views/deals.ts'
import { ApiError, keptKey, request } from '../api.ts'
import { today } from '../clock.ts'
import { onLiveEvent } from '../events.ts'
import { i18n } from '../i18n.svelte.ts'
import { keep } from '../kept.ts'
import { createResource, type Resource } from '../resource.svelte.ts'
import { sayError } from '../say-error.ts'
import { session } from '../session.svelte.ts'
import { toasts } from '../toasts.svelte.ts'
import { newIdempotencyKey } from './idempotency.ts'
import { t } from './messages.ts'

/** One change to send: path after `/api/deals/:number`. */
export type DealChange = {
  readonly method: 'PUT' | 'PATCH' | 'DELETE' | 'POST'
  readonly path: string
  /** What belongs to the deal and has an address and a version of its own, instead of `path`; version null is not sent. */
  readonly at?: { readonly path: string; readonly version: number | null }
  readonly body?: unknown
  readonly idempotencyKey?: string
  /** What the snackbar says when it is done. */
  readonly done: (card: DealCardView) => string
}

/** Somebody was faster: what he did. */
export type StaleNotice = { readonly person: string; readonly what: string }

/** The deal card's screen: the card, its history, and the one way to change it. */
export type DealState = {
  readonly number: number
  readonly card: DealCardView | null
  readonly load: Resource<DealCardView>
  readonly history: Resource<DealHistoryView>
  /** True while a change is on its way: everything that changes the deal is off, so a double tap acts once. */
  readonly busy: boolean
  readonly stale: StaleNotice | null
  /** What the last change met, for the form that sent it. */
  readonly problem: string | null
  can(action: DealAction): boolean
  /** @returns true when it was done; false leaves the form as it is, `problem` or `stale` say why. */
  change(change: DealChange): Promise<boolean>
  undo(): Promise<void>
  comment(text: string, key: string): Promise<boolean>
  /** Reads the card and its history anew: something beside the deal has changed. */
  refresh(): Promise<void>
  clearNotices(): void
}

const contextKey = Symbol('deal')

export function createDealState(number: () => number): DealState {
  const path = $derived(`/api/deals/${number()}`)
  const load = createResource<DealCardView>(() => path)
  const history = createResource<DealHistoryView>(() => `${path}/history`)
  let answered = $state.raw<DealCardView | null>(null)
  let busy = $state(false)
  let stale = $state.raw<StaleNotice | null>(null)
  let problem = $state<string | null>(null)

  // The answer to a change may be newer than what was loaded, and the other way round.
  const card = $derived.by(() => {
    const loaded = load.isCurrent ? load.data : null
    if (!answered || answered.number !== number()) return loaded
    return loaded && loaded.version > answered.version ? loaded : answered
  })

  function take(next: DealCardView): void {
    answered = next
    keep(keptKey(path), { data: next, etag: String(next.version), at: new Date().toISOString() })
  }

  async function refresh(): Promise<void> {
    await Promise.all([load.reload(), history.reload()])
    if (load.data && load.isCurrent && !load.error) answered = null
  }

  $effect(() =>
    onLiveEvent('deal', (data) => {
      const changed = data as { number?: number; version?: number }
      if (busy || (changed.number !== undefined && changed.number !== number())) return
      void refresh()
    }),
  )

  function describe(event: DealEventView): string {
    const { title } = describeEvent(event.body, i18n.locale, {
      timeZone: session.timeZone,
      currency: session.currency,
      currentYear: Number(today().slice(0, 4)),
    })
    return title
  }

  async function showStale(error: ApiError): Promise<void> {
    const current = (error.details as { current?: DealCardView } | undefined)?.current
    if (current) take(current)
    else await load.reload()
    await history.reload()
    const last = history.data?.events[0]
    stale = { person: last?.person?.name ?? t('stale.someone'), what: last ? describe(last) : t('stale.title') }
  }

  async function fail(error: unknown): Promise<void> {
    if (!(error instanceof ApiError)) throw error
    if (error.status === 412) await showStale(error)
    else problem = sayError(error)
  }

  /** Sends while nothing else is being sent. */
  async function once(send: () => Promise<void>): Promise<boolean> {
    if (busy) return false
    busy = true
    problem = null
    stale = null
    try {
      await send()
      return true
    } catch (error) {
      await fail(error)
      return false
    } finally {
      busy = false
    }
  }

  async function change({ method, path: tail, at, body, idempotencyKey, done }: DealChange): Promise<boolean> {
    const seen = card
    if (!seen) return false
    return once(async () => {
      const version = at ? at.version : seen.version
      const options = { body, ...(version === null ? {} : { ifMatch: version }), ...(idempotencyKey ? { idempotencyKey } : {}) }
      const { data } = await request<DealCardView>(method, at?.path ?? `${path}${tail}`, options)
      take(data)
      void history.reload()
      const action = data.undo ? { label: t('undo.button'), run: () => void undo() } : null
      toasts.show(done(data), { action })
    })
  }

  async function undo(): Promise<void> {
    const seen = card
    if (!seen?.undo) return
    const { eventId } = seen.undo
    const isDone = await once(async () => {
      const options = { body: { eventId }, ifMatch: seen.version, idempotencyKey: newIdempotencyKey() }
      take((await request<DealCardView>('POST', `${path}/undo`, options)).data)
      void history.reload()
      toasts.show(t('undo.done'))
    })
    if (!isDone && problem) toasts.show(problem, { kind: 'error' })
  }

  const state: DealState = {
    get number() {
      return number()
    },
    get card() {
      return card
    },
    load,
    history,
    get busy() {
      return busy
    },
    get stale() {
      return stale
    },
    get problem() {
      return problem
    },
    can: (action) => card?.actions.includes(action) ?? false,
    change,
    undo,
    comment: (text, idempotencyKey) =>
      once(async () => {
        take((await request<DealCardView>('POST', `${path}/comments`, { body: { text }, idempotencyKey })).data)
        await history.reload()
      }),
    refresh,
    clearNotices() {
      stale = null
      problem = null
    },
  }
  return setContext(contextKey, state)
}

export function dealState(): DealState {
  return getContext<DealState>(contextKey)
}
