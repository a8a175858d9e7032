import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { startServer, type TestServer } from '../support/server.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let server: TestServer
before(async () => {
  world = await createWorld({ deals: true })
  server = await startServer(world)
})

const names = (name: string) => ({ ru: name, en: name })

test('a deal type is made, changed against its version, given fields, and read by everybody', async () => {
  const [ada, finn] = [await server.login('ada'), await server.login('finn')]
  const made = await ada.request('POST', '/api/deal-types', { body: { names: names('Rent'), processTemplate: 'service' } })
  assert.deepEqual([made.status, made.body.code, made.body.ownerRule], [201, 'rent', { kind: 'creator' }])
  const stale = await ada.request('PATCH', '/api/deal-types/rent', { body: { icon: 'box' }, version: 77 })
  assert.deepEqual([stale.status, stale.body.error.code], [412, 'version_stale'])
  const changed = await ada.request('PATCH', '/api/deal-types/rent', { body: { icon: 'box' }, version: made.body.version })
  assert.deepEqual([changed.status, changed.body.icon, changed.headers.get('etag')], [200, 'box', `"${made.body.version + 1}"`])
  const options = [{ code: 'day', ru: 'Сутки', en: 'Day' }]
  const field = await ada.request('POST', '/api/deal-types/rent/fields', {
    body: { field: 'term', kind: 'choice', names: names('Term'), options, inFilter: true, inList: true },
  })
  assert.deepEqual([field.status, field.body.fields.length], [201, 1])
  assert.equal((await finn.get('/api/deal-types/rent')).body.fields[0].code, 'term')
})

test('what a type or a field cannot be is refused with what is wrong', async () => {
  const ada = await server.login('ada')
  for (const [path, body, code] of [
    ['/api/deal-types', { names: { ru: 'Только' } }, 'input_invalid'],
    ['/api/deal-types', { names: names('X'), code: 'service' }, 'already_exists'],
    ['/api/deal-types', { names: names('X'), processTemplate: 'nothing' }, 'not_found'],
    ['/api/deal-types/nothing/fields', { names: names('X'), kind: 'text' }, 'not_found'],
    ['/api/deal-types/service/fields', { names: names('X'), kind: 'picture' }, 'input_invalid'],
    ['/api/deal-types/service/fields', { names: names('X'), kind: 'text', field: 'С пробелом' }, 'input_invalid'],
    ['/api/deal-types/service/fields', { names: names('X'), kind: 'choice' }, 'options_missing'],
    ['/api/document-types', { names: names('X'), code: 'нет' }, 'input_invalid'],
  ] as const) {
    const { status, body: answer } = await ada.request('POST', path, { body })
    assert.ok(status >= 400 && status < 500, `${path}: ${status}`)
    assert.equal(answer.error.code, code, `${path} ${JSON.stringify(body)}`)
  }
})

test('deals take, show and are found by fields; a wrong value is told by its field and changes nothing', async () => {
  const mira = await server.login('mira')
  const deal = { title: 'Станок', type: 'rent', amount: { amountMinor: 100, currency: 'RUB' } }
  const bad = await mira.request('POST', '/api/deals', { body: { ...deal, fields: { term: 'week' } } })
  assert.deepEqual([bad.status, bad.body.error.details.problems[0].path], [400, 'fields.term'])
  const { status, body: card } = await mira.request('POST', '/api/deals', { body: { ...deal, fields: { term: 'day' } } })
  assert.deepEqual([status, card.fields[0].text], [201, 'Сутки'])
  const found = await mira.get('/api/deals?type=rent&field.term=day')
  assert.deepEqual(
    found.body.items.map((row: { number: number; fields: { text: string }[] }) => [row.number, row.fields[0]?.text]),
    [[card.number, 'Сутки']],
  )
  assert.equal((await mira.get('/api/deals?field.term=week')).body.total, 0)
  assert.equal((await mira.get('/api/deals?field.nothing=1')).status, 404)
  assert.equal((await mira.get('/api/deals?field.%00=1')).status, 400)
  assert.equal((await mira.get('/api/deals?field.term=day&field.term=day')).status, 400)
  const path = `/api/deals/${card.number}`
  const edited = await mira.request('PATCH', path, { body: { fields: { term: null } }, version: card.version })
  assert.deepEqual([edited.status, edited.body.fields[0].value], [200, null])
})

test('a document type is made, renamed and archived', async () => {
  const ada = await server.login('ada')
  const made = await ada.request('POST', '/api/document-types', { body: { names: names('Waybill'), isPayable: true } })
  const type = made.body.items.find((one: { code: string }) => one.code === 'waybill')
  assert.deepEqual([made.status, type.isPayable, type.archived], [201, true, false])
  const body = { names: { ru: 'Накладная', en: 'Waybill' }, archived: true }
  const changed = await ada.request('PATCH', '/api/document-types/waybill', { body, version: type.version })
  const after = changed.body.items.find((one: { code: string }) => one.code === 'waybill')
  assert.deepEqual([after.name, after.archived, after.version], ['Накладная', true, type.version + 1])
})

test('nothing of all this was a failure of the server', () => {
  assert.deepEqual(server.failures, [])
})
