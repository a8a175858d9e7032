import { keepCube } from '../../api/usecases/funnel/cube/upkeep.ts'
import type { Orm } from '../../db/orm.ts'

const patienceMs = 120_000

/**
 * Keeps the funnel's sums until nothing is left to do. The keeper waits for every older transaction of the whole server, those of other tests among them.
 * @returns what was done, without repetitions. @throws Error when it does not come to an end
 */
export async function settleCube(orm: Orm, now: Date): Promise<string[]> {
  const done: string[] = []
  for (const until = Date.now() + patienceMs; Date.now() < until; ) {
    const { did } = await keepCube(orm.em.fork(), now)
    if (did === 'nothing') return done
    if (did === 'waits') await new Promise((resolve) => setTimeout(resolve, 20))
    if (done.at(-1) !== did) done.push(did)
  }
  throw new Error(`the sums are never done: ${done}`)
}
