import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { checkInvariants } from '../../api/usecases/check.ts'
import { createDealType, showDealType } from '../../api/usecases/deal-types/deal-types.ts'
import { createDealField } from '../../api/usecases/deal-types/type-fields.ts'
import type { DealCard } from '../../api/usecases/deals/show-deal.ts'
import { showFunnel } from '../../api/usecases/funnel/show-funnel.ts'
import { installKit } from '../../api/usecases/kits/install-kit.ts'
import { listKits } from '../../api/usecases/kits/list-kits.ts'
import { mergeStatus } from '../../api/usecases/merge-statuses.ts'
import { hearTime } from '../../api/usecases/rules/hear-time.ts'
import { listRules } from '../../api/usecases/rules/list-rules.ts'
import { editStatus, inOrder, listStatuses } from '../../api/usecases/statuses.ts'
import { listTasks } from '../../api/usecases/tasks/list-tasks.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { kits } from '../../shared/kits/all.ts'
import { CreateDealField, CreateDealType } from '../../shared/schemas/deal-types.ts'
import { ShowFunnel } from '../../shared/schemas/funnel.ts'
import { ListTasks } from '../../shared/schemas/work.ts'
import { refused } from './deal-facts.ts'
import { emptyOffice, type Office, runOf, startDeal } from './kit-office.ts'

let office: Office
before(async () => {
  office = await emptyOffice()
  for (const { code } of kits) await installKit(office.as('admin'), { code })
})

/** The statuses a deal has had, in order; those that a rule of the company set are marked. */
const trail = ({ visits, statuses }: DealCard) =>
  visits
    .filter(({ voided }) => !voided)
    .toReversed()
    .map(({ statusId, cause }) => `${statuses.byId(statusId).code}${cause.kind === 'rule' ? ' (rule)' : ''}`)
const openTasks = async (number: number) =>
  (await listTasks(office.as('admin'), ListTasks.parse({ deal: number, state: 'open' }))).rows.map(({ title }) => title)
const failures = () => selectRows(office.orm.em.fork(), sql`select rule_name, outcomes from rule_firing where has_failed`)
const orderOf = async (at: Office) => inOrder(await listStatuses(at.as('admin'))).map(({ code }) => code)

test('all five stand beside one another in an empty company, and the funnel has their statuses in their places', async () => {
  const cards = await listKits(office.as('admin'))
  assert.ok(cards.every(({ installed }) => installed))
  const order = await orderOf(office)
  assert.equal(order.join(' '), 'new qualification proposal bid negotiation contract payment delivery acceptance support renewal')
  const { rows } = await listRules(office.as('admin'))
  assert.equal(
    rows.length,
    kits.reduce((sum, { rules }) => sum + rules.length, 0),
  )
  const card = await showDealType(office.as('admin'), { code: 'tender' })
  assert.deepEqual(
    [card.type.templateCode, card.processes.map(({ code }) => code), card.fields.length, card.documents.length],
    ['tender', ['tender_security'], 4, 5],
  )
  assert.deepEqual((await checkInvariants(office.orm.em.fork())).findings, [])
})

test('goods are sold: the signed contract wins, the paid invoice sends them to be shipped', async () => {
  const deal = await startDeal(office, 'b2b_sale', {
    amountMinor: 900_000_00,
    fields: { payment_terms: 'prepaid', ship_on: '2026-12-20' },
  })
  for (const stage of ['qualification', 'proposal', 'negotiation', 'contract', 'payment', 'shipment']) await deal.to(stage)
  const { deal: row } = await deal.card()
  assert.ok((await openTasks(row.number)).includes('Передать заказ на отгрузку'))
  const card = await deal.to('closed')
  assert.deepEqual(trail(card), [
    'new',
    'qualification',
    'proposal',
    'negotiation',
    'contract (rule)',
    'payment',
    'delivery (rule)',
    'support',
  ])
  assert.equal(runOf(card).state, 'finished')
})

test('a small order on credit goes without negotiations, with the word of the head', async () => {
  const deal = await startDeal(office, 'b2b_sale', {
    amountMinor: 90_000_00,
    fields: { payment_terms: 'deferred', ship_on: '2026-12-20' },
  })
  for (const stage of ['qualification', 'proposal', 'contract']) await deal.to(stage)
  const ways = (await deal.card()).ways.get(runOf(await deal.card()).id)!.map(({ stage }) => stage.code)
  assert.deepEqual(ways, ['deferred', 'negotiation'])
  await deal.to('deferred')
  const card = await deal.to('closed')
  assert.deepEqual(trail(card), ['new', 'qualification', 'proposal', 'contract (rule)', 'delivery', 'support'])
  assert.equal(runOf(card).state, 'finished')
})

test('a service ends with its act, and remarks on the act give work', async () => {
  const deal = await startDeal(office, 'service_act', {
    amountMinor: 150_000_00,
    fields: { service_kind: 'repair', site_address: 'Тула', works_on: '2026-12-01', performer: '5' },
  })
  for (const stage of ['survey', 'estimate', 'contract', 'advance', 'works', 'acceptance']) await deal.to(stage)
  const card = await deal.to('closed')
  assert.deepEqual(trail(card), [
    'new',
    'qualification',
    'proposal',
    'contract (rule)',
    'payment',
    'delivery (rule)',
    'acceptance',
    'support',
  ])
  assert.ok((await openTasks(card.deal.number)).includes('Отправить клиенту закрывающие документы'))
  assert.equal(runOf(card).state, 'finished')
})

test('a large project passes the director, its contract a process of its own, and a trial run its ten days', async () => {
  const deal = await startDeal(office, 'implementation', {
    amountMinor: 5_000_000_00,
    fields: { scope: 'Склад', project_manager: '3', go_live_on: '2027-03-01' },
  })
  for (const stage of ['survey', 'proposal', 'terms', 'director', 'contract']) await deal.to(stage)
  const approval = runOf(await deal.card(), 'implementation_contract')
  assert.equal(approval.state, 'running', 'sent for approval, the contract began its own process')
  for (const stage of ['director', 'done']) await deal.to(stage, 'implementation_contract')
  assert.ok((await openTasks((await deal.card()).deal.number)).includes('Отправить договор заказчику на подпись'))
  for (const stage of ['works', 'trial']) await deal.to(stage)
  const card = await deal.to('closed')
  assert.deepEqual(trail(card), [
    'new',
    'qualification',
    'proposal',
    'negotiation',
    'contract (rule)',
    'payment (rule)',
    'delivery (rule)',
    'acceptance',
    'support',
  ])
  assert.ok(card.runs.every(({ state }) => state === 'finished'))
})

test('a tender has its security beside it, and the money comes after the act', async () => {
  const deal = await startDeal(office, 'tender', {
    amountMinor: 2_000_000_00,
    fields: { notice_number: '0173200001426000001', purchase_law: 'fz44', bid_until: '2026-12-05', bid_security: 20_000_00 },
  })
  await deal.set({ bid_security: 20_000_00 })
  for (const stage of ['study', 'prepare']) await deal.to(stage)
  for (const stage of ['given', 'returned']) await deal.to(stage, 'tender_security')
  for (const stage of ['bid', 'auction']) await deal.to(stage)
  const { deal: row } = await deal.takeDocument('protocol', 'signed')
  assert.ok((await openTasks(row.number)).includes('Подписать контракт на площадке'))
  for (const stage of ['contract', 'fulfilment', 'acceptance']) await deal.to(stage)
  const card = await deal.to('closed')
  assert.deepEqual(trail(card), [
    'new',
    'qualification',
    'proposal',
    'bid (rule)',
    'negotiation',
    'contract (rule)',
    'delivery',
    'acceptance',
    'support (rule)',
  ])
  assert.ok(card.runs.every(({ state }) => state === 'finished') && card.runs.length === 2)
})

test('a support contract is served month by month and renewed in time, by itself', async () => {
  const plan = { amountMinor: 600_000_00, fields: { service_level: 'full', valid_until: '2027-11-20' } }
  const deal = await startDeal(office, 'support_renewal', plan)
  for (const stage of ['offer', 'contract', 'payment', 'support']) await deal.to(stage)
  const { number } = (await deal.card()).deal
  const hearOn = (day: string) => {
    office.clock.set(`${day}T00:05:00+03:00`)
    return hearTime(office.orm.em.fork(), office.clock.now())
  }
  const months = async () => {
    const { runs, versions } = await deal.card()
    const month = versions.find(({ templateCode }) => templateCode === 'support_month')
    return runs.filter(({ templateVersionId }) => templateVersionId === month?.id).map(({ state }) => state)
  }
  await hearOn('2026-12-01')
  assert.deepEqual(await months(), ['running'], 'its care of the month begins by itself')
  assert.ok((await openTasks(number)).includes('Выполнить регламентные работы'))
  await hearOn('2027-01-01')
  assert.deepEqual(await months(), ['running'])
  assert.ok((await openTasks(number)).includes('Закрыть прошлый месяц и начать обслуживание за новый'))
  for (const stage of ['papers', 'closed']) await deal.to(stage, 'support_month')
  await hearOn('2027-02-01')
  assert.deepEqual((await months()).toSorted(), ['finished', 'running'])
  await hearOn('2027-09-20')
  assert.ok(!(await openTasks(number)).includes('Предложить клиенту продление'), '61 days are left')
  await hearOn('2027-09-21')
  assert.ok((await openTasks(number)).includes('Предложить клиенту продление'))
  await deal.to('renewal')
  const card = await deal.to('ended')
  assert.deepEqual(trail(card), ['new', 'proposal', 'contract (rule)', 'payment', 'support', 'renewal (rule)'])
  assert.equal(runOf(card).state, 'finished')
  const [next] = await selectRows<{ number: number; title: string; fields: object }>(
    office.orm.em.fork(),
    sql`select number, title, fields from deal where parent_id = ${card.deal.id}`,
  )
  assert.equal(next?.title, 'Продление: Сделка support_renewal')
  assert.deepEqual(next?.fields, { service_level: 'full' }, 'on the same plan; until when is to be agreed on')
  await hearOn('2027-12-01')
  assert.equal((await months()).length, 2, 'a contract that is over has no more months')
  const renewed = await startDeal(office, 'support_renewal', plan, Number(next!.number))
  const ways = (await renewed.card()).ways.get(runOf(await renewed.card()).id)!.map(({ stage }) => stage.code)
  assert.deepEqual(ways, ['offer', 'contract'], 'on the same terms it goes straight to the contract')
})

test('the one funnel shows them all, and no rule has failed', async () => {
  assert.deepEqual(await failures(), [])
  const shown = await showFunnel(
    office.as('executive'),
    ShowFunnel.parse({ basis: 'snapshot', from: '2026-01-01', to: '2028-01-01' }),
  )
  assert.ok(shown.basis === 'snapshot')
  const counts = shown.snapshot.layers.filter(({ count }) => count > 0).map(({ status, count }) => [status.code, count])
  assert.deepEqual(counts, [
    ['new', 1],
    ['support', 5],
    ['renewal', 1],
  ])
  const cohort = await showFunnel(
    office.as('executive'),
    ShowFunnel.parse({ basis: 'cohort', from: '2026-01-01', to: '2028-01-01' }),
  )
  assert.ok(cohort.basis === 'cohort')
  const reached = Object.fromEntries(cohort.funnel.layers.map(({ status, reached }) => [status.code, reached]))
  assert.deepEqual([reached['new'], reached['bid'], reached['contract'], reached['support'], reached['renewal']], [7, 1, 6, 6, 1])
  assert.deepEqual((await checkInvariants(office.orm.em.fork())).findings, [])
})

test('a second time it is refused, naming what is there; nobody but an administrator installs', async () => {
  const error = await refused(installKit(office.as('admin'), { code: 'tender' }), 'kit_installed')
  assert.deepEqual(error.details, {
    kit: 'Тендер',
    what: 'тип сделок «Тендер», процесс «Участие в тендере», процесс «Обеспечение заявки»',
  })
  await refused(installKit(office.as('admin'), { code: 'nonsense' }), 'not_found')
  for (const role of ['executive', 'head', 'manager', 'field'] as const) {
    await refused(installKit(office.as(role), { code: 'tender' }), 'forbidden')
    await refused(listKits(office.as(role)), 'forbidden')
  }
})

test('a company of one administrator can install them all, and two who install at once get one', async () => {
  const young = await emptyOffice(['admin'])
  const [first, second] = await Promise.allSettled([0, 1].map(() => installKit(young.as('admin'), { code: 'tender' })))
  assert.deepEqual([first!.status, second!.status].sort(), ['fulfilled', 'rejected'])
  for (const { code } of kits.slice(0, 4)) await installKit(young.as('admin'), { code })
  assert.ok((await listKits(young.as('admin'))).every(({ installed }) => installed))
})

test('the statuses that a company has made its own are used: renamed, merged, archived, or of the same name', async () => {
  const own = await emptyOffice(['admin'])
  const admin = () => own.as('admin')
  const versionOf = async (code: string) => (await listStatuses(admin())).find(code).version
  await editStatus(admin(), { code: 'new', version: await versionOf('new'), names: { ru: 'Лид', en: 'Lead' } })
  await mergeStatus(admin(), { code: 'qualification', version: await versionOf('qualification'), into: 'new' })
  await editStatus(admin(), { code: 'payment', version: await versionOf('payment'), archived: true })
  await selectRows(own.orm.em.fork(), sql`update status set code = 'win' where code = 'contract'`)
  const { kit } = await installKit(admin(), { code: 'b2b_sale' })
  assert.equal(kit.code, 'b2b_sale')
  assert.equal(await orderOf(own).then((codes) => codes.join(' ')), 'new proposal negotiation win payment delivery support')
  const stages = await selectRows<{ code: string; status: string }>(
    own.orm.em.fork(),
    sql`select stage.code, status.code as status from stage join status on status.id = stage.status_id order by stage.position limit 5`,
  )
  assert.deepEqual(
    stages.map(({ status }) => status),
    ['new', 'new', 'proposal', 'negotiation', 'win'],
  )
  const { rows } = await listRules(admin())
  assert.deepEqual(rows[0]!.actions[0], { kind: 'set_status', status: 'win' })
})

test('what cannot be installed whole leaves nothing behind', async () => {
  const own = await emptyOffice(['admin'])
  const admin = () => own.as('admin')
  await createDealType(admin(), CreateDealType.parse({ code: 'mine', names: { ru: 'Мой', en: 'Mine' } }))
  const clash = { code: 'mine', field: 'bid_until', names: { ru: 'До', en: 'Until' }, kind: 'text' }
  await createDealField(admin(), CreateDealField.parse(clash))
  await refused(installKit(admin(), { code: 'tender' }), 'field_kind_differs')
  assert.ok((await listKits(admin())).every(({ installed }) => !installed))
  const left = await selectRows(
    own.orm.em.fork(),
    sql`select code from process_template union all select code from status where code = 'bid'`,
  )
  assert.deepEqual(left, [])
})
