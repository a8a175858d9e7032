/** Live changes from `/api/events`: one connection for all screens, open only while somebody listens and the page is seen. */
export type LiveEvent = 'deal' | 'funnel'
type Listener = (data: unknown) => void

const listeners: Record<LiveEvent, Set<Listener>> = { deal: new Set(), funnel: new Set() }
let source: EventSource | null = null

function isWanted(): boolean {
  return !document.hidden && listeners.deal.size + listeners.funnel.size > 0
}

function tell(event: LiveEvent, data: unknown): void {
  for (const listener of listeners[event]) listener(data)
}

/** What happened while nobody was connected, or the page was hidden, was not heard. */
function tellAll(): void {
  for (const event of ['deal', 'funnel'] as const) tell(event, {})
}

function follow(): void {
  if (!isWanted()) {
    source?.close()
    source = null
    return
  }
  if (source) return
  source = new EventSource('/api/events')
  let wasLost = false
  source.addEventListener('error', () => {
    wasLost = true
  })
  source.addEventListener('open', () => {
    if (wasLost) tellAll()
    wasLost = false
  })
  for (const event of ['deal', 'funnel'] as const) {
    source.addEventListener(event, (message) => tell(event, JSON.parse((message as MessageEvent<string>).data || '{}')))
  }
}

document.addEventListener('visibilitychange', () => {
  const wasClosed = source === null
  follow()
  if (wasClosed && isWanted()) tellAll()
})

/**
 * Calls `listener` after changes, at most once per `quietMs`: a burst of changes is one call, after its end or after five times that.
 * @returns stops listening.
 */
export function onLiveEvent(event: LiveEvent, listener: Listener, quietMs = 1000): () => void {
  let timer = 0
  let waitingSince = 0
  const debounced: Listener = (data) => {
    const now = Date.now()
    if (timer === 0) waitingSince = now
    clearTimeout(timer)
    const wait = Math.min(quietMs, Math.max(0, waitingSince + 5 * quietMs - now))
    timer = window.setTimeout(() => {
      timer = 0
      listener(data)
    }, wait)
  }
  listeners[event].add(debounced)
  follow()
  return () => {
    clearTimeout(timer)
    listeners[event].delete(debounced)
    follow()
  }
}
