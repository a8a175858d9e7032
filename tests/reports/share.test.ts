import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { before, test } from 'node:test'
import { selectRows, sql } from '../../db/sql.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { createWorld, type Name, type World } from '../support/world.ts'

/** A link shows one report, as it was when it was made, to whoever has it, until it ends. */
let world: World
let server: TestServer
before(async () => {
  world = await createWorld({ deals: true })
  server = await startServer(world)
})

const asked = { query: { from: '2026-01-01', to: '2027-01-01' }, format: 'pdf', expiresInDays: 7 }

async function share(name: Name, change: object = {}): Promise<{ id: number; path: string; token: string }> {
  const client = await server.login(name)
  const { status, body } = await client.request('POST', '/api/reports/share', { body: { ...asked, ...change } })
  assert.equal(status, 201, JSON.stringify(body))
  const path = new URL(body.url).pathname
  return { id: body.id, path, token: path.split('/').at(-1)! }
}

test('a stranger sees the report behind a link: its page, its picture and its file, and nothing for search engines', async () => {
  const { path } = await share('eva')
  const page = await server.stranger.get(path)
  assert.equal(page.status, 200)
  assert.match(page.text, /<h1>Воронка 1 янв – 31 дек 2026<\/h1>/)
  assert.match(page.text, /Ева Директор, Проба/)
  assert.match(page.headers.get('x-robots-tag')!, /noindex/)
  assert.equal(page.headers.get('referrer-policy'), 'no-referrer')
  assert.equal(page.headers.get('cache-control'), 'private, no-store')
  assert.ok(!/<script/i.test(page.text))
  const file = await server.stranger.get(`${path}/file`)
  assert.equal(file.headers.get('content-type'), 'application/pdf')
  assert.ok(file.text.startsWith('%PDF'))
  const picture = await server.stranger.get(`${path}/picture`)
  assert.equal(picture.headers.get('content-type'), 'image/png')
})

test('the token is kept nowhere: neither in the tables, nor in the audit', async () => {
  const { token, id } = await share('mira')
  const rows = await selectRows<{ line: string }>(
    world.orm.em.fork(),
    sql`select to_jsonb(s)::text as line from report_share s union all select coalesce(after, '{}')::text from audit_entry
      union all select coalesce(body, '{}')::text from idempotency_key`,
  )
  assert.ok(rows.every(({ line }) => !line.includes(token)))
  const [kept] = await selectRows<{ hash: string }>(
    world.orm.em.fork(),
    sql`select token_hash as hash from report_share where id = ${id}`,
  )
  assert.equal(kept!.hash, createHash('sha256').update(token).digest('hex'))
})

test('a report is made for who shares it: a manager’s link holds the manager’s deals', async () => {
  const [mira, eva] = [await share('mira', { format: 'xlsx' }), await share('eva', { format: 'xlsx' })]
  const of = async ({ id }: { id: number }) =>
    (
      await selectRows<{ sentence: string; size: number }>(
        world.orm.em.fork(),
        sql`select s.sentence, length(f.content) as size from report_share s join report_file f on f.id = s.file_id where s.id = ${id}`,
      )
    )[0]!
  assert.ok((await of(mira)).size < (await of(eva)).size, 'fewer deals make a smaller workbook')
})

test('a pack is shared as several pages, with the picture of the cohort that it is of', async () => {
  const { path } = await share('eva', { format: 'pack', query: { basis: 'snapshot' } })
  const page = await server.stranger.get(path)
  assert.match(page.text, /<h1>Отчёт для руководства /)
  assert.match((await server.stranger.get(`${path}/file`)).headers.get('content-disposition')!, /\.pdf"/)
})

test('a link shows what was, whatever happens to the deals afterwards', async () => {
  const { path } = await share('eva', { format: 'png' })
  const before = (await server.stranger.get(`${path}/file`)).text
  await world.newDeal('eva', { title: 'Потом' })
  assert.equal((await server.stranger.get(`${path}/file`)).text, before)
})

test('a link that has expired, was revoked, or whose maker has left is gone; one that never was is not there', async () => {
  const expiring = await share('eva', { expiresInDays: 1 })
  const revoked = await share('eva')
  const leaving = await share('nina')
  const client = await server.login('eva')
  assert.equal((await client.request('DELETE', `/api/reports/shares/${revoked.id}`)).status, 204)
  await (await server.login('ada')).request('PATCH', `/api/employees/${world.people.nina.id}`, {
    body: { active: false },
    version: 1,
  })
  world.clock.advance({ days: 1 })
  for (const { path } of [expiring, revoked, leaving])
    for (const address of [path, `${path}/file`, `${path}/picture`]) {
      const answer = await server.stranger.get(address)
      assert.equal(answer.status, 410, address)
      assert.match(answer.text, /Ссылка больше не действует|This link is no longer good/)
    }
  const unknown = await server.stranger.get(`/shared/${'x'.repeat(43)}`)
  assert.equal(unknown.status, 404)
  assert.match(unknown.headers.get('x-robots-tag')!, /noindex/)
})

test('one sees one’s own links and revokes them; the administrator all of them, nobody else another’s', async () => {
  const { id } = await share('max')
  const [max, mira, ada] = [await server.login('max'), await server.login('mira'), await server.login('ada')]
  const listed = (await max.get('/api/reports/shares')).body.items
  assert.deepEqual(
    listed.map((item: { id: number; state: string; owner: { name: string } }) => [item.id, item.state, item.owner.name]),
    [[id, 'open', 'Макс Центр']],
  )
  assert.equal((await mira.request('DELETE', `/api/reports/shares/${id}`)).status, 404)
  assert.equal((await mira.get('/api/reports/shares?all=1')).status, 403)
  assert.ok((await ada.get('/api/reports/shares?all=1')).body.items.some((item: { id: number }) => item.id === id))
  assert.equal((await ada.request('DELETE', `/api/reports/shares/${id}`)).status, 204)
  assert.equal((await max.get('/api/reports/shares')).body.items[0].state, 'revoked')
})

test('making and revoking a link stand in the audit; opening it is counted', async () => {
  const { id, path } = await share('eva')
  await server.stranger.get(path)
  await server.stranger.get(path)
  const client = await server.login('eva')
  await client.request('DELETE', `/api/reports/shares/${id}`)
  const rows = await selectRows<{ action: string; actor: number }>(
    world.orm.em.fork(),
    sql`select action, actor_id as actor from audit_entry where entity = 'report_share' and entity_id = ${String(id)} order by id`,
  )
  assert.deepEqual(rows, [
    { action: 'insert', actor: world.people.eva.id },
    { action: 'update', actor: world.people.eva.id },
  ])
  const [mine] = (await client.get('/api/reports/shares')).body.items
  assert.deepEqual([mine.opened, mine.openedAt !== null], [2, true])
})

test('nothing failed', () => assert.deepEqual(server.failures, []))

test('who tries out links is told to wait', async () => {
  let last = 404
  for (let attempt = 0; attempt < 40 && last === 404; attempt++)
    last = (await server.stranger.get(`/shared/${String(attempt).padStart(43, 'a')}`)).status
  assert.equal(last, 429)
})

test('a question that is none is refused, and nothing is kept', async () => {
  const client = await server.login('eva')
  for (const change of [
    { format: 'docx' },
    { expiresInDays: 0 },
    { expiresInDays: 400 },
    { query: { layer: 'new' } },
    { query: { type: 'none' } },
  ]) {
    const { status } = await client.request('POST', '/api/reports/share', { body: { ...asked, ...change } })
    assert.ok(status === 400 || status === 404, `${JSON.stringify(change)}: ${status}`)
  }
})
