import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { listFacts } from '../../api/usecases/rules/list-facts.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { factDeclarations, operatorsFor } from '../../shared/domain/facts.ts'
import type { FactView } from '../../shared/views/processes.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let facts: readonly FactView[]
before(async () => {
  world = await createWorld()
  const em = world.orm.em.fork()
  await selectRows(
    em,
    sql`insert into document_type (code, name_ru, name_en, archived_at) values ('old', 'Старый', 'Old', now())`,
  )
  await selectRows(
    em,
    sql`insert into custom_field (deal_type_id, code, name_ru, name_en, kind, options, position, archived_at)
      select d.id, f.code, f.ru, f.en, f.kind, f.options::jsonb, f.position, f.archived from deal_type d
      join (values
        ('product_sale', 'colour', 'Цвет', 'Colour', 'choice', '[{"code": "red", "ru": "Красный", "en": "Red"}]', 1, null::timestamptz),
        ('service', 'colour', 'Цвет', 'Colour', 'choice', '[{"code": "blue", "ru": "Синий", "en": "Blue"}]', 1, null),
        ('service', 'budget', 'Сумма', 'Amount', 'money', '[]', 2, null),
        ('service', 'gone', 'Нет', 'Gone', 'text', '[]', 3, now()),
        ('service', 'engineer', 'Инженер', 'Engineer', 'employee', '[]', 4, null)
      ) as f (type, code, ru, en, kind, options, position, archived) on f.type = d.code`,
  )
  facts = await listFacts(world.as('ada'))
})
const fact = (key: string) => facts.find((one) => one.key === key)

test('every built-in fact is there once, named, with comparisons that fit it', () => {
  for (const key of Object.keys(factDeclarations)) {
    const found = facts.filter((one) => one.key === key)
    assert.equal(found.length, 1, key)
    assert.notEqual(found[0]!.name, key)
    assert.ok(operatorsFor[found[0]!.kind].length > 0)
  }
})

test('types, statuses, stages and departments are chosen from what is in force', () => {
  assert.ok(fact('type')!.choices!.some(({ value }) => value === 'product_sale'))
  assert.ok(fact('status')!.choices!.some(({ value, name }) => value === 'lost' && name !== ''))
  assert.ok(fact('stage')!.choices!.length > 3)
  assert.deepEqual(new Set(fact('stage')!.choices!.map(({ value }) => value)).size, fact('stage')!.choices!.length)
  assert.ok(fact('department')!.choices!.some(({ name }) => name === 'sales'))
})

test('employees and clients are searched for, not listed', () => {
  assert.deepEqual([fact('owner')!.choices, fact('owner')!.source], [null, 'employee'])
  assert.deepEqual([fact('counterparty')!.choices, fact('counterparty')!.source], [null, 'counterparty'])
  assert.deepEqual([fact('field.engineer')!.choices, fact('field.engineer')!.source], [null, 'employee'])
})

test('each type of documents in force is a fact with the states it may be in', () => {
  assert.equal(fact('document.old'), undefined)
  assert.equal(fact('document.invoice')!.name, 'Документ «Счёт»')
  assert.deepEqual(
    fact('document.invoice')!.choices!.find(({ value }) => value === 'signed'),
    { value: 'signed', name: 'подписан' },
  )
})

test('a field that two types have is one fact with the choices of both; archived ones are none', () => {
  assert.equal(facts.filter(({ key }) => key === 'field.colour').length, 1)
  assert.deepEqual(fact('field.colour')!.choices, [
    { value: 'red', name: 'Красный' },
    { value: 'blue', name: 'Синий' },
  ])
  assert.equal(fact('field.gone'), undefined)
})

test('a field called like another fact says whose it is', () => {
  assert.match(fact('field.budget')!.name, /^Сумма \(.+\)$/)
  assert.equal(fact('amount')!.name, 'Сумма')
})

test('only who edits the settings may ask', async () => {
  await assert.rejects(listFacts(world.as('mira')), { code: 'forbidden' })
})
