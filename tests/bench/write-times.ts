import type { Session } from '../../api/session.ts'
import { setStatus } from '../../api/usecases/deals/set-status.ts'
import { readCubeDictionary } from '../../api/usecases/funnel/cube/cube-dictionary.ts'
import { keepFlows } from '../../api/usecases/funnel/cube/keep-flows.ts'
import { foldDeltas, keepCube, keepDays } from '../../api/usecases/funnel/cube/upkeep.ts'
import { countPending } from '../../db/queries/funnel-cube-state.ts'
import { randomStream } from '../../db/seeds/demo-random.ts'
import { selectRow, selectRows, sql } from '../../db/sql.ts'
import { dayOf } from '../../shared/domain/periods.ts'
import { firstIds } from './load-company.ts'
import { quantile } from './throughput.ts'
import type { BenchWorld } from './world.ts'

/** The triggers that keep the funnel's sums. */
const triggers = ['status_visit', 'deal', 'process_run'] as const

const warmUpS = 1
/** Those that people are at: they are looked at and moved again and again, so that what is kept of them is in memory. */
const dealsInWork = 1_000

export type WriteTimes = {
  readonly connections: number
  /** Status changes a second, through the use-case, medians over the rounds. */
  readonly withUpkeep: number
  readonly without: number
}

/**
 * Status changes through the verb that people use, with the funnel's upkeep and without, in turns of some seconds.
 * Every deal was moved before, so that neither way reads from the disk what the other finds in memory. What was changed without is made good at the end.
 */
export async function timeWrites(
  world: BenchWorld,
  { connections, rounds, secondsEach }: { readonly connections: number; readonly rounds: number; readonly secondsEach: number },
): Promise<WriteTimes> {
  const session = await adminSession(world)
  const deals = await openDeals(world, dealsInWork)
  const statuses = ['qualification', 'proposal', 'negotiation']
  const random = randomStream(5)
  const untold: number[] = []
  const rates = { on: [] as number[], off: [] as number[] }
  /** @returns whether it stood elsewhere */
  const move = async (deal: (typeof deals)[number], status: string): Promise<boolean> => {
    try {
      const card = await setStatus(
        { ...session, em: world.orm.em.fork(), now: new Date() },
        { ...deal, status, reason: 'bench', hold: false },
      )
      deal.version = card.deal.version
      return true
    } catch (error) {
      if ((error as { code?: string }).code !== 'status_unchanged') throw error
      return false
    }
  }
  /** @returns changes a second */
  const changeFor = async (seconds: number, upkeep: 'on' | 'off'): Promise<number> => {
    let done = 0
    const startedAt = performance.now()
    const until = startedAt + seconds * 1000
    await Promise.all(
      Array.from({ length: connections }, async (_, lane) => {
        for (let at = performance.now(); at < until; at = performance.now()) {
          // Each lane has deals of its own: waiting for one another is not what is measured.
          const deal = deals[Math.floor(random.next() * Math.floor(deals.length / connections)) * connections + lane]!
          if (!(await move(deal, random.pick(statuses)))) continue
          if (upkeep === 'off') untold.push(deal.number)
          done++
        }
      }),
    )
    return done / ((performance.now() - startedAt) / 1000)
  }
  for (const deal of deals) await move(deal, random.pick(statuses))
  for (let round = -1; round < rounds; round++)
    for (const upkeep of ['on', 'off'] as const) {
      await switchUpkeep(world, upkeep === 'on')
      // Switching makes every connection forget its plans: they are made again before it counts.
      await changeFor(warmUpS, upkeep)
      const rate = await changeFor(secondsEach, upkeep)
      if (round >= 0) rates[upkeep].push(rate)
      if (upkeep === 'on') await foldAll(world)
    }
  await switchUpkeep(world, true)
  await selectRows(
    world.orm.em.fork(),
    sql`select funnel_refresh(array(select id from deal where number = any(${[...new Set(untold)]}::bigint[])))`,
  )
  await foldAll(world)
  return { connections, withUpkeep: quantile(rates.on, 0.5), without: quantile(rates.off, 0.5) }
}

async function switchUpkeep({ orm }: BenchWorld, on: boolean): Promise<void> {
  const found = await selectRows<{ tgname: string; relname: string }>(
    orm.em.fork(),
    sql`select tgname, relname from pg_trigger join pg_class on pg_class.oid = tgrelid where tgname like '%\\_funnel\\_%' and relname = any(${[...triggers]})`,
  )
  for (const { tgname, relname } of found)
    await selectRows(orm.em.fork(), sql.raw(`alter table ${relname} ${on ? 'enable' : 'disable'} trigger ${tgname}`))
}

async function foldAll({ orm }: BenchWorld): Promise<number> {
  let rows = 0
  for (;;) {
    const upkeep = await keepCube(orm.em.fork(), new Date())
    if (upkeep.did !== 'folded') return rows
    rows += upkeep.rows
  }
}

export async function adminSession(world: BenchWorld): Promise<Session> {
  const actor = await selectRow<Session['actor']>(
    world.orm.em.fork(),
    sql`select id, name, role, department_id as "departmentId" from employee where role = 'admin' order by id limit 1`,
  )
  return { ...(await world.session()), actor: actor! }
}

/** Deals that can still move, from all over the company. */
function openDeals({ orm }: BenchWorld, count: number): Promise<{ number: number; version: number }[]> {
  return selectRows(
    orm.em.fork(),
    sql`select deal.number, deal.version from deal join status on status.id = deal.status_id
    where status.category = 'open' and deal.id > ${firstIds.deal} and deal.withdrawn_at is null and hashint8(deal.id) % 7 = 0 limit ${count}`,
  )
}

/** How much of a queue was worked off, and how quickly. */
export type QueueRate = { readonly rows: number; readonly perSecond: number }
/** Each queue by itself: rows into the funnel's cells; rows into what is counted by day (marks, stands, moves); deals traced and taken into the flows. */
export type FoldRate = { readonly cells: QueueRate; readonly days: QueueRate; readonly flows: QueueRate }

/** So many open deals go one status on, as people move them; then one worker folds the queues that come of it. */
export function timeFold(world: BenchWorld, deals: number): Promise<FoldRate> {
  return timeFoldOf(world, async () => {
    const numbers = (await openDeals(world, deals)).map(({ number }) => number)
    await world.orm.em.fork().transactional(async (em) => {
      const moved = sql`deal_id in (select id from deal where number = any(${numbers}::bigint[]))`
      await selectRows(em, sql`update status_visit set left_at = now() where ${moved} and left_at is null and voided_at is null`)
      await selectRows(
        em,
        sql`insert into status_visit (deal_id, status_id, entered_at, recorded_at, owner_id, department_id, amount_minor, currency, cause)
        select deal.id, (select id from status where status.rank > was.rank and category <> 'lost' order by rank limit 1), now(), now(), owner_id, department_id, amount_minor, currency, '{"by": "import"}'
        from deal join status was on was.id = deal.status_id where number = any(${numbers}::bigint[]) and exists (select 1 from status where status.rank > was.rank and category <> 'lost')`,
      )
      await selectRows(
        em,
        sql`insert into status_visit (deal_id, status_id, entered_at, recorded_at, owner_id, department_id, amount_minor, currency, cause)
        select deal.id, deal.status_id, now(), now(), owner_id, department_id, amount_minor, currency, '{"by": "import"}' from deal
        where number = any(${numbers}::bigint[]) and not exists (select 1 from status_visit v where v.deal_id = deal.id and v.left_at is null and v.voided_at is null)`,
      )
      await selectRows(
        em,
        sql`update deal set status_id = v.status_id, status_since = v.entered_at from status_visit v
        where v.deal_id = deal.id and v.left_at is null and v.voided_at is null and deal.number = any(${numbers}::bigint[])`,
      )
    })
  })
}

/** The dearest change there is: amounts of deals of all three years, which count in every layer that they have reached. */
export function timeFoldOfAmounts(world: BenchWorld, deals: number): Promise<FoldRate> {
  return timeFoldOf(world, () =>
    selectRows(
      world.orm.em.fork(),
      sql`update deal set amount_minor = amount_minor + 100 where id in (
        select 1000001 + floor(${world.size.deals} * ((hashint8extended(n, 91) & 1073741823)::float8 / 1073741824))::bigint from generate_series(1, ${deals}) n)`,
    ),
  )
}

async function timeFoldOf(world: BenchWorld, change: () => Promise<unknown>): Promise<FoldRate> {
  await foldAll(world)
  await change()
  const em = () => world.orm.em.fork()
  const waiting = (await selectRow<{ days: number; flows: number }>(
    em(),
    sql`select (select count(*) from funnel_stand where not folded)::int + (select count(*) from funnel_mark where not folded)::int
      + (select count(*) from funnel_move where not folded)::int as days, (select count(distinct deal_id) from funnel_touched)::int as flows`,
  ))!
  const cells = await countPending(em())
  const dictionary = (await readCubeDictionary(em()))!
  const { timeZone } = dictionary.keys
  const now = new Date()
  return {
    days: await rateOf(waiting.days, () => keepDays(em(), dayOf(now, timeZone), timeZone)),
    flows: await rateOf(waiting.flows, () => keepFlows(em(), dictionary)),
    cells: await rateOf(cells, () => foldDeltas(em(), now)),
  }
}

async function rateOf(rows: number, work: () => Promise<unknown>): Promise<QueueRate> {
  const startedAt = performance.now()
  await work()
  return { rows, perSecond: (rows * 1000) / (performance.now() - startedAt) }
}
