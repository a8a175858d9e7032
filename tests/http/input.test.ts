import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { inputRu } from '../../shared/messages/ru/input.ts'
import { type Client, startServer, type TestServer } from '../support/server.ts'
import { createWorld, type World } from '../support/world.ts'

/** Whatever comes in, the answer says what is wrong, and the server does not fail. */
let world: World
let server: TestServer
let manager: Client
before(async () => {
  world = await createWorld({ deals: true })
  server = await startServer(world)
  manager = await server.login('mira')
})

const newDeal = { title: 'Новая', type: 'service', amount: { amountMinor: 100, currency: 'RUB' } }
const create = (body: unknown) => manager.request('POST', '/api/deals', { body })

test('every problem of an input is told at once, by its place', async () => {
  const { status, body } = await create({ title: '', type: '?', amount: { amountMinor: -1.5, currency: 'rub' } })
  assert.equal(status, 400)
  const paths = body.error.details.problems.map((problem: { path: string }) => problem.path)
  assert.deepEqual([...new Set(paths)].sort(), ['amount.amountMinor', 'amount.currency', 'title', 'type'])
})

for (const key of ['version', 'id', 'statusId', 'departmentId', '__proto__', 'constructor']) {
  test(`an unknown key is refused: ${key}`, async () => {
    const { status, body } = await manager.request('POST', '/api/deals', {
      raw: `{"title":"x","type":"service","amount":{"amountMinor":1,"currency":"RUB"},"${key}":{"a":1}}`,
    })
    assert.deepEqual([status, body.error.code], [400, key === '__proto__' ? 'json_invalid' : 'input_invalid'])
  })
}

test('an unknown or repeated parameter of a list is refused', async () => {
  for (const query of ['limt=5', 'limit=5&limit=6', 'limit=0', 'limit=201', 'limit=x', 'sort=password', 'mine=maybe'])
    assert.equal((await manager.get(`/api/deals?${query}`)).status, 400, query)
})

test('a body that is not JSON, not an object or too large is refused as such', async () => {
  for (const [raw, status, code] of [
    ['{"title":', 400, 'json_invalid'],
    ['"text"', 400, 'json_invalid'],
    ['[1]', 400, 'input_invalid'],
    ['null', 400, 'json_invalid'],
    [`{"title":"${'а'.repeat(1_100_000)}"}`, 413, 'too_large'],
  ] as const) {
    const answer = await manager.request('POST', '/api/deals', { raw })
    assert.deepEqual([answer.status, answer.body.error.code], [status, code], raw.slice(0, 20))
  }
})

test('text that no database can keep is refused, not choked on', async () => {
  for (const title of ['a\u0000b', 'a\ud800', '\udc00']) assert.equal((await create({ ...newDeal, title })).status, 400)
  for (const text of ['a\u0000', 'a\ud83d'])
    assert.equal((await manager.request('POST', `/api/deals/${world.deals.mira}/comments`, { body: { text } })).status, 400)
  for (const path of ['deals?q=%00', 'counterparties?q=a%00', 'employees?q=%00'])
    assert.equal((await manager.get(`/api/${path}`)).status, 400, path)
  const admin = await server.login('ada')
  assert.equal((await admin.get('/api/audit?entityId=%00')).status, 400)
  assert.equal((await admin.get('/api/audit?entity=%00')).status, 400)
})

test('text of every script, quotes and signs of SQL and HTML are kept as they are', async () => {
  const title = `Р'"; drop table deal; -- <b>%_\\ 漢字 😀 ${'\u202e'}`
  const { status, body } = await create({ ...newDeal, title, description: ' строка\n\tстрока ' })
  assert.deepEqual([status, body.title, body.description], [201, title, 'строка\n\tстрока'])
  const found = await manager.get(`/api/deals?q=${encodeURIComponent('\'"; drop TABLE deal; -- <b>%_\\')}`)
  assert.equal(found.body.total, 1)
})

test('signs that mean something in a search pattern stand for themselves', async () => {
  await create({ ...newDeal, title: 'скидка 100%' })
  const totalOf = async (q: string) => (await manager.get(`/api/deals?q=${encodeURIComponent(q)}`)).body.total
  assert.deepEqual([await totalOf('100%'), await totalOf('1%0'), await totalOf('скидка_100')], [1, 0, 0])
})

const injections = [
  "'",
  "1' or '1'='1",
  '1; drop table deal',
  '1)--',
  '-1',
  '0',
  '1e400',
  'NaN',
  '99999999999999999999',
  '%',
  '\\',
  '{}',
  '[]',
]
for (const parameter of [
  'sort',
  'cursor',
  'q',
  'type',
  'status',
  'counterparty',
  'department',
  'employee',
  'from',
  'to',
  'limit',
  'layer',
  'part',
  'basis',
  'asOf',
  'split',
  'attribution',
]) {
  test(`whatever stands in ?${parameter}= is read as a value or refused`, async () => {
    for (const value of injections) {
      for (const path of ['/deals', '/funnel', '/funnel/deals', '/funnel/split', '/funnel/trend']) {
        const layer = parameter !== 'layer' && /deals|split/.test(path) && path !== '/deals' ? '&layer=new' : ''
        const { status } = await manager.get(`/api${path}?${parameter}=${encodeURIComponent(value)}${layer}`)
        assert.ok([200, 400, 404].includes(status), `${path} ${value}: ${status}`)
      }
    }
  })
}

test('days and instants beyond the calendar are refused, at its edge they are read', async () => {
  for (const day of ['0000-01-01', '0050-01-01', '2026-02-30', '2026-13-01', '10000-01-01', 'yesterday'])
    for (const path of [`/api/funnel?from=${day}`, `/api/funnel/trend?to=${day}`, `/api/deals?from=${day}`])
      assert.equal((await manager.get(path)).status, 400, path)
  for (const path of ['/api/funnel?from=1900-01-01&to=9999-12-31', '/api/funnel/trend?from=2099-01-01&to=9999-12-31'])
    assert.equal((await manager.get(path)).status, 200, path)
  for (const asOf of ['0000-01-01T00:00:00Z', '2026-01-01', '2026-01-01T25:00:00Z'])
    assert.equal((await manager.get(`/api/funnel?asOf=${asOf}`)).status, 400, asOf)
  const ahead = await manager.get('/api/funnel?basis=snapshot&asOf=9999-12-31T23:59:59%2B14:00')
  assert.equal(ahead.status, 400)
  assert.match(ahead.body.error.message, /asOf: этот момент ещё не наступил, укажите прошлый/)
  assert.deepEqual(ahead.body.error.details.problems, [{ path: 'asOf', message: inputRu['rule.asOfAhead'] }])
  assert.equal((await manager.get('/api/funnel?from=2026-05-01&to=2026-05-01')).status, 400)
  assert.equal((await create({ ...newDeal, expectedCloseOn: '0000-01-01' })).status, 400)
  assert.equal((await create({ ...newDeal, expectedCloseOn: '2026-12-31' })).body.expectedCloseOn, '2026-12-31')
})

test('an amount is whole minor units up to what a number holds exactly', async () => {
  const withAmount = async (amountMinor: unknown) =>
    (await create({ ...newDeal, amount: { amountMinor, currency: 'RUB' } })).status
  assert.deepEqual([await withAmount(0), await withAmount(Number.MAX_SAFE_INTEGER)], [201, 201])
  for (const wrong of [Number.MAX_SAFE_INTEGER + 1, 1e300, 0.5, -1, '1', null]) assert.equal(await withAmount(wrong), 400)
  assert.equal((await manager.get('/api/deals')).status, 200)
  assert.equal((await manager.get('/api/funnel')).status, 200)
})

test('numbers of deals that cannot be are not there', async () => {
  for (const number of ['0', '-1', 'abc', '1.5', '99999999999999999999', '9007199254740991', '%00', '1%27']) {
    const { status } = await manager.get(`/api/deals/${number}`)
    assert.ok(status === 404 || status === 400, `${number}: ${status}`)
  }
})

test('a refusal is said in the caller’s language: asked for, his own, or his browser’s', async () => {
  const messageOf = async (client: Client, path: string, headers = {}) =>
    (await client.request('GET', path, { headers })).body.error.message as string
  assert.match(await messageOf(manager, '/api/deals/999999'), /[а-я]/)
  assert.doesNotMatch(await messageOf(manager, '/api/deals/999999?lang=en'), /[а-я]/)
  assert.doesNotMatch(await messageOf(server.stranger, '/api/deals', { 'accept-language': 'en-GB,en' }), /[а-я]/)
  assert.match(await messageOf(server.stranger, '/api/deals', { 'accept-language': 'ru,en;q=0.5' }), /[а-я]/)
  assert.match(await messageOf(server.stranger, '/api/deals', { 'accept-language': 'fr' }), /[а-я]/)
  const changed = await server.loginAgain('max')
  await changed.request('PATCH', '/api/session', { body: { locale: 'en' } })
  assert.doesNotMatch(await messageOf(changed, '/api/deals/999999'), /[а-я]/)
  assert.equal((await changed.get('/api/statuses')).body.items?.[0]?.name ?? 'New', 'New')
})

test('an unknown address of the API is a refusal in JSON, in whatever case and form', async () => {
  for (const path of ['/api/', '/api/nothing', '/api/deals/1001/nothing', '/api//deals', '/api/Deals', '/api/%E0%A4%A']) {
    const { status, body } = await manager.get(path)
    assert.deepEqual([status, body?.error.code], [404, 'not_found'], path)
  }
  const { status } = await manager.request('POST', '/API/session/demo', { body: { role: 'admin' } })
  assert.ok(status === 404 || status === 405, String(status))
  assert.equal((await manager.request('PUT', '/api/deals', { body: {} })).status, 404)
})

test('nothing of all this was a failure of the server', () => {
  assert.deepEqual(server.failures, [])
})
