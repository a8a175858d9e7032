import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { listFunnelDeals } from '../../api/usecases/funnel/drill-down.ts'
import { type ShownCohort, showFunnel } from '../../api/usecases/funnel/show-funnel.ts'
import { saveCalendar, showCalendar } from '../../api/usecases/work-calendar.ts'
import type { Orm } from '../../db/orm.ts'
import { sampleOfDeals, selectLastDealId } from '../../db/queries/funnel-times.ts'
import { selectWorkCalendar, workClock } from '../../db/queries/work-clock.ts'
import { typeSeeds } from '../../db/seeds/demo-processes.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { selectRow, selectRows, sql } from '../../db/sql.ts'
import { statusTimesOf } from '../../shared/domain/status-times.ts'
import { workingHours } from '../../shared/domain/working-time.ts'
import { ListFunnelDeals, ShowFunnel } from '../../shared/schemas/funnel.ts'
import { freshDatabase } from '../support/database.ts'
import { sessionOf } from './demo-replay.ts'

/** Time in status (product.md, section 3): by the product's query, and by hand from the visits. */
const now = new Date('2026-11-20T12:00:00Z')
const [admin, executive] = [1, 2]
let orm: Orm
before(async () => {
  orm = await freshDatabase()
  await loadDemoCompany(orm.em.fork(), { now, timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals: 250 })
})
const session = (actorId: number) => sessionOf(orm.em.fork(), actorId, now)

async function cohort(slice: object): Promise<ShownCohort> {
  const shown = await showFunnel(session(executive), ShowFunnel.parse(slice))
  assert.ok(shown.basis === 'cohort')
  return shown
}

type Visit = {
  deal: number
  status: number
  category: string
  rank: number
  shown: boolean
  path: number
  from: Date
  to: Date | null
}

async function lives(condition = sql`true`): Promise<Visit[][]> {
  const visits = await selectRows<Visit>(
    orm.em.fork(),
    sql`select v.deal_id as deal, s.id as status, s.category, s.rank, s.shown_in_funnel as shown, coalesce(run.template_version_id, 0) as path, v.entered_at as from, v.left_at as to
    from status_visit v join deal on deal.id = v.deal_id and deal.withdrawn_at is null join status s on s.id = v.status_id
      left join process_run run on run.deal_id = deal.id and run.is_main
    where v.voided_at is null and ${condition} order by v.entered_at, v.id`,
  )
  return [...Map.groupBy(visits, ({ deal }) => deal).values()]
}

/** Seconds per status of one kind of deals, and whether they are still there, by hand. */
async function readByHand(from: Date, to: Date, asOf: Date) {
  const calendar = await selectWorkCalendar(orm.em.fork())
  const statuses = await selectRows<{ id: number; rank: number; category: string }>(
    orm.em.fork(),
    sql`select id, rank, category from status`,
  )
  const given = await selectRows<{ version: number; rank: number }>(
    orm.em.fork(),
    sql`select stage.template_version_id as version, max(s.rank) as rank from stage join status s on s.id = stage.status_id where s.category <> 'lost' group by 1`,
  )
  const lastRank = Math.max(...statuses.filter(({ category }) => category !== 'lost').map(({ rank }) => rank))
  const found = new Map<number, { left: number[]; here: number[]; leftWorked: number[]; hereWorked: number[] }>()
  for (const life of await lives()) {
    const known = life.filter((visit) => visit.from <= asOf)
    const anchor = known.find((visit) => visit.shown && visit.category !== 'lost')
    if (!anchor || anchor.from < from || anchor.from >= to) continue
    const working = known.filter((visit) => visit.category !== 'paused')
    const top = Math.max(...known.filter((visit) => visit.category !== 'lost').map((visit) => visit.rank))
    const end = given.find(({ version }) => version === anchor.path)?.rank ?? lastRank
    for (const status of new Set(working.filter((visit) => visit.category === 'open').map((visit) => visit.status))) {
      const stays = working.filter((visit) => visit.status === status)
      const isHere = working.at(-1)!.status === status
      if (isHere && stays[0]!.rank === top && top >= end) continue
      const until = (visit: Visit) => (visit.to === null || visit.to > asOf ? asOf : visit.to)
      const seconds = Math.round(stays.reduce((sum, visit) => sum + (until(visit).getTime() - visit.from.getTime()) / 1000, 0))
      const worked = Math.round(stays.reduce((sum, visit) => sum + workingHours(visit.from, until(visit), calendar) * 3600, 0))
      const row = found.get(status) ?? { left: [], here: [], leftWorked: [], hereWorked: [] }
      row[isHere ? 'here' : 'left'].push(seconds)
      row[isHere ? 'hereWorked' : 'leftWorked'].push(worked)
      found.set(status, row)
    }
  }
  return new Map(
    [...found].map(([id, row]) => [
      id,
      statusTimesOf({ left: row.left, here: row.here }, { left: row.leftWorked, here: row.hereWorked }),
    ]),
  )
}

const rounded = (times: unknown) =>
  JSON.parse(JSON.stringify(times, (_, value) => (typeof value === 'number' ? Math.round(value * 100) / 100 : value)))

test('times agree with a reading of the visits by hand, by calendar and in working hours, as of now and of the past', async () => {
  await saveCalendar(session(admin), {
    ...(await showCalendar(session(admin)).then(({ workDays, days, ...rest }) => ({
      ...rest,
      workDays: [...workDays],
      days: [...days],
    }))),
    days: [
      { day: '2026-05-01', isWorking: false, name: '' },
      { day: '2026-05-02', isWorking: true, name: '' },
      { day: '2026-11-04', isWorking: false, name: '' },
    ],
  })
  for (const asOf of [now, new Date('2026-06-01T09:00:00Z')]) {
    const { stays } = await cohort({ from: '2026-01-01', to: '2026-11-21', asOf: asOf.toISOString() })
    const byHand = await readByHand(new Date('2025-12-31T21:00:00Z'), new Date('2026-11-20T21:00:00Z'), asOf)
    const before = await readByHand(new Date('2024-12-31T21:00:00Z'), new Date('2025-12-31T21:00:00Z'), asOf)
    assert.ok([...byHand.values()].some(({ stillThere }) => stillThere > 0))
    for (const [found, expected] of [
      [stays.times, byHand],
      [stays.before, before],
    ] as const) {
      assert.deepEqual([...found.keys()].sort(), [...expected.keys()].sort())
      for (const [id, times] of found) assert.deepEqual(rounded(times), rounded(expected.get(id)), `status ${id}`)
    }
    assert.equal(stays.sampledDeals, null)
  }
})

/** Of every status the deals that are said to be in it now, and the list of them. */
async function assertListed(query: object): Promise<number> {
  const { stays, funnel } = await cohort(query)
  let listed = 0
  for (const { status } of funnel.layers) {
    const input = ListFunnelDeals.parse({ ...query, layer: status.code, part: 'stillThere', limit: 200 })
    const { total, rows } = await listFunnelDeals(session(admin), input)
    assert.deepEqual([total, rows.length], [stays.times.get(status.id)?.stillThere ?? 0, total], status.code)
    listed += total
  }
  return listed
}

test('the deals that are in a status now are listed, exactly as many as its times say, of a past moment too', async () => {
  assert.ok((await assertListed({ from: '2026-01-01', to: '2026-11-21' })) > 5)
  assert.ok((await assertListed({ from: '2026-01-01', to: '2026-11-21', asOf: '2026-06-01T09:00:00Z' })) > 5)
  const ofChapter = ListFunnelDeals.parse({ chapter: 'sale', part: 'stillThere' })
  await assert.rejects(listFunnelDeals(session(admin), ofChapter), { code: 'input_invalid' })
})

test('the clock of working time is that of the database and of the pure function', async () => {
  const calendar = await selectWorkCalendar(orm.em.fork())
  const clock = workClock(calendar)
  const secondsTo = (at: ReturnType<typeof sql>) => clock.secondsTo(at, clock.dayOf(at))
  for (const [since, until] of [
    ['2026-04-29T10:11:00Z', '2026-05-04T07:00:00Z'],
    ['2026-11-03T05:00:00Z', '2026-11-05T15:30:00Z'],
    ['2024-02-28T23:59:59Z', '2026-11-20T12:00:00Z'],
    ['1950-01-01T00:00:00Z', '2030-01-01T00:00:00Z'],
  ] as const) {
    const row = await selectRow<{ fast: number; slow: number }>(
      orm.em.fork(),
      sql`select (${secondsTo(sql`${until}::timestamptz`)} - ${secondsTo(sql`${since}::timestamptz`)}) / 3600 as fast, working_hours(${since}, ${until}) as slow`,
    )
    assert.ok(Math.abs(row!.fast - row!.slow) < 1e-6, `${since} ${row!.fast} ${row!.slow}`)
    assert.ok(Math.abs(row!.fast - workingHours(new Date(since), new Date(until), calendar)) < 1e-6)
  }
})

test('a paused deal stands where it was before, with its clock stopped', async () => {
  const em = orm.em.fork()
  const open = await cohort({ from: '2026-01-01' })
  const [pause] = await selectRows<{ id: number }>(em, sql`select id from status where category = 'paused' limit 1`)
  const paused = pause?.id ?? (await addPause())
  const layer = open.funnel.layers.find(({ status }) => (open.stays.times.get(status.id)?.stillThere ?? 0) > 2)!
  const before = open.stays.times.get(layer.status.id)!
  await selectRows(
    em,
    sql`with chosen as (select v.id, v.deal_id, v.owner_id, v.department_id, v.amount_minor, v.currency from status_visit v join deal on deal.id = v.deal_id
        where v.status_id = ${layer.status.id} and v.left_at is null and v.voided_at is null and v.entered_at > '2026-01-01' and deal.withdrawn_at is null order by v.id limit 1),
      gone as (update status_visit set left_at = ${new Date(now.getTime() - 3_600_000)} where id in (select id from chosen) and entered_at < ${new Date(now.getTime() - 3_600_000)} returning deal_id),
      moved as (update deal set status_id = ${paused} where id in (select deal_id from gone))
    insert into status_visit (deal_id, status_id, entered_at, recorded_at, owner_id, department_id, amount_minor, currency, cause)
      select deal_id, ${paused}, ${new Date(now.getTime() - 3_600_000)}, ${now}, owner_id, department_id, amount_minor, currency, '{"kind": "user", "reason": "-"}' from chosen where deal_id in (select deal_id from gone)`,
  )
  const { stays, funnel } = await cohort({ from: '2026-01-01' })
  const after = stays.times.get(layer.status.id)!
  assert.deepEqual([after.stillThere, after.deals], [before.stillThere, before.deals])
  assert.ok(!stays.times.has(paused), 'a pause has no time of its own')
  await assertListed({ from: '2026-01-01' })
  assert.equal(funnel.totals.deals, open.funnel.totals.deals)
})

async function addPause(): Promise<number> {
  const row = await selectRow<{ id: number }>(
    orm.em.fork(),
    sql`insert into status (code, name_ru, name_en, colour, rank, phase, category, is_won, shown_in_funnel, probability_pct)
      select 'on_hold_test', 'Пауза', 'On hold', min(colour), max(rank) + 10, 'sale', 'paused', false, true, 10 from status returning id`,
  )
  return row!.id
}

test('a sample is always the same deals, about as many as wanted', async () => {
  const em = orm.em.fork()
  const lastId = await selectLastDealId(em)
  const sampled = (wanted: number, of: number, last: number) =>
    selectRows<{ id: number }>(em, sql`select id from deal where ${sampleOfDeals(wanted, of, last)} order by id`)
  const [{ count }] = (await selectRows<{ count: number }>(em, sql`select count(*)::int as count from deal`)) as [
    { count: number },
  ]
  const some = await sampled(60, count, lastId)
  assert.ok(some.length > 20 && some.length < 160, `${some.length} of ${count}`)
  assert.deepEqual(await sampled(60, count + 5, lastId + 5), some)
  assert.ok((await sampled(30, count, 100_000_000)).length < count / 2)
})

test('the times of one type are those of its deals alone', async () => {
  const shown = await Promise.all(typeSeeds.map(({ code }) => cohort({ from: '2026-01-01', type: code })))
  const whole = await cohort({ from: '2026-01-01' })
  for (const [id, times] of whole.stays.times)
    assert.equal(
      shown.reduce((sum, one) => sum + (one.stays.times.get(id)?.deals ?? 0), 0),
      times.deals,
    )
})
