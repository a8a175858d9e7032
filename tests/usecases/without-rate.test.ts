import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { DealList } from '../../api/usecases/deals/list-deals.ts'
import { listDeals } from '../../api/usecases/deals/list-deals.ts'
import { compareFunnel, listComparedDeals } from '../../api/usecases/funnel/compare-funnel.ts'
import { keepCube } from '../../api/usecases/funnel/cube/upkeep.ts'
import { listFunnelDeals } from '../../api/usecases/funnel/drill-down.ts'
import { listOutcomeDeals } from '../../api/usecases/funnel/list-outcomes.ts'
import { showForecast } from '../../api/usecases/funnel/show-forecast.ts'
import { showFunnel } from '../../api/usecases/funnel/show-funnel.ts'
import { listWayDeals, showPaths } from '../../api/usecases/funnel/show-paths.ts'
import { showVelocity, showWinRates } from '../../api/usecases/funnel/show-win-rates.ts'
import type { Orm } from '../../db/orm.ts'
import { personSeeds } from '../../db/seeds/demo-people.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { CompareFunnel, ListComparedDeals } from '../../shared/schemas/compare.ts'
import { ListDeals } from '../../shared/schemas/deals.ts'
import { ListFunnelDeals, ShowFunnel } from '../../shared/schemas/funnel.ts'
import { ListOutcomeDeals, ShowForecast, ShowVelocity, ShowWinRates } from '../../shared/schemas/outcomes.ts'
import { ListWayDeals, ShowPaths } from '../../shared/schemas/paths.ts'
import { freshDatabase } from '../support/database.ts'
import { sessionOf } from './demo-replay.ts'

/** "So many deals without a rate" opens just these, whatever figure it stands beside. */
const now = new Date('2026-11-20T12:00:00Z')
const [executive, manager] = ['vlasova', 'petrova'].map((login) => personSeeds.find((person) => person.login === login)!.id)
let orm: Orm
before(async () => {
  orm = await freshDatabase()
  await loadDemoCompany(orm.em.fork(), { now, timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals: 250 })
  await selectRows(orm.em.fork(), sql`update deal set currency = 'CHF' where number % 5 = 0 returning id`)
  // A status without a layer: its deals are in the totals all the same.
  await selectRows(
    orm.em.fork(),
    sql`update status set shown_in_funnel = false where id = (select status_id from deal join status on status.id = status_id
      where category = 'open' and currency = 'CHF' and withdrawn_at is null and status.rank > 10 group by 1 order by count(*) desc limit 1) returning id`,
  )
  await keepCube(orm.em.fork(), now)
})
const session = (actorId = executive!) => sessionOf(orm.em.fork(), actorId, now)
const questions = [
  {},
  { from: '2026-09-01', to: '2026-11-21' },
  { from: '2026-01-01', to: '2026-11-21', type: 'product_sale', attribution: 'event' },
  { from: '2026-01-01', to: '2026-11-21', asOf: '2026-06-01T09:00:00Z' },
  { from: '2026-06-01', to: '2026-11-21', phase: 'sale' },
]

/** The list holds as many as were counted, each without its money. */
function assertLeftOut({ rows, total, amountMinor, withoutRate }: DealList, counted: number, said: string): void {
  assert.deepEqual([total, amountMinor, withoutRate], [counted, 0, counted], said)
  assert.ok(
    rows.length === Math.min(total, 200) && rows.every((row) => row.currency === 'CHF' && row.baseAmountMinor === null),
    said,
  )
}

for (const basis of ['cohort', 'snapshot', 'flow'] as const)
  test(`what the sums of a ${basis} leave out is a list, of its parts too`, async () => {
    let counted = 0
    for (const [actorId, question] of [executive, manager].flatMap((id) => questions.map((one) => [id, one] as const))) {
      const query = { ...question, basis, limit: 200 }
      const list = (more: object) => listFunnelDeals(session(actorId), ListFunnelDeals.parse({ ...query, ...more }))
      const { limit: _, ...asked } = query
      const shown = await showFunnel(session(actorId), ShowFunnel.parse(asked))
      const said = JSON.stringify(asked)
      assertLeftOut(await list({ withoutRate: '1' }), shown.withoutRate, said)
      const whole = await list({})
      assert.equal(whole.withoutRate, shown.withoutRate, said)
      const { totals, layers } =
        shown.basis === 'cohort' ? shown.funnel : shown.basis === 'flow' ? { ...shown, ...shown.flow } : shown.snapshot
      assert.deepEqual([whole.total, whole.amountMinor], [totals.deals, totals.amountMinor], said)
      for (const { status } of layers) {
        const part = await list({ layer: status.code })
        assertLeftOut(await list({ layer: status.code, withoutRate: '1' }), part.withoutRate, `${said} ${status.code}`)
      }
      counted += shown.withoutRate
    }
    assert.ok(counted > 20, `${counted} deals`)
  })

test('a flow counts the deals that moved in it, not those that came into the funnel then', async () => {
  // All of October's deals came before November, and some of them moved in it.
  const november = { from: '2026-11-01', to: '2026-11-21' }
  const [flow, cohort] = [
    await showFunnel(session(), ShowFunnel.parse({ ...november, basis: 'flow' })),
    await showFunnel(session(), ShowFunnel.parse(november)),
  ]
  assert.ok(flow.withoutRate > cohort.withoutRate, `${flow.withoutRate} ${cohort.withoutRate}`)
})

test('what the sums of the forecast, the win rates and the velocity leave out are lists, each deal once', async () => {
  for (const actorId of [executive, manager]) {
    const list = async (bucket: string, query: object = {}) =>
      listOutcomeDeals(session(actorId), ListOutcomeDeals.parse({ ...query, bucket, withoutRate: '1', limit: 200 }))
    const { forecast } = await showForecast(session(actorId), ShowForecast.parse({}))
    const { won, expected } = forecast.buckets
    assertLeftOut(await list('forecast'), won.withoutRate + expected.withoutRate, 'forecast')
    assertLeftOut(await list('expected'), expected.withoutRate, 'expected')
    const year = { from: '2026-01-01', to: '2026-11-21' }
    assertLeftOut(
      await list('rates', year),
      (await showWinRates(session(actorId), ShowWinRates.parse(year))).withoutRate,
      'rates',
    )
    assertLeftOut(await list('pace'), (await showVelocity(session(actorId), ShowVelocity.parse({}))).withoutRate, 'pace')
  }
  const rates = await listOutcomeDeals(session(), ListOutcomeDeals.parse({ bucket: 'rates', withoutRate: '1', limit: 200 }))
  assert.ok(rates.total > 5 && new Set(rates.rows.map(({ number }) => number)).size === rates.total)
})

test('so are what a way and a side of a comparison leave out, and what the list of deals does', async () => {
  const year = { from: '2026-01-01', to: '2026-11-21' }
  const { paths } = await showPaths(session(), ShowPaths.parse(year))
  const ways = paths.ways.filter(({ from }) => from === null)
  assert.ok(ways.length > 0)
  const codes = new Map(
    (await selectRows<{ id: number; code: string }>(orm.em.fork(), sql`select id, code from status`)).map(({ id, code }) => [
      id,
      code,
    ]),
  )
  for (const { to } of ways) {
    const way = { ...year, way: `..${codes.get(to!)}`, limit: 200 }
    const { withoutRate } = await listWayDeals(session(), ListWayDeals.parse(way))
    assertLeftOut(await listWayDeals(session(), ListWayDeals.parse({ ...way, withoutRate: '1' })), withoutRate, way.way)
  }
  for (const basis of ['cohort', 'snapshot', 'flow'] as const) {
    const query = { from: '2026-09-01', to: '2026-11-21', basis }
    const compared = await compareFunnel(session(), CompareFunnel.parse(query))
    for (const side of ['now', 'before'] as const) {
      const input = ListComparedDeals.parse({ ...query, side, withoutRate: '1', limit: 200 })
      assertLeftOut(await listComparedDeals(session(), input), compared[side].withoutRate, `${basis} ${side}`)
    }
  }
  const all = await listDeals(session(), ListDeals.parse({}))
  assertLeftOut(await listDeals(session(), ListDeals.parse({ withoutRate: '1', limit: 200 })), all.withoutRate, 'all')
  const francs = await listDeals(session(), ListDeals.parse({ currency: 'CHF', limit: 200 }))
  assert.deepEqual([francs.total, francs.withoutRate], [all.withoutRate, all.withoutRate])
  const others = await listDeals(session(manager), ListDeals.parse({ others: '1', limit: 200 }))
  const own = await listDeals(session(manager), ListDeals.parse({ mine: '1', limit: 200 }))
  assert.equal(own.total + others.total, (await listDeals(session(manager), ListDeals.parse({}))).total)
  assert.ok(others.rows.every(({ ownerId }) => ownerId !== manager) && own.rows.every(({ ownerId }) => ownerId === manager))
})
