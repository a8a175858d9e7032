import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import type { Session } from '../../api/session.ts'
import { checkInvariants } from '../../api/usecases/check.ts'
import { ask, standingQuestion } from '../../api/usecases/funnel/ask.ts'
import { chartScope } from '../../api/usecases/funnel/charts.ts'
import { computeFlowBy } from '../../api/usecases/funnel/compute-flow.ts'
import { readKeptSlice } from '../../api/usecases/funnel/cube/read-kept.ts'
import { listFunnelDeals } from '../../api/usecases/funnel/drill-down.ts'
import { outcomeScope } from '../../api/usecases/funnel/outcome-scope.ts'
import { showFunnel } from '../../api/usecases/funnel/show-funnel.ts'
import type { Orm } from '../../db/orm.ts'
import { type BarCut, type ChartScope, selectTrend, selectWonBars } from '../../db/queries/funnel-charts.ts'
import type { KeptSlice } from '../../db/queries/funnel-slice.ts'
import { selectSnapshot } from '../../db/queries/funnel-standing.ts'
import { selectForecast, selectOutcomes } from '../../db/queries/outcomes.ts'
import { departmentSeeds, personSeeds } from '../../db/seeds/demo-people.ts'
import { typeSeeds } from '../../db/seeds/demo-processes.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { selectRow, selectRows, sql } from '../../db/sql.ts'
import type { WorkCalendar } from '../../shared/domain/working-time.ts'
import { ListFunnelDeals, ShowFunnel } from '../../shared/schemas/funnel.ts'
import { settleCube } from '../support/cube.ts'
import { freshDatabase } from '../support/database.ts'
import { sessionOf } from './demo-replay.ts'

/** What is kept by day, the summaries of deals, and the visits are three ways to what entered the funnel, was won and was lost; deals and visits two to where deals stand. */
const now = new Date('2026-11-20T12:00:00Z')
let orm: Orm
before(async () => {
  orm = await freshDatabase()
  await loadDemoCompany(orm.em.fork(), { now, timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals: 300 })
})

const list = (values: readonly (string | number)[], most = 3) =>
  fc.subarray([...values], { minLength: 1, maxLength: most }).map((few) => few.join(','))
const day = (from: string, days: number) =>
  fc.nat(days).map((more) => new Date(Date.parse(from) + more * 86_400_000).toISOString().slice(0, 10))
const period = { from: day('2024-05-20', 640), to: day('2026-06-01', 240) }
const types = list(typeSeeds.map((type) => type.code))
const department = list(departmentSeeds.map((seed) => seed.id))
const slices = fc.oneof(
  fc.record({ ...period, type: types, department }, { requiredKeys: [] }),
  fc.record(
    {
      ...period,
      type: types,
      department,
      employee: list(personSeeds.slice(3, 20).map((person) => person.id)),
      counterparty: list([1, 2, 3, 4, 5, 6, 7, 8]),
      attribution: fc.constantFrom('current', 'event'),
      asOf: fc.constantFrom('2026-03-01T00:00:00+03:00', '2026-07-11T15:30:00+03:00'),
    },
    { requiredKeys: [] },
  ),
)
/** Administrator, executive, heads, managers and field staff. */
const askers = fc.oneof(
  { arbitrary: fc.constant(1), weight: 3 },
  fc.constantFrom(...personSeeds.slice(0, 12).map(({ id }) => id)),
)
const calendars = fc.constantFrom<WorkCalendar | null>(null, {
  timeZone: 'Europe/Moscow',
  workDays: [1, 2, 3, 4, 5],
  from: '09:00',
  to: '18:00',
  exceptions: { '2026-11-04': false, '2026-11-14': true },
})
const phases = fc.record({ phase: list(['presale', 'sale', 'delivery', 'support']) }, { requiredKeys: [] })
const cuts = fc.constantFrom<BarCut>('department', 'type', 'employee')

const sessionFor = (actorId: number): Session => sessionOf(orm.em.fork(), actorId, now)
const run = (change: ReturnType<typeof sql>) => selectRows(orm.em.fork(), change)

/** How often days and summaries could be read; whenever they could, they gave what the visits give. */
async function compareWays(numRuns: number): Promise<{ [Way in 'days' | 'summaries' | 'stands' | 'marks' | 'traces']: number }> {
  const ways = { days: 0, summaries: 0, stands: 0, marks: 0, traces: 0 }
  await fc.assert(
    fc.asyncProperty(slices, askers, cuts, phases, calendars, async (slice, actorId, cut, phase, calendar) => {
      const session = sessionFor(actorId)
      const asked = await ask(session, ShowFunnel.parse(slice))
      const scope = await chartScope(session, asked, 2000)
      const charts = async (by: ChartScope) => ({
        trend: await selectTrend(sessionFor(actorId).em, by),
        bars: await selectWonBars(sessionFor(actorId).em, by, cut, 'ru'),
      })
      const fromVisits = await charts({ ...scope, kept: null, isSummarised: false })
      if (scope.isSummarised) assert.deepEqual(await charts({ ...scope, kept: null }), fromVisits, 'summaries')
      if (scope.kept) assert.deepEqual(await charts(scope), fromVisits, 'days')
      ways.summaries += Number(scope.isSummarised)
      ways.days += Number(scope.kept !== null)

      const outcomes = await outcomeScope(session, asked)
      const { from, to } = asked.span
      const span = { from, to, fromDay: asked.period.from, toDay: asked.period.to }
      const figures = async (isSummarised: boolean, areDaysKept = false) => {
        const by = { ...outcomes, isSummarised, kept: areDaysKept ? outcomes.kept : null }
        return {
          rates: inOrder(await selectOutcomes(session.em, by, span, false)),
          pace: inOrder(await selectOutcomes(session.em, by, span, true)),
          forecast: inOrder(await selectForecast(session.em, by, span)),
        }
      }
      const decided = await figures(false)
      if (outcomes.isSummarised) assert.deepEqual(await figures(true), decided, 'summaries')
      if (outcomes.kept) assert.deepEqual(await figures(true, true), decided, 'days')

      const standing = { ...standingQuestion(session, asked), asOf: now }
      const snapshot = async (isPresent: boolean, kept: KeptSlice | null = null) =>
        (await selectSnapshot(session.em, { ...standing, isPresent }, calendar, kept))
          .map(({ medianAgeHours, ...row }) => ({ ...row, medianAgeHours: Math.round(Number(medianAgeHours) * 1e6) }))
          .sort((a, b) => a.statusId - b.statusId)
      const fromStays = await snapshot(false)
      assert.deepEqual(await snapshot(true), fromStays)
      const kept = await readKeptSlice(session, asked)
      if (kept) assert.deepEqual(await snapshot(true, kept), fromStays, 'stands')
      ways.stands += Number(kept !== null)

      const flow = await ask(session, ShowFunnel.parse({ ...slice, ...phase, basis: 'flow' }))
      const fromAllVisits = await computeFlowBy('visits', session, flow)
      for (const route of ['marks', 'traces'] as const) {
        const figures = await computeFlowBy(route, session, flow)
        if (figures) assert.deepEqual(figures, fromAllVisits, route)
        ways[route] += Number(figures !== null)
      }
    }),
    { numRuns },
  )
  return ways
}

function inOrder(rows: readonly object[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).sort()
}

const findings = async () => (await checkInvariants(orm.em.fork())).findings.filter(({ code }) => code.startsWith('funnel_'))
const unfolded = async () =>
  (await selectRow<{ n: number }>(orm.em.fork(), sql`select count(*)::int as n from funnel_mark where not folded`))!.n

test('nothing is read from days before the keeper has counted them', async () => {
  const before = await compareWays(5)
  assert.deepEqual([before.days, before.marks, before.traces], [0, 0, 0])
  await settleCube(orm, now)
  const ways = await compareWays(60)
  assert.ok(ways.days > 5 && ways.stands > 5 && ways.summaries === 60, JSON.stringify(ways))
  assert.ok(ways.marks > 0 && ways.traces >= ways.marks, JSON.stringify(ways))
})

test('where deals stand now they say as their visits do, also where statuses are merged, hidden or limited by their stages', async () => {
  await run(sql`update status set time_limit_hours = null where code in ('proposal', 'payment')`)
  await run(sql`update deal set probability_pct = 35 where id % 9 = 0`)
  await run(sql`update status set probability_pct = 0 where code = 'new'`)
  await settleCube(orm, now)
  await compareWays(15)
  await run(
    sql`update status set merged_into_id = (select id from status where code = 'proposal'), archived_at = now(), shown_in_funnel = false where code = 'negotiation'`,
  )
  await compareWays(15)
  await settleCube(orm, now)
  assert.ok((await compareWays(40)).stands > 0)
  await run(sql`update status set merged_into_id = null, archived_at = null, shown_in_funnel = true where code = 'negotiation'`)
  // A stage without a status gives that of its process; its limit counts all the same.
  const ofProcess = sql`update process_template_version set status_id = (select id from status where code = 'proposal')`
  await changePublished(
    ofProcess,
    sql`update stage set status_id = null, time_limit_hours = 24 where status_id = (select id from status where code = 'proposal')`,
  )
  await settleCube(orm, now)
  assert.ok((await compareWays(40)).stands > 0)
  assert.ok((await lateAtProposal()) > 0)
  // Where neither has one, what the stage gave stands all the same, and is limited by it.
  await changePublished(sql`update process_template_version set status_id = null`)
  assert.ok((await lateAtProposal()) > 0)
  await changePublished(ofProcess)
  await settleCube(orm, now)
})

/** What nobody may change any more once it is published. */
async function changePublished(...changes: readonly ReturnType<typeof sql>[]): Promise<void> {
  const guards = (state: 'disable' | 'enable') =>
    ['stage', 'process_template_version'].map((table) => sql.raw(`alter table ${table} ${state} trigger user`))
  for (const step of [...guards('disable'), ...changes, ...guards('enable')]) await run(step)
}

/** As the figure has it, which its list must be as long as. */
async function lateAtProposal(): Promise<number> {
  const shown = await showFunnel(sessionFor(1), ShowFunnel.parse({ basis: 'snapshot' }))
  assert.ok(shown.basis === 'snapshot')
  const figure = shown.snapshot.layers.find(({ status }) => status.code === 'proposal')!.overdue
  const input = ListFunnelDeals.parse({ basis: 'snapshot', layer: 'proposal', part: 'overdue' })
  assert.equal((await listFunnelDeals(sessionFor(1), input)).total, figure)
  return figure
}

test('days and summaries follow every change at once, folded or not', async () => {
  const changes = [
    sql`update deal set amount_minor = amount_minor + 5, base_amount_minor = base_amount_minor + 5 where id % 3 = 0`,
    sql`update deal set department_id = 3 where id % 4 = 0`,
    sql`update deal set type_id = 1 + type_id % 3 where id % 5 = 0`,
    sql`update deal set withdrawn_at = now() where id % 7 = 0`,
    sql`update deal set withdrawn_at = null where id % 14 = 0`,
    // One deal alone goes another way through the trigger than many.
    sql`update deal set withdrawn_at = now() where id = (select min(deal_id) from funnel_deal where won_at is not null)`,
    sql`update status_visit set voided_at = now() where id in (
      select v.id from status_visit v join status s on s.id = v.status_id where s.is_won and v.left_at is not null order by v.id limit 9)`,
    sql`with ended as (update status_visit set left_at = timestamptz '2026-11-19T22:30:00Z' where id in (
        select v.id from status_visit v where left_at is null and voided_at is null order by id limit 25) returning *),
      entered as (insert into status_visit (deal_id, status_id, entered_at, recorded_at, owner_id, department_id, amount_minor, currency, cause)
        select deal_id, (select id from status order by (category = 'lost') = (deal_id % 2 = 0) desc, id limit 1), left_at, now(), owner_id, department_id, amount_minor, currency,
          '{"by": "import"}' from ended returning *)
      update deal set status_id = entered.status_id, status_since = entered.entered_at from entered where deal.id = entered.deal_id`,
  ]
  for (const [place, change] of changes.entries()) {
    await run(change)
    // Traces know changes of the type by when they happened: not behind the moment that the figures are of.
    await run(sql`update audit_entry set at = ${now} where at > ${now} and before -> 'type_id' is not null`)
    assert.ok((await unfolded()) > 0 || place % 2 === 1, `${place} changes days`)
    await compareWays(12)
    if (place % 2 === 0) await settleCube(orm, now)
  }
  await settleCube(orm, now)
  assert.equal(await unfolded(), 0)
  const ways = await compareWays(25)
  assert.ok(ways.days > 0 && ways.marks > 0, JSON.stringify(ways))
  assert.deepEqual(await findings(), [])
})

test('another milestone never gives a wrong figure, and all is counted anew', async () => {
  for (const change of [
    sql`update status set is_won = (code = 'delivery')`,
    sql`update status set category = 'lost' where code = 'proposal'`,
  ]) {
    await run(change)
    await run(sql`update deal set department_id = 1 + department_id % 5 where id % 6 = 0`)
    const before = await compareWays(10)
    assert.deepEqual([before.days, before.marks, before.traces], [0, 0, 0])
    assert.deepEqual(await settleCube(orm, now), ['waits', 'built'])
    const ways = await compareWays(25)
    assert.ok(ways.days > 0 && ways.marks > 0, JSON.stringify(ways))
    assert.deepEqual(await findings(), [])
  }
})

test('a day that was tampered with is found', async () => {
  await run(sql`update funnel_mark set deals = deals + 1 where ctid = (select min(ctid) from funnel_mark)`)
  assert.deepEqual(
    (await findings()).map(({ code }) => code),
    ['funnel_marks'],
  )
  await run(sql`update funnel_stand set deals = deals + 1 where ctid = (select min(ctid) from funnel_stand where deals > 0)`)
  assert.deepEqual(
    (await findings()).map(({ code }) => code),
    ['funnel_marks', 'funnel_stands'],
  )
  await run(
    sql`update funnel_flow set deals = deals + 1 where (department_id, mark) = (select department_id, max(mark) from funnel_flow group by 1 limit 1)`,
  )
  await run(sql`update funnel_trace set amount_minor = amount_minor + 1 where deal_id = (select min(deal_id) from funnel_trace)`)
  assert.deepEqual((await findings()).map(({ code }) => code).sort(), [
    'funnel_flows',
    'funnel_marks',
    'funnel_stands',
    'funnel_traces',
  ])
  await run(
    sql`update funnel_deal set won_at = won_at + interval '1 hour' where deal_id = (select min(deal_id) from funnel_deal where won_at is not null)`,
  )
  assert.ok((await findings()).some(({ code }) => code === 'funnel_summaries'))
})
