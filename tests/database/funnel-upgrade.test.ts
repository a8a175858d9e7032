import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { backupDatabase, restoreDatabase } from '../../api/cli/backup.ts'
import { checkInvariants } from '../../api/usecases/check.ts'
import { ask } from '../../api/usecases/funnel/ask.ts'
import { computeFlowBy, flowRoutes } from '../../api/usecases/funnel/compute-flow.ts'
import { readSumsBy, routes } from '../../api/usecases/funnel/cube/read-sums.ts'
import { migrate, type Orm } from '../../db/orm.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { resetDemoCompany } from '../../db/seeds/reset-demo.ts'
import { selectRow, selectRows, sql } from '../../db/sql.ts'
import { ShowFunnel } from '../../shared/schemas/funnel.ts'
import { settleCube } from '../support/cube.ts'
import { emptyDatabase, freshDatabase } from '../support/database.ts'
import { makeTemporaryFolder } from '../support/folder.ts'
import { sessionOf } from '../usecases/demo-replay.ts'

/** What the funnel keeps comes about, and stays right, however the deals came into the database. */
const now = new Date('2026-11-20T12:00:00Z')
const demo = { now, timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals: 200 } as const

async function assertRight(orm: Orm): Promise<void> {
  const { findings } = await checkInvariants(orm.em.fork())
  assert.deepEqual(
    findings.filter(({ code }) => code.startsWith('funnel_')),
    [],
  )
  const session = () => sessionOf(orm.em.fork(), 1, now)
  const asked = await ask(session(), ShowFunnel.parse({ from: '2025-02-03' }))
  const answers = await Promise.all(routes.map((route) => readSumsBy(route, session(), asked)))
  for (const answer of answers) assert.deepEqual(answer, answers[2])
  assert.ok(answers[2]!.own.totals.deals.all > 100)
  const flow = await ask(session(), ShowFunnel.parse({ from: '2025-02-03', basis: 'flow' }))
  const flows = await Promise.all(flowRoutes.map((route) => computeFlowBy(route, session(), flow)))
  for (const figures of flows) assert.deepEqual(figures, flows[2])
  assert.ok(flows[2]!.totals.deals > 100)
}

const addressOf = (orm: Orm) => String(orm.config.get('clientUrl'))

test('a company of the first two versions of the schema finds its sums after the upgrade', async () => {
  const filled = await freshDatabase()
  await loadDemoCompany(filled.em.fork(), demo)
  const orm = await emptyDatabase()
  await orm.migrator.up({ to: '0002-processes' })
  await copyCompany(filled, orm)
  await migrate(orm)
  const kept = await selectRow<{ deals: number; summed: number }>(
    orm.em.fork(),
    sql`select (select count(*)::int from deal) as deals, (select count(*)::int from funnel_deal where anchor_at is not null) as summed`,
  )
  assert.deepEqual(kept, { deals: 200, summed: 200 })
  await settleCube(orm, now)
  await assertRight(orm)
})

/** The rows of the tables that the older schema has, by the columns that it has. */
async function copyCompany(from: Orm, to: Orm): Promise<void> {
  const tables = [
    'organization',
    'department',
    'employee',
    'counterparty',
    'status',
    'process_template',
    'process_template_version',
    'stage',
    'deal_type',
    'deal',
    'process_run',
    'status_visit',
  ]
  const copied: (readonly [table: string, rows: string])[] = []
  for (const table of tables) {
    const rows = await selectRows<{ row: object }>(from.em.fork(), sql`select to_jsonb(t) as row from ${sql.table(table)} t`)
    copied.push([table, JSON.stringify(rows.map(({ row }) => row))])
  }
  await to.em.fork().transactional(async (em) => {
    await selectRows(em, sql`set local session_replication_role = replica`)
    for (const [table, rows] of copied)
      await selectRows(
        em,
        sql`insert into ${sql.table(table)} select (jsonb_populate_record(null::${sql.table(table)}, row)).* from jsonb_array_elements(${rows}::jsonb) as row`,
      )
  })
}

test('sums come back with a backup, and go on from there', async () => {
  const [from, to] = [await freshDatabase(), await freshDatabase()]
  await loadDemoCompany(from.em.fork(), demo)
  await settleCube(from, now)
  await selectRows(from.em.fork(), sql`update deal set amount_minor = amount_minor + 5 where id % 4 = 0`)
  const file = join(makeTemporaryFolder('cube'), 'backup')
  await backupDatabase(addressOf(from), file, now)
  await restoreDatabase(addressOf(to), file, false)
  await assertRight(to)
  await selectRows(to.em.fork(), sql`update deal set amount_minor = amount_minor + 3 where id % 3 = 0`)
  await settleCube(to, now)
  await assertRight(to)
})

test('a demo company that is reset has sums of its own', async () => {
  const orm = await freshDatabase()
  await loadDemoCompany(orm.em.fork(), demo)
  await settleCube(orm, now)
  const keeping = settleCube(orm, now)
  assert.equal(await resetDemoCompany(orm.em.fork(), { ...demo, deals: 240 }), true)
  await keeping
  await settleCube(orm, now)
  await assertRight(orm)
  const deals = await selectRow<{ count: number }>(orm.em.fork(), sql`select count(*)::int as count from funnel_deal`)
  assert.equal(deals?.count, 240)
})
