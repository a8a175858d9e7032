import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { presentFunnel } from '../../api/presenters/funnel.ts'
import { showTrend } from '../../api/usecases/funnel/charts.ts'
import { listFunnelDeals, splitFunnel } from '../../api/usecases/funnel/drill-down.ts'
import { showFunnel } from '../../api/usecases/funnel/show-funnel.ts'
import { showPaths } from '../../api/usecases/funnel/show-paths.ts'
import type { Orm } from '../../db/orm.ts'
import { personSeeds } from '../../db/seeds/demo-people.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { selectRows, sql } from '../../db/sql.ts'
import type { AppError } from '../../shared/domain/app-error.ts'
import { ListFunnelDeals, ShowFunnel, SplitFunnel } from '../../shared/schemas/funnel.ts'
import { ShowPaths } from '../../shared/schemas/paths.ts'
import { freshDatabase } from '../support/database.ts'
import { sessionOf } from './demo-replay.ts'

/** Looked at as of a past moment, nothing that happened later is known, wherever one looks, and the head says the moment. */
const now = new Date('2026-11-20T12:00:00Z')
const then = '2026-06-15T09:30:00Z'
const actorId = personSeeds.find((person) => person.login === 'nikitin')!.id
let orm: Orm
before(async () => {
  orm = await freshDatabase()
  await loadDemoCompany(orm.em.fork(), { now, timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals: 250 })
})
const session = (at = now) => sessionOf(orm.em.fork(), actorId, at)

for (const basis of ['cohort', 'flow', 'snapshot'] as const)
  test(`a ${basis} as of a past moment is what was seen then, and says of when it is`, async () => {
    const query = { basis, from: '2026-01-01', to: '2026-06-16' }
    const past = await showFunnel(session(), ShowFunnel.parse({ ...query, asOf: then }))
    const seenThen = await showFunnel(session(new Date(then)), ShowFunnel.parse({ ...query, asOf: then }))
    const figures = (shown: typeof past) =>
      shown.basis === 'cohort' ? shown.funnel : shown.basis === 'flow' ? shown.flow : shown.snapshot
    assert.deepEqual(figures(past), figures(seenThen))
    assert.equal(presentFunnel(past, session()).asOf, new Date(then).toISOString())
    const today = await showFunnel(session(), ShowFunnel.parse(query))
    assert.notDeepEqual(figures(past), figures(today), 'something has happened since')
  })

test('a past moment without a period means the year to that day', async () => {
  const shown = await showFunnel(session(), ShowFunnel.parse({ asOf: '2025-12-31T21:00:00Z' }))
  assert.deepEqual(shown.asked.period, { from: '2025-01-01', to: '2026-01-01' })
})

test('the end of today is now; a later moment is refused by every question', async () => {
  const today = await showFunnel(session(), ShowFunnel.parse({ asOf: '2026-11-21T00:00:00+03:00' }))
  assert.deepEqual(today.asked.period, { from: '2026-01-01', to: '2026-11-21' })
  for (const asOf of ['2026-11-21T00:00:01+03:00', '9999-12-31T23:59:59+14:00'])
    for (const asking of [
      () => showFunnel(session(), ShowFunnel.parse({ asOf, basis: 'snapshot' })),
      () => showFunnel(session(), ShowFunnel.parse({ asOf })),
      () => listFunnelDeals(session(), ListFunnelDeals.parse({ asOf })),
      () => showPaths(session(), ShowPaths.parse({ asOf })),
    ])
      await assert.rejects(asking, (error: AppError) => {
        assert.deepEqual(error.details['problems'], [{ path: 'asOf', message: 'asOf <= now' }])
        return error.code === 'input_invalid'
      })
})

test('lists, splits, ways and charts know nothing that came later', async () => {
  const query = { from: '2026-01-01', to: '2026-11-21', asOf: then }
  const shown = await showFunnel(session(), ShowFunnel.parse(query))
  assert.equal(shown.basis, 'cohort')
  const layer = shown.funnel.layers[1]!
  const list = await listFunnelDeals(session(), ListFunnelDeals.parse({ ...query, layer: layer.status.code, part: 'open' }))
  assert.equal(list.total, layer.open)
  const split = await splitFunnel(session(), SplitFunnel.parse({ ...query, layer: layer.status.code, split: 'type' }))
  assert.equal(
    split.rows.reduce((sum, row) => sum + row.figures.reached, 0),
    layer.reached,
  )
  const paths = await showPaths(session(), ShowPaths.parse(query))
  assert.equal(paths.deals, shown.funnel.totals.deals)
  const weeks = await showTrend(session(), ShowFunnel.parse(query))
  assert.ok(weeks.length > 10 && weeks.every(({ week }) => week <= '2026-06-15'), weeks.at(-1)?.week)
  const [known] = await selectRows<{ count: number }>(
    orm.em.fork(),
    sql`select count(distinct deal_id)::int as count from status_visit where voided_at is null and entered_at >= '2026-01-01T00:00+03:00' and entered_at <= ${then}`,
  )
  assert.ok(shown.funnel.totals.deals <= known!.count)
})
