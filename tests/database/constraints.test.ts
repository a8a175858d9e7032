import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import pg from 'pg'
import { createDepartment, editDepartment } from '../../api/usecases/people.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { createWorld, departments, type World } from '../support/world.ts'

/** What the database itself refuses, whoever asks. */
let world: World
before(async () => {
  world = await createWorld({ deals: true })
})

const run = (text: string) => selectRows(world.orm.em.fork(), sql`${sql.raw(text)}`)

async function refusedBy(constraint: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: String(world.orm.config.get('clientUrl')) })
  await client.connect()
  try {
    await assert.rejects(client.query(text), (error: pg.DatabaseError) => {
      assert.equal(error.constraint, constraint, error.message)
      return true
    })
  } finally {
    await client.end()
  }
}

test('a visit is never deleted', async () => {
  await refusedBy('status_visit_append_only', 'delete from status_visit where id = 1')
})

for (const change of [
  'status_id = 2',
  'deal_id = 2',
  "entered_at = entered_at - interval '1 second'",
  'recorded_at = now()',
  'owner_id = 1',
  'department_id = 1',
  'amount_minor = 1',
  "currency = 'USD'",
  `cause = '{"kind":"import","batchId":1}'`,
  'actor_id = null',
]) {
  test(`a visit never changes its ${change.split(' ')[0]}`, async () => {
    await refusedBy('status_visit_append_only', `update status_visit set ${change} where id = 1`)
  })
}

test('a voided visit stays voided as it is', async () => {
  const voided = 'update status_visit set voided_at = now(), voided_by_id = 1 where id = 1'
  await refusedBy('status_visit_append_only', `${voided}; update status_visit set voided_at = null where id = 1`)
})

test('a deal has one open visit at most', async () => {
  const copied = 'deal_id, status_id, entered_at, recorded_at, owner_id, department_id, amount_minor, currency, cause'
  const second = `insert into status_visit (${copied}) select ${copied} from status_visit where id = 1`
  await refusedBy('status_visit_one_open_uq', second)
})

test('a deal has one main run at most', async () => {
  const copied = 'deal_id, template_version_id, is_main, stage_id, stage_since, state, started_at'
  await refusedBy('process_run_one_main_uq', `insert into process_run (${copied}) select ${copied} from process_run where id = 1`)
})

test('an amount is never negative, never more than a number holds exactly', async () => {
  await refusedBy('deal_amount_minor_check', 'update deal set amount_minor = -1')
  await refusedBy('deal_amount_minor_check', 'update deal set amount_minor = 9007199254740992')
})

test('a department never stands below itself, directly or through others', async () => {
  await refusedBy('department_no_cycle', `update department set parent_id = ${departments.north} where id = ${departments.sales}`)
  await refusedBy('department_no_cycle', `update department set parent_id = id where id = ${departments.south}`)
})

test('two departments moved below each other at once: the second is refused', async () => {
  for (let round = 0; round < 5; round++) {
    const [one, two] = [
      await createDepartment(world.as('ada'), { name: `Один ${round}` }),
      await createDepartment(world.as('ada'), { name: `Два ${round}` }),
    ]
    const below = (id: number, parentId: number) => editDepartment(world.as('ada'), { id, version: 1, parentId })
    const outcomes = await Promise.allSettled([below(one.id, two.id), below(two.id, one.id)])
    assert.deepEqual(outcomes.map((outcome) => outcome.status).sort(), ['fulfilled', 'rejected'])
  }
})

for (const [what, text] of [
  ['a changed stage', 'update stage set position = 9 where id = 1'],
  ['a further stage', "insert into stage (template_version_id, code, name_ru, name_en, position) values (1, 'x', 'x', 'x', 99)"],
  ['a stage less', 'delete from stage where id = 1'],
  ['a changed way', 'update stage_transition set position = 5 where id = 1'],
  ['a further way', 'insert into stage_transition (from_stage_id, to_stage_id) values (1, 8)'],
  ['a way less', 'delete from stage_transition where id = 1'],
] as const) {
  test(`a published process version takes no ${what}`, () => refusedBy('process_version_immutable', text))
}

test('a stage is not moved from a draft into a published version, nor a published version made a draft again', async () => {
  await run("insert into process_template_version (id, template_id, number, state) values (100, 1, 2, 'draft')")
  await run("insert into stage (template_version_id, code, name_ru, name_en, position) values (100, 'draft', 'x', 'x', 1)")
  await refusedBy('process_version_immutable', "update stage set template_version_id = 1 where code = 'draft'")
  await refusedBy(
    'process_version_immutable',
    "update process_template_version set state = 'draft', published_at = null where id = 1",
  )
  await refusedBy('process_version_immutable', 'update process_template_version set status_id = 1 where id = 1')
  await refusedBy('process_version_immutable', 'delete from process_template_version where id = 4')
  await run("update process_template_version set state = 'published', published_at = now() where id = 100")
  await run("update process_template_version set state = 'retired' where id = 100")
})

test('two statuses of the funnel never share a rank; a lost one is never a win', async () => {
  await refusedBy('status_rank_uq', "update status set rank = 2 where code = 'new'")
  await refusedBy('status_lost_is_not_won', "update status set is_won = true where code = 'lost'")
})

test('a login is taken once, in whatever case', async () => {
  const insert = "insert into employee (login, name, role, department_id) values ('MIRA', 'x', 'manager', 1)"
  await refusedBy('employee_login_lower_uq', insert)
})
