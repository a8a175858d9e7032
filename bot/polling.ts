import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Orm } from '../db/orm.ts'
import { allowedUpdates, receiveUpdate } from './inbox.ts'
import { readFailure, type TelegramApi } from './telegram-api.ts'

const waitSeconds = 25
const longestPauseMs = 30_000

/**
 * Fetches updates into the inbox until stopped. An update is confirmed to Telegram only by the next request, that is once it is stored.
 * @returns how to stop; it resolves when the last request has ended.
 */
export function startPolling(parts: {
  readonly orm: Orm
  readonly api: TelegramApi
  readonly now: () => Date
  readonly log: Logger
  readonly wake: () => void
}): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const running = poll(parts, stopping.signal)
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

async function poll({ orm, api, now, log, wake }: Parameters<typeof startPolling>[0], signal: AbortSignal): Promise<void> {
  let offset = 0
  let failures = 0
  while (!signal.aborted) {
    try {
      const updates = await api.call('getUpdates', { offset, timeout: waitSeconds, allowed_updates: [...allowedUpdates] }, signal)
      for (const update of updates) {
        await receiveUpdate(orm.em.fork(), update, now())
        offset = update.update_id + 1
      }
      if (updates.length > 0) wake()
      failures = 0
    } catch (error) {
      if (signal.aborted) return
      failures += 1
      log.warn({ err: error, failures }, 'telegram updates could not be fetched')
      const failure = readFailure(error)
      const pause = failure.kind === 'later' ? failure.afterMs : null
      await delay(pause ?? Math.min(1000 * 2 ** (failures - 1), longestPauseMs), undefined, { signal }).catch(() => {})
    }
  }
}
