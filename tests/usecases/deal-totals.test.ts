import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Session } from '../../api/session.ts'
import { listDeals } from '../../api/usecases/deals/list-deals.ts'
import { readOrganization } from '../../api/usecases/settings.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { ListDeals } from '../../shared/schemas/deals.ts'
import { createWorld, type Name } from '../support/world.ts'

test('in a company of very many deals the totals of a list stand for a minute, by viewer and filter; in any other they are of now', async () => {
  const world = await createWorld({ deals: true })
  const organization = (await readOrganization(world.orm.em.fork()))!
  assert.ok(organization.dictionaryStamp)
  const session = (name: Name): Session => ({ ...world.as(name), organization })
  const total = async (name: Name, query: object = {}) => (await listDeals(session(name), ListDeals.parse(query))).total
  assert.equal(await total('eva'), 11)
  await world.newDeal('max')
  assert.equal(await total('eva'), 12)
  // What the database believes, until it looks again.
  await selectRows(world.orm.em.fork(), sql`update pg_class set reltuples = 2000000 where oid = 'deal'::regclass`)
  assert.equal(await total('eva'), 12)
  await world.newDeal('max')
  assert.deepEqual([await total('eva'), await total('ada'), await total('eva', { limit: '5', sort: 'amount' })], [12, 12, 12])
  assert.equal(await total('max'), 3, 'who sees other deals has totals of his own')
  assert.equal(await total('eva', { employee: '6' }), 3, 'another filter is another question')
  world.clock.advance({ minutes: 20 })
  assert.equal(await total('eva'), 13)
})
