import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { insertProcess, insertType } from '../support/processes.ts'
import { type Client, startServer, type TestServer } from '../support/server.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let server: TestServer
let mira: Client
let carl: Client
before(async () => {
  world = await createWorld({ deals: true })
  const main = await insertProcess(world.orm, 'gated', [
    { code: 'draft', status: 'new' },
    { code: 'done', status: 'proposal', gates: [{ kind: 'approval', role: 'head' }] },
  ])
  const delivery = await insertProcess(world.orm, 'delivery', [{ code: 'pack' }, { code: 'handed' }])
  await insertType(world.orm, 'gated', main, [delivery])
  server = await startServer(world)
  mira = await server.login('mira')
  carl = await server.login('carl')
})

const gated = async () => (await world.newDeal('mira', { type: 'gated' })).deal

test('a task is given, listed as mine, closed under its version and taken back', async () => {
  const { number } = await gated()
  const given = await mira.request('POST', `/api/deals/${number}/tasks`, {
    body: { title: ' Позвонить ', dueAt: '2020-01-01T09:00:00+03:00' },
  })
  assert.deepEqual(
    [given.status, given.body.title, given.body.dueAt, given.body.overdue],
    [201, 'Позвонить', '2020-01-01T06:00:00.000Z', true],
  )
  assert.equal(given.headers.get('etag'), '"1"')
  const listed = await mira.get(`/api/tasks?mine=1&state=open&deal=${number}`)
  assert.deepEqual([listed.body.total, listed.body.items[0].id], [1, given.body.id])
  const path = `/api/tasks/${given.body.id}/state`
  const done = await mira.request('PUT', path, { body: { state: 'done' }, version: 1 })
  assert.deepEqual([done.status, done.body.state, done.body.closedBy.name, done.body.overdue], [200, 'done', 'Мира Центр', false])
  const late = await carl.request('PUT', path, { body: { state: 'cancelled' }, version: 1 })
  assert.deepEqual([late.status, late.body.error.code, late.body.error.details.current], [412, 'version_stale', { version: 2 }])
  const again = await carl.request('PUT', path, { body: { state: 'cancelled' }, version: 2 })
  assert.deepEqual([again.status, again.body.error.code], [422, 'task_not_open'])
  const back = await mira.request('PUT', path, { body: { state: 'open' }, version: 2 })
  assert.deepEqual([back.status, back.body.state], [200, 'open'])
})

test('a task given twice under one key is one task', async () => {
  const { number } = await gated()
  const ask = { body: { title: 'Раз' }, headers: { 'idempotency-key': 'the-same-key-of-this-task' } }
  const [first, second] = [
    await mira.request('POST', `/api/deals/${number}/tasks`, ask),
    await mira.request('POST', `/api/deals/${number}/tasks`, ask),
  ]
  assert.deepEqual(first.body, second.body)
  assert.equal((await mira.get(`/api/tasks?deal=${number}`)).body.total, 1)
})

test('a task on a deal that one does not see is not there', async () => {
  const given = await mira.request('POST', `/api/deals/${(await gated()).number}/tasks`, { body: { title: 'Моё' } })
  const sara = await server.login('sara')
  const answer = await sara.request('PUT', `/api/tasks/${given.body.id}/state`, { body: { state: 'done' }, version: 1 })
  assert.equal(answer.status, 404)
})

test('wrong tasks are refused by what is wrong', async () => {
  const { number } = await gated()
  for (const body of [
    {},
    { title: ' ' },
    { title: 'x'.repeat(301) },
    { title: 'x', dueAt: 'завтра' },
    { title: 'x', state: 'done' },
  ])
    assert.equal(
      (await mira.request('POST', `/api/deals/${number}/tasks`, { body })).status,
      400,
      JSON.stringify(body).slice(0, 60),
    )
})

test('a decision waits for the head, is given on the version he saw, and opens the way', async () => {
  const { number, version } = await gated()
  const card = (await mira.get(`/api/deals/${number}`)).body
  const [way] = card.runs[0].next
  assert.deepEqual(way.missing, [
    { kind: 'approval', text: 'Нужно согласование: руководитель отдела.', gate: { kind: 'approval', role: 'head' } },
  ])
  assert.deepEqual(way.approvals, [{ role: 'head', approved: null, by: null, at: null, comment: '', canDecide: false }])
  const barred = await mira.request('PUT', `/api/deals/${number}/stage`, { body: { stage: 'done' }, version })
  assert.deepEqual([barred.status, barred.body.error.code], [422, 'stage_blocked'])
  assert.match(barred.body.error.message, /Нужно согласование: руководитель отдела\./)
  const waiting = (await carl.get('/api/approvals')).body.items.find(
    (item: { deal: { number: number } }) => item.deal.number === number,
  )
  assert.deepEqual([waiting.stage.code, waiting.role, waiting.deal.version], ['done', 'head', version])
  const body = { run: waiting.run.id, stage: 'done', approved: true, comment: 'да' }
  const own = await mira.request('PUT', `/api/deals/${number}/approvals`, { body, version })
  assert.deepEqual([own.status, own.body.error.code], [403, 'forbidden'])
  const decided = await carl.request('PUT', `/api/deals/${number}/approvals`, { body, version })
  assert.deepEqual([decided.status, decided.body.runs[0].next[0].missing], [200, []])
  const moved = await mira.request('PUT', `/api/deals/${number}/stage`, {
    body: { stage: 'done' },
    version: decided.body.version,
  })
  assert.deepEqual([moved.status, moved.body.stage.code], [200, 'done'])
})

test('a further process is started and cancelled; what the type does not name is not there', async () => {
  const { number, version } = await gated()
  const absent = await mira.request('POST', `/api/deals/${number}/runs`, { body: { template: 'product_sale' }, version })
  assert.equal(absent.status, 404)
  const started = await mira.request('POST', `/api/deals/${number}/runs`, { body: { template: 'delivery' }, version })
  const run = started.body.runs[1]
  assert.deepEqual([started.status, run.name, started.body.startable], [201, 'Процесс delivery', []])
  const twice = await mira.request('POST', `/api/deals/${number}/runs`, {
    body: { template: 'delivery' },
    version: started.body.version,
  })
  assert.deepEqual([twice.status, twice.body.error.code], [409, 'process_running'])
  const path = `/api/deals/${number}/runs/${run.id}`
  assert.equal((await mira.request('DELETE', path, { body: {}, version: started.body.version })).status, 400)
  const ended = await mira.request('DELETE', path, { body: { reason: 'Не нужно' }, version: started.body.version })
  assert.deepEqual([ended.status, ended.body.runs[1].state, ended.body.runs[1].next], [200, 'cancelled', []])
})

test('nothing of all this was a failure of the server', () => {
  assert.deepEqual(server.failures, [])
})
