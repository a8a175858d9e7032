import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { checkInvariants } from '../../api/usecases/check.ts'
import { undoImport } from '../../api/usecases/imports/undo-import.ts'
import { selectRow, selectRows, sql } from '../../db/sql.ts'
import { funnelOf, importFile, mappingFile, now, openCompany, reportOf } from './import-world.ts'

/** Real data that stand beside the repository; their right answers are in the README there. */
const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url))
/** The last line of the bank's log. */
const logEnd = '2012-03-14T15:33:57.651+01:00'
const skip = existsSync(data) ? false : `the real data are not at ${data}: THE RIGHT ANSWERS WERE NOT CHECKED`

test('the hardware seller: 8,800 opportunities give the known right answers and every slip is proposed', { skip }, async (t) => {
  const { orm, admin } = await openCompany()
  const file = (name: string) => `${data}maven-crm/${name}`
  const given = {
    path: file('sales_pipeline.csv'),
    mapping: mappingFile('maven-deals.json'),
    lookups: { products: file('products.csv'), accounts: file('accounts.csv'), teams: file('sales_teams.csv') },
  }
  const startedAt = performance.now()
  const batch = await importFile(admin(), given)
  t.diagnostic(`imported in ${Math.round(performance.now() - startedAt)} ms`)
  const report = reportOf(batch)
  assert.deepEqual([report.rowsTotal, report.rowsTaken, report.rowsRefused, report.created.deals], [8_800, 8_800, 0, 8_800])
  assert.deepEqual([report.created.counterparties, report.created.employees, report.created.departments], [85, 30 + 6, 3])
  const repair = (column: string) => report.repairs.find((found) => found.column === column)
  assert.deepEqual(repair('product'), { column: 'product', value: 'GTXPro', proposal: 'GTX Pro', rows: 1_480, applied: true })
  assert.deepEqual(repair('accounts.sector'), {
    column: 'accounts.sector',
    value: 'technolgy',
    proposal: 'technology',
    rows: 12,
    applied: false,
  })
  const warned = Object.fromEntries(report.warnings.map(({ code, rows }) => [code, rows]))
  assert.deepEqual(warned, { column_empty: 1_425, entered_at_unknown: 500 })

  const standing = await selectRows<{ code: string; count: number; amount: number }>(
    orm.em.fork(),
    sql`select status.code, count(*)::int as count, sum(amount_minor)::bigint as amount from deal join status on status.id = deal.status_id group by 1`,
  )
  const byCode = Object.fromEntries(standing.map(({ code, count }) => [code, count]))
  assert.deepEqual(byCode, { won: 4_238, 'lost-sale': 2_473, engaging: 1_589, prospecting: 500 })
  assert.equal(standing.find(({ code }) => code === 'won')!.amount, 10_005_534_00)
  const { totals } = (await funnelOf(admin())).funnel
  assert.deepEqual([totals.deals, totals.won, totals.lost, totals.wonAmountMinor], [8_800, 4_238, 2_473, 10_005_534_00])
  assert.equal((totals.winRate! * 100).toFixed(2), '63.15')
  const days = await selectRow<Record<string, string>>(
    orm.em.fork(),
    sql`select min(entered_at at time zone 'Europe/Moscow')::date as "from", max(entered_at at time zone 'Europe/Moscow')::date as "to"
      from status_visit v join status on status.id = v.status_id where code = 'engaging'`,
  )
  assert.deepEqual(days, { from: '2016-10-20', to: '2017-12-27' })
  assert.deepEqual((await checkInvariants(orm.em.fork())).findings, [])

  const again = reportOf(await importFile(admin(), given))
  assert.deepEqual([again.rowsTaken, again.rowsUnchanged, again.rowsRefused, again.created.deals], [0, 8_800, 0, 0])
})

test('the bank: a log of 60,849 status changes gives the known right answers through the funnel', { skip }, async (t) => {
  const { orm, admin } = await openCompany()
  const before = (await funnelOf(admin())).funnel
  const given = {
    path: `${data}bpic2012-a/events.csv.gz`,
    kind: 'history',
    fileName: 'events.csv.gz',
    mapping: mappingFile('bank-history.json'),
  } as const
  const startedAt = performance.now()
  const batch = await importFile(admin(), given)
  const importMs = Math.round(performance.now() - startedAt)
  t.diagnostic(`imported in ${importMs} ms`)
  const report = reportOf(batch)
  assert.deepEqual([report.rowsTotal, report.rowsTaken, report.rowsRefused, report.created.deals], [60_849, 60_849, 0, 13_087])
  assert.deepEqual(report.problems, [])

  const shown = await funnelOf(admin())
  const codes = ['submitted', 'partlysubmitted', 'preaccepted', 'accepted', 'finalized', 'approved']
  const layers = codes.map((code) => shown.funnel.layers.find((layer) => layer.status.code === code)!)
  assert.deepEqual(
    layers.map((layer) => layer.reached),
    [13_087, 13_087, 7_367, 5_113, 5_015, 2_246],
  )
  assert.deepEqual(
    layers.slice(1, 5).map((layer) => layer.lost),
    [5_720, 2_185, 95, 2_442],
  )
  assert.deepEqual(
    layers.slice(2, 5).map((layer) => (layer.conversion.resolved! * 100).toFixed(1)),
    ['70.1', '98.1', '47.9'],
  )
  const stay = (await funnelOf(admin(), logEnd)).stays.times.get(layers[4]!.status.id)!
  t.diagnostic(`FINALIZED: median ${stay.medianHours?.toFixed(1)} h, p90 ${stay.p90Hours?.toFixed(1)} h`)
  assert.deepEqual([Math.round(stay.left.medianHours!), Math.round(stay.left.p90Hours!)], [349, 741])
  // 327 cases were still there when the log ends: with them deals stay longer than those that left say.
  assert.deepEqual([stay.stillThere, Math.round(stay.medianHours!), Math.round(stay.p90Hours!)], [327, 363, 743])
  assert.deepEqual((await checkInvariants(orm.em.fork())).findings, [])

  const again = reportOf(await importFile(admin(), given))
  assert.deepEqual([again.rowsTaken, again.rowsUnchanged, again.rowsRefused, again.created.deals], [0, 60_849, 0, 0])
  const undoneAt = performance.now()
  await undoImport({ ...admin(), now: new Date(now.getTime() + 1000) }, { id: batch.id })
  t.diagnostic(`undone in ${Math.round(performance.now() - undoneAt)} ms`)
  assert.deepEqual((await funnelOf(admin())).funnel, before)
  assert.deepEqual((await checkInvariants(orm.em.fork())).findings, [])
})
