import type { Session } from '../../api/session.ts'
import { encodeCursor } from '../../api/usecases/cursor.ts'
import { ask } from '../../api/usecases/funnel/ask.ts'
import { showDepartmentBars, showTrend } from '../../api/usecases/funnel/charts.ts'
import { type Route, readSumsBy } from '../../api/usecases/funnel/cube/read-sums.ts'
import { listFunnelDeals } from '../../api/usecases/funnel/drill-down.ts'
import { showForecast } from '../../api/usecases/funnel/show-forecast.ts'
import { showFunnel } from '../../api/usecases/funnel/show-funnel.ts'
import { showVelocity, showWinRates } from '../../api/usecases/funnel/show-win-rates.ts'
import { type Random, randomStream } from '../../db/seeds/demo-random.ts'
import { selectKnownRow, sql } from '../../db/sql.ts'
import { addDays, dayOf } from '../../shared/domain/periods.ts'
import { ListFunnelDeals, ShowFunnel, ShowWonBars } from '../../shared/schemas/funnel.ts'
import { ShowForecast, ShowVelocity, ShowWinRates } from '../../shared/schemas/outcomes.ts'
import { preparedAnswers, readAnswer } from './limit.ts'
import { firstIds } from './load-company.ts'
import { quantile } from './throughput.ts'
import { type BenchWorld, departments, employees } from './world.ts'

/** One question of the rounds. */
export type Question = {
  readonly name: string
  /** Chooses what is asked, its input read as a door reads it; what it gives is timed. */
  readonly choose: (world: BenchWorld, random: Random) => () => Promise<unknown>
}
export type Times = {
  readonly medianMs: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** Medians of the three thirds of the rounds: the largest over the smallest. */
  readonly drift: number
}

const years = ['2024', '2025', '2026'] as const

function funnel(name: string, route: Route, query: (random: Random, world: BenchWorld) => object): Question {
  return {
    name,
    choose(world, random) {
      const input = ShowFunnel.parse(query(random, world))
      return async () => {
        const session = await quickSession(world)
        const sums = await readSumsBy(route, session, await ask(session, input))
        if (!sums) throw new Error(`${name}: ${route} cannot answer`)
      }
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
  { name: 'select 1', choose: (world) => () => selectKnownRow(world.orm.em.fork(), sql`select 1 as one`) },
  {
    name: 'L: nine rows added up beforehand',
    choose(world, random) {
      const slice = random.whole(1, preparedAnswers)
      return () => readAnswer(world.orm.em.fork(), slice)
    },
  },
  funnel('company, all time', 'cells', () => everything),
  funnel('company, a year', 'cells', (random) => {
    const year = random.pick(years)
    return { from: `${year}-01-01`, to: `${Number(year) + 1}-01-01` }
  }),
  funnel('company, a quarter', 'cells', quarterOf),
  funnel('company, any period', 'cells', oddPeriod),
  funnel('department, a quarter', 'cells', (random) => ({ ...quarterOf(random), department: department(random) })),
  funnel('department, any period, one type', 'cells', (random) => ({
    ...oddPeriod(random),
    department: department(random),
    type: 'service',
  })),
  funnel('employee, a quarter', 'cells', (random) => ({ ...quarterOf(random), employee: employee(random) })),
  funnel('client, typical', 'summaries', (random, { size }) => ({
    ...everything,
    counterparty: String(firstIds.counterparty + random.whole(Math.floor(size.clients / 2), size.clients - 1)),
  })),
  funnel('client, the heaviest', 'summaries', () => ({ ...everything, counterparty: String(firstIds.counterparty) })),
]

/** What answers where nothing is kept: the whole history is read. */
export const naiveQuestion = funnel('company, all time, from the visits', 'visits', () => everything)

function verb(name: string, ask: (session: Session) => Promise<unknown>): Question {
  return { name, choose: (world) => async () => ask(await quickSession(world)) }
}

/** What stands beside the funnel on its screens, for the company: held against no bar. What is read deal by deal grows with their number. */
export const otherQuestions: readonly Question[] = [
  verb('trend of the year', (session) => showTrend(session, ShowFunnel.parse({}))),
  verb('trend of the year, a department', (session) =>
    showTrend(session, ShowFunnel.parse({ department: String(firstIds.department + 1) })),
  ),
  verb('won by department', (session) => showDepartmentBars(session, ShowWonBars.parse({ cut: 'department' }))),
  verb('forecast of the quarter', (session) => showForecast(session, ShowForecast.parse({}))),
  verb('win rates of the year', (session) => showWinRates(session, ShowWinRates.parse({}))),
  verb('sales velocity', (session) => showVelocity(session, ShowVelocity.parse({}))),
  verb('where deals stand', (session) => showFunnel(session, ShowFunnel.parse({ basis: 'snapshot' }))),
  verb('flow of a month', (session) =>
    showFunnel(session, ShowFunnel.parse({ basis: 'flow', from: addDays(dayOf(session.now, 'UTC'), -30) })),
  ),
  verb('flow of the year', (session) => showFunnel(session, ShowFunnel.parse({ basis: 'flow' }))),
]

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

function list(page: (world: BenchWorld) => object): Question['choose'] {
  return (world) => {
    const input = ListFunnelDeals.parse(page(world))
    return async () => listFunnelDeals(await quickSession(world), input)
  }
}

export const listQuestions: readonly Question[] = [
  {
    name: 'list behind a layer, page 1',
    choose: list(() => listed),
  },
  {
    name: `list behind a layer, page ${deep}`,
    choose: list((world) => ({ ...listed, cursor: deepCursors.get(world) })),
  },
]

/**
 * Asks every question of every world once a round, in turn, so that the machine's noise falls on all alike. Who is asked second finds the
 * question's code warm: the worlds take turns in that too.
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
      for (const world of round % 2 === 0 ? worlds : worlds.toReversed()) {
        const asked = question.choose(world, random)
        const startedAt = performance.now()
        await asked()
        if (round >= 0)
          seen
            .get(world)!
            .get(question.name)!
            .push(performance.now() - startedAt)
      }
  return new Map([...seen].map(([world, byName]) => [world, new Map([...byName].map(([name, times]) => [name, timesOf(times)]))]))
}

function timesOf(times: readonly number[]): Times {
  const third = Math.ceil(times.length / 3)
  const thirds = [0, 1, 2].map((nth) => quantile(times.slice(nth * third, (nth + 1) * third), 0.5)).filter((median) => median > 0)
  return {
    medianMs: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    p99Ms: quantile(times, 0.99),
    drift: Math.max(...thirds) / Math.min(...thirds),
  }
}
