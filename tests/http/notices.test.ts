import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { NoticeSettingsView } from '../../shared/views/notices.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { createWorld } from '../support/world.ts'

/** What one is told of in Telegram, over HTTP: each caller's own. */
let server: TestServer
before(async () => {
  server = await startServer(await createWorld({}))
})

const path = '/api/telegram/notices'
const onOf = ({ topics }: NoticeSettingsView, topic: string) => topics.find((one) => one.topic === topic)?.on

test('everything is on but what asks nothing, and nothing is quiet, until the caller says otherwise', async () => {
  const mira = await server.login('mira')
  const answer = await mira.get(path)
  const body: NoticeSettingsView = answer.body
  assert.equal(answer.status, 200)
  assert.deepEqual(
    body.topics.filter(({ on }) => !on).map(({ topic }) => topic),
    ['moved'],
  )
  assert.deepEqual([body.quiet, body.timeZone], [null, 'Europe/Moscow'])
})

test('what is named is changed, the rest stays; another’s settings are not touched', async () => {
  const mira = await server.login('mira')
  await mira.request('PATCH', path, { body: { topics: { comment: false } } })
  await mira.request('PATCH', path, { body: { quiet: { from: '20:00', to: '08:00' } } })
  const { body } = await mira.request('PATCH', path, { body: { topics: { moved: true } } })
  assert.deepEqual([onOf(body, 'comment'), onOf(body, 'moved'), onOf(body, 'task')], [false, true, true])
  assert.deepEqual(body.quiet, { from: '20:00', to: '08:00' })
  const cleared = await mira.request('PATCH', path, { body: { quiet: null } })
  assert.equal(cleared.body.quiet, null)
  const eva = await (await server.login('eva')).get(path)
  assert.deepEqual([onOf(eva.body, 'comment'), eva.body.quiet], [true, null])
})

for (const [what, body] of [
  ['a topic that there is not', { topics: { weather: true } }],
  ['a topic that is neither on nor off', { topics: { task: 'yes' } }],
  ['hours that are none', { quiet: { from: '25:00', to: '08:00' } }],
  ['hours without an end', { quiet: { from: '20:00' } }],
  ['hours that end as they begin', { quiet: { from: '20:00', to: '20:00' } }],
  ['somebody else', { employeeId: 1, topics: {} }],
] as const)
  test(`${what} is refused`, async () => {
    assert.equal((await (await server.login('mira')).request('PATCH', path, { body })).status, 400)
  })
