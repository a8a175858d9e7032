import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { ask } from '../../api/usecases/funnel/ask.ts'
import type { Orm } from '../../db/orm.ts'
import { type QueueRow, selectQueues } from '../../db/queries/funnel-queues.ts'
import { personSeeds } from '../../db/seeds/demo-people.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { ShowFunnel } from '../../shared/schemas/funnel.ts'
import { freshDatabase } from '../support/database.ts'
import { sessionOf } from './demo-replay.ts'

const now = new Date('2026-11-20T12:00:00Z')
const weekMs = 7 * 86_400_000
const executiveId = personSeeds.find((person) => person.role === 'executive')!.id

let orm: Orm
before(async () => {
  orm = await freshDatabase()
  await loadDemoCompany(orm.em.fork(), { now, timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals: 600 })
})

type Visit = { readonly statusId: number; readonly enteredAt: Date; readonly leftAt: Date | null }

/** Counted one by one, by when each visit began and ended. */
function countedByHand(visits: readonly Visit[]): QueueRow[] {
  const rows = new Map<string, { statusId: number; week: number; arrivals: number; departures: number }>()
  const note = (statusId: number, at: Date | null, what: 'arrivals' | 'departures') => {
    const ago = at === null ? -1 : now.getTime() - at.getTime()
    if (ago < 0 || ago >= 3 * weekMs) return
    const week = Math.floor(ago / weekMs)
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

for (const [what, query, condition] of [
  ['of the company', {}, sql`true`],
  ['of one type', { type: 'service' }, sql`deal.type_id = (select id from deal_type where code = 'service')`],
] as const)
  test(`who came to and went from every layer in three weeks ${what} is counted as the visits say`, async () => {
    const session = sessionOf(orm.em.fork(), executiveId, now)
    const { slice, span, bits } = await ask(session, ShowFunnel.parse(query))
    const visits = await selectRows<Visit>(
      orm.em.fork(),
      sql`select v.status_id as "statusId", v.entered_at as "enteredAt", v.left_at as "leftAt" from status_visit v join deal on deal.id = v.deal_id
      where v.voided_at is null and ${condition}`,
    )
    const expected = countedByHand(visits)
    assert.ok(expected.length > 10)
    assert.deepEqual(inOrder(await selectQueues(session.em, session.actor, slice, span, bits)), expected)
  })
