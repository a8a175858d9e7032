import assert from 'node:assert/strict'
import { test } from 'node:test'
import { migrate } from '../../db/orm.ts'
import { freshDatabase } from '../support/database.ts'

test('the migrations and the entities agree on every table and column', async () => {
  const orm = await freshDatabase()
  const statements = (await orm.schema.getUpdateSchemaSQL({ wrap: false, safe: false })).split('\n').map((line) => line.trim())
  // Indexes over expressions and defaults taken from a sequence stand in the migrations alone: entities cannot say them.
  const onColumns = statements
    .filter((line) => /^(create|drop) table|add column|drop column|alter column|add primary|rename/i.test(line))
    .filter((line) => !line.includes('set default nextval('))
  assert.deepEqual(onColumns, [])
})

test('a migrated database has nothing left to migrate', async () => {
  const orm = await freshDatabase()
  assert.deepEqual(await migrate(orm), [])
})
