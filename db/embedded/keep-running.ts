import { setTimeout as delay } from 'node:timers/promises'
import { atOnce, endLeftovers } from './leftovers.ts'
import { type RunningServer, type ServerSetup, startServer } from './server.ts'
import { keepLogSmall } from './server-log.ts'
import { StartError, type StartLog } from './start-error.ts'

/** Together with the harder ways this leaves time for the other parts within the ten seconds of a stop. */
const stopLimitMs = 3_000
/** A server that falls this often in this time will not stand. */
const falls = { limit: 5, withinMs: 60_000 }

/**
 * Watches over a started server: when it dies unasked it is recovered and started again on the same port, so connection strings stay valid.
 *
 * In: `onLost` is called once when it cannot be brought back. Out: `stop`, which ends it for good.
 */
export function keepRunning(
  setup: ServerSetup,
  first: RunningServer,
  { log, onLost }: { readonly log: StartLog; readonly onLost?: (error: StartError) => void },
): { stop(): Promise<void> } {
  const { cluster } = setup.place
  const stopping = new AbortController()
  const endLogCare = keepLogSmall(setup.place.logFile)
  let current = first

  const watch = async (): Promise<void> => {
    const fallenAt: number[] = []
    while (!stopping.signal.aborted) {
      await current.run.ended.catch(() => null)
      if (stopping.signal.aborted) return
      fallenAt.push(performance.now())
      if (fallenAt.filter((at) => at > performance.now() - falls.withinMs).length >= falls.limit) {
        throw new StartError(`The embedded PostgreSQL ends again and again; its log is ${setup.place.logFile}.`)
      }
      log.error('The database ended unexpectedly; bringing it back')
      await endLeftovers(cluster, log)
      current = await startServer({ ...setup, signal: stopping.signal }, first.port)
      log.warn('The database is back')
    }
  }
  const watching = watch().catch((error) => {
    if (!stopping.signal.aborted)
      onLost?.(error instanceof StartError ? error : new StartError(`The embedded PostgreSQL is lost: ${error}`))
  })

  const stop = async (): Promise<void> => {
    stopping.abort()
    endLogCare()
    current.run.requestStop()
    await Promise.race([current.run.ended.catch(() => null), delay(stopLimitMs, undefined, { ref: false })])
    await endLeftovers(cluster, log, atOnce)
    await watching
  }
  let stopped: Promise<void> | undefined
  return {
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}
