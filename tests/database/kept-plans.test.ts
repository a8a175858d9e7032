import assert from 'node:assert/strict'
import { test } from 'node:test'
import { selectKnownRow, selectKnownRows, selectRow, sql } from '../../db/sql.ts'
import { freshDatabase } from '../support/database.ts'

test('a connection plans a known statement once, whatever its values, and any other statement each time', async () => {
  const orm = await freshDatabase()
  await orm.em.transactional(async (em) => {
    for (let value = 1; value <= 20; value++) {
      assert.deepEqual(await selectKnownRows(em, sql`select ${value}::int as known`), [{ known: value }])
      await selectRow(em, sql`select ${value}::int as other`)
    }
    const kept = await selectRow<{ texts: string[]; plans: number }>(
      em,
      sql`select jsonb_agg(statement) as texts, sum(generic_plans)::int as plans from pg_prepared_statements`,
    )
    assert.deepEqual(kept?.texts, ['select $1::int as known'])
    assert.ok(kept.plans > 10)
  })
})

test('a column that changes under a kept plan disturbs nobody', async () => {
  const orm = await freshDatabase()
  const read = () => selectKnownRow<{ amount: unknown }>(orm.em.fork(), sql`select amount from changing`)
  await selectRow(orm.em.fork(), sql`create table changing as select 5::int as amount`)
  assert.deepEqual(await read(), { amount: 5 })
  await selectRow(orm.em.fork(), sql`alter table changing alter amount type text`)
  assert.deepEqual(await read(), { amount: '5' })
  assert.deepEqual(await read(), { amount: '5' })
})
