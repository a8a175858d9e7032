import pg from 'pg'
import type { Session } from '../../api/session.ts'
import { keepCube } from '../../api/usecases/funnel/cube/upkeep.ts'
import { readOrganization } from '../../api/usecases/settings.ts'
import { migrate, type Orm, openOrm } from '../../db/orm.ts'
import { selectRow, sql } from '../../db/sql.ts'
import { layOutAnswers } from './limit.ts'
import { type CompanySize, loadCompany } from './load-company.ts'

/** A loaded company with all that the funnel keeps. */
export type BenchWorld = {
  readonly url: string
  readonly orm: Orm
  readonly size: CompanySize
  readonly visits: number
  readonly loadS: number
  readonly buildS: number
  connect(): Promise<pg.Client>
  /** Of the executive, as a request gets it. */
  session(): Promise<Session>
}

export const employees = 1_000
export const departments = 50

/** Makes a database of this many deals on the server. @param now lives are cut off here */
export async function makeWorld(
  serverUrl: string,
  deals: number,
  now: Date,
  say: (sentence: string) => void,
): Promise<BenchWorld> {
  const url = new URL(serverUrl)
  url.pathname = `/bench_${deals}`
  const connect = async (address = url.href) => {
    const client = new pg.Client({ connectionString: address })
    await client.connect()
    return client
  }
  const server = await connect(serverUrl)
  await server.query(`create database bench_${deals}`)
  await server.end()
  const orm = await openOrm(url.href, 24)
  await migrate(orm)
  const size = { deals, clients: Math.min(100_000, Math.ceil(deals / 20)), employees, departments }
  const { visits, seconds } = await loadCompany(orm, connect, size, now, (sentence) => say(`${deals} deals: ${sentence}`))
  say(`${deals} deals: the sums`)
  const startedAt = performance.now()
  await buildAll(orm)
  const buildS = (performance.now() - startedAt) / 1000
  await layOutAnswers(orm.em.fork())
  const client = await connect()
  for (const table of [
    'funnel_deal',
    'funnel_cell',
    'funnel_class',
    'funnel_mark',
    'funnel_stand',
    'funnel_trace',
    'funnel_flow',
  ])
    await client.query(`vacuum (analyze) ${table}`)
  await client.end()
  const actor = await selectRow<Session['actor']>(
    orm.em.fork(),
    sql`select id, name, role, department_id as "departmentId" from employee where role = 'executive' order by id limit 1`,
  )
  return {
    url: url.href,
    orm,
    size,
    visits,
    loadS: seconds,
    buildS,
    connect,
    async session() {
      const organization = await readOrganization(orm.em.fork())
      return { em: orm.em.fork(), actor: actor!, now: new Date(), locale: 'ru', door: 'web', organization: organization! }
    },
  }
}

/** Brings what funnels are read from into memory: the other company was made since. */
export async function warmUp({ connect }: BenchWorld): Promise<void> {
  const client = await connect()
  await client.query('create extension if not exists pg_prewarm')
  for (const relation of ['funnel_cell', 'funnel_cell_pkey', 'funnel_class', 'funnel_class_pack', 'funnel_delta'])
    await client.query('select pg_prewarm($1::regclass)', [relation])
  await client.end()
}

/** Summaries and cells, until nothing is left to do. @throws Error when that does not come to an end */
export async function buildAll(orm: Orm): Promise<void> {
  for (let step = 0; step < 10_000; step++) if ((await keepCube(orm.em.fork(), new Date())).did === 'nothing') return
  throw new Error('the sums are never done')
}
