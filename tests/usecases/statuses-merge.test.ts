import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { presentDealList, presentHistory } from '../../api/presenters/deals.ts'
import { presentFunnel } from '../../api/presenters/funnel.ts'
import { checkInvariants } from '../../api/usecases/check.ts'
import { listDeals } from '../../api/usecases/deals/list-deals.ts'
import { showHistory } from '../../api/usecases/deals/show-deal.ts'
import { showTrend } from '../../api/usecases/funnel/charts.ts'
import { listFunnelDeals } from '../../api/usecases/funnel/drill-down.ts'
import { showFunnel } from '../../api/usecases/funnel/show-funnel.ts'
import { mergeStatus, previewStatuses } from '../../api/usecases/merge-statuses.ts'
import { idsInOrder, inOrder, listStatuses, orderStatuses } from '../../api/usecases/statuses.ts'
import type { Orm } from '../../db/orm.ts'
import { personSeeds } from '../../db/seeds/demo-people.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { ListDeals } from '../../shared/schemas/deals.ts'
import { ListFunnelDeals, ShowFunnel } from '../../shared/schemas/funnel.ts'
import { PreviewStatuses } from '../../shared/schemas/statuses.ts'
import type { CohortFunnelView, FunnelView, SnapshotFunnelView } from '../../shared/views/funnel.ts'
import { freshDatabase } from '../support/database.ts'
import { sessionOf } from './demo-replay.ts'

/** On a company with a past: what a change of the dictionary does to the figures is what was shown before, in every figure and list. */
const now = new Date('2026-11-20T12:00:00Z')
const adminId = personSeeds.find((person) => person.role === 'admin')!.id

let orm: Orm
before(async () => {
  orm = await freshDatabase()
  await loadDemoCompany(orm.em.fork(), { now, timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals: 250 })
})

const session = () => sessionOf(orm.em.fork(), adminId, now)
const reader = () => ({ ...session(), organization: { baseCurrency: 'RUB', timeZone: 'Europe/Moscow' } })
const show = async (basis: 'cohort' | 'snapshot'): Promise<FunnelView> =>
  presentFunnel(await showFunnel(session(), ShowFunnel.parse({ basis })), reader())
const preview = async (input: object, basis: 'cohort' | 'snapshot') => {
  const { before, after } = await previewStatuses(session(), PreviewStatuses.parse({ ...input, basis }))
  return { before: presentFunnel(before, reader()), after: presentFunnel(after, reader()) }
}
const standing = (view: FunnelView, code: string) =>
  (view as SnapshotFunnelView).layers.find((layer) => layer.status.code === code)
const codesOf = (view: FunnelView) => view.layers.map((layer) => layer.status.code)

test('an order is shown before it is written: nothing changes meanwhile, and then just so much', async () => {
  const seen = inOrder(await listStatuses(session())).map((status) => status.code)
  const codes = seen.toSpliced(seen.indexOf('proposal'), 1).toSpliced(seen.indexOf('negotiation'), 0, 'proposal')
  const was = { cohort: await show('cohort'), snapshot: await show('snapshot') }
  const shown = { cohort: await preview({ order: codes }, 'cohort'), snapshot: await preview({ order: codes }, 'snapshot') }
  for (const basis of ['cohort', 'snapshot'] as const) {
    assert.deepEqual(shown[basis].before, was[basis], basis)
    assert.deepEqual(await show(basis), was[basis], `${basis} is as it was`)
  }
  assert.notDeepEqual(codesOf(shown.cohort.after), codesOf(was.cohort))
  await orderStatuses(session(), { codes, seen })
  for (const basis of ['cohort', 'snapshot'] as const) assert.deepEqual(await show(basis), shown[basis].after, basis)
  await orderStatuses(session(), { codes: seen, seen: codes })
  assert.deepEqual(await show('cohort'), was.cohort, 'and back')
})

test('a merger is shown before it is written, and then every figure is what was shown', async () => {
  const merge = { code: 'negotiation', into: 'proposal' }
  const was = { cohort: await show('cohort'), snapshot: await show('snapshot') }
  const trend = await showTrend(session(), ShowFunnel.parse({}))
  const late = await listDeals(session(), ListDeals.parse({ overdue: '1' }))
  const shown = { cohort: await preview({ merge }, 'cohort'), snapshot: await preview({ merge }, 'snapshot') }
  assert.deepEqual(await show('cohort'), was.cohort, 'nothing was written by looking')
  const moving = await listDeals(session(), ListDeals.parse({ status: 'negotiation', limit: 200 }))
  assert.ok(moving.total > 0)
  const { version } = (await listStatuses(session())).find('negotiation')
  await mergeStatus(session(), { ...merge, version })

  for (const basis of ['cohort', 'snapshot'] as const) assert.deepEqual(await show(basis), shown[basis].after, basis)
  const [before, after] = [was.snapshot, await show('snapshot')]
  const [one, other, both] = [standing(before, 'negotiation')!, standing(before, 'proposal')!, standing(after, 'proposal')!]
  assert.equal(standing(after, 'negotiation'), undefined)
  assert.deepEqual([both.count, both.amountMinor], [one.count + other.count, one.amountMinor + other.amountMinor])
  assert.equal((after as SnapshotFunnelView).totals.deals, (before as SnapshotFunnelView).totals.deals)
  const cohort = (await show('cohort')) as CohortFunnelView
  const { deals, amountMinor, won, lost } = (was.cohort as CohortFunnelView).totals
  assert.deepEqual(cohort.totals, { ...cohort.totals, deals, amountMinor, won, lost })
  const wasLost = (was.cohort as CohortFunnelView).layers.reduce((sum, layer) => sum + layer.lost, 0)
  assert.equal(
    cohort.layers.reduce((sum, layer) => sum + layer.lost, 0),
    wasLost,
  )
  for (const layer of cohort.layers) {
    assert.equal(layer.reached, layer.passed + layer.lost + layer.open + layer.finished, layer.status.code)
    const behind = await listFunnelDeals(session(), ListFunnelDeals.parse({ layer: layer.status.code }))
    assert.deepEqual([behind.total, behind.amountMinor], [layer.reached, layer.amountMinor.reached], layer.status.code)
  }
  assert.deepEqual(await showTrend(session(), ShowFunnel.parse({})), trend)

  for (const status of ['proposal', 'negotiation']) {
    const list = await listDeals(session(), ListDeals.parse({ status, limit: 200 }))
    assert.deepEqual([list.total, list.amountMinor], [both.count, both.amountMinor], `list of ${status}`)
    const names = new Set(presentDealList(list, reader()).items.map((row) => row.status.name))
    assert.deepEqual([...names], ['Предложение'])
    const overdue = await listDeals(session(), ListDeals.parse({ status, overdue: '1' }))
    assert.equal(overdue.total, both.overdue, `too long in ${status}`)
    const marked = presentDealList(list, reader()).items.filter((row) => row.overdue)
    assert.equal(marked.length, both.overdue, 'the mark on a row and the figure agree')
  }
  assert.ok(late.total > 0)
  const history = presentHistory(await showHistory(session(), { number: moving.rows[0]!.number }), reader())
  assert.equal(history.visits.find((visit) => !visit.voided)?.status.name, 'Переговоры', 'history keeps the name')
  assert.deepEqual((await checkInvariants(orm.em.fork())).findings, [])
})

test('with all merged into one layer, it holds every deal of the funnel', async () => {
  const was = (await show('cohort')) as CohortFunnelView
  for (;;) {
    const statuses = await listStatuses(session())
    const [from, into] = inOrder(statuses)
    if (!from || !into) break
    await mergeStatus(session(), { code: from.code, version: from.version, into: into.code })
  }
  const view = (await show('cohort')) as CohortFunnelView
  assert.equal(view.layers.length, 1)
  assert.deepEqual([view.layers[0]!.reached, view.totals.deals], [was.totals.deals, was.totals.deals])
  const statuses = await listStatuses(session())
  const [last] = inOrder(statuses)
  assert.ok(
    statuses.all.every((status) => status.mergedIntoId === null || status.mergedIntoId === last!.id),
    'a mapping is one step',
  )
  assert.deepEqual(idsInOrder(statuses, [last!.code]), [last!.id])
  assert.deepEqual((await checkInvariants(orm.em.fork())).findings, [])
})
