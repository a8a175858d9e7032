import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Session } from '../../api/session.ts'
import { checkInvariants } from '../../api/usecases/check.ts'
import { mergeStatus } from '../../api/usecases/merge-statuses.ts'
import { listStatuses } from '../../api/usecases/statuses.ts'
import type { Orm } from '../../db/orm.ts'
import { funnelOf, importFile, openCompany, reportOf, writeTable } from './import-world.ts'

/** Files speak of statuses by the names they had: those of merged ones mean what they count as. */
const mapping = {
  columns: { externalId: 'Номер', title: 'Название', amount: 'Сумма', status: 'Статус', statusAt: 'С' },
  visits: [{ status: 'new', at: 'Создана' }],
  types: [{ code: 'sale', ru: 'Продажа', en: 'Sale', process: ['new', 'proposal', 'negotiation', 'contract'] }],
}
const header = 'Номер;Название;Сумма;Статус;Создана;С\n'
const rows = ['B-1;Плёнка;100;Переговоры;15.01.2026;20.01.2026', 'B-2;Короб;200;Предложение;16.01.2026;21.01.2026']
let orm: Orm
let admin: () => Session
before(async () => {
  const company = await openCompany()
  orm = company.orm
  admin = company.admin
})
const load = async (lines: readonly string[]) =>
  reportOf(await importFile(admin(), { path: await writeTable(header + lines.join('\n')), mapping }))

test('after a merger the same file changes nothing, and the old name is still understood', async () => {
  assert.deepEqual([(await load(rows)).rowsTaken, (await load(rows)).rowsUnchanged], [2, 2])
  const { version } = (await listStatuses(admin())).find('negotiation')
  await mergeStatus(admin(), { code: 'negotiation', version, into: 'proposal' })
  const again = await load(rows)
  assert.deepEqual([again.rowsUnchanged, again.rowsRefused], [2, 0])
  const more = await load(['B-3;Лента;300;Переговоры;17.01.2026;22.01.2026'])
  assert.deepEqual([more.rowsTaken, more.rowsRefused], [1, 0])
  const { layers } = (await funnelOf(admin())).funnel
  assert.equal(layers.find((layer) => layer.status.code === 'proposal')?.reached, 3)
  assert.equal(
    layers.find((layer) => layer.status.code === 'negotiation'),
    undefined,
  )
  assert.deepEqual((await checkInvariants(orm.em.fork())).findings, [])
})
