import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { selectRow, sql } from '../../db/sql.ts'
import { type Client, startServer, type TestServer } from '../support/server.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let server: TestServer
let manager: Client
before(async () => {
  world = await createWorld({ deals: true })
  server = await startServer(world)
  manager = await server.login('mira')
})

const newDeal = { title: 'Новая', type: 'service', amount: { amountMinor: 100, currency: 'RUB' } }
const dealPath = () => `/api/deals/${world.deals.mira}`
const countDeals = async () =>
  (await selectRow<{ count: number }>(world.orm.em.fork(), sql`select count(*)::int as count from deal`))!.count

for (const [what, headers] of [
  ['a foreign site', { 'sec-fetch-site': 'cross-site' }],
  ['a neighbour site', { 'sec-fetch-site': 'same-site' }],
  ['nowhere', { 'sec-fetch-site': '' }],
  ['a foreign origin', { 'sec-fetch-site': '', origin: 'https://evil.example' }],
  ['an origin without a name', { 'sec-fetch-site': '', origin: 'null' }],
  ['a foreign site that claims our origin', { 'sec-fetch-site': 'cross-site', origin: 'http://localhost' }],
] as const) {
  test(`a write that comes from ${what} is refused and changes nothing`, async () => {
    const before = await countDeals()
    const { status, body } = await manager.request('POST', '/api/deals', { body: newDeal, headers })
    assert.deepEqual([status, body.error.code], [403, 'cross_site'])
    assert.equal(await countDeals(), before)
  })
}

test('an old browser that says only its origin may write from our own', async () => {
  const headers = { 'sec-fetch-site': '', origin: server.url }
  assert.equal((await manager.request('POST', '/api/deals', { body: newDeal, headers })).status, 201)
})

test('a form, plain text and a body of no kind are refused: a foreign page can send no JSON unasked', async () => {
  const raw = JSON.stringify(newDeal)
  for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'text/plain; charset=application/json', '']) {
    const { status, body } = await manager.request('POST', '/api/deals', { raw, headers: { 'content-type': type } })
    assert.deepEqual([status, body.error.code], [415, 'unsupported_media'], type)
  }
})

test('the case of a content type does not matter', async () => {
  const headers = { 'content-type': 'Application/JSON; Charset=UTF-8' }
  assert.equal((await manager.request('POST', '/api/deals', { body: newDeal, headers })).status, 201)
})

test('a change without If-Match is told that the version is missing, a wrong form too', async () => {
  const body = { title: 'Иначе' }
  for (const match of [undefined, '*', 'abc', '"1', '1"', '"1", "2"', '', '"-1"', '"99999999999"']) {
    const headers: Record<string, string> = match === undefined ? {} : { 'if-match': match }
    const answer = await manager.request('PATCH', dealPath(), { body, headers })
    assert.deepEqual([answer.status, answer.body.error.code], [428, 'version_missing'], String(match))
  }
})

test('the ETag of an answer is the If-Match of the next change; an old one gets the present state', async () => {
  const { headers } = await manager.get(dealPath())
  const seen = headers.get('etag')!
  const change = (title: string) => manager.request('PATCH', dealPath(), { body: { title }, headers: { 'if-match': seen } })
  const first = await change('Раз')
  assert.equal(first.status, 200)
  assert.equal(first.headers.get('etag'), `"${first.body.version}"`)
  const second = await change('Два')
  assert.deepEqual([second.status, second.body.error.code], [412, 'version_stale'])
  const { body: shown } = await manager.get(dealPath())
  assert.deepEqual(second.body.error.details.current, shown)
})

test('of two changes at once over HTTP one is made and the other is told', async () => {
  const { body } = await manager.get(dealPath())
  const change = (title: string) => manager.request('PATCH', dealPath(), { body: { title }, version: body.version })
  const statuses = (await Promise.all(['а', 'б', 'в'].map(change))).map((answer) => answer.status)
  assert.deepEqual(statuses.sort(), [200, 412, 412])
})

test('of two who edit one client at once one does and the other is told', async () => {
  const { body } = await manager.get('/api/counterparties/1')
  const change = (phone: string) => manager.request('PATCH', '/api/counterparties/1', { body: { phone }, version: body.version })
  const statuses = (await Promise.all(['1', '2', '3'].map(change))).map((answer) => answer.status)
  assert.deepEqual(statuses.sort(), [200, 412, 412])
})

const withKey = (key: string, body: object) =>
  manager.request('POST', '/api/deals', { body, headers: { 'idempotency-key': key } })

test('the same request with the same key is done once and answered the same', async () => {
  const before = await countDeals()
  const [first, second] = [await withKey('k1', newDeal), await withKey('k1', newDeal)]
  assert.deepEqual([second.status, second.body, second.headers.get('etag')], [201, first.body, first.headers.get('etag')])
  assert.equal(second.headers.get('idempotency-replayed'), 'true')
  assert.equal(await countDeals(), before + 1)
})

test('the same request sent many times at once is done once', async () => {
  const before = await countDeals()
  const answers = await Promise.all(Array.from({ length: 5 }, () => withKey('k2', newDeal)))
  assert.equal(new Set(answers.map((answer) => answer.body.number)).size, 1)
  assert.ok(answers.every((answer) => answer.status === 201))
  assert.equal(await countDeals(), before + 1)
})

test('another request with a key that was used is refused', async () => {
  await withKey('k3', newDeal)
  const { status, body } = await withKey('k3', { ...newDeal, title: 'Другая' })
  assert.deepEqual([status, body.error.code], [422, 'idempotency_reused'])
})

test('a refused request keeps no answer: mended, it goes through under the same key', async () => {
  assert.equal((await withKey('k4', { ...newDeal, type: 'nonsense' })).status, 404)
  assert.equal((await withKey('k4', newDeal)).status, 201)
})

test('a comment with a key is made once', async () => {
  const ask = () =>
    manager.request('POST', `${dealPath()}/comments`, { body: { text: 'единожды' }, headers: { 'idempotency-key': 'k5' } })
  assert.deepEqual([(await ask()).status, (await ask()).status], [201, 201])
  const { body } = await manager.get(`${dealPath()}/history`)
  assert.equal(body.events.filter((event: { body: { text?: string } }) => event.body.text === 'единожды').length, 1)
})

test('a key longer than we keep is refused', async () => {
  assert.equal((await withKey('k'.repeat(256), newDeal)).status, 400)
})

test('every fact of a deal passes through the door: create, move, set, lift, lose, reopen, reassign, participants, undo', async () => {
  const head = await server.login('carl')
  let { body: deal } = await head.request('POST', '/api/deals', { body: { ...newDeal, ownerId: world.people.mira.id } })
  const step = async (method: string, noun: string, body: object | undefined, check: (card: typeof deal) => unknown) => {
    const answer = await head.request(method, `/api/deals/${deal.number}${noun}`, {
      ...(body && { body }),
      version: deal.version,
    })
    assert.equal(answer.status, 200, `${method} ${noun}: ${answer.text}`)
    assert.ok(check(answer.body), `${method} ${noun}`)
    deal = answer.body
  }
  await step('PUT', '/stage', { stage: 'diagnostics', comment: 'едем' }, (card) => card.status.code === 'qualification')
  await step('PUT', '/status', { status: 'proposal', reason: 'рано', hold: true }, (card) => card.held)
  await step('DELETE', '/hold', undefined, (card) => !card.held)
  await step('PUT', '/loss', { status: 'lost', reason: 'цена' }, (card) => card.status.category === 'lost')
  await step('DELETE', '/loss', { reason: 'вернулись' }, (card) => card.status.code === 'proposal')
  await step('PUT', '/owner', { employeeId: world.people.max.id }, (card) => card.owner.id === world.people.max.id)
  await step('POST', '/undo', { eventId: deal.undo?.eventId }, (card) => card.owner.id === world.people.mira.id)
  await step('PUT', '/participants', { employeeIds: [world.people.finn.id] }, (card) => card.participants.length === 1)
})

test('nothing of all this was a failure of the server', () => {
  assert.deepEqual(server.failures, [])
})
