import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { createApiToken } from '../../api/usecases/access.ts'
import { addContact, createCounterparty, editCounterparty } from '../../api/usecases/counterparties.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { setParticipants } from '../../api/usecases/deals/reassign-deal.ts'
import { createDepartment, createEmployee, editEmployee } from '../../api/usecases/people.ts'
import { editStatus } from '../../api/usecases/statuses.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { createWorld, type World } from '../support/world.ts'

type Entry = {
  actorId: number | null
  door: string
  entity: string
  entityId: string
  action: string
  before: object
  after: object
}

let world: World
before(async () => {
  world = await createWorld({ deals: true })
})

/** The audit rows that `work` wrote. */
async function written(work: () => Promise<unknown>): Promise<Entry[]> {
  const em = world.orm.em.fork()
  const [last] = await selectRows<{ id: number }>(em, sql`select coalesce(max(id), 0) as id from audit_entry`)
  await work()
  return selectRows<Entry>(
    em,
    sql`select actor_id as "actorId", door, entity, entity_id as "entityId", action, before, after from audit_entry where id > ${last!.id} order by id`,
  )
}

const cases: readonly (readonly [entity: string, action: string, work: () => Promise<unknown>])[] = [
  ['department', 'insert', () => createDepartment(world.as('ada', 'api'), { name: 'Новый' })],
  [
    'employee',
    'insert',
    () =>
      createEmployee(world.as('ada', 'api'), {
        login: 'newone',
        name: 'Н',
        position: '',
        role: 'field',
        departmentId: 1,
        email: null,
        password: 'длинный-пароль',
      }),
  ],
  [
    'employee',
    'update',
    () => editEmployee(world.as('ada', 'api'), { id: world.people.max.id, version: 1, name: 'Максим', email: undefined }),
  ],
  ['counterparty', 'insert', () => createCounterparty(world.as('ada', 'api'), { name: 'ООО «Гамма»', phone: null, email: null })],
  ['counterparty', 'update', () => editCounterparty(world.as('ada', 'api'), { id: 2, version: 1, phone: '1', email: undefined })],
  ['contact', 'insert', () => addContact(world.as('ada', 'api'), { id: 1, name: 'К', phone: null, email: null })],
  ['status', 'update', () => editStatus(world.as('ada', 'api'), { code: 'new', version: 1, probabilityPct: 11 })],
  ['deal', 'insert', () => world.newDeal('mira')],
  ['process_run', 'insert', () => world.newDeal('mira')],
  ['deal', 'update', () => moveDeal(world.as('ada', 'api'), { number: world.deals.mira, version: 1, stage: 'qualification' })],
  [
    'process_run',
    'update',
    () => moveDeal(world.as('ada', 'api'), { number: world.deals.max, version: 1, stage: 'qualification' }),
  ],
  [
    'deal_participant',
    'insert',
    () => setParticipants(world.as('ada', 'api'), { number: world.deals.sara, version: 1, employeeIds: [5] }),
  ],
  [
    'deal_participant',
    'delete',
    () => setParticipants(world.as('ada', 'api'), { number: world.deals.sara, version: 2, employeeIds: [] }),
  ],
  ['api_token', 'insert', () => createApiToken(world.as('ada', 'api'), { name: 'касса' })],
]
for (const [entity, action, work] of cases) {
  test(`${action} of ${entity} leaves an audit row with who and through which door`, async () => {
    const entries = await written(work)
    const entry = entries.find((found) => found.entity === entity && found.action === action)
    assert.ok(entry, JSON.stringify(entries))
    assert.equal(entry.actorId, world.people.ada.id)
    assert.equal(entry.door, entity === 'deal' || entity === 'process_run' ? entry.door : 'api')
    assert.ok(entries.every((found) => ['web', 'api'].includes(found.door)))
  })
}

test('an update is kept as the columns that changed, before and after', async () => {
  const [entry] = await written(() => editStatus(world.as('ada'), { code: 'proposal', version: 1, probabilityPct: 41 }))
  assert.deepEqual(
    [entry?.before, entry?.after],
    [
      { probability_pct: 40, version: 1 },
      { probability_pct: 41, version: 2 },
    ],
  )
})

test('a changed password is named, and neither it nor its hash nor a token is anywhere in the audit', async () => {
  const secret = 'очень-тайный-пароль'
  const { id } = world.people.sara
  const entries = await written(() => editEmployee(world.as('ada'), { id, version: 1, password: secret, email: undefined }))
  assert.deepEqual(entries.find((entry) => entry.entity === 'employee')?.after, { version: 2, password: 'changed' })
  const { token } = await createApiToken(world.as('ada'), { name: 'ещё' })
  const found = await selectRows(
    world.orm.em.fork(),
    sql`select * from audit_entry a where a::text like ${`%${secret}%`} or a::text like '%argon2%' or a::text like '%token_hash%' or a::text like ${`%${token}%`}`,
  )
  assert.deepEqual(found, [])
})

test('what is refused leaves no audit row', async () => {
  const entries = await written(() =>
    moveDeal(world.as('ada'), { number: world.deals.sara, version: 99, stage: 'qualification' }).catch(() => {}),
  )
  assert.deepEqual(entries, [])
})
