import { addDays } from '../../../../shared/domain/periods.ts'
import type { RulePreviewView } from '../../../../shared/views/processes.ts'
import { ApiError, request } from '../api.ts'
import { today } from '../clock.ts'
import { sayError } from '../say-error.ts'
import { addParts } from './add-parts.ts'

/** The play of a past period, part by part: it says how far it has come and can be stopped. What was found last stays until a new play is done. */
export type PastRun = {
  /** Of the last play that came to its end. */
  readonly found: { readonly view: RulePreviewView; readonly tried: unknown; readonly days: number } | null
  readonly busy: boolean
  /** Null until the server has said how many deals there are. */
  readonly progress: { readonly done: number; readonly total: number } | null
  readonly problem: string | null
  /** @param tried what is asked about, to know it again; `days`: the deals created in so many days up to today */
  start(tried: unknown, days: number, input: () => Promise<object>): Promise<void>
  cancel(): void
}

const partSize = 500

/** Call it while a component is being set up. */
export function createPastRun(): PastRun {
  let found = $state.raw<PastRun['found']>(null)
  let progress = $state.raw<PastRun['progress']>(null)
  let problem = $state<string | null>(null)
  let stop = $state.raw<AbortController | null>(null)

  async function play(tried: unknown, days: number, input: () => Promise<object>, signal: AbortSignal): Promise<void> {
    const to = addDays(today(), 1)
    const body = { ...(await input()), from: addDays(to, -days), to, limit: partSize }
    let view: RulePreviewView | null = null
    do {
      const after: number | null = view?.next ?? null
      const options = { body: after === null ? body : { ...body, after }, signal, timeoutMs: 60_000 }
      const { data } = await request<RulePreviewView>('POST', '/api/rules/preview', options)
      if (signal.aborted) return
      view = addParts(view, data)
      progress = { done: view.deals, total: view.total }
    } while (view.next !== null)
    found = { view, tried, days }
  }

  return {
    get found() {
      return found
    },
    get busy() {
      return stop !== null
    },
    get progress() {
      return progress
    },
    get problem() {
      return problem
    },
    async start(tried, days, input) {
      stop?.abort()
      const mine = new AbortController()
      stop = mine
      progress = null
      problem = null
      try {
        await play(tried, days, input, mine.signal)
      } catch (error) {
        if (mine.signal.aborted) return
        if (!(error instanceof ApiError)) throw error
        problem = sayError(error)
      } finally {
        if (stop === mine) stop = null
      }
    },
    cancel() {
      stop?.abort()
      stop = null
    },
  }
}
