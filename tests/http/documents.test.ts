import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Client, startServer, type TestServer } from '../support/server.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let server: TestServer
let manager: Client
let head: Client
before(async () => {
  world = await createWorld({ deals: true })
  server = await startServer(world)
  manager = await server.login('mira')
  head = await server.login('carl')
})

const amount = { amountMinor: 100_00, currency: 'RUB' }
const invoice = { type: 'invoice', number: '7', datedOn: '2026-10-01', amount }
const path = () => `/api/deals/${world.deals.mira}/documents`
const newest = (body: { documents: readonly { id: number; version: number; state: string }[] }) => body.documents.at(-1)!

test('a document is added, decided and paid over HTTP; each answer is the card with its new version', async () => {
  const added = await manager.request('POST', path(), { body: invoice })
  assert.equal(added.status, 201)
  const { id, version } = newest(added.body)
  assert.deepEqual(added.body.documents.at(-1), {
    id,
    type: { id: 2, code: 'invoice', name: 'Счёт' },
    number: '7',
    datedOn: '2026-10-01',
    amount,
    paid: { amountMinor: 0, currency: 'RUB' },
    isPayable: true,
    state: 'draft',
    next: ['on_approval', 'void'],
    actions: ['edit', 'attach', 'pay'],
    file: null,
    payments: [],
    version,
  })
  const handedIn = await manager.request('PUT', `/api/documents/${id}/state`, { body: { state: 'on_approval' }, version })
  assert.equal(handedIn.status, 200)
  assert.equal(handedIn.body.version, added.body.version + 1)
  const approved = await head.request('PUT', `/api/documents/${id}/state`, {
    body: { state: 'approved', comment: 'да' },
    version: newest(handedIn.body).version,
  })
  assert.equal(newest(approved.body).state, 'approved')
  const paid = await manager.request('POST', `/api/documents/${id}/payments`, {
    body: { amount, paidOn: '2026-10-02' },
    version: newest(approved.body).version,
  })
  assert.equal(paid.status, 201)
  const [payment] = paid.body.documents.at(-1).payments
  assert.deepEqual(payment.amount, amount)
  const voided = await manager.request('DELETE', `/api/payments/${payment.id}`)
  assert.equal(voided.body.documents.at(-1).payments[0].voided, true)
})

test('a change on an old version is told with the present card; one without a version is refused', async () => {
  const { body } = await manager.request('POST', path(), { body: invoice })
  const { id, version } = newest(body)
  const put = (ask: { version?: number }) =>
    head.request('PUT', `/api/documents/${id}/state`, { body: { state: 'approved' }, ...ask })
  assert.equal((await put({})).status, 428)
  assert.equal((await put({ version })).status, 200)
  const late = await manager.request('PATCH', `/api/documents/${id}`, { body: { number: '8' }, version })
  assert.deepEqual([late.status, late.body.error.code], [412, 'version_stale'])
  assert.equal(newest(late.body.error.details.current).state, 'approved')
})

test('a repeated POST under one key adds one document and books one payment', async () => {
  const before = (await manager.get('/api/documents')).body.total
  const add = () => manager.request('POST', path(), { body: invoice, headers: { 'idempotency-key': 'doc-1' } })
  const [first, again] = [await add(), await add()]
  assert.deepEqual([again.status, again.body.version], [201, first.body.version])
  assert.equal((await manager.get('/api/documents')).body.total, before + 1)
  const { id, version } = newest(first.body)
  const ask = { body: { amount, paidOn: '2026-10-02' }, version, headers: { 'idempotency-key': 'pay-1' } }
  await manager.request('POST', `/api/documents/${id}/payments`, ask)
  const repeated = await manager.request('POST', `/api/documents/${id}/payments`, ask)
  assert.deepEqual([repeated.status, repeated.body.documents.at(-1).payments.length], [201, 1])
})

test('what is not the shape of a document or a payment is refused by name, and nothing is written', async () => {
  const before = (await manager.get('/api/documents')).body.total
  const bad: readonly (readonly [object, string])[] = [
    [{ ...invoice, number: ' ' }, 'number'],
    [{ ...invoice, datedOn: '2026-02-30' }, 'datedOn'],
    [{ ...invoice, amount: { amountMinor: -1, currency: 'RUB' } }, 'amount.amountMinor'],
    [{ ...invoice, amount: { amountMinor: 1.5, currency: 'RUB' } }, 'amount.amountMinor'],
    [{ ...invoice, state: 'signed' }, ''],
  ]
  for (const [body, problem] of bad) {
    const answer = await manager.request('POST', path(), { body })
    assert.equal(answer.status, 400)
    assert.equal(answer.body.error.details.problems[0].path, problem)
  }
  const nothing = { amount: { amountMinor: 0, currency: 'RUB' }, paidOn: '2026-10-02' }
  const { id, version } = (await manager.get('/api/documents')).body.items[0]
  assert.equal((await manager.request('POST', `/api/documents/${id}/payments`, { body: nothing, version })).status, 400)
  assert.equal((await manager.request('PUT', `/api/documents/${id}/state`, { body: { state: 'lost' }, version })).status, 400)
  assert.equal((await manager.get('/api/documents')).body.total, before)
})

test('the list names each document’s deal, filters, pages, and shows nobody the documents of others', async () => {
  const { body } = await manager.get(`/api/documents?deal=${world.deals.mira}&state=draft,approved&limit=1`)
  assert.equal(body.items.length, 1)
  assert.equal(body.items[0].deal.number, world.deals.mira)
  const next = await manager.get(`/api/documents?limit=1&cursor=${body.nextCursor}`)
  assert.ok(next.body.items[0].id < body.items[0].id)
  assert.equal((await (await server.login('sara')).get('/api/documents')).body.total, 0)
  assert.equal((await manager.get('/api/documents?state=nonsense')).status, 400)
})

test('a file is opened by whoever sees the deal whose document carries it, and by nobody else', async () => {
  const stored = await manager.request('POST', '/api/files?name=scan.pdf&mediaType=application/pdf', {
    raw: '%PDF-1.7',
    headers: { 'content-type': 'application/octet-stream' },
  })
  assert.equal(stored.status, 201)
  const file = `/api/files/${stored.body.id}`
  assert.equal((await head.get(file)).status, 404)
  await manager.request('POST', path(), { body: { ...invoice, fileId: stored.body.id } })
  assert.equal((await head.get(file)).status, 200)
  assert.equal((await (await server.login('sara')).get(file)).status, 404)
})

test('nothing of all this was a failure of the server', () => {
  assert.deepEqual(server.failures, [])
})
