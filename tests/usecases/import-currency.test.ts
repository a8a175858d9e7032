import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkInvariants } from '../../api/usecases/check.ts'
import { setRate } from '../../api/usecases/exchange-rates.ts'
import { undoImport } from '../../api/usecases/imports/undo-import.ts'
import type { Orm } from '../../db/orm.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { importFile, openCompany, reportOf, writeTable } from './import-world.ts'

const mapping = {
  columns: { externalId: 'Номер', title: 'Название', amount: 'Сумма', currency: 'Валюта', status: 'Статус', statusAt: 'Когда' },
  values: { status: { Открыта: 'new', Успех: 'contract', Отказ: 'lost' } },
  types: [{ code: 'sale', ru: 'Продажа', en: 'Sale', process: ['new', 'proposal', 'contract'] }],
}
const table = (lines: readonly string[]) => writeTable(`Номер;Название;Сумма;Валюта;Статус;Когда\n${lines.join('\n')}`)
const deals = (orm: Orm) =>
  selectRows<{ id: string; amount: number; currency: string; base: number | null; visits: string[] }>(
    orm.em.fork(),
    sql`select external_id as id, amount_minor as amount, currency, base_amount_minor as base,
      array(select distinct v.currency from status_visit v where v.deal_id = deal.id and v.voided_at is null)::text[] as visits
    from deal where withdrawn_at is null order by external_id`,
  )

test('amounts come in the currency that a column or a sign names, and count at the rate of their day', async () => {
  const { orm, admin } = await openCompany()
  for (const [validFrom, rate] of [
    ['2026-01-01', '80'],
    ['2026-06-01', '90'],
  ] as const)
    await setRate(admin(), { currency: 'USD', validFrom, rate })
  const path = await table([
    'A;Рубли;1 000,50;;Открыта;10.02.2026',
    'B;Доллары;100,00;usd;Успех;10.02.2026',
    'C;Знак;$100,00;;Открыта;10.02.2026',
    'D;Иены;1000;JPY;Отказ;10.02.2026',
    'E;Не та;5;XYZ;Открыта;10.02.2026',
    'F;Дробь;1000,5;JPY;Открыта;10.02.2026',
  ])
  const batch = await importFile(admin(), { path, mapping })
  assert.deepEqual([reportOf(batch).rowsTaken, reportOf(batch).rowsRefused], [4, 2])
  assert.deepEqual(await deals(orm), [
    { id: 'A', amount: 1_000_50, currency: 'RUB', base: 1_000_50, visits: ['RUB'] },
    { id: 'B', amount: 100_00, currency: 'USD', base: 8_000_00, visits: ['USD'] },
    { id: 'C', amount: 100_00, currency: 'USD', base: 9_000_00, visits: ['USD'] },
    { id: 'D', amount: 1000, currency: 'JPY', base: null, visits: ['JPY'] },
  ])
  assert.deepEqual((await checkInvariants(orm.em.fork())).findings, [])
})

test('a second import brings another currency with the amount, and its undo brings the first one back', async () => {
  const { orm, admin } = await openCompany()
  await setRate(admin(), { currency: 'USD', validFrom: '2026-01-01', rate: '80' })
  await importFile(admin(), { path: await table(['A;Сделка;100,00;USD;Открыта;10.02.2026']), mapping })
  const before = await deals(orm)
  const batch = await importFile(admin(), { path: await table(['A;Сделка;100,00;RUB;Открыта;10.02.2026']), mapping })
  const [changed] = await deals(orm)
  assert.deepEqual([changed!.amount, changed!.currency, changed!.base], [100_00, 'RUB', 100_00])
  const [event] = await selectRows<{ body: { changes: object[] } }>(
    orm.em.fork(),
    sql`select body from deal_event where kind = 'deal_edited' order by id desc limit 1`,
  )
  assert.deepEqual(event!.body.changes, [
    { field: 'amountMinor', before: 100_00, after: 100_00, currencies: { before: 'USD', after: 'RUB' } },
  ])
  await undoImport(admin(), { id: batch.id })
  assert.deepEqual(await deals(orm), before)
})
