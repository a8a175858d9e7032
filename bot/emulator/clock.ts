import { setTimeout as delay } from 'node:timers/promises'

/** Time as the emulator sees it, in milliseconds since 1970. `wait` resolves early, without an error, when the signal fires. */
export type Clock = { now(): number; wait(ms: number, signal?: AbortSignal): Promise<void> }
export type VirtualClock = Clock & { advance(ms: number): Promise<void> }

export const realClock: Clock = {
  now: () => Date.now(),
  wait: (ms, signal) => delay(ms, undefined, { signal, ref: false }).catch(() => undefined),
}

/**
 * A clock that stands still until it is moved: dates, expiry of presses, pauses of the webhook follow it.
 * @param startMs milliseconds since 1970
 */
export function createVirtualClock(startMs: number): VirtualClock {
  let now = startMs
  const waiting = new Set<{ at: number; wake: () => void }>()
  return {
    now: () => now,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        const entry = { at: now + ms, wake: resolve }
        waiting.add(entry)
        signal?.addEventListener('abort', () => {
          waiting.delete(entry)
          resolve()
        })
      }),
    async advance(ms) {
      now += ms
      for (const entry of [...waiting].sort((left, right) => left.at - right.at)) {
        if (entry.at > now) continue
        waiting.delete(entry)
        entry.wake()
      }
      await delay(0)
    },
  }
}
