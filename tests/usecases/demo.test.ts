import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { checkInvariants } from '../../api/usecases/check.ts'
import { createDeal } from '../../api/usecases/deals/create-deal.ts'
import type { Orm } from '../../db/orm.ts'
import { buildDemoDeals, demoDealCount } from '../../db/seeds/demo-company.ts'
import { person } from '../../db/seeds/demo-people.ts'
import { randomStream } from '../../db/seeds/demo-random.ts'
import type { DealScript } from '../../db/seeds/demo-verbs.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { loadEmptyCompany } from '../../db/seeds/load-empty.ts'
import { resetDemoCompany } from '../../db/seeds/reset-demo.ts'
import { selectRow, sql } from '../../db/sql.ts'
import { freshDatabase } from '../support/database.ts'
import { replay, sessionOf, traceOf } from './demo-replay.ts'

const now = new Date('2026-11-20T12:00:00Z')
const options = { now, timeZone: 'Europe/Moscow', baseCurrency: 'RUB' }
const firstNumber = 1001
const sampleSize = 60

let demo: Orm
before(async () => {
  demo = await freshDatabase()
  assert.equal(await loadDemoCompany(demo.em.fork(), options), true)
})

test('the whole demo company breaks no invariant', async () => {
  const { findings, counted } = await checkInvariants(demo.em.fork())
  assert.deepEqual(findings, [])
  assert.equal(counted.deals, demoDealCount)
})

test('the use-cases, doing the same at the same times, leave exactly the rows that the demo loads', async (t) => {
  const bench = await freshDatabase()
  await loadDemoCompany(bench.em.fork(), { ...options, deals: 0 })
  const { scripts } = buildDemoDeals(options)
  for (const index of sample(scripts)) {
    const replayed = await traceOf(bench.em.fork(), await replay(bench, scripts[index]!))
    assert.deepEqual(await traceOf(demo.em.fork(), firstNumber + index), replayed, `deal ${firstNumber + index}`)
  }
  assert.deepEqual((await checkInvariants(bench.em.fork())).findings, [])
  t.diagnostic(`${sampleSize} deals replayed`)
})

test('a company is loaded only into an empty database, and only once', async () => {
  assert.equal(await loadDemoCompany(demo.em.fork(), options), false)
  assert.equal(await loadEmptyCompany(demo.em.fork(), { name: 'Другая', timeZone: 'Asia/Omsk', baseCurrency: 'EUR' }), false)
  assert.deepEqual(await countRows(demo), { deals: demoDealCount, people: 22, organizations: 1 })
})

test('two starts at once load one company', async () => {
  const orm = await freshDatabase()
  const loads = await Promise.all([1, 2].map(() => loadDemoCompany(orm.em.fork(), { ...options, deals: 30 })))
  assert.deepEqual(loads.toSorted(), [false, true])
  assert.deepEqual(await countRows(orm), { deals: 30, people: 22, organizations: 1 })
})

test('a load that breaks off leaves nothing behind', async () => {
  const orm = await freshDatabase()
  const broken = loadDemoCompany(orm.em.fork(), { ...options, deals: 30 }, () => {
    throw new Error('killed')
  })
  await assert.rejects(broken, /killed/)
  assert.deepEqual(await countRows(orm), { deals: 0, people: 0, organizations: 0 })
})

test('loading tells how far it is, up to the end', async () => {
  const orm = await freshDatabase()
  const heard: [number, number][] = []
  await loadDemoCompany(orm.em.fork(), { ...options, deals: 300 }, (done, total) => heard.push([done, total]))
  assert.ok(heard.length >= 4 && heard.every(([done], index) => index === 0 || done > heard[index - 1]![0]))
  assert.equal(heard.at(-1)![0], heard.at(-1)![1])
})

test('one person of each role can be entered with one tap, and nobody by password', async () => {
  const row = await selectRow<{ roles: string[]; passwords: number }>(
    demo.em.fork(),
    sql`select array_agg(role order by role) filter (where is_demo_login) as roles, count(password_hash)::int as passwords from employee`,
  )
  assert.deepEqual(row, { roles: ['admin', 'executive', 'field', 'head', 'manager'], passwords: 0 })
})

test('a deal created after the load goes on with ids and numbers', async () => {
  const orm = await freshDatabase()
  await loadDemoCompany(orm.em.fork(), { ...options, deals: 30 })
  const amount = { amountMinor: 100_00, currency: 'RUB' }
  const card = await createDeal(sessionOf(orm.em.fork(), person('petrova').id, now), {
    title: 'Датер',
    type: 'product_sale',
    amount,
    description: '',
  })
  assert.equal(card.deal.number, firstNumber + 30)
  assert.deepEqual((await checkInvariants(orm.em.fork())).findings, [])
})

test('a reset gives a fresh demo company and forgets what was done to the old one', async () => {
  const orm = await freshDatabase()
  await loadDemoCompany(orm.em.fork(), { ...options, deals: 30 })
  const before = await traceOf(orm.em.fork(), firstNumber + 7)
  const amount = { amountMinor: 100_00, currency: 'RUB' }
  await createDeal(sessionOf(orm.em.fork(), person('petrova').id, now), {
    title: 'Датер',
    type: 'product_sale',
    amount,
    description: '',
  })
  assert.equal(await resetDemoCompany(orm.em.fork(), { ...options, deals: 30 }), true)
  assert.deepEqual(await traceOf(orm.em.fork(), firstNumber + 7), before)
  assert.deepEqual(await countRows(orm), { deals: 30, people: 22, organizations: 1 })
  assert.deepEqual((await checkInvariants(orm.em.fork())).findings, [])
})

test('a reset refuses to touch a real company', async () => {
  const orm = await freshDatabase()
  assert.equal(await resetDemoCompany(orm.em.fork(), options), false)
  await loadEmptyCompany(orm.em.fork(), { name: 'ООО «Свои»', timeZone: 'Asia/Omsk', baseCurrency: 'RUB' })
  assert.equal(await resetDemoCompany(orm.em.fork(), options), false)
  assert.deepEqual(await countRows(orm), { deals: 0, people: 0, organizations: 1 })
})

test('a company without a demo begins with the dictionary and one department', async () => {
  const orm = await freshDatabase()
  assert.equal(await loadEmptyCompany(orm.em.fork(), { name: 'ООО «Свои»', timeZone: 'Asia/Omsk', baseCurrency: 'RUB' }), true)
  const row = await selectRow<Record<string, unknown>>(
    orm.em.fork(),
    sql`select o.name, o.time_zone, o.base_currency, o.is_demo, (select count(*)::int from status) as statuses, (select count(*)::int from status where is_won) as won, (select count(target_conversion_pct)::int from status) as targets,
      (select count(*)::int from status where category = 'lost') as lost, (select array_agg(name::text) from department) as departments,
      (select count(*)::int from deal_type) as types, (select count(*)::int from employee) as people from organization o`,
  )
  assert.deepEqual(row, {
    name: 'ООО «Свои»',
    time_zone: 'Asia/Omsk',
    base_currency: 'RUB',
    is_demo: false,
    statuses: 10,
    won: 1,
    targets: 0,
    lost: 2,
    departments: ['ООО «Свои»'],
    types: 0,
    people: 0,
  })
})

/** Deals of every type, and for every verb and for losses after each stage some that have it; the rest at random. */
function sample(scripts: readonly DealScript[]): readonly number[] {
  const random = randomStream(60)
  const chosen = new Set<number>()
  const choose = (count: number, fits: (script: DealScript) => boolean) => {
    const fitting = scripts
      .keys()
      .filter((index) => fits(scripts[index]!))
      .toArray()
    for (let n = 0; n < count && fitting.length > 0; n++) chosen.add(random.pick(fitting))
  }
  for (const verb of ['setStatus', 'liftHold', 'reopen', 'reassign', 'undo', 'participants', 'edit', 'comment', 'move'])
    choose(4, (script) => script.some((deed) => deed.verb === verb))
  for (const type of ['product_sale', 'service', 'project', 'support_contract'])
    choose(3, ([first]) => first?.verb === 'create' && first.typeCode === type)
  choose(3, (script) => script.some((deed) => deed.verb === 'setStatus' && deed.hold) && script.at(-1)!.verb !== 'lose')
  choose(
    2,
    (script) => script.some((deed) => deed.verb === 'setStatus' && deed.hold) && script.some((deed) => deed.verb === 'lose'),
  )
  choose(2, (script) => script.some((deed) => deed.verb === 'lose' && deed.status === 'declined'))
  choose(2, (script) => script.length > 20)
  choose(2, (script) => script.length === 1)
  while (chosen.size < sampleSize) choose(1, () => true)
  return [...chosen].slice(0, sampleSize)
}

function countRows(orm: Orm): Promise<unknown> {
  return selectRow(
    orm.em.fork(),
    sql`select (select count(*)::int from deal) as deals, (select count(*)::int from employee) as people, (select count(*)::int from organization) as organizations`,
  )
}
