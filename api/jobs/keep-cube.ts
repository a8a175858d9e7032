import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Orm } from '../../db/orm.ts'
import { countPending } from '../../db/queries/funnel-cube-state.ts'
import { noteFunnelPending } from '../http/metrics.ts'
import { keepCube } from '../usecases/funnel/cube/upkeep.ts'

const everyMs = 1_000
const afterErrorMs = 10_000
/** Rows that wait make every funnel slower: somebody should hear of so many. */
const tooManyPending = 10_000

/**
 * Folds the funnel's queue every second, and makes its sums anew when the dictionary changes. Several processes may run it: one at a time works.
 * @returns how to stop it: the step under way is finished
 */
export function startCubeKeeper({ orm, log, now }: { readonly orm: Orm; readonly log: Logger; readonly now: () => Date }): {
  stop(): Promise<void>
} {
  const stopping = new AbortController()
  const loop = async () => {
    while (!stopping.signal.aborted) {
      const waitMs = await step().catch((error: unknown) => {
        log.error({ err: error }, 'the sums of the funnel')
        return afterErrorMs
      })
      await delay(waitMs, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }
  const step = async (): Promise<number> => {
    const upkeep = await keepCube(orm.em.fork(), now())
    if (upkeep.did === 'built') log.info('made the sums of the funnel anew')
    const pending = await countPending(orm.em.fork())
    noteFunnelPending(pending)
    if (pending > tooManyPending) log.warn({ pending }, 'changes wait for the sums of the funnel')
    return everyMs
  }
  const running = loop()
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}
