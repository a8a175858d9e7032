import { encodeCursor } from '../../api/usecases/cursor.ts'
import { ask } from '../../api/usecases/funnel/ask.ts'
import { type Route, readSumsBy } from '../../api/usecases/funnel/cube/read-sums.ts'
import { listFunnelDeals } from '../../api/usecases/funnel/drill-down.ts'
import { type Random, randomStream } from '../../db/seeds/demo-random.ts'
import { selectKnownRow, sql } from '../../db/sql.ts'
import { addDays } from '../../shared/domain/periods.ts'
import { ListFunnelDeals, ShowFunnel } from '../../shared/schemas/funnel.ts'
import { preparedAnswers, readAnswer } from './limit.ts'
import { firstIds } from './load-company.ts'
import { quantile } from './throughput.ts'
import { type BenchWorld, departments, employees } from './world.ts'

/** One question of the rounds. `isCube`: its cost must not depend on the number of deals. */
export type Question = {
  readonly name: string
  readonly isCube: boolean
  readonly ask: (world: BenchWorld, random: Random) => Promise<unknown>
}
export type Times = { readonly medianMs: number; readonly p95Ms: number; readonly p99Ms: number }

const years = ['2024', '2025', '2026'] as const

function funnel(name: string, route: Route, isCube: boolean, query: (random: Random, world: BenchWorld) => object): Question {
  return {
    name,
    isCube,
    async ask(world, random) {
      const session = await quickSession(world)
      const asked = await ask(session, ShowFunnel.parse(query(random, world)))
      const sums = await readSumsBy(route, session, asked)
      if (!sums) throw new Error(`${name}: ${route} cannot answer`)
    },
  }
}

const sessions = new WeakMap<BenchWorld, ReturnType<BenchWorld['session']>>()
/** A session as the door makes it, without the lookups of the door: those are measured with HTTP. */
async function quickSession(world: BenchWorld) {
  if (!sessions.has(world)) sessions.set(world, world.session())
  return { ...(await sessions.get(world)!), em: world.orm.em.fork(), now: new Date() }
}

function quarterOf(random: Random): { from: string; to: string } {
  const [year, quarter] = [random.pick(years), random.whole(0, 3)]
  const month = (place: number) => String(place * 3 + 1).padStart(2, '0')
  return {
    from: `${year}-${month(quarter)}-01`,
    to: quarter === 3 ? `${Number(year) + 1}-01-01` : `${year}-${month(quarter + 1)}-01`,
  }
}

/** Between four months and two and a half years, from any day to any day. */
function oddPeriod(random: Random): { from: string; to: string } {
  const from = addDays('2023-12-03', random.whole(0, 300))
  return { from, to: addDays(from, random.whole(120, 780)) }
}

const everything = { from: '2000-01-01' }
const department = (random: Random) => String(firstIds.department + random.whole(0, departments - 1))
const employee = (random: Random) => String(firstIds.employee + random.whole(0, employees - 1))

/** L and what is held against it; client and employee rows are answered by index. */
export const questions: readonly Question[] = [
  { name: 'select 1', isCube: false, ask: (world) => selectKnownRow(world.orm.em.fork(), sql`select 1 as one`) },
  {
    name: 'L: nine rows added up beforehand',
    isCube: false,
    ask: (world, random) => readAnswer(world.orm.em.fork(), random.whole(1, preparedAnswers)),
  },
  funnel('company, all time', 'cells', true, () => everything),
  funnel('company, a year', 'cells', true, (random) => {
    const year = random.pick(years)
    return { from: `${year}-01-01`, to: `${Number(year) + 1}-01-01` }
  }),
  funnel('company, a quarter', 'cells', true, quarterOf),
  funnel('company, any period', 'cells', true, oddPeriod),
  funnel('department, a quarter', 'cells', true, (random) => ({ ...quarterOf(random), department: department(random) })),
  funnel('department, any period, one type', 'cells', true, (random) => ({
    ...oddPeriod(random),
    department: department(random),
    type: 'service',
  })),
  funnel('employee, a quarter', 'cells', true, (random) => ({ ...quarterOf(random), employee: employee(random) })),
  funnel('client, typical', 'summaries', false, (random, { size }) => ({
    ...everything,
    counterparty: String(firstIds.counterparty + random.whole(Math.floor(size.clients / 2), size.clients - 1)),
  })),
  funnel('client, the heaviest', 'summaries', false, () => ({ ...everything, counterparty: String(firstIds.counterparty) })),
]

/** What answers where nothing is kept: the whole history is read. */
export const naiveQuestion = funnel('company, all time, from the visits', 'visits', false, () => everything)

const deep = 1000
const listed = { layer: 'proposal', part: 'lost', limit: 50, ...everything } as const
const deepCursors = new WeakMap<BenchWorld, string>()

/** Walks to page 1000, or as far as the list goes. */
export async function findDeepPage(world: BenchWorld): Promise<void> {
  let cursor: string | undefined
  for (let page = 1; page < deep; page++) {
    const { next } = await listFunnelDeals(await quickSession(world), ListFunnelDeals.parse({ ...listed, cursor }))
    if (!next) break
    cursor = encodeCursor(next) ?? undefined
    if (cursor) deepCursors.set(world, cursor)
  }
}

export const listQuestions: readonly Question[] = [
  {
    name: 'list behind a layer, page 1',
    isCube: false,
    ask: async (world) => listFunnelDeals(await quickSession(world), ListFunnelDeals.parse(listed)),
  },
  {
    name: `list behind a layer, page ${deep}`,
    isCube: false,
    ask: async (world) =>
      listFunnelDeals(await quickSession(world), ListFunnelDeals.parse({ ...listed, cursor: deepCursors.get(world) })),
  },
]

/**
 * Asks every question of every world once a round, in turn, so that the machine's noise falls on all alike.
 * @returns times by world and question, without the first rounds
 */
export async function takeTurns(
  worlds: readonly BenchWorld[],
  asked: readonly Question[],
  rounds: number,
): Promise<Map<BenchWorld, Map<string, Times>>> {
  const seen = new Map(worlds.map((world) => [world, new Map(asked.map(({ name }) => [name, [] as number[]]))]))
  const random = randomStream(11)
  const warmUp = Math.ceil(rounds / 10)
  for (let round = -warmUp; round < rounds; round++)
    for (const question of asked)
      for (const world of worlds) {
        const startedAt = performance.now()
        await question.ask(world, random)
        if (round >= 0)
          seen
            .get(world)!
            .get(question.name)!
            .push(performance.now() - startedAt)
      }
  return new Map(
    [...seen].map(([world, byName]) => [
      world,
      new Map(
        [...byName].map(([name, times]) => [
          name,
          { medianMs: quantile(times, 0.5), p95Ms: quantile(times, 0.95), p99Ms: quantile(times, 0.99) },
        ]),
      ),
    ]),
  )
}
