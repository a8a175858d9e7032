import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { checkInvariants } from '../../api/usecases/check.ts'
import { ask } from '../../api/usecases/funnel/ask.ts'
import { keepCube } from '../../api/usecases/funnel/cube/upkeep.ts'
import { readQueues } from '../../api/usecases/funnel/read-pace.ts'
import type { Orm } from '../../db/orm.ts'
import { type QueueRow, selectKeptQueues, selectQueues } from '../../db/queries/funnel-queues.ts'
import { personSeeds } from '../../db/seeds/demo-people.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { dayOf } from '../../shared/domain/periods.ts'
import { ShowFunnel } from '../../shared/schemas/funnel.ts'
import { settleCube } from '../support/cube.ts'
import { freshDatabase } from '../support/database.ts'
import { sessionOf } from './demo-replay.ts'

const now = new Date('2026-11-20T12:00:00Z')
const timeZone = 'Europe/Moscow'
const days = { asOf: now, today: dayOf(now, timeZone), timeZone }
const executiveId = personSeeds.find((person) => person.role === 'executive')!.id

let orm: Orm
before(async () => {
  orm = await freshDatabase()
  await loadDemoCompany(orm.em.fork(), { now, timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals: 600 })
})

type Visit = { readonly statusId: number; readonly enteredAt: Date; readonly leftAt: Date | null }

/** Counted one by one, by the days on which each visit began and ended. */
function countedByHand(visits: readonly Visit[]): QueueRow[] {
  const rows = new Map<string, { statusId: number; week: number; arrivals: number; departures: number }>()
  const note = (statusId: number, at: Date | null, what: 'arrivals' | 'departures') => {
    const ago = at === null ? -1 : (Date.parse(days.today) - Date.parse(dayOf(at, timeZone))) / 86_400_000
    if (ago < 0 || ago >= 21) return
    const week = Math.floor(ago / 7)
    const row = rows.get(`${statusId}/${week}`) ?? { statusId, week, arrivals: 0, departures: 0 }
    row[what]++
    rows.set(`${statusId}/${week}`, row)
  }
  for (const { statusId, enteredAt, leftAt } of visits) {
    note(statusId, enteredAt, 'arrivals')
    note(statusId, leftAt, 'departures')
  }
  return inOrder([...rows.values()])
}
const inOrder = (rows: readonly QueueRow[]) => rows.toSorted((a, b) => a.statusId - b.statusId || a.week - b.week)

const slices = [
  ['of the company', {}, sql`true`],
  ['of one type', { type: 'service' }, sql`deal.type_id = (select id from deal_type where code = 'service')`],
  ['of a department with all below it', { department: '2' }, sql`deal.department_id in (select department_subtree(2))`],
  [
    'of two departments and a type',
    { department: '3,5', type: 'product_sale' },
    sql`deal.type_id = (select id from deal_type where code = 'product_sale')
    and deal.department_id in (select department_subtree(3) union select department_subtree(5))`,
  ],
] as const

async function assertCounted(): Promise<void> {
  for (const [what, query, condition] of slices) {
    const session = sessionOf(orm.em.fork(), executiveId, now)
    const asked = await ask(session, ShowFunnel.parse(query))
    const visits = await selectRows<Visit>(
      orm.em.fork(),
      sql`select v.status_id as "statusId", v.entered_at as "enteredAt", v.left_at as "leftAt" from status_visit v join deal on deal.id = v.deal_id
      where v.voided_at is null and deal.withdrawn_at is null and ${condition}`,
    )
    const expected = countedByHand(visits)
    assert.ok(expected.length > 2, what)
    assert.deepEqual(inOrder(await selectQueues(session.em, session.actor, asked.slice, days, asked.bits)), expected, what)
    assert.deepEqual(inOrder((await selectKeptQueues(session.em, asked.slice, days, asked.bits))!), expected, `${what}, kept`)
    assert.deepEqual(inOrder(await readQueues(session, asked)), expected, `${what}, as a funnel reads it`)
  }
}

test('who came to and went from every layer in three weeks is counted as the visits say, from them and from what is kept', async () => {
  const session = sessionOf(orm.em.fork(), executiveId, now)
  const { slice, bits } = await ask(session, ShowFunnel.parse({}))
  assert.equal(await selectKeptQueues(orm.em.fork(), slice, days, bits), null, 'nothing is kept before the keeper came')
  await settleCube(orm, now)
  await assertCounted()
})

test('what is kept follows every change at once, folded or not: moves, voids, mergers of departments, withdrawals', async () => {
  const changes = [
    sql`update status_visit set voided_at = now() where id in (select id from status_visit where left_at is not null order by entered_at desc limit 9)`,
    sql`with ended as (update status_visit set left_at = timestamptz '2026-11-19T10:00Z' where id in (
        select v.id from status_visit v where left_at is null and voided_at is null and entered_at < '2026-11-18' order by id limit 12) returning *)
      insert into status_visit (deal_id, status_id, entered_at, recorded_at, owner_id, department_id, amount_minor, currency, cause)
      select deal_id, 1 + status_id % 5, left_at, now(), owner_id, department_id, amount_minor, currency, '{"by": "import"}' from ended`,
    sql`update deal set department_id = 3 where id % 4 = 0`,
    sql`update deal set type_id = 1 + type_id % 3 where id % 5 = 0`,
    sql`update deal set withdrawn_at = now() where id % 7 = 0`,
    sql`update deal set withdrawn_at = null where id % 14 = 0`,
    sql`update department set parent_id = 2 where id = 5`,
  ]
  for (const [place, change] of changes.entries()) {
    await selectRows(orm.em.fork(), change)
    await assertCounted()
    if (place % 2 === 0) await settleCube(orm, now)
    await assertCounted()
  }
  const { findings } = await checkInvariants(orm.em.fork())
  assert.deepEqual(
    findings.filter(({ code }) => code.startsWith('funnel_')),
    [],
  )
  await selectRows(
    orm.em.fork(),
    sql`update funnel_move set arrivals = arrivals + 1 where ctid = (select min(ctid) from funnel_move where day > '2026-11-10')`,
  )
  assert.ok(
    (await checkInvariants(orm.em.fork())).findings.some(({ code }) => code === 'funnel_moves'),
    'a wrong day is found',
  )
})

test('days that nobody asks for any more go, and those of another zone are counted anew', async () => {
  const later = new Date('2027-02-20T12:00:00Z')
  await keepCube(orm.em.fork(), later)
  const [kept] = await selectRows<{ first: string; oldest: string | null }>(
    orm.em.fork(),
    sql`select moves_from::text as first, (select min(day)::text from funnel_move) as oldest from funnel_cube`,
  )
  assert.equal(kept?.first, '2027-01-16')
  assert.ok(kept.oldest === null || kept.oldest >= kept.first)
  await keepCube(orm.em.fork(), now)
  await selectRows(orm.em.fork(), sql`update funnel_cube set moves_time_zone = 'Asia/Tokyo'`)
  await settleCube(orm, now)
  await assertCounted()
})
