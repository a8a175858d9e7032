import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { presentImport } from '../../api/presenters/imports.ts'
import type { Session } from '../../api/session.ts'
import { checkInvariants } from '../../api/usecases/check.ts'
import { commentDeal } from '../../api/usecases/deals/comment-deal.ts'
import { readRefusedFile } from '../../api/usecases/imports/batches.ts'
import { undoImport } from '../../api/usecases/imports/undo-import.ts'
import type { Orm } from '../../db/orm.ts'
import { selectRow, selectRows, sql } from '../../db/sql.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { funnelOf, importFile, openCompany, reportOf, writeTable } from './import-world.ts'

const mapping = {
  columns: {
    externalId: 'Номер',
    title: 'Название',
    counterparty: 'Клиент',
    owner: 'Менеджер',
    department: 'Отдел',
    amount: 'Сумма',
    status: 'Статус',
    statusAt: 'Закрыта',
  },
  visits: [{ status: 'new', at: 'Создана' }],
  values: { status: { 'В работе': 'new', Успех: 'contract', Отказ: 'lost' } },
  types: [{ code: 'sale', ru: 'Продажа', en: 'Sale', process: ['new', 'proposal', 'contract'] }],
}
const header = 'Номер;Название;Клиент;Менеджер;Отдел;Сумма;Статус;Создана;Закрыта\n'
const rows = [
  'A-1;Плёнка;ООО «Ромашка»;Пётр Ёлкин;Север;1 000,50;Успех;15.01.2026;20.02.2026',
  'A-2;Короб;ООО «Василёк»;Пётр Ёлкин;Север;2 000,00;Отказ;16.01.2026;21.02.2026',
  'A-3;Лента;ООО «Ромашка»;Юлия Щукина;Юг;300,00;В работе;17.01.2026;',
]
const table = (lines: readonly string[]) => writeTable(header + lines.join('\n'))

test('a table of deals makes the deals with their visits, clients, people, departments and process', async () => {
  const { orm, admin } = await openCompany()
  const batch = await importFile(admin(), { path: await table(rows), mapping })
  const { created, rowsTaken, rowsRefused } = reportOf(batch)
  assert.deepEqual([rowsTaken, rowsRefused], [3, 0])
  assert.deepEqual(created, { deals: 3, counterparties: 2, employees: 2, departments: 2, dealTypes: 1, statuses: 0 })
  assert.deepEqual(await lifeOf(orm, 'A-1'), [
    { code: 'new', entered: '2026-01-14T21:00:00.000Z', left: '2026-02-19T21:00:00.000Z' },
    { code: 'contract', entered: '2026-02-19T21:00:00.000Z', left: null },
  ])
  assert.deepEqual(await runOf(orm, 'A-1'), { stage: 'contract', state: 'finished' })
  assert.deepEqual(await runOf(orm, 'A-2'), { stage: 'new', state: 'cancelled' })
  assert.deepEqual(await runOf(orm, 'A-3'), { stage: 'new', state: 'running' })
  const logins = await selectRows<{ login: string }>(orm.em.fork(), sql`select login from employee order by id offset 1`)
  assert.deepEqual(
    logins.map(({ login }) => login),
    ['petr.elkin', 'yuliya.shchukina'],
  )
  const { totals } = (await funnelOf(admin())).funnel
  assert.deepEqual([totals.deals, totals.won, totals.lost, totals.amountMinor], [3, 1, 1, 3_300_50])
  await assertSound(orm)
})

test('the same file again changes nothing; additions are made and changes are appended', async () => {
  const { orm, admin } = await openCompany()
  await importFile(admin(), { path: await table(rows), mapping })
  const before = await everything(orm)
  const again = reportOf(await importFile(admin(), { path: await table(rows), mapping }))
  assert.deepEqual([again.rowsTaken, again.rowsUnchanged, again.rowsRefused], [0, 3, 0])
  assert.deepEqual(await everything(orm), before)

  const more = [
    rows[0]!,
    rows[1]!.replace('2 000,00', '2 500,00'),
    rows[2]!.replace('В работе;17.01.2026;', 'Успех;17.01.2026;01.03.2026'),
    'A-4;Плёнка;;;;1;В работе;01.02.2026;',
  ]
  const third = reportOf(await importFile(admin(), { path: await table(more), mapping }))
  assert.deepEqual([third.rowsTaken, third.rowsUnchanged, third.created.deals], [3, 1, 1])
  assert.deepEqual(
    (await lifeOf(orm, 'A-3')).map(({ code }) => code),
    ['new', 'contract'],
  )
  assert.deepEqual(await runOf(orm, 'A-3'), { stage: 'contract', state: 'finished' })
  await assertSound(orm)
})

test('a row that would rewrite the past is refused, and so is one about a deal that people changed', async () => {
  const { orm, admin } = await openCompany()
  await importFile(admin(), { path: await table(rows), mapping })
  const earlier = rows[2]!.replace('17.01.2026', '10.01.2026')
  const refused = reportOf(await importFile(admin(), { path: await table([earlier]), mapping }))
  assert.deepEqual(
    refused.problems.map(({ code, row }) => [code, row]),
    [['history_differs', 2]],
  )
  await selectRows(
    orm.em.fork(),
    sql`insert into deal_event (deal_id, kind, body, occurred_at, recorded_at, door)
      select id, 'deal_edited', '{"kind":"deal_edited","changes":[]}', now(), now(), 'web' from deal where external_id = 'A-1'`,
  )
  const people = reportOf(await importFile(admin(), { path: await table([rows[0]!.replace('1 000,50', '9,00')]), mapping }))
  assert.deepEqual(
    people.problems.map(({ code }) => code),
    ['changed_by_people'],
  )
})

test('a dry run reports the same and changes nothing', async () => {
  const { orm, admin } = await openCompany()
  const before = await everything(orm)
  const dry = await importFile(admin(), { path: await table(rows), mapping, dryRun: true })
  assert.deepEqual([dry.state, dry.dryRun], ['checked', true])
  assert.deepEqual(await everything(orm), before)
  const real = await importFile(admin(), { path: await table(rows), mapping })
  assert.equal(real.state, 'done')
  const { createdIds: _dry, ...dryReport } = reportOf(dry)
  const { createdIds: _real, ...realReport } = reportOf(real)
  assert.deepEqual(dryReport, realReport)
})

test('an undone import leaves every figure as it was, and the file can be imported again', async () => {
  const { orm, admin } = await openCompany()
  await importFile(admin(), { path: await table(rows.slice(0, 2)), mapping })
  const before = (await funnelOf(admin())).funnel
  const changed = [rows[0]!.replace('1 000,50', '7 000,00'), rows[1]!, rows[2]!]
  const batch = await importFile(admin(), { path: await table(changed), mapping })
  assert.notDeepEqual((await funnelOf(admin())).funnel, before)
  assert.equal((await undoImport(admin(), { id: batch.id })).state, 'undone')
  assert.deepEqual((await funnelOf(admin())).funnel, before)
  await assertSound(orm)
  const people = await selectRows<{ login: string }>(
    orm.em.fork(),
    sql`select login from employee where deactivated_at is null order by id`,
  )
  assert.deepEqual(
    people.map(({ login }) => login),
    ['boss', 'petr.elkin'],
  )
  const again = reportOf(await importFile(admin(), { path: await table(changed), mapping }))
  assert.deepEqual([again.rowsTaken, again.created.deals, again.created.employees], [2, 1, 1])
  await assertSound(orm)
})

test('an import whose deals were changed since cannot be undone, nor one undone already', async () => {
  const { orm, admin } = await openCompany()
  const first = await importFile(admin(), { path: await table(rows), mapping })
  const deal = await selectRow<{ number: number; version: number }>(
    orm.em.fork(),
    sql`select number, version from deal where external_id = 'A-3'`,
  )
  await commentDeal(admin(), { ...deal!, text: 'Звонил' })
  await assert.rejects(undoImport(admin(), { id: first.id }), refusal('import_not_undoable'))
  const second = await importFile(admin(), { path: await table([rows[0]!.replace('A-1', 'B-1')]), mapping })
  await undoImport(admin(), { id: second.id })
  await assert.rejects(undoImport(admin(), { id: second.id }), refusal('import_not_undoable'))
})

test('every bad row is refused with its reason, in the report and in the file; the good ones are taken', async () => {
  const { orm, admin } = await openCompany()
  const bad = [
    rows[0]!,
    rows[0]!,
    rows[1]!.replace('A-2', ''),
    rows[1]!.replace('A-2', 'B-1').replace('Отказ', 'Неведомо'),
    rows[1]!.replace('A-2', 'B-2').replace('2 000,00', '12 р 30'),
    rows[1]!.replace('A-2', 'B-3').replace('21.02.2026', '21.02.2036'),
    rows[1]!.replace('A-2', 'B-4').replace('21.02.2026', '01.01.2026'),
    rows[1]!.replace('A-2', 'B-5').replace('2 000,00', '-5,00'),
    rows[1]!.replace('A-2', '=cmd|B-6').replace('16.01.2026', '31.02.2026'),
    'A-9;мало',
  ]
  const batch = await importFile(admin(), { path: await table(bad), mapping })
  const codes = reportOf(batch).problems.map(({ code }) => code)
  assert.deepEqual(codes, [
    'external_id_repeated',
    'external_id_empty',
    'status_unknown',
    'money_malformed',
    'time_in_future',
    'dates_reversed',
    'amount_negative',
    'date_impossible',
    'row_too_few_cells',
  ])
  assert.equal(reportOf(batch).rowsTaken, 1)
  const { text } = await readRefusedFile(admin(), { id: batch.id })
  assert.equal(text.trim().split('\r\n').length, 10)
  assert.match(text, /'=cmd\|B-6/)
  assert.match(presentImport(batch, { locale: 'en' }).problems[2]!.message, /no status “Неведомо”/)
  await assertSound(orm)
})

test('slips are proposed; what is certain or agreed is mended, the rest is taken as written', async () => {
  const { orm, admin } = await openCompany()
  await importFile(admin(), { path: await table(rows), mapping })
  const slips = [
    'C-1;А;ООО  "РОМАШКА";Пётр Ёлкин;Север;1,00;Успех;15.01.2026;20.02.2026',
    'C-2;Б;ООО «Васелёк»;Пётр Ёлкин;Север;1,00;Успех;15.01.2026;20.02.2026',
    'C-3;В;ООО «Ромашкин»;Пётр Ёлкин;Север;1,00;Успехх;15.01.2026;20.02.2026',
  ]
  const report = reportOf(await importFile(admin(), { path: await table(slips), mapping }))
  const proposals = report.repairs.map(({ column, value, proposal, applied }) => [column, value, proposal, applied])
  assert.deepEqual(proposals, [
    ['Статус', 'Успехх', 'Успех', false],
    ['Клиент', 'ООО "РОМАШКА"', 'ООО «Ромашка»', true],
    ['Клиент', 'ООО «Васелёк»', 'ООО «Василёк»', false],
  ])
  assert.deepEqual(
    report.problems.map(({ code }) => code),
    ['status_unknown_near'],
  )
  assert.equal(report.created.counterparties, 1)
  const agreed = { ...mapping, repairs: { Статус: { Успехх: 'Успех' } } }
  const mended = reportOf(await importFile(admin(), { path: await table(slips), mapping: agreed }))
  assert.deepEqual([mended.rowsTaken, mended.rowsUnchanged, mended.rowsRefused], [1, 2, 0])
  assert.deepEqual(
    (await lifeOf(orm, 'C-3')).map(({ code }) => code),
    ['new', 'contract'],
  )
})

test('without a mapping the columns are guessed from the header, and it is said what was guessed', async () => {
  const { orm, admin } = await openCompany()
  const text =
    'ID,Deal Name,Customer,Owner,Amount,Status,Created\n7,Film,Acme,Jane Doe,"1,200.00",Proposal,2026-03-01\n8,Tape,Acme,Jane Doe,10.00,won,2026-03-02\n'
  const batch = await importFile(admin(), { path: await writeTable(gzipSync(text)) })
  const report = reportOf(batch)
  assert.deepEqual([report.rowsTaken, report.created.deals, report.created.dealTypes], [2, 2, 1])
  assert.equal(report.warnings.filter(({ code }) => code === 'guessed').length, 7)
  assert.deepEqual(
    (await lifeOf(orm, '8')).map(({ code }) => code),
    ['contract'],
  )
  await assertSound(orm)
})

test('a hostile file, a broken mapping or a cancelled import changes nothing and says why', async () => {
  const { orm, admin } = await openCompany()
  const before = await everything(orm)
  const bomb = gzipSync(Buffer.alloc(80_000_000, 'a;b;c\n'))
  await assert.rejects(importFile(admin(), { path: await writeTable(bomb), mapping }), refusal('input_invalid'))
  await assert.rejects(importFile(admin(), { path: await writeTable('%PDF-1.7 nothing') }), refusal('input_invalid'))
  await assert.rejects(
    importFile(admin(), { path: await table(rows), mapping: { columns: { externalId: 'Нет' } } }),
    refusal('import_mapping_invalid'),
  )
  const taken = { ...mapping, statuses: [{ code: 'x', ru: 'Икс', en: 'X', rank: 3 }] }
  await assert.rejects(importFile(admin(), { path: await table(rows), mapping: taken }), refusal('import_mapping_invalid'))
  const many = Array.from({ length: 3_000 }, (_, index) => rows[0]!.replace('A-1', `N-${index}`))
  const stop = new AbortController()
  const path = await table(many)
  await assert.rejects(
    importFile(admin(), {
      path,
      mapping,
      signal: stop.signal,
      onProgress: (done) => void (done > 4_000 && stop.abort(new Error('enough'))),
    }),
    /enough/,
  )
  assert.deepEqual(await everything(orm), before)
  const states = await selectRows<{ state: string }>(orm.em.fork(), sql`select distinct state from import_batch`)
  assert.deepEqual(states, [{ state: 'failed' }])
})

test('only who may import does, and one import runs at a time', async () => {
  const { orm, admin } = await openCompany()
  const manager: Session = { ...admin(), actor: { ...admin().actor, role: 'manager' } }
  await assert.rejects(importFile(manager, { path: await table(rows), mapping }), refusal('forbidden'))
  await assert.rejects(undoImport(manager, { id: 1 }), refusal('forbidden'))
  await orm.em.fork().transactional(async (em) => {
    await selectRows(em, sql`select pg_advisory_xact_lock(hashtext('import'))`)
    await assert.rejects(importFile(admin(), { path: await table(rows), mapping }), refusal('import_running'))
  })
})

function refusal(code: string) {
  return (error: unknown) => error instanceof AppError && error.code === code
}

async function assertSound(orm: Orm): Promise<void> {
  assert.deepEqual((await checkInvariants(orm.em.fork())).findings, [])
}

/** Every row that an import may touch, but the batches. */
async function everything(orm: Orm): Promise<unknown> {
  const tables = [
    'deal',
    'status_visit',
    'process_run',
    'deal_event',
    'counterparty',
    'employee',
    'department',
    'status',
    'deal_type',
    'stage',
  ]
  return Promise.all(
    tables.map((table) => selectRows(orm.em.fork(), sql`select to_jsonb(t) as row from ${sql.table(table)} t order by t.id`)),
  )
}

function lifeOf(orm: Orm, externalId: string): Promise<{ code: string; entered: string; left: string | null }[]> {
  return selectRows<{ code: string; entered: Date; left: Date | null }>(
    orm.em.fork(),
    sql`select status.code, v.entered_at as entered, v.left_at as "left" from status_visit v join status on status.id = v.status_id
      join deal on deal.id = v.deal_id where deal.external_id = ${externalId} and v.voided_at is null order by v.entered_at, v.id`,
  ).then((visits) =>
    visits.map((visit) => ({ code: visit.code, entered: visit.entered.toISOString(), left: visit.left?.toISOString() ?? null })),
  )
}

function runOf(orm: Orm, externalId: string): Promise<{ stage: string; state: string } | null> {
  return selectRow(
    orm.em.fork(),
    sql`select stage.code as stage, run.state from process_run run join stage on stage.id = run.stage_id join deal on deal.id = run.deal_id
      where deal.external_id = ${externalId}`,
  )
}
