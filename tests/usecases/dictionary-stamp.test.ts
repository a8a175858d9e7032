import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Session } from '../../api/session.ts'
import { readFunnelDictionary } from '../../api/usecases/funnel/kept-dictionary.ts'
import { readOrganization } from '../../api/usecases/settings.ts'
import { selectRow, selectRows, sql } from '../../db/sql.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
before(async () => {
  world = await createWorld({ deals: true })
})

const stampNow = async () =>
  (await selectRow<{ stamp: string }>(world.orm.em.fork(), sql`select stamp from dictionary_stamp`))?.stamp
/** A session as a request gets it. */
async function asked(): Promise<Session> {
  const organization = await readOrganization(world.orm.em.fork())
  return { ...world.as('ada'), organization: organization! }
}

const changes = {
  'the name of a status': sql`update status set name_ru = name_ru || '!' where code = 'proposal'`,
  'the order of statuses': sql`update status set shown_in_funnel = not shown_in_funnel where code = 'proposal'`,
  'a new deal type': sql`insert into deal_type (code, name_ru, name_en) values ('stamped', 'Новый', 'New')`,
  'a department moved': sql`update department set parent_id = null where parent_id is not null`,
  'a new template': sql`insert into process_template (code, name_ru, name_en) values ('stamped', 'Новый', 'New')`,
}
for (const [what, change] of Object.entries(changes))
  test(`${what} gives the dictionaries another stamp`, async () => {
    const earlier = await stampNow()
    assert.ok(earlier)
    await selectRows(world.orm.em.fork(), change)
    assert.notEqual(await stampNow(), earlier)
  })

test('a change that is rolled back leaves the stamp', async () => {
  const earlier = await stampNow()
  const given = world.orm.em.fork().transactional(async (em) => {
    await selectRows(em, sql`update status set rank = rank`)
    throw new Error('not today')
  })
  await assert.rejects(given, /not today/)
  assert.equal(await stampNow(), earlier)
})

test('what is read is kept while the stamp stands, and read anew after a change', async () => {
  const first = await readFunnelDictionary(await asked())
  assert.equal(await readFunnelDictionary(await asked()), first)
  await selectRows(world.orm.em.fork(), sql`update status set name_en = 'Renamed' where code = 'contract'`)
  const second = await readFunnelDictionary(await asked())
  assert.notEqual(second, first)
  assert.equal(second.statuses.find('contract').names.en, 'Renamed')
})

test('inside a transaction its own changes are seen, and not kept for others', async () => {
  const session = await asked()
  const before = await readFunnelDictionary(session)
  await world.orm.em
    .fork()
    .transactional(async (em) => {
      await selectRows(em, sql`update status set name_en = 'Unborn' where code = 'contract'`)
      const inside = await readFunnelDictionary({ ...session, em })
      assert.equal(inside.statuses.find('contract').names.en, 'Unborn')
      throw new Error('not today')
    })
    .catch(() => {})
  assert.equal(await readFunnelDictionary(await asked()), before)
})
