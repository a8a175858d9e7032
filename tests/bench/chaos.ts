import type { Session } from '../../api/session.ts'
import { editDeal } from '../../api/usecases/deals/edit-deal.ts'
import { loseDeal, reopenDeal } from '../../api/usecases/deals/lose-deal.ts'
import { reassignDeal } from '../../api/usecases/deals/reassign-deal.ts'
import { setStatus } from '../../api/usecases/deals/set-status.ts'
import { showDeal } from '../../api/usecases/deals/show-deal.ts'
import { undoChange } from '../../api/usecases/deals/undo-change.ts'
import { checkCube } from '../../api/usecases/funnel/cube/check-cube.ts'
import { keepCube } from '../../api/usecases/funnel/cube/upkeep.ts'
import { type Random, randomStream } from '../../db/seeds/demo-random.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { firstIds } from './load-company.ts'
import { type BenchWorld, buildAll, employees } from './world.ts'
import { adminSession } from './write-times.ts'

export type Chaos = {
  readonly changes: number
  readonly refused: number
  readonly wrong: number
  readonly examples: readonly string[]
}

const statuses = ['new', 'qualification', 'proposal', 'negotiation', 'contract', 'payment', 'delivery', 'support']
const lanes = 6

type Seen = { readonly number: number; readonly version: number }
type Verb = (session: Session, seen: Seen, random: Random) => Promise<unknown>
const change = (session: Session, seen: Seen, random: Random) =>
  setStatus(session, { ...seen, status: random.pick(statuses), reason: 'bench', hold: false })
const verbs: readonly Verb[] = [
  change,
  async (session, seen, random) => {
    const { deal, undo } = await change(session, seen, random)
    if (undo) await undoChange({ ...session, em: session.em.fork() }, { ...seen, version: deal.version, eventId: undo.eventId })
  },
  (session, seen) => loseDeal(session, { ...seen, status: 'lost', reason: 'bench' }),
  (session, seen) => reopenDeal(session, { ...seen, reason: 'bench' }),
  (session, seen, random) => reassignDeal(session, { ...seen, employeeId: firstIds.employee + random.whole(0, employees - 1) }),
  (session, seen, random) =>
    editDeal(session, { ...seen, amount: { amountMinor: random.whole(1, 900_000_00), currency: 'RUB' } }),
]

/**
 * People change the same few hundred deals at once while the sums are folded; then everything is computed again from the visits.
 * @returns how many changes were made, and how many cells, summaries and layers are wrong: none, or the benchmark fails
 */
export async function makeChaos(world: BenchWorld, seconds: number): Promise<Chaos> {
  const session = await adminSession(world)
  const until = performance.now() + seconds * 1000
  let [changes, refused, ended] = [0, 0, false]
  const folding = (async () => {
    while (!ended) {
      await keepCube(world.orm.em.fork(), new Date())
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })()
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      const random = randomStream(lane, 400)
      while (performance.now() < until) {
        const number = firstIds.deal + random.whole(0, 400)
        try {
          const inside = { ...session, em: world.orm.em.fork(), now: new Date() }
          const { version } = (await showDeal(inside, { number })).deal
          await random.pick(verbs)({ ...inside, em: world.orm.em.fork() }, { number, version }, random)
          changes++
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          refused++
        }
      }
    }),
  )
  ended = true
  await folding
  await buildAll(world.orm)
  const faults = await world.orm.em.fork().transactional((em) => checkCube(em, 5))
  return {
    changes,
    refused,
    wrong: faults.reduce((sum, { total }) => sum + total, 0),
    examples: faults.flatMap(({ sample }) => sample),
  }
}
