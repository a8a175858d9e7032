import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Client, startServer, type TestServer } from '../support/server.ts'
import { createWorld } from '../support/world.ts'

let server: TestServer
let ada: Client
before(async () => {
  server = await startServer(await createWorld({ deals: true }))
  ada = await server.login('ada')
})

const body = {
  names: { ru: 'Первое', en: 'First' },
  dealTypes: ['product_sale'],
  trigger: { kind: 'status_changed', status: 'proposal' },
  condition: { any: [{ fact: 'amount', is: 'atLeast', value: 100 }] },
  forwardOnly: true,
  actions: [{ kind: 'set_status', status: 'negotiation' }],
  isActive: true,
}
const post = (changes: object = {}) => ada.request('POST', '/api/rules', { body: { ...body, ...changes } })

test('a rule is made with its sentence in the caller’s language, and its version as ETag', async () => {
  const made = await post()
  assert.deepEqual([made.status, made.headers.get('etag'), made.body.code, made.body.position], [201, '"1"', 'first', 0])
  assert.match(
    made.body.sentence,
    /^Для сделок типа «.+»: когда статус стал «Предложение», если сумма не меньше 1\u00a0₽, статус становится/,
  )
  const { body: list } = await ada.get('/api/rules?lang=en')
  assert.match(
    list.items[0].sentence,
    /^For deals of the type “.+”: when the status becomes “.+”, if the amount is at least ₽1, the status becomes/,
  )
})

test('a change needs the version that was seen, and answers with the next one', async () => {
  assert.equal((await ada.request('PATCH', '/api/rules/first', { body: { isActive: false } })).status, 428)
  const stale = await ada.request('PATCH', '/api/rules/first', { body: { isActive: false }, version: 7 })
  assert.deepEqual([stale.status, stale.body.error.details.current], [412, { version: 1 }])
  const changed = await ada.request('PATCH', '/api/rules/first', { body: { isActive: false }, version: 1 })
  assert.deepEqual([changed.status, changed.body.isActive, changed.headers.get('etag')], [200, false, '"2"'])
  assert.equal((await ada.request('PATCH', '/api/rules/none', { body: { isActive: false }, version: 1 })).status, 404)
})

test('what a rule names and is not there is told with its place; a wrong form is refused before that', async () => {
  const unsound = await post({ actions: [{ kind: 'set_status', status: 'none' }], dealTypes: ['none'] })
  assert.equal(unsound.status, 400)
  assert.deepEqual(
    unsound.body.error.details.problems.map(({ at }: { at: string }) => at),
    ['dealTypes', 'actions.0'],
  )
  assert.match(unsound.body.error.message, /Типы сделок: типа сделок «none» нет или он в архиве; Действие 1: статуса «none» нет/)
  for (const wrong of [
    { actions: [] },
    { trigger: { kind: 'none' } },
    { condition: { any: [] } },
    { actions: [{ kind: 'call_webhook', url: 'javascript:alert(1)' }] },
    { sql: 'drop table deal' },
    { condition: { fact: 'amount', is: 'run', value: 1 } },
  ])
    assert.equal((await post(wrong)).status, 400, JSON.stringify(wrong))
  assert.equal((await ada.get('/api/rules')).body.items.length, 1)
})

test('a rule acts on the next change of a deal, and its firing is listed with what it saw', async () => {
  const { body: rule } = await ada.get('/api/rules')
  await ada.request('PATCH', '/api/rules/first', { body: { isActive: true }, version: rule.items[0].version })
  const { body: deals } = await ada.get('/api/deals?limit=1')
  const number = deals.items[0].number
  const set = await ada.request('PUT', `/api/deals/${number}/status`, {
    body: { status: 'proposal', reason: 'проверка' },
    version: deals.items[0].version,
  })
  assert.deepEqual([set.status, set.body.status.code], [200, 'negotiation'])
  const { body: page } = await ada.get(`/api/rules/firings?deal=${number}&rule=first`)
  assert.equal(page.total, 1)
  const [firing] = page.items
  assert.deepEqual(
    [firing.event, Object.keys(firing.seen), firing.outcomes],
    [{ kind: 'status_changed', status: 'proposal' }, ['amount'], [{ action: 'set_status', outcome: 'done', problem: null }]],
  )
  assert.equal((await ada.get('/api/rules/firings?failed=1')).body.total, 0)
  assert.equal((await ada.get('/api/rules/firings?rule=none')).body.total, 0)
  const { body: after } = await ada.get('/api/rules')
  assert.deepEqual([after.items[0].firedCount, after.items[0].failedCount], [1, 0])
  assert.equal((await ada.request('POST', `/api/rules/firings/${firing.id}/retry`, { body: {} })).status, 409)
})

test('a page of firings follows its cursor, and a made-up cursor is refused', async () => {
  assert.equal((await ada.get('/api/rules/firings?limit=1')).body.nextCursor, null)
  assert.equal((await ada.get('/api/rules/firings?cursor=xx')).status, 400)
  assert.equal((await ada.get('/api/rules/firings?failed=maybe')).status, 400)
})

test('facts are named in the language asked for', async () => {
  const name = async (lang: string) =>
    (await ada.get(`/api/facts?lang=${lang}`)).body.items.find(({ key }: { key: string }) => key === 'amount').name
  assert.deepEqual([await name('ru'), await name('en')], ['Сумма', 'Amount'])
})

test('nothing of all this was a failure of the server', () => assert.deepEqual(server.failures, []))
