import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { checkInvariants } from '../../api/usecases/check.ts'
import { setParticipants } from '../../api/usecases/deals/reassign-deal.ts'
import { type DealCard, showDeal, showHistory } from '../../api/usecases/deals/show-deal.ts'
import { createDocument } from '../../api/usecases/documents/create-document.ts'
import { editDocument } from '../../api/usecases/documents/edit-document.ts'
import { listDocuments } from '../../api/usecases/documents/list-documents.ts'
import { recordPayment, voidPayment } from '../../api/usecases/documents/payments.ts'
import { setDocumentState } from '../../api/usecases/documents/set-document-state.ts'
import { storeFile } from '../../api/usecases/files.ts'
import { readFacts } from '../../api/usecases/rules/read-facts.ts'
import { StatusRuleEntity } from '../../db/entities/rules.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import type { DocumentState } from '../../shared/domain/facts.ts'
import type { RuleTrigger } from '../../shared/domain/status-rules.ts'
import { CreateDocument, EditDocument, ListDocuments, RecordPayment } from '../../shared/schemas/documents.ts'
import { StoreFile } from '../../shared/schemas/files.ts'
import { createWorld, type Name, type World } from '../support/world.ts'
import { refused, seen, statusOf } from './deal-facts.ts'

let world: World
before(async () => {
  world = await createWorld()
})

const rub = (amountMinor: number) => ({ amountMinor, currency: 'RUB' })
const add = (name: Name, card: DealCard, more: object = {}) =>
  createDocument(
    world.as(name),
    CreateDocument.parse({
      deal: card.deal.number,
      type: 'invoice',
      number: '7',
      datedOn: '2026-10-01',
      amount: rub(100_00),
      ...more,
    }),
  )
const last = (card: DealCard) => card.documents.at(-1)!
const target = (card: DealCard) => ({ id: last(card).row.id, version: last(card).row.version })
const take = (name: Name, card: DealCard, state: DocumentState, comment?: string) =>
  setDocumentState(world.as(name), { ...target(card), state, ...(comment === undefined ? {} : { comment }) })
const pay = (name: Name, card: DealCard, amountMinor: number) =>
  recordPayment(world.as(name), RecordPayment.parse({ ...target(card), amount: rub(amountMinor), paidOn: '2026-10-02' }))
const file = (name: Name, called = 'скан.pdf') =>
  storeFile(world.as(name), StoreFile.parse({ name: called }), Buffer.from('%PDF'))

test('a document is added as a draft, with number, day, amount and file, and makes a new version of the deal', async () => {
  const deal = await world.newDeal('mira')
  const { id } = await file('mira')
  const card = await add('mira', deal, { fileId: id })
  const { row, next, actions } = last(card)
  assert.deepEqual(
    [row.typeCode, row.number, row.datedOn, row.amountMinor, row.state],
    ['invoice', '7', '2026-10-01', 100_00, 'draft'],
  )
  assert.deepEqual([row.file?.name, row.payments], ['скан.pdf', []])
  assert.deepEqual(next, ['on_approval', 'void'])
  assert.deepEqual(actions, ['edit', 'attach', 'pay'])
  assert.equal(card.deal.version, deal.deal.version + 1)
  const { events } = await showHistory(world.as('mira'), card.deal)
  const body = events[0]!.body
  assert.ok(body.kind === 'document_changed')
  assert.deepEqual([body.type.code, body.number, body.state, events[0]!.actorId], ['invoice', '7', 'draft', world.people.mira.id])
})

test('what cannot be a document of the deal is refused', async () => {
  const deal = await world.newDeal('mira', { type: 'service' })
  await refused(add('mira', deal, { type: 'nonsense' }), 'not_found')
  await refused(add('mira', deal, { type: 'protocol' }), 'document_type_foreign')
  await refused(add('mira', deal, { amount: null }), 'document_amount_missing')
  await refused(add('mira', deal, { amount: { amountMinor: 1, currency: 'USD' } }), 'currency_unsupported')
  await refused(add('mira', deal, { fileId: 999_999 }), 'not_found')
  await refused(add('max', deal), 'not_found')
  assert.equal((await add('mira', deal, { type: 'contract', amount: null })).documents.length, 1)
})

test('a file that is somebody else’s cannot be got at by attaching it', async () => {
  const deal = await world.newDeal('mira')
  const { id } = await file('max')
  await refused(add('mira', deal, { fileId: id }), 'not_found')
  const card = await add('mira', deal)
  await refused(editDocument(world.as('mira'), EditDocument.parse({ ...target(card), fileId: id })), 'not_found')
})

test('from draft over approval to signed: the owner hands in, the head approves, the owner signs; every step is in the history', async () => {
  let card = await add('mira', await world.newDeal('mira'))
  card = await take('mira', card, 'on_approval')
  await refused(take('mira', card, 'approved'), 'forbidden')
  card = await take('carl', card, 'approved', 'по рукам')
  await refused(take('mira', card, 'draft'), 'document_step_wrong')
  card = await take('mira', card, 'signed')
  assert.equal(last(card).row.state, 'signed')
  const { events } = await showHistory(world.as('mira'), card.deal)
  const steps = events.flatMap(({ body, actorName }) =>
    body.kind === 'document_changed' ? [[body.state, actorName, body.comment]] : [],
  )
  const { mira, carl } = world.people
  assert.deepEqual(steps.reverse(), [
    ['draft', mira.name, undefined],
    ['on_approval', mira.name, undefined],
    ['approved', carl.name, 'по рукам'],
    ['signed', mira.name, undefined],
  ])
})

test('what was rejected goes back to draft and is mended; what is void stays void', async () => {
  let card = await take('mira', await add('mira', await world.newDeal('mira')), 'on_approval')
  card = await take('hugo', card, 'rejected', 'нет печати')
  await refused(pay('mira', card, 1), 'document_not_payable')
  card = await take('mira', card, 'draft')
  card = await editDocument(world.as('mira'), EditDocument.parse({ ...target(card), number: '7а' }))
  card = await take('mira', card, 'void')
  assert.deepEqual([last(card).next, last(card).actions], [[], []])
  for (const state of ['draft', 'on_approval', 'approved', 'signed'] as const)
    await refused(take('ada', card, state), 'document_step_wrong')
})

test('a draft is edited with before and after in the history; later only a missing file is added', async () => {
  let card = await add('mira', await world.newDeal('mira'))
  const edit = (more: object) => editDocument(world.as('mira'), EditDocument.parse({ ...target(card), ...more }))
  card = await edit({ number: '8', datedOn: '2026-10-05', amount: rub(250_00) })
  const { events } = await showHistory(world.as('mira'), card.deal)
  const body = events[0]!.body
  assert.ok(body.kind === 'document_changed')
  assert.deepEqual(body.changes, [
    { field: 'number', before: '7', after: '8' },
    { field: 'datedOn', before: '2026-10-01', after: '2026-10-05' },
    { field: 'amountMinor', before: 100_00, after: 250_00 },
  ])
  await refused(edit({ amount: null }), 'document_amount_missing')
  const same = await edit({ number: '8' })
  assert.equal(same.deal.version, card.deal.version)

  card = await take('mira', card, 'on_approval')
  await refused(edit({ number: '9' }), 'document_not_draft')
  const first = await file('mira', 'подписанный.pdf')
  card = await edit({ fileId: first.id })
  assert.equal(last(card).row.file?.name, 'подписанный.pdf')
  await refused(edit({ fileId: (await file('mira')).id }), 'document_not_draft')
  await refused(edit({ fileId: null }), 'document_not_draft')
})

test('payments add up, more than the amount too; one is taken back and stays in sight', async () => {
  let card = await add('mira', await world.newDeal('mira'))
  card = await pay('mira', card, 40_00)
  card = await pay('mira', card, 70_00)
  await refused(take('mira', card, 'void'), 'document_paid')
  const id = last(card).row.payments[0]!.id
  card = await voidPayment(world.as('mira'), { id })
  assert.deepEqual(
    last(card).row.payments.map(({ amountMinor, voided, byName }) => [amountMinor, voided, byName]),
    [
      [40_00, true, world.people.mira.name],
      [70_00, false, world.people.mira.name],
    ],
  )
  await refused(voidPayment(world.as('mira'), { id }), 'payment_voided')
  await refused(voidPayment(world.as('mira'), { id: 999_999 }), 'not_found')
  await refused(voidPayment(world.as('max'), { id }), 'not_found')
  const { events } = await showHistory(world.as('mira'), card.deal)
  assert.deepEqual(
    events.flatMap(({ body }) => (body.kind === 'payment_recorded' ? [[body.amountMinor, body.voided]] : [])),
    [
      [40_00, true],
      [70_00, false],
      [40_00, false],
    ],
  )
  card = await voidPayment(world.as('mira'), { id: last(card).row.payments[1]!.id })
  assert.equal(last(await take('mira', card, 'void')).row.state, 'void')
})

test('no payment is booked on a contract', async () => {
  const deal = await world.newDeal('mira')
  const card = await add('mira', deal, { type: 'contract', amount: null })
  await refused(pay('mira', card, 1), 'document_not_payable')
  assert.ok(!last(card).actions.includes('pay'))
})

test('who takes part works on drafts but neither signs nor books money; who only looks on may do nothing', async () => {
  const deal = await world.newDeal('mira')
  const { finn } = world.people
  await setParticipants(world.as('ada'), { ...seen(deal), employeeIds: [finn.id] })
  const card = await add('finn', deal)
  await refused(pay('finn', card, 1), 'forbidden')
  await refused(take('finn', card, 'signed'), 'forbidden')
  const handedIn = await take('finn', card, 'on_approval')
  await refused(take('finn', handedIn, 'void'), 'forbidden')

  await refused(add('eva', deal), 'forbidden')
  const shown = await showDeal(world.as('eva'), deal.deal)
  assert.deepEqual(shown.documentTypes, [])
  assert.ok(!last(shown).actions.includes('edit'))
})

const codesOf = async (work: readonly Promise<unknown>[]): Promise<string[]> =>
  (await Promise.allSettled(work))
    .map((outcome) =>
      outcome.status === 'fulfilled' ? 'done' : outcome.reason instanceof AppError ? outcome.reason.code : String(outcome.reason),
    )
    .sort()

test('of two who decide at once one wins and the other is shown what is so now; so with two payments', async () => {
  for (let round = 0; round < 3; round++) {
    const card = await take('mira', await add('mira', await world.newDeal('mira')), 'on_approval')
    assert.deepEqual(await codesOf([take('carl', card, 'approved'), take('hugo', card, 'rejected')]), ['done', 'version_stale'])
    const invoice = await add('mira', card)
    assert.deepEqual(await codesOf([pay('mira', invoice, 100_00), pay('carl', invoice, 100_00)]), ['done', 'version_stale'])
  }
  const card = await add('mira', await world.newDeal('mira'))
  await pay('mira', card, 1)
  const error = await refused(take('mira', card, 'on_approval'), 'version_stale')
  assert.equal(last(error.details['current'] as DealCard).row.payments.length, 1)
})

test('documents added at once to one deal are all kept', async () => {
  const deal = await world.newDeal('mira')
  await Promise.all(['1', '2', '3', '4'].map((number) => add('mira', deal, { number })))
  const { documents } = await showDeal(world.as('mira'), deal.deal)
  assert.deepEqual(documents.map(({ row }) => row.number).sort(), ['1', '2', '3', '4'])
})

async function addRule(code: string, trigger: RuleTrigger, status: string): Promise<void> {
  const em = world.orm.em.fork()
  const names = { nameRu: code, nameEn: code }
  const position = await em.count(StatusRuleEntity)
  const actions = [{ kind: 'set_status', status }] as const
  em.create(StatusRuleEntity, { code, ...names, position, triggerKind: trigger.kind, trigger, condition: { all: [] }, actions })
  await em.flush()
}

test('the rules hear of states and payments in the same change: a signed contract and a fully paid invoice move the status', async () => {
  await addRule('signed', { kind: 'document_changed', documentType: 'contract', state: 'signed' }, 'contract')
  await addRule('paid', { kind: 'payment_received', documentType: 'invoice', isFull: true }, 'delivery')
  let card = await add('mira', await world.newDeal('mira'), { type: 'contract', amount: null })
  const before = statusOf(card)
  card = await take('carl', card, 'approved')
  assert.equal(statusOf(card), before)
  card = await take('mira', card, 'signed')
  assert.equal(statusOf(card), 'contract')
  card = await pay('mira', await add('mira', card), 99_99)
  assert.equal(statusOf(card), 'contract')
  card = await pay('mira', card, 1)
  assert.equal(statusOf(card), 'delivery')
  // Edits tell the rules nothing: the state is as it was.
  assert.equal(card.visits.length, 3)
})

test('a rejected invoice is not waited for: once the new one is paid, the gate on payment is passed', async () => {
  let card = await take('mira', await add('mira', await world.newDeal('mira')), 'on_approval')
  card = await take('carl', card, 'rejected')
  const paidFact = async () => (await readFacts(world.as('mira'), card.deal.id, null))['paid.invoice']
  assert.equal(await paidFact(), false)
  card = await pay('mira', await add('mira', card, { number: '7/2' }), 99_99)
  assert.equal(await paidFact(), false)
  card = await pay('mira', card, 1)
  assert.equal(await paidFact(), true)
})

test('the list holds the documents of the deals that one sees, by deal, kind and state, page by page', async () => {
  const list = (name: Name, query: object = {}) => listDocuments(world.as(name), ListDocuments.parse(query))
  const deal = await world.newDeal('sara')
  await add('sara', deal, { type: 'contract', amount: null })
  const card = await add('sara', deal)
  await take('sara', card, 'on_approval')
  assert.equal((await list('sara')).total, 2)
  assert.equal((await list('max')).total, 0)
  assert.deepEqual(
    (await list('ada', { deal: String(deal.deal.number), state: 'on_approval,signed' })).documents.map(({ row }) => row.typeCode),
    ['invoice'],
  )
  assert.equal((await list('sara', { type: 'contract' })).total, 1)
  const all = await list('ada')
  const collected: number[] = []
  for (let cursor: string | undefined; ; ) {
    const { documents, next } = await list('ada', { limit: '5', ...(cursor && { cursor }) })
    collected.push(...documents.map(({ row }) => row.id))
    if (!next) break
    cursor = Buffer.from(JSON.stringify([next.order, next.value, next.id])).toString('base64url')
  }
  assert.equal(collected.length, all.total)
  assert.deepEqual(
    collected,
    [...collected].sort((a, b) => b - a),
  )
})

test('all of it left every invariant whole', async () => {
  assert.deepEqual((await checkInvariants(world.orm.em.fork())).findings, [])
})
