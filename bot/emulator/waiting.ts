const LOOK_AGAIN_MS = 5

export type IdleOptions = { quietMs?: number; timeoutMs?: number }
export type IdleProbe = {
  /** Updates not taken and calls not answered. */
  open(): number
  /** performance.now() of the newest call. */
  lastCallAt(): number
  isBusy(): boolean | Promise<boolean>
  describe(): string
}

/** @throws Error telling what is open after `timeoutMs` of real time. */
export async function waitUntilIdle(probe: IdleProbe, { quietMs = 60, timeoutMs = 10_000 }: IdleOptions = {}): Promise<void> {
  const startedAt = performance.now()
  const isQuiet = () => probe.open() === 0 && performance.now() - Math.max(probe.lastCallAt(), startedAt) >= quietMs
  while (!(isQuiet() && !(await probe.isBusy()) && isQuiet())) {
    if (performance.now() - startedAt > timeoutMs) throw new Error(`not idle: ${probe.open()} open\n${probe.describe()}`)
    await pause()
  }
}

/** @throws Error with the source of the condition after `timeoutMs` of real time. */
export async function waitUntil(holds: () => boolean, timeoutMs = 10_000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`still not so: ${holds}`)
    await pause()
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
}
