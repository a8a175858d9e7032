import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { presentForecast, presentForecastHistory } from '../../api/presenters/outcomes.ts'
import { createDeal } from '../../api/usecases/deals/create-deal.ts'
import { loseDeal } from '../../api/usecases/deals/lose-deal.ts'
import { reassignDeal } from '../../api/usecases/deals/reassign-deal.ts'
import { setStatus } from '../../api/usecases/deals/set-status.ts'
import { showDeal } from '../../api/usecases/deals/show-deal.ts'
import { keepForecasts } from '../../api/usecases/funnel/forecast-copies.ts'
import { listOutcomeDeals } from '../../api/usecases/funnel/list-outcomes.ts'
import { showForecast } from '../../api/usecases/funnel/show-forecast.ts'
import { showForecastHistory } from '../../api/usecases/funnel/show-forecast-history.ts'
import { showFunnel } from '../../api/usecases/funnel/show-funnel.ts'
import { showVelocity, showWinRates } from '../../api/usecases/funnel/show-win-rates.ts'
import type { Orm } from '../../db/orm.ts'
import { departmentSeeds, personSeeds } from '../../db/seeds/demo-people.ts'
import { typeSeeds } from '../../db/seeds/demo-processes.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { forecastBuckets, learnedProbability } from '../../shared/domain/forecast.ts'
import { CreateDeal } from '../../shared/schemas/deals.ts'
import { ShowFunnel } from '../../shared/schemas/funnel.ts'
import { ListOutcomeDeals, ShowForecast, ShowForecastHistory, ShowVelocity, ShowWinRates } from '../../shared/schemas/outcomes.ts'
import { settleCube } from '../support/cube.ts'
import { freshDatabase } from '../support/database.ts'
import { createWorld } from '../support/world.ts'
import { seen } from './deal-facts.ts'
import { sessionOf } from './demo-replay.ts'

/** Whatever the slice and whoever asks: forecast, win rates and velocity are what their deals say, and each figure's list is the figure. */
const now = new Date('2026-11-20T12:00:00Z')
const people = ['nikitin', 'vlasova', 'sokolov', 'akhmetov', 'petrova', 'kim', 'orlov'].map(
  (login) => personSeeds.find((person) => person.login === login)!.id,
)
let orm: Orm
before(async () => {
  orm = await freshDatabase()
  await loadDemoCompany(orm.em.fork(), { now, timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals: 250 })
  await keepForecasts(orm.em.fork(), now)
})
const session = (actorId: number) => sessionOf(orm.em.fork(), actorId, now)
const admin = people[0]!

const list = (values: readonly (string | number)[]) =>
  fc.subarray([...values], { minLength: 1, maxLength: 3 }).map((few) => few.join(','))
const narrow = fc.record(
  {
    type: list(typeSeeds.map((type) => type.code)),
    department: list(departmentSeeds.map((department) => department.id)),
    employee: list(personSeeds.slice(3, 20).map((person) => person.id)),
    counterparty: list([1, 2, 3, 4, 5, 6, 7, 8]),
    attribution: fc.constantFrom('current', 'event'),
  },
  { requiredKeys: [] },
)
const slices = fc.oneof(fc.constantFrom({}, { attribution: 'event' }), narrow)
const periods = fc.constantFrom(
  {},
  { from: '2026-10-01', to: '2027-01-01' },
  { from: '2026-01-01', to: '2026-11-21' },
  { from: '2025-01-01', to: '2026-01-01' },
  { from: '2026-12-01', to: '2027-03-01' },
)
const asker = fc.constantFrom(...people)

async function behind(actorId: number, query: object, bucket: string): Promise<{ deals: number; amountMinor: number }> {
  const { total, amountMinor } = await listOutcomeDeals(session(actorId), ListOutcomeDeals.parse({ ...query, bucket, limit: 1 }))
  return { deals: total, amountMinor }
}

for (const source of ['the visits', 'the summaries'] as const) {
  test(`the list behind every bucket of a forecast is as long and as dear as the bucket, from ${source}`, async () => {
    if (source === 'the summaries') await settleCube(orm, now)
    let compared = 0
    await fc.assert(
      fc.asyncProperty(slices, periods, asker, async (slice, period, actorId) => {
        const query = { ...slice, ...period }
        const { forecast } = await showForecast(session(actorId), ShowForecast.parse(query))
        for (const bucket of forecastBuckets) {
          const { deals, amountMinor } = forecast.buckets[bucket]
          assert.deepEqual(await behind(actorId, query, bucket), { deals, amountMinor }, bucket)
          compared += deals
        }
      }),
      { numRuns: 25 },
    )
    assert.ok(compared > 100, `${compared} deals`)
  })

  test(`the lists behind the win rates and the velocity are as long and as dear as their figures, from ${source}`, async () => {
    await fc.assert(
      fc.asyncProperty(slices, periods, asker, async (slice, period, actorId) => {
        const query = { ...slice, ...period }
        const { rates } = await showWinRates(session(actorId), ShowWinRates.parse(query))
        const [event, stale, cohort] = rates as [(typeof rates)[number], (typeof rates)[number], (typeof rates)[number]]
        for (const [bucket, figure] of [
          ['eventWon', event.won],
          ['eventLost', event.lost],
          ['eventWon', stale.won],
          ['stale', stale.stale],
          ['cohortWon', cohort.won],
          ['cohortLost', cohort.lost],
        ] as const)
          assert.deepEqual(await behind(actorId, query, bucket), { ...figure }, bucket)
        const { velocities } = await showVelocity(session(actorId), ShowVelocity.parse(slice))
        for (const { typeId, open, won, lost } of velocities) {
          const own = { ...slice, type: typeSeeds.find((seed) => seed.id === typeId)!.code }
          const lists = await Promise.all(['open', 'paceWon', 'paceLost'].map((bucket) => behind(actorId, own, bucket)))
          assert.deepEqual(lists, [open, won, lost])
        }
      }),
      { numRuns: 10 },
    )
  })
}

type PlainDeal = {
  readonly id: number
  readonly type: number
  readonly status: number
  readonly pct: number | null
  readonly amountMinor: number
  readonly closeOn: string | null
  readonly visits: readonly { readonly status: number; readonly at: string }[]
}

test('a forecast is what its deals say, one by one', async () => {
  const deals = await selectRows<PlainDeal>(
    orm.em.fork(),
    sql`select id, type_id as type, status_id as status, probability_pct as pct, base_amount_minor as "amountMinor", expected_close_on::text as "closeOn",
      (select jsonb_agg(jsonb_build_object('status', status_id, 'at', entered_at) order by entered_at) from status_visit v where v.deal_id = deal.id and voided_at is null) as visits
    from deal`,
  )
  const [won, lost] = [new Set([5, 6, 7, 8]), new Set([9, 10])]
  const defaults = [0, 10, 20, 40, 60]
  const wonAt = (deal: PlainDeal) => deal.visits.find((visit) => won.has(visit.status))?.at
  const probability = (deal: PlainDeal) => {
    if (deal.pct !== null) return deal.pct / 100
    const alike = deals.filter((other) => other.type === deal.type && other.visits.some((visit) => visit.status === deal.status))
    const resolved = alike.filter((other) => lost.has(other.status) || wonAt(other))
    return learnedProbability(
      { wins: resolved.filter((other) => !lost.has(other.status)).length, resolved: resolved.length },
      defaults[deal.status]!,
    )
  }
  const [from, to] = [new Date('2026-09-30T21:00:00Z'), new Date('2026-12-31T21:00:00Z')]
  const inPeriod = deals.filter(
    (deal) => wonAt(deal) && new Date(wonAt(deal)!) >= from && new Date(wonAt(deal)!) < to && !lost.has(deal.status),
  )
  const open = deals.filter((deal) => !wonAt(deal) && !lost.has(deal.status))
  const expected = open.filter(({ closeOn }) => closeOn !== null && closeOn >= '2026-11-20' && closeOn < '2027-01-01')
  const weighted = expected.reduce((sum, deal) => sum + deal.amountMinor * probability(deal), 0)
  const { forecast } = await showForecast(session(admin), ShowForecast.parse({}))
  assert.ok(inPeriod.length > 0 && expected.length > 0)
  assert.equal(forecast.buckets.won.deals, inPeriod.length)
  assert.equal(forecast.buckets.expected.deals, expected.length)
  assert.equal(forecast.buckets.overdue.deals, open.filter(({ closeOn }) => closeOn !== null && closeOn < '2026-11-20').length)
  assert.equal(forecast.buckets.undated.deals, open.filter(({ closeOn }) => closeOn === null).length)
  assert.ok(Math.abs(forecast.buckets.expected.weightedMinor - weighted) <= 1)
  assert.equal(
    forecast.totalMinor,
    inPeriod.reduce((sum, deal) => sum + deal.amountMinor, 0) + forecast.buckets.expected.weightedMinor,
  )
})

test('the parts by type add up to the forecast, and the probabilities shown make the expected money', async () => {
  const view = presentForecast(await showForecast(session(admin), ShowForecast.parse({})), session(admin))
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  assert.equal(sum(view.types.map((type) => type.won.amountMinor)), view.buckets.won.amountMinor)
  assert.equal(sum(view.types.map((type) => type.expected.deals)), view.buckets.expected.deals)
  const learned = sum(view.probabilities.map(({ expected, probability }) => expected.amountMinor * probability))
  assert.ok(Math.abs(learned + view.byHand.weightedMinor - view.buckets.expected.weightedMinor) <= 1)
  for (const { type, status, expected } of view.probabilities)
    assert.deepEqual(
      await behind(admin, { type: type.code, status: status.code }, 'expected'),
      expected,
      `${type.code} ${status.code}`,
    )
  const { deals, amountMinor } = view.byHand
  assert.deepEqual(await behind(admin, { byHand: '1' }, 'expected'), { deals, amountMinor })
  assert.equal(ListOutcomeDeals.safeParse({ bucket: 'won', status: 'new' }).success, false)
  assert.equal(view.learnedOn, '2026-11-20')
  assert.ok(view.probabilities.some(({ resolved }) => resolved > 0))
})

test('the cohort’s win rate is that of the funnel itself', async () => {
  for (const actorId of people) {
    const { rates } = await showWinRates(session(actorId), ShowWinRates.parse({}))
    const funnel = await showFunnel(session(actorId), ShowFunnel.parse({}))
    assert.ok(funnel.basis === 'cohort')
    assert.equal(rates[2]!.byCount, funnel.funnel.totals.winRate)
  }
})

test('the week’s copies are taken once, by however many at once, and are what the forecast was', async () => {
  const at = (instant: string) => keepForecasts(orm.em.fork(), new Date(instant))
  assert.equal(await at('2026-11-20T18:00:00Z'), 0)
  // Still Sunday in Greenwich, Monday in Moscow.
  const taken = await Promise.all([1, 2, 3].map(() => at('2026-11-22T21:30:00Z')))
  assert.equal(taken.filter((count) => count > 0).length, 1)
  assert.equal(await at('2026-11-29T20:59:00Z'), 0)
  const weeks = await selectRows<{ week: string; copies: number }>(
    orm.em.fork(),
    sql`select week::text, count(*)::int as copies from forecast_snapshot group by week order by week`,
  )
  assert.deepEqual(
    weeks.map(({ week }) => week),
    ['2026-11-16', '2026-11-23'],
  )
  const { forecast } = await showForecast(session(admin), ShowForecast.parse({}))
  const history = presentForecastHistory(await showForecastHistory(session(admin), ShowForecastHistory.parse({})), session(admin))
  assert.equal(history.current.copies[0]!.totalMinor, forecast.totalMinor)
  const department = departmentSeeds[1]!.id
  const ofDepartment = await showForecast(session(admin), ShowForecast.parse({ department: String(department) }))
  const kept = await showForecastHistory(session(admin), ShowForecastHistory.parse({ department: String(department) }))
  assert.equal(kept.current.copies[0]!.wonMinor, ofDepartment.forecast.buckets.won.amountMinor)
})

test('copies are shown to those alone who see all that is in them', async () => {
  const kept = async (actorId: number, slice: object) =>
    (await showForecastHistory(session(actorId), ShowForecastHistory.parse(slice))).isKept
  const [, , , , manager] = people as [number, number, number, number, number]
  assert.ok(await kept(admin, {}))
  assert.ok(await kept(admin, { type: typeSeeds[0]!.code }))
  assert.ok(!(await kept(admin, { type: typeSeeds[0]!.code, department: '2' })))
  assert.ok(!(await kept(admin, { employee: String(manager) })))
  assert.ok(!(await kept(manager, {})))
  assert.ok(!(await kept(manager, { department: '2' })))
})

test('a forecast of an ended period is held against what came', async () => {
  await selectRows(
    orm.em.fork(),
    sql`insert into forecast_snapshot select '2026-08-31', slice, slice_id, 'quarter', '2026-07-01', '2026-10-01', now(), 1, 100, 1, 1, 50, 0, 0, 0, 0, 0
      from forecast_snapshot where slice = 'company' limit 1`,
  )
  const { past } = await showForecastHistory(session(admin), ShowForecastHistory.parse({}))
  const came = await behind(admin, { from: '2026-07-01', to: '2026-10-01' }, 'won')
  assert.deepEqual(past, [
    {
      from: '2026-07-01',
      to: '2026-10-01',
      came,
      made: [{ weeksBefore: 4, week: '2026-08-31', totalMinor: 150, error: (150 - came.amountMinor) / came.amountMinor }],
    },
  ])
})

test('a deal won by one and handed to another is the first one’s when it happened, and the second one’s now', async () => {
  const world = await createWorld()
  const ada = () => world.as('ada')
  const { deal } = await world.newDeal('mira', { amountMinor: 500_00 })
  const again = async () => seen(await showDeal(ada(), deal))
  await setStatus(ada(), { ...(await again()), status: 'contract', reason: 'так', hold: false })
  await reassignDeal(ada(), { ...(await again()), employeeId: world.people.max.id })
  const wonBy = async (employee: number, attribution: string) => {
    const query = { employee: String(employee), attribution }
    const { forecast } = await showForecast(ada(), ShowForecast.parse(query))
    const { rates } = await showWinRates(ada(), ShowWinRates.parse(query))
    const { velocities } = await showVelocity(ada(), ShowVelocity.parse(query))
    return [forecast.buckets.won.deals, rates[0]!.won.deals, velocities[0]?.won.deals ?? 0]
  }
  assert.deepEqual(await wonBy(world.people.mira.id, 'event'), [1, 1, 1])
  assert.deepEqual(await wonBy(world.people.mira.id, 'current'), [0, 0, 0])
  assert.deepEqual(await wonBy(world.people.max.id, 'current'), [1, 1, 1])
  assert.deepEqual(await wonBy(world.people.max.id, 'event'), [0, 0, 0])
})

test('a deal won and then lost counts 0 in the forecast and on both sides of the win rate', async () => {
  const world = await createWorld()
  const ada = () => world.as('ada')
  const { deal } = await world.newDeal('mira', { amountMinor: 500_00 })
  const again = async () => seen(await showDeal(ada(), deal))
  await setStatus(ada(), { ...(await again()), status: 'contract', reason: 'так', hold: false })
  await loseDeal(ada(), { ...(await again()), status: 'lost', reason: 'расторгли' })
  const { forecast } = await showForecast(ada(), ShowForecast.parse({}))
  assert.equal(forecast.totalMinor, 0)
  assert.deepEqual([forecast.buckets.won.deals, forecast.buckets.wonThenLost.deals], [0, 1])
  const { rates } = await showWinRates(ada(), ShowWinRates.parse({}))
  assert.deepEqual(
    rates.map(({ won, lost }) => [won.deals, lost.deals]),
    [
      [1, 1],
      [1, 1],
      [1, 1],
    ],
  )
})

test('a deal beyond twice its limit is stale, and one in a currency without a rate is counted without its money', async () => {
  const world = await createWorld()
  const ada = () => world.as('ada')
  const amount = { amountMinor: 100_00, currency: 'USD' }
  const { deal } = await createDeal(
    ada(),
    CreateDeal.parse({ title: 'Доллары', type: 'service', amount, expectedCloseOn: '2026-12-01' }),
  )
  const { forecast } = await showForecast(ada(), ShowForecast.parse({}))
  const { deals, amountMinor, withoutRate } = forecast.buckets.expected
  assert.deepEqual({ deals, amountMinor, withoutRate }, { deals: 1, amountMinor: 0, withoutRate: 1 })
  const stale = async () => (await showWinRates(ada(), ShowWinRates.parse({}))).rates[1]!.stale.deals
  world.clock.advance({ minutes: 2 * 60 * deal.timeLimitHours! })
  assert.equal(await stale(), 0)
  world.clock.advance({ minutes: 1 })
  assert.equal(await stale(), 1)
})
