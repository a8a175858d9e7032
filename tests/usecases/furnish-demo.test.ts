import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { furnishDemo } from '../../api/furnish-demo.ts'
import { checkInvariants } from '../../api/usecases/check.ts'
import { listDashboards, showDashboard } from '../../api/usecases/dashboards.ts'
import { keepForecasts } from '../../api/usecases/funnel/forecast-copies.ts'
import { recallForecasts } from '../../api/usecases/funnel/forecast-past.ts'
import { showForecastHistory } from '../../api/usecases/funnel/show-forecast-history.ts'
import { listSchedules } from '../../api/usecases/reports/schedules.ts'
import type { Orm } from '../../db/orm.ts'
import { person } from '../../db/seeds/demo-people.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { ShowForecastHistory } from '../../shared/schemas/outcomes.ts'
import { freshDatabase } from '../support/database.ts'
import { sessionOf } from './demo-replay.ts'

/** A newcomer finds the demo company as one that has worked with the program for months. */
const now = new Date('2026-11-20T12:00:00Z')
let orm: Orm
before(async () => {
  orm = await freshDatabase()
  await loadDemoCompany(orm.em.fork(), { now, timeZone: 'Europe/Moscow', baseCurrency: 'RUB' })
  await furnishDemo(orm.em.fork(), now)
})
const session = (login: string) => sessionOf(orm.em.fork(), person(login).id, now)

test('forecasts have weeks behind them, and ended months and quarters are held against what came', async (t) => {
  for (const [of, periods] of [
    ['month', 5],
    ['quarter', 2],
  ] as const) {
    const { past, current } = await showForecastHistory(session('vlasova'), ShowForecastHistory.parse({ of }))
    assert.ok(past.length >= periods, `${past.length} ${of}s`)
    assert.ok(current.copies.length >= 3)
    for (const { from, came, made } of past.slice(0, periods)) {
      assert.ok(came.deals > 0 && made.length > 0)
      for (const { weeksBefore, error } of made) t.diagnostic(`${from}, ${weeksBefore} weeks before: ${error}`)
      const nearest = made.find(({ weeksBefore }) => weeksBefore === 1)
      assert.ok(Math.abs(nearest!.error!) < 0.5, `${from}: ${nearest!.error} a week before its end`)
    }
  }
})

test('the executive has a dashboard that others may open, and a weekly report to her own chat', async () => {
  const [board, ...others] = await listDashboards(session('vlasova'))
  assert.deepEqual([board!.dashboard.cards.length, board!.dashboard.isShared, others], [5, true, []])
  assert.equal((await showDashboard(session('petrova'), { id: board!.dashboard.id })).isMine, false)
  const [weekly, ...more] = await listSchedules(session('vlasova'))
  assert.deepEqual([weekly!.schedule.rhythm, weekly!.schedule.emails, more], [{ kind: 'weekly', weekdays: [1] }, [], []])
  assert.deepEqual(
    weekly!.readers.map(({ id }) => id),
    [person('vlasova').id],
  )
})

test('nothing is sent by it, and no invariant is broken', async () => {
  const [sent] = await selectRows<{ orders: number }>(orm.em.fork(), sql`select count(*)::int as orders from report_order`)
  assert.equal(sent!.orders, 0)
  assert.deepEqual((await checkInvariants(orm.em.fork())).findings, [])
})

test('a week that is recalled is the week that would have been frozen, but for what was since said by hand', async () => {
  const monday = new Date('2026-11-16T00:00:00+03:00')
  const other = await freshDatabase()
  await loadDemoCompany(other.em.fork(), { now: monday, timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals: 400 })
  const takeOut = () =>
    selectRows(
      other.em.fork(),
      sql`with out as (delete from forecast_snapshot returning *)
        select (to_jsonb(out) - 'weighted_minor')::text as row from out order by 1`,
    )
  await keepForecasts(other.em.fork(), monday)
  const frozen = await takeOut()
  const aWeekLater = new Date(monday.getTime() + 7 * 86_400_000)
  await recallForecasts(sessionOf(other.em.fork(), person('nikitin').id, aWeekLater), 1)
  assert.ok(frozen.length > 40)
  assert.deepEqual(await takeOut(), frozen)
})
