import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDealField } from '../../api/usecases/deal-types/type-fields.ts'
import { readRefusedFile } from '../../api/usecases/imports/batches.ts'
import { undoImport } from '../../api/usecases/imports/undo-import.ts'
import type { Orm } from '../../db/orm.ts'
import { selectRow, selectRows, sql } from '../../db/sql.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import type { DealEventBody } from '../../shared/domain/events.ts'
import { describeEvent } from '../../shared/messages/describe.ts'
import { CreateDealField } from '../../shared/schemas/deal-types.ts'
import { importFile, openCompany, reportOf, writeTable } from './import-world.ts'

const fieldsOf = (orm: Orm, externalId: string) =>
  selectRow<{ id: number; fields: Record<string, unknown> }>(
    orm.em.fork(),
    sql`select id, fields from deal where external_id = ${externalId} or title = ${externalId}`,
  )

/** A company whose type `sale` has fields, with one deal so far. */
async function openShop() {
  const { orm, admin } = await openCompany()
  const types = [{ code: 'sale', ru: 'Продажа', en: 'Sale', process: ['new', 'contract'] }]
  const first = await writeTable('Номер;Название;Клиент;Статус;Сумма;Создана\nB-0;Первая;ООО «Ромашка»;new;1;10.01.2026')
  await importFile(admin(), {
    path: first,
    mapping: {
      columns: {
        externalId: 'Номер',
        title: 'Название',
        counterparty: 'Клиент',
        status: 'Статус',
        amount: 'Сумма',
        createdAt: 'Создана',
      },
      types,
      defaults: { type: 'sale' },
    },
  })
  const options = [
    { code: 'air', ru: 'Самолёт', en: 'Air' },
    { code: 'sea', ru: 'Море', en: 'Sea' },
  ]
  for (const [field, kind, ru] of [
    ['weight', 'number', 'Вес, кг'],
    ['price', 'money', 'Страховка'],
    ['ready', 'day', 'Готовность'],
    ['way', 'choice', 'Чем везём'],
    ['ways', 'several', 'Услуги'],
    ['urgent', 'flag', 'Срочно'],
    ['carrier', 'counterparty', 'Перевозчик'],
    ['scan', 'file', 'Скан'],
  ] as const)
    await createDealField(
      admin(),
      CreateDealField.parse({
        code: 'sale',
        field,
        kind,
        names: { ru, en: field },
        options: ['choice', 'several'].includes(kind) ? options : [],
      }),
    )
  return { orm, admin }
}

const header =
  'Внешний номер;Название;Тип сделки;Статус;Сумма;Дата создания;Вес, кг;Страховка;ready;field.way;Услуги;Срочно;Перевозчик;Скан'
const rows = [
  'B-1;Вторая;sale;new;100,00;11.01.2026;1 250,5;12 000,50;03.02.2026;море;Sea, самолёт;да;ооо «ромашка»;a.pdf',
  'B-2;Третья;sale;new;100,00;11.01.2026;;;;;;;;',
]
const table = (lines: readonly string[]) => writeTable([header, ...lines].join('\n'))

test('columns named by a field’s code or name are read as what the field takes', async () => {
  const { orm, admin } = await openShop()
  const report = reportOf(await importFile(admin(), { path: await table(rows) }))
  assert.deepEqual([report.rowsTaken, report.rowsRefused], [2, 0], JSON.stringify(report.problems))
  const { id } = (await selectRow<{ id: number }>(orm.em.fork(), sql`select id from counterparty where name = 'ООО «Ромашка»'`))!
  assert.deepEqual((await fieldsOf(orm, 'B-1'))?.fields, {
    weight: 1250.5,
    price: 12_000_50,
    ready: '2026-02-03',
    way: 'sea',
    ways: ['air', 'sea'],
    urgent: true,
    carrier: String(id),
  })
  assert.deepEqual((await fieldsOf(orm, 'B-2'))?.fields, {})
})

test('a value that does not fit refuses its row, with the reason', async () => {
  const { admin } = await openShop()
  const wrong = [
    'B-3;А;sale;new;1;11.01.2026;много;;;;;;;',
    'B-4;Б;sale;new;1;11.01.2026;;;;поезд;;;;',
    'B-5;В;sale;new;1;11.01.2026;;;;;;;ООО «Нет»;',
  ]
  const batch = await importFile(admin(), { path: await table([...rows, ...wrong]) })
  const { rowsTaken, rowsRefused } = reportOf(batch)
  assert.deepEqual([rowsTaken, rowsRefused], [2, 3])
  const { text } = await readRefusedFile(admin(), { id: batch.id })
  for (const words of [
    /«много» не подходит: нужно число/,
    /«поезд» не подходит: такого варианта нет/,
    /нужен клиент из справочника/,
  ])
    assert.match(text, words)
})

test('a field that the mapping names but no type has is told before anything is read', async () => {
  const { admin } = await openShop()
  const mapping = { columns: { externalId: 'Внешний номер', status: 'Статус' }, fields: { nothing: 'Вес, кг' } }
  await assert.rejects(importFile(admin(), { path: await table(rows), mapping }), (error) => {
    assert.ok(error instanceof AppError)
    assert.equal(error.code, 'import_mapping_invalid')
    return true
  })
})

test('the same file again changes nothing; a changed one is written into history by name, and undone as a whole', async () => {
  const { orm, admin } = await openShop()
  const path = await table(rows)
  await importFile(admin(), { path })
  const again = reportOf(await importFile(admin(), { path }))
  assert.deepEqual([again.rowsTaken, again.rowsUnchanged], [0, 2])
  const before = (await fieldsOf(orm, 'B-1'))!
  const batch = await importFile(admin(), {
    path: await table([rows[0]!.replace('1 250,5', '7').replace(';да;', ';;')]),
  })
  assert.equal(reportOf(batch).rowsTaken, 1)
  const { weight, urgent, way } = (await fieldsOf(orm, 'B-1'))!.fields
  assert.deepEqual([weight, urgent, way], [7, undefined, 'sea'])
  const [event] = await selectRows<{ body: DealEventBody }>(
    orm.em.fork(),
    sql`select body from deal_event where deal_id = ${before.id} and kind = 'deal_edited'`,
  )
  const said = describeEvent(event!.body, 'ru', { timeZone: 'UTC', currency: 'RUB' })
  assert.match(said.detail ?? '', /Вес, кг: 1250,5 → 7 · Срочно: очищено, было да/)
  await undoImport(admin(), { id: batch.id })
  assert.deepEqual((await fieldsOf(orm, 'B-1'))!.fields, before.fields)
})
