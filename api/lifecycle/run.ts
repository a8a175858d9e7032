import { setTimeout as delay } from 'node:timers/promises'
import { inspect } from 'node:util'
import { StartError } from '../../db/embedded/start-error.ts'

const stopLimitMs = 10_000
/** The share of it that a start under way and all parts together have but the one started first. */
const partsLimitMs = 4_000
/** How long of that a start that is under way may take to notice that it is not wanted any more, and to clear up what it has begun. */
const startGraceMs = 3_000
/** npm passes on a Ctrl-C that the terminal has delivered already: two signals this close are one. */
const sameSignalMs = 1_000

export interface Lifecycle {
  /** Aborts when the program is asked to stop, also in the middle of the start. */
  readonly signal: AbortSignal
  /** Registers how to end a part that has been started; parts are ended in the reverse order. */
  onStop(part: string, stop: () => unknown): void
  /** Ends the program in order because of an error, exit code 1. */
  fail(error: unknown): void
}

/**
 * Runs the program: `start` brings its parts up, then it runs until SIGINT, SIGTERM or an error, then the parts are ended in reverse order.
 *
 * A second signal, or ten seconds, end it at once. A StartError is printed as a sentence without stack. Never returns: the process exits
 * with 0 after a signal, 1 after an error, 130 when ended at once; the embedded database notices that and ends by itself.
 */
export async function runUntilStopped(
  start: (life: Lifecycle) => Promise<void>,
  report: (text: string) => void = console.error,
): Promise<never> {
  const parts: Part[] = []
  const asked = Promise.withResolvers<void>()
  const stopping = new AbortController()
  const failures: unknown[] = []
  const requestStop = () => {
    stopping.abort(new StartError('Stopped while starting.'))
    asked.resolve()
  }
  const fail = (error: unknown) => {
    failures.push(error)
    report(describe(error))
    requestStop()
  }
  listenToSignals(requestStop)
  // A closed terminal or pipe must not keep the program from ending in order.
  process.stdout.on('error', () => {})
  process.stderr.on('error', () => {})
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)

  const starting = start({ signal: stopping.signal, onStop: (part, stop) => void parts.push({ part, stop }), fail }).catch(
    (error) => {
      if (!stopping.signal.aborted) fail(error)
    },
  )
  await asked.promise
  setTimeout(() => {
    report(`Stopping took more than ${stopLimitMs / 1000} s; ending at once.`)
    process.exit(130)
  }, stopLimitMs).unref()
  const patience = delay(partsLimitMs, 'late' as const, { ref: false })
  await Promise.race([starting, delay(startGraceMs)])
  await stopAll(parts, patience, fail)
  process.exit(failures.length > 0 ? 1 : 0)
}

interface Part {
  readonly part: string
  readonly stop: () => unknown
}

/**
 * Each part gets its turn, whatever happens to the others. One that hangs is left behind, so that the part started first, on which the others
 * stand (the database), always has the time to end well.
 */
async function stopAll(parts: readonly Part[], patience: Promise<'late'>, fail: (error: unknown) => void): Promise<void> {
  for (const part of parts.toReversed()) {
    const stopped = stopPart(part).catch(fail)
    const outcome = part === parts[0] ? await stopped : await Promise.race([stopped, patience])
    if (outcome === 'late') fail(new StartError(`Stopping ${part.part} takes too long and is given up.`))
  }
}

async function stopPart({ part, stop }: Part): Promise<void> {
  try {
    await stop()
  } catch (error) {
    throw new Error(`Stopping ${part} failed`, { cause: error })
  }
}

function describe(error: unknown): string {
  return error instanceof StartError ? error.message : inspect(error)
}

function listenToSignals(requestStop: () => void): void {
  let firstAt: number | undefined
  const onSignal = () => {
    firstAt ??= performance.now()
    if (performance.now() - firstAt > sameSignalMs) process.exit(130)
    requestStop()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  process.on('SIGHUP', onSignal)
}
