import type { Update, WebhookInfo } from '@grammyjs/types'
import { pushBounded } from './bounded.ts'
import type { Clock } from './clock.ts'
import { badRequest, Refusal } from './refusal.ts'
import { deliverWebhook, type WebhookReply } from './webhook.ts'

type Entry = { key: string; update: Update; attempts: number }
type Poller = { wake: () => void; conflict: boolean }
type Webhook = { url: string; secret: string | undefined; maxConnections: number }
export type Delivery = { updateId: number; key: string; at: number; status: number; attempt: number }

// These arrive only when named; core.telegram.org/bots/api#getupdates.
const ONLY_WHEN_NAMED = ['chat_member', 'message_reaction', 'message_reaction_count']
const MAX_DELIVERIES = 5_000
const MAX_PAUSE_MS = 60_000 // WEBHOOK_MAX_RESEND_TIMEOUT of the server

export type UpdateQueue = {
  push(key: string, update: Omit<Update, 'update_id'>): void
  /** The next `count` updates are delivered twice, with the same update_id. */
  duplicateNext(count: number): void
  poll(options: { offset?: number; limit?: number; timeout?: number; allowed_updates?: readonly string[] }): Promise<Update[]>
  setWebhook(options: { url: string; secret_token?: string; max_connections?: number; allowed_updates?: readonly string[] }): void
  dropPending(): void
  webhookInfo(): WebhookInfo
  deliveries: Delivery[]
  pendingCount(): number
  describePending(): string
  /** Called with the method call a webhook may answer with. */
  onReply: (reply: WebhookReply) => void
  close(): void
}

/** The queue between people and the bot: long polling or webhook, as the Bot API server does it. */
export function createUpdateQueue(
  clock: Clock,
  { firstPauseMs, firstId }: { firstPauseMs: number; firstId: number },
): UpdateQueue {
  const entries: Entry[] = []
  const busyKeys = new Set<string>()
  const stop = new AbortController()
  let webhook: Webhook | undefined
  let allowed: readonly string[] | undefined
  let nextId = firstId + 100_001
  let duplicates = 0
  let poller: Poller | undefined
  let lastError: { date: number; message: string } | undefined

  function isWanted(update: object): boolean {
    const type = Object.keys(update)[0]!
    return allowed && allowed.length > 0 ? allowed.includes(type) : !ONLY_WHEN_NAMED.includes(type)
  }

  function pump(): void {
    if (!webhook) return
    for (const entry of [...entries]) {
      if (busyKeys.size >= webhook.maxConnections) return
      if (!busyKeys.has(entry.key)) void deliverInOrder(entry, webhook)
    }
  }

  async function deliverInOrder(entry: Entry, target: Webhook): Promise<void> {
    busyKeys.add(entry.key)
    while (webhook === target && !stop.signal.aborted && entries.includes(entry)) {
      entry.attempts += 1
      const reply = await deliverWebhook(target.url, target.secret, entry.update, stop.signal)
      const { update, key, attempts } = entry
      pushBounded(
        queue.deliveries,
        { updateId: update.update_id, key, at: clock.now(), status: reply.status, attempt: attempts },
        MAX_DELIVERIES,
      )
      if (reply.status >= 200 && reply.status < 300) {
        if (entries.includes(entry)) entries.splice(entries.indexOf(entry), 1)
        queue.onReply(reply)
        break
      }
      lastError = {
        date: Math.floor(clock.now() / 1000),
        message: `Wrong response from the webhook: ${reply.status} ${reply.reason}`,
      }
      const pause = reply.retryAfterMs ?? Math.min(firstPauseMs * 2 ** (entry.attempts - 1), MAX_PAUSE_MS)
      await clock.wait(pause, stop.signal)
    }
    busyKeys.delete(entry.key)
    if (!stop.signal.aborted) pump()
  }

  const queue: UpdateQueue = {
    deliveries: [],
    onReply: () => undefined,
    push(key, update) {
      if (!isWanted(update)) return
      const numbered = { update_id: nextId, ...update } as Update
      nextId += 1
      entries.push({ key, update: numbered, attempts: 0 })
      if (duplicates > 0) {
        duplicates -= 1
        entries.push({ key, update: numbered, attempts: 0 })
      }
      poller?.wake()
      pump()
    },
    duplicateNext(count) {
      duplicates += count
    },
    async poll({ offset = 0, limit = 100, timeout = 0, allowed_updates }) {
      if (webhook) throw new Refusal('state', 409, "Conflict: can't use getUpdates method while webhook is active")
      if (allowed_updates) allowed = allowed_updates
      if (offset < 0) entries.splice(0, Math.max(entries.length + offset, 0))
      else if (offset > 0)
        for (const old of entries.filter(({ update }) => update.update_id < offset)) entries.splice(entries.indexOf(old), 1)
      if (poller) {
        poller.conflict = true
        poller.wake()
      }
      if (entries.length === 0 && timeout > 0) await waitForUpdate(timeout)
      return entries.slice(0, limit).map(({ update }) => update)
    },
    setWebhook({ url, secret_token, max_connections = 40, allowed_updates }) {
      if (allowed_updates) allowed = allowed_updates
      if (url !== '') assertLoopback(url)
      webhook = url === '' ? undefined : { url, secret: secret_token, maxConnections: max_connections }
      pump()
    },
    dropPending() {
      entries.length = 0
    },
    webhookInfo: () => ({
      url: webhook?.url ?? '',
      has_custom_certificate: false,
      pending_update_count: entries.length,
      ...(webhook ? { max_connections: webhook.maxConnections } : {}),
      ...(lastError ? { last_error_date: lastError.date, last_error_message: lastError.message } : {}),
      ...(allowed ? { allowed_updates: [...allowed] as NonNullable<WebhookInfo['allowed_updates']> } : {}),
    }),
    pendingCount: () => entries.length + busyKeys.size,
    describePending: () =>
      entries.map(({ update, attempts }) => `${JSON.stringify(update)} (tried ${attempts} times)`).join('\n'),
    close() {
      stop.abort()
      poller?.wake()
    },
  }

  async function waitForUpdate(timeoutSeconds: number): Promise<void> {
    const mine: Poller = { wake: () => undefined, conflict: false }
    poller = mine
    // Real time on purpose: a client that polls would hang on a clock that stands still.
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutSeconds * 1000)
      mine.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    if (poller === mine) poller = undefined
    if (mine.conflict) {
      throw new Refusal(
        'state',
        409,
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
      )
    }
  }

  return queue
}

/** The emulator calls nobody but this machine. */
function assertLoopback(address: string): void {
  const url = URL.parse(address)
  if (url === null || !/^https?:$/.test(url.protocol)) throw badRequest('limit', 'bad webhook: invalid webhook URL specified')
  if (!['localhost', '[::1]'].includes(url.hostname) && !url.hostname.startsWith('127.')) {
    throw badRequest('limit', 'bad webhook: the emulator delivers to this machine only')
  }
}
