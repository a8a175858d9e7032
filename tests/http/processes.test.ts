import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { draft, stage } from '../support/drafts.ts'
import { type Client, startServer, type TestServer } from '../support/server.ts'
import { createWorld } from '../support/world.ts'

let server: TestServer
let admin: Client
before(async () => {
  const world = await createWorld({ deals: true })
  server = await startServer(world)
  admin = await server.login('ada')
})

const root = '/api/process-templates'
const good = { ...draft(stage('a', ['b']), stage('b', ['a', 'c']), stage('c', [])), status: 'qualification' }
const xmlOf = async (code: string) => (await admin.get(`${root}/${code}/bpmn`)).text
const sendXml = (client: Client, raw: string, type = 'application/xml') =>
  client.request('POST', `${root}/bpmn`, { raw, headers: { 'content-type': type } })

test('the published processes are answered as ever, all templates with their drafts only to who asks for them and may', async () => {
  const manager = await server.login('mira')
  const { body } = await manager.get(root)
  assert.deepEqual(Object.keys(body.items[0]).sort(), ['code', 'id', 'name', 'stages', 'versionNumber'])
  assert.equal((await manager.get(`${root}?all=1`)).status, 403)
  assert.equal((await admin.get(`${root}?all=no`)).status, 400)
  const all = await admin.get(`${root}?all=1`)
  assert.deepEqual(
    all.body.items.map(({ code }: { code: string }) => code),
    ['product_sale', 'service', 'project', 'support_contract'],
  )
  const [sale] = all.body.items
  assert.deepEqual([sale.draft, sale.published.number, sale.dealTypes[0].code, sale.archived], [null, 1, 'product_sale', false])
  assert.equal(sale.published.body.stages[0].code, 'request')
  assert.deepEqual([sale.running[0].number, sale.running[0].runs, sale.running[0].stages.length], [1, 11, 8])
})

test('a process passes through the door: created, saved, checked, published, moved to, archived', async () => {
  const made = await admin.request('POST', root, { body: { code: 'fresh', draft: { ...good, stages: [] } } })
  assert.equal(made.status, 201)
  assert.deepEqual(made.body.draft.findings, [{ kind: 'no_stages', stage: null, what: null, isError: true }])
  assert.equal((await admin.request('POST', root, { body: { code: 'fresh', draft: good } })).status, 409)
  const version = (answer: typeof made) => answer.body.version as number
  const refused = await admin.request('POST', `${root}/fresh/publish`, { version: version(made) })
  assert.deepEqual([refused.status, refused.body.error.code], [422, 'process_findings'])
  assert.match(refused.body.error.message, /нет этапов/)
  assert.equal((await admin.request('PUT', `${root}/fresh/draft`, { body: { draft: good } })).status, 428)
  const saved = await admin.request('PUT', `${root}/fresh/draft`, { body: { draft: good }, version: version(made) })
  assert.deepEqual([saved.status, saved.body.draft.body], [200, good])
  assert.equal(saved.headers.get('etag'), `"${version(saved)}"`)
  const stale = await admin.request('PUT', `${root}/fresh/draft`, { body: { draft: good }, version: version(made) })
  assert.deepEqual([stale.status, stale.body.error.details.current.version], [412, version(saved)])
  const published = await admin.request('POST', `${root}/fresh/publish`, { version: version(saved) })
  assert.deepEqual([published.body.published.number, published.body.draft], [1, null])
  const moved = await admin.request('POST', `${root}/fresh/migration`, { body: { fromVersion: 1, stages: {}, dryRun: true } })
  assert.deepEqual([moved.status, moved.body.error.code], [422, 'process_not_published'])
  const archived = await admin.request('PATCH', `${root}/fresh`, { body: { archived: true }, version: version(published) })
  assert.equal(archived.body.archived, true)
  const again = await admin.request('PUT', `${root}/fresh/draft`, { body: { draft: good }, version: version(archived) })
  const without = await admin.request('DELETE', `${root}/fresh/draft`, { version: version(again) })
  assert.deepEqual([without.status, without.body.draft], [200, null])
})

test('a look at a migration counts the deals stage by stage and changes nothing', async () => {
  const card = await admin.get(`${root}/product_sale`)
  const body = { draft: { ...card.body.published.body, stages: good.stages } }
  const saved = await admin.request('PUT', `${root}/product_sale/draft`, { body, version: card.body.version })
  await admin.request('POST', `${root}/product_sale/publish`, { version: saved.body.version })
  const ask = (stages: object) =>
    admin.request('POST', `${root}/product_sale/migration`, { body: { fromVersion: 1, stages, dryRun: true } })
  const look = await ask({ request: 'b' })
  assert.deepEqual([look.body.moved, look.body.unmapped, look.body.dryRun], [11, [], true])
  assert.deepEqual(
    [look.body.stages[0].from.code, look.body.stages[0].to.code, look.body.stages[0].runs, look.body.stages[1].to],
    ['request', 'b', 11, null],
  )
  assert.equal((await ask({})).body.unmapped[0].code, 'request')
  assert.deepEqual((await ask({ request: 'x' })).body.error.details.problems, [{ path: 'stages.request', message: 'x' }])
  assert.equal((await admin.get(`${root}/product_sale`)).body.running[0].number, 1)
})

test('a process goes out as a BPMN file by name and comes in again as the same draft', async () => {
  const { status, headers, text } = await admin.get(`${root}/service/bpmn`)
  assert.equal(status, 200)
  assert.match(headers.get('content-type')!, /^application\/xml/)
  assert.match(headers.get('content-disposition')!, /service\.bpmn/)
  const read = await sendXml(admin, text)
  assert.deepEqual([read.status, read.body], [200, (await admin.get(`${root}/service`)).body.published.body])
  assert.equal((await admin.request('POST', root, { body: { draft: read.body } })).status, 201)
  assert.equal((await sendXml(admin, text, 'application/octet-stream')).status, 200)
  assert.equal((await admin.get(`${root}/absent/bpmn`)).status, 404)
})

test('a BPMN file that is none, too large, of another form or from one who may not is refused', async () => {
  const xml = await xmlOf('service')
  const code = async (answer: Promise<{ status: number; body: { error: { code: string } } }>) => {
    const { status, body } = await answer
    return [status, body.error.code]
  }
  assert.deepEqual(await code(sendXml(admin, '<a/>')), [422, 'bpmn_invalid'])
  assert.deepEqual(await code(sendXml(admin, '')), [422, 'bpmn_invalid'])
  assert.deepEqual(await code(sendXml(admin, xml, 'text/plain')), [415, 'unsupported_media'])
  assert.deepEqual(
    await code(sendXml(admin, xml.replace('<bpmn:task ', '<bpmn:callActivity ').replace('</bpmn:task>', '</bpmn:callActivity>'))),
    [422, 'bpmn_unsupported'],
  )
  assert.deepEqual(await code(sendXml(admin, `${xml}${' '.repeat(1024 * 1024)}`)), [413, 'too_large'])
  assert.deepEqual(await code(sendXml(await server.login('eva'), xml)), [403, 'forbidden'])
  assert.deepEqual(server.failures, [])
})
