import type pg from 'pg'
import type { Orm } from '../../db/orm.ts'
import { typeSeeds } from '../../db/seeds/demo-processes.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { statusSeeds } from '../../db/seeds/statuses.ts'
import { dealLives } from './deal-lives.ts'

/** How large a company is loaded; the shares are those of performance work everywhere: a few clients and people have most of the deals. */
export type CompanySize = {
  readonly deals: number
  readonly clients: number
  readonly employees: number
  readonly departments: number
}

/** Ids of loaded rows begin after these, the demo company's own lie below. */
export const firstIds = { deal: 1_000_001, counterparty: 100_001, employee: 1_001, department: 101 } as const
const years = 3
const lives = 24_000
/** Rows are written by this many connections at once, each its share of the deals. */
const writers = 2

export type LoadReport = { readonly deals: number; readonly visits: number; readonly seconds: number }

/**
 * Loads the demo company and beside it a large one: departments in four levels, people, clients and their deals with a whole life of stays. Written by
 * the database itself, from lives made here; indexes and checks of foreign keys come after the rows.
 * @param connect gives a new connection with the rights of the database's owner
 * @param now the deals' lives are cut off here
 */
export async function loadCompany(
  orm: Orm,
  connect: () => Promise<pg.Client>,
  size: CompanySize,
  now: Date,
  say: (sentence: string) => void,
): Promise<LoadReport> {
  const startedAt = performance.now()
  await loadDemoCompany(orm.em.fork(), { now, timeZone: 'Europe/Moscow', baseCurrency: 'RUB' })
  const client = await connect()
  try {
    await client.query(`set session_replication_role = replica`)
    await loadPeople(client, size)
    await loadLives(client)
    const indexes = await takeAwayIndexes(client)
    await letVacuum(client, false)
    say('writing deals')
    await Promise.all(Array.from({ length: writers }, (_, part) => writeShare(connect, size, now, part)))
    say('vacuum and indexes')
    await inTurns(connect, [
      ...largeTables.map((table) => `vacuum ${table}`),
      ...indexes.map(({ definition }) => definition),
      ...largeTables.map((table) => `analyze ${table}`),
    ])
    for (const { claim } of indexes) if (claim) await client.query(claim)
    await letVacuum(client, true)
    await client.query(`drop table bench_life, bench_life_step`)
    for (const table of largeTables)
      await client.query(`select setval(pg_get_serial_sequence('${table}', 'id'), (select max(id) from ${table}))`)
    await client.query(`select setval('deal_number_seq', (select max(number) from deal))`)
    await client.query(`vacuum (analyze) counterparty, employee, department`)
    const seconds = (performance.now() - startedAt) / 1000
    const { rows } = await client.query<{ deals: string; visits: string }>(
      `select (select count(*) from deal) as deals, (select count(*) from status_visit) as visits`,
    )
    return { deals: Number(rows[0]!.deals), visits: Number(rows[0]!.visits), seconds }
  } finally {
    await client.end()
  }
}

/** Four levels: five branches below the company, three offices each, and desks below those. */
async function loadPeople(client: pg.Client, { departments, employees, clients }: CompanySize): Promise<void> {
  const { department, employee, counterparty } = firstIds
  await client.query(
    `insert into department (id, name, parent_id)
    select ${department} + n, 'Отдел ' || n, case when n = 0 then null when n <= 5 then ${department} when n <= 20 then ${department} + 1 + (n - 6) % 5 else ${department} + 6 + (n - 21) % 15 end
    from generate_series(0, ${departments - 1}) n`,
  )
  await client.query(
    `insert into employee (id, login, name, role, department_id, created_at)
    select ${employee} + n, 'bench-' || n, 'Сотрудник ' || n, 'manager', ${department} + case when ${departments} > 21 then 21 + n % (${departments} - 21) else n % ${departments} end, now() - interval '${years + 1} years'
    from generate_series(0, ${employees - 1}) n`,
  )
  await client.query(
    `insert into counterparty (id, name, created_at) select ${counterparty} + n, 'ООО «Клиент ' || n || '»', now() - interval '${years + 1} years' from generate_series(0, ${clients - 1}) n`,
  )
}

async function loadLives(client: pg.Client): Promise<void> {
  const made = dealLives(lives)
  await client.query(`create unlogged table bench_life (id int primary key, type_id int not null, spread float8 not null, median float8 not null);
    create unlogged table bench_life_step (life_id int, seq int, status_id int, stage_id int, after_s int, until_s int, primary key (life_id, seq))`)
  await client.query(
    `insert into bench_life select id, type_id, spread, median from jsonb_to_recordset($1) as given (id int, type_id int, spread float8, median float8)`,
    [
      JSON.stringify(
        made.map(({ id, typeId }) => {
          const { amount } = typeSeeds.find((type) => type.id === typeId)!
          return { id, type_id: typeId, spread: amount.spread, median: amount.medianMinor }
        }),
      ),
    ],
  )
  for (let start = 0; start < made.length; start += 2000)
    await client.query(
      `insert into bench_life_step select * from jsonb_to_recordset($1) as given (life_id int, seq int, status_id int, stage_id int, after_s int, until_s int)`,
      [
        JSON.stringify(
          made.slice(start, start + 2000).flatMap(({ id, steps }) =>
            steps
              .map((step, seq) => ({
                life_id: id,
                seq,
                status_id: step.statusId,
                stage_id: step.stageId,
                after_s: step.afterS,
                until_s: steps[seq + 1]?.afterS ?? null,
              }))
              // A hash join gives first what came last: stays are written in their order without being sorted.
              .toReversed(),
          ),
        ),
      ],
    )
  await client.query(`analyze bench_life; analyze bench_life_step`)
}

/** A share 0 <= x < 1 from a number, the same on every machine. */
function shareOf(id: string, salt: number): string {
  return `((hashint8extended(${id}, ${salt}) & 1073741823)::float8 / 1073741824)`
}

/** Deals that are written at once: so many that a join looks up the steps of lives for deals, and not the other way round. */
const blockDeals = 400_000

/** Deals, runs and stays of one of `writers` shares of the company. */
async function writeShare(connect: () => Promise<pg.Client>, size: CompanySize, now: Date, part: number): Promise<void> {
  const client = await connect()
  const [from, to] = [part, part + 1].map((share) => Math.floor((size.deals * share) / writers)) as [number, number]
  try {
    // What is committed in memory only is not yet visible to all, and vacuum would leave it.
    await client.query(`set session_replication_role = replica; set synchronous_commit = on; set work_mem = '256MB'`)
    for (let start = from; start < to; start += blockDeals)
      await writeBlock(client, size, now, start, Math.min(to, start + blockDeals))
  } finally {
    await client.end()
  }
}

/** The newest third of the time has half of the deals: the company grows. @param from number of the first deal. @param to after the last one */
async function writeBlock(client: pg.Client, size: CompanySize, now: Date, from: number, to: number): Promise<void> {
  const { deal, counterparty, employee } = firstIds
  const lost = `'{${statusSeeds.filter((status) => status.category === 'lost').map((status) => status.id)}}'::int[]`
  const present = `timestamptz '${now.toISOString()}'`
  // In order of id, as all that follows then is: rows that lie as they were made, and indexes that grow at one end.
  await client.query(`create temporary table placed as
    select made.*, employee.department_id, greatest(0, extract(epoch from ${present} - made.created_at))::int as age_s from (select ${deal} + n as id, life.type_id, life.id as life_id,
      ${counterparty} + floor(${size.clients} * power(${shareOf('n', 1)}, 2.5))::int as counterparty_id,
      ${employee} + floor(${size.employees} * power(${shareOf('n', 2)}, 1.5))::int as owner_id,
      round(life.median * exp(life.spread * (2.2 * ${shareOf('n', 3)} - 1.1)) / 100)::bigint * 100 as amount_minor,
      ${present} - interval '${years} years' * (1 - power(${shareOf('n', 4)}, 0.7)) as created_at
    from generate_series(${from}::bigint, ${to - 1}) n
    join bench_life life on life.id = 1 + floor((select count(*) from bench_life) * ${shareOf('n', 5)})::int offset 0) as made
    join employee on employee.id = made.owner_id order by made.id`)
  await client.query(`analyze placed`)
  await client.query(`create temporary table standing as
    select placed.*, step.status_id, step.stage_id, created_at + make_interval(secs => step.after_s) as since
    from placed join bench_life_step step on step.life_id = placed.life_id and step.after_s <= age_s and (step.until_s is null or step.until_s > age_s) order by placed.id`)
  await client.query(`insert into deal (id, number, title, type_id, counterparty_id, owner_id, department_id, amount_minor, currency, base_amount_minor, status_id, status_since, expected_close_on, created_at, changed_at)
    select id, id, 'Поставка по заявке', type_id, counterparty_id, owner_id, department_id, amount_minor, 'RUB', amount_minor, status_id, since, (created_at + interval '90 days')::date, created_at, since
    from standing`)
  await client.query(`insert into process_run (id, deal_id, template_version_id, is_main, stage_id, stage_since, state, started_at, ended_at)
    select id, id, type_id, true, stage_id, since, case when status_id = any(${lost}) then 'cancelled' else 'running' end, created_at, case when status_id = any(${lost}) then since end
    from standing`)
  await client.query(`drop table standing`)
  await client.query(`insert into status_visit (deal_id, status_id, entered_at, left_at, recorded_at, owner_id, department_id, amount_minor, currency, cause, stage_id)
    select placed.id, step.status_id, created_at + make_interval(secs => step.after_s),
      case when step.until_s <= age_s then created_at + make_interval(secs => step.until_s) end,
      created_at + make_interval(secs => step.after_s), owner_id, department_id, amount_minor, 'RUB', '{"by": "import"}', step.stage_id
    from placed join bench_life_step step on step.life_id = placed.life_id and step.after_s <= age_s`)
  await client.query(`drop table placed`)
}

/** The largest first: their work is begun first, so that no connection ends long before the other. */
const largeTables = ['status_visit', 'deal', 'process_run'] as const

/** What makes an index anew, and then what claims it for its constraint, if it is of one. */
type KeptIndex = { readonly definition: string; readonly claim: string | null }

/**
 * All indexes but those that foreign keys need: rows are written several times as fast without. Those of constraints come back as indexes first,
 * since a constraint waits for everybody else at its table.
 * @returns in the order of making: the deals' while the stays are still vacuumed
 */
async function takeAwayIndexes(client: pg.Client): Promise<KeptIndex[]> {
  const { rows } = await client.query<KeptIndex & { readonly removal: string }>(
    `select pg_get_indexdef(i.indexrelid) as definition,
      case when own.oid is null then format('drop index %I', c.relname) else format('alter table %s drop constraint %I', i.indrelid::regclass, own.conname) end as removal,
      case when own.oid is not null then
        format('alter table %s add constraint %I %s using index %I', i.indrelid::regclass, own.conname, case own.contype when 'p' then 'primary key' else 'unique' end, c.relname) end as claim
    from pg_index i join pg_class c on c.oid = i.indexrelid left join pg_constraint own on own.conindid = i.indexrelid and own.conrelid = i.indrelid and own.contype in ('p', 'u')
    where i.indrelid = any($1::regclass[]) and not exists (select 1 from pg_constraint other where other.conindid = i.indexrelid and other.contype = 'f')
    order by array_position(array['deal', 'status_visit', 'process_run']::regclass[], i.indrelid::regclass)`,
    [largeTables],
  )
  for (const { removal } of rows) await client.query(removal)
  return rows
}

/** While rows are written nobody else is to read them over and over. */
async function letVacuum(client: pg.Client, itself: boolean): Promise<void> {
  for (const table of largeTables)
    await client.query(
      itself ? `alter table ${table} reset (autovacuum_enabled)` : `alter table ${table} set (autovacuum_enabled = false)`,
    )
}

/** Works off statements with `writers` connections. */
async function inTurns(connect: () => Promise<pg.Client>, statements: readonly string[]): Promise<void> {
  const waiting = [...statements]
  await Promise.all(
    Array.from({ length: writers }, async () => {
      const client = await connect()
      try {
        await client.query(`set maintenance_work_mem = '2GB'; set max_parallel_maintenance_workers = 0`)
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await client.query(next)
      } finally {
        await client.end()
      }
    }),
  )
}
