import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { selectRows, sql } from '../../db/sql.ts'
import { type Answer, type Client, startServer, type TestServer } from '../support/server.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let server: TestServer
before(async () => {
  world = await createWorld({ deals: true })
  server = await startServer(world)
})

const upload = (client: Client, name: string, raw: string, type = 'application/octet-stream'): Promise<Answer> =>
  client.request('POST', `/api/files?name=${encodeURIComponent(name)}&mediaType=text/html`, {
    raw,
    headers: { 'content-type': type },
  })

test('a stored file comes back byte for byte, as a download that no browser runs', async () => {
  const mira = await server.login('mira')
  const { status, body } = await upload(mira, '../../Договор № 5.html', '<script>alert(1)</script>')
  assert.deepEqual([status, body.name, body.sizeBytes], [201, 'Договор № 5.html', 25])
  const answer = await mira.get(`/api/files/${body.id}`)
  assert.equal(answer.text, '<script>alert(1)</script>')
  assert.match(answer.headers.get('content-disposition') ?? '', /^attachment; .*filename\*=UTF-8''%D0%94/)
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
})

test('a file exists for its uploader, and for others once a deal that they see carries it', async () => {
  const [mira, carl, sara] = [await server.login('mira'), await server.login('carl'), await server.login('sara')]
  const { body: file } = await upload(mira, 'a.txt', 'слово')
  const seen = async () => [(await carl.get(`/api/files/${file.id}`)).status, (await sara.get(`/api/files/${file.id}`)).status]
  assert.deepEqual(await seen(), [404, 404])
  const em = world.orm.em.fork()
  await selectRows(
    em,
    sql`insert into custom_field (deal_type_id, code, name_ru, name_en, kind) select type_id, 'scan', 'Скан', 'Scan', 'file' from deal where number = ${world.deals.mira}`,
  )
  await selectRows(
    em,
    sql`update deal set fields = jsonb_build_object('scan', ${String(file.id)}::text) where number = ${world.deals.mira}`,
  )
  assert.deepEqual(await seen(), [200, 404])
})

test('an empty file, one too large and one sent as something else are refused, and nothing is kept', async () => {
  const mira = await server.login('mira')
  const count = async () => (await selectRows(world.orm.em.fork(), sql`select id from stored_file`)).length
  const before = await count()
  assert.equal((await upload(mira, 'a.txt', '')).status, 400)
  assert.equal((await upload(mira, 'a.txt', 'x'.repeat(20 * 1024 * 1024 + 1))).status, 413)
  assert.equal((await upload(mira, 'a.txt', 'x', 'text/html')).status, 415)
  assert.equal(await count(), before)
})
