import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { StatusView } from '../../shared/views/dictionaries.ts'
import { type Client, startServer, type TestServer } from '../support/server.ts'
import { createWorld } from '../support/world.ts'

let server: TestServer
let admin: Client
before(async () => {
  server = await startServer(await createWorld({ deals: true }))
  admin = await server.login('ada')
})

const statuses = async (): Promise<StatusView[]> => (await admin.get('/api/statuses')).body.items
const find = async (code: string) => (await statuses()).find((status) => status.code === code)!
const order = async () =>
  (await statuses()).filter((status) => status.category !== 'lost' && !status.archived).map((status) => status.code)

test('a status is added, changed with the version seen, ordered, tried, merged', async () => {
  const names = { ru: 'Замер', en: 'Site survey' }
  const added = await admin.request('POST', '/api/statuses', { body: { names, phase: 'presale', after: 'new', colour: 3 } })
  assert.deepEqual([added.status, added.body.code, added.body.step, added.headers.get('etag')], [201, 'site-survey', 3, '"1"'])
  assert.equal((await order())[1], 'site-survey')

  const bare = await admin.request('PATCH', '/api/statuses/site-survey', { body: { probabilityPct: 15 } })
  assert.equal(bare.status, 428)
  const changed = await admin.request('PATCH', '/api/statuses/site-survey', {
    body: { probabilityPct: 15, colour: null },
    version: 1,
  })
  assert.equal(changed.status, 200)
  const row = changed.body.items.find((status: StatusView) => status.code === 'site-survey')
  assert.deepEqual([row.probabilityPct, row.version, row.mergedInto], [15, 2, null])

  const seen = await order()
  const codes = [...seen.slice(2, 4), ...seen.slice(0, 2), ...seen.slice(4)]
  const tried = await admin.request('POST', '/api/statuses/preview', { body: { order: codes } })
  assert.equal(tried.status, 200)
  assert.deepEqual(
    tried.body.after.layers.map((layer: { status: StatusView }) => layer.status.code),
    codes,
  )
  assert.deepEqual(
    tried.body.before.layers.map((layer: { status: StatusView }) => layer.status.code),
    seen,
  )
  assert.deepEqual(await order(), seen, 'nothing was written')
  assert.equal((await admin.request('PUT', '/api/statuses/order', { body: { codes, seen } })).status, 200)
  assert.deepEqual(await order(), codes)

  const merged = await admin.request('POST', '/api/statuses/site-survey/merge', { body: { into: 'new' }, version: 2 })
  assert.equal(merged.status, 200)
  assert.equal((await find('site-survey')).mergedInto?.code, 'new')
})

test('who orders what has changed meanwhile is told the present order', async () => {
  const present = await order()
  const seen = present.toReversed()
  const { status, body } = await admin.request('PUT', '/api/statuses/order', { body: { codes: seen, seen } })
  assert.deepEqual([status, body.error.code, body.error.details.current.order], [409, 'conflict', present])
})

test('a preview is of one change: of none or of two it is refused, a made-up status is not found', async () => {
  const send = async (body: object) => (await admin.request('POST', '/api/statuses/preview', { body })).status
  const merge = { code: 'qualification', into: 'proposal' }
  assert.equal(await send({}), 400)
  assert.equal(await send({ merge, order: await order() }), 400)
  assert.equal(await send({ merge: { ...merge, into: 'no-such' } }), 404)
  assert.equal(await send({ merge: { ...merge, into: 'lost' } }), 422)
  assert.equal(await send({ merge, basis: 'snapshot' }), 200)
})

test('a merger of two lost statuses is shown where deals are now: what was lost in both is in one', async () => {
  const { body: page } = await admin.get('/api/deals?limit=1')
  const { number, version } = page.items[0]
  const lost = await admin.request('PUT', `/api/deals/${number}/loss`, {
    body: { status: 'declined', reason: 'не наше' },
    version,
  })
  assert.equal(lost.status, 200)
  const merge = { code: 'declined', into: 'lost' }
  const { body } = await admin.request('POST', '/api/statuses/preview', { body: { merge, basis: 'snapshot' } })
  const told = body.changes.map((change: { status: StatusView; kind: string }) => [change.status.code, change.kind])
  assert.deepEqual(told, [
    ['lost', 'same_place'],
    ['declined', 'gone'],
  ])
})

test('a status that a process gives is not archived; the sentence says which and what to do', async () => {
  const { version } = await find('proposal')
  const refusal = await admin.request('PATCH', '/api/statuses/proposal', { body: { archived: true }, version })
  assert.deepEqual([refusal.status, refusal.body.error.code], [422, 'status_given'])
  assert.match(refusal.body.error.message, /«Предложение» в архив не убрать: его дают «.+»/)
})

test('nothing of all this was a failure of the server', () => {
  assert.deepEqual(server.failures, [])
})
