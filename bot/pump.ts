/** Takes one piece of work. Calls `taken` as soon as it has one, so that another lane looks for the next. @returns false when there is none. */
export type TakeOne = (taken: () => void) => Promise<boolean>

export type Pump = {
  /** Nothing is taken before. */
  start(): void
  /** There may be work: look now. */
  wake(): void
  /** Takes nothing new and waits for what is under way. */
  stop(): Promise<void>
  /** Resolves when a look found nothing and nothing is under way. For tests and an orderly stop. */
  settled(): Promise<void>
}

const firstRestMs = 500
const longestRestMs = 15_000

/**
 * Runs `takeOne` in up to `lanes` lanes at once whenever woken, and every `idleMs` besides: work may come from another process or fall due.
 * When `takeOne` throws, the error is reported and everything rests: half a second, then twice as long each time, at most 15 s.
 */
export function createPump(options: {
  readonly lanes: number
  readonly idleMs: number
  readonly takeOne: TakeOne
  readonly onError: (error: unknown) => void
}): Pump {
  const running = new Set<Promise<void>>()
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let wokenWhileLooking = false
  let failures = 0
  let restsUntil = 0

  const run = async (): Promise<void> => {
    while (!stopped) {
      wokenWhileLooking = false
      const found = await options.takeOne(wake).catch(rest)
      if (found === 'failed') return
      failures = 0
      if (!found && !wokenWhileLooking) return
    }
  }

  function rest(error: unknown): 'failed' {
    options.onError(error)
    restsUntil = performance.now() + Math.min(firstRestMs * 2 ** failures, longestRestMs)
    failures += 1
    return 'failed'
  }

  function wake(): void {
    if (stopped || !timer || performance.now() < restsUntil) return
    wokenWhileLooking = true
    if (running.size >= options.lanes) return
    // The lane counts before it looks: whoever finds work wakes the next at once.
    const lane: Promise<void> = Promise.resolve()
      .then(run)
      .finally(() => running.delete(lane))
    running.add(lane)
  }

  async function settled(): Promise<void> {
    while (running.size > 0) await Promise.all(running)
  }

  return {
    wake,
    start() {
      timer = setInterval(wake, options.idleMs)
      timer.unref()
      wake()
    },
    settled,
    async stop() {
      stopped = true
      clearInterval(timer)
      await settled()
    },
  }
}
