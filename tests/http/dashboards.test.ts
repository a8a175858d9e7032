import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { selectRows, sql } from '../../db/sql.ts'
import { CreateDashboard } from '../../shared/schemas/dashboards.ts'
import type { DashboardView } from '../../shared/views/dashboards.ts'
import type { CohortFunnelView } from '../../shared/views/funnel.ts'
import { type Client, startServer, type TestServer } from '../support/server.ts'
import { clients, createWorld, type World } from '../support/world.ts'

/** Dashboards: pinned questions, shared by link; the answers are each reader's own. */
let world: World
let server: TestServer
before(async () => {
  world = await createWorld({ deals: true })
  server = await startServer(world)
})

const card = (id: string, more: object = {}) => ({ id, kind: 'funnel', title: '', size: 'small', words: {}, ...more })
async function make(client: Client, cards: readonly object[] = [card('a')]): Promise<DashboardView> {
  const { status, body } = await client.request('POST', '/api/dashboards', { body: { name: 'Утро', cards } })
  assert.equal(status, 201, JSON.stringify(body))
  return body
}
const at = ({ id }: DashboardView) => `/api/dashboards/${id}`

for (const [what, given, isGood] of [
  ['a named period', card('a', { words: { period: 'last90' } }), true],
  ['days', card('a', { words: { from: '2026-01-01', to: '2026-02-01' } }), true],
  ['slices, tags and a field', card('a', { words: { type: 'service', employee: '3,4', tag: 'a', 'field.city': 'Омск' } }), true],
  ['a day for a snapshot', card('a', { words: { basis: 'snapshot', asOf: '2026-03-01' } }), true],
  ['a past moment', card('a', { words: { asOf: '2026-03-01T09:30' } }), true],
  ['a day that never was', card('a', { words: { asOf: '2026-02-30' } }), false],
  ['a figure of a layer', card('a', { kind: 'number', layer: 'new', part: 'open' }), true],
  ['a figure of a chapter', card('a', { kind: 'deals', chapter: 'sale', part: 'lost' }), true],
  ['a figure of a layer and a chapter', card('a', { kind: 'number', layer: 'new', chapter: 'sale' }), false],
  ['a figure of a chapter that there is not', card('a', { kind: 'number', chapter: 'aftermath' }), false],
  ['a split', card('a', { kind: 'split', layer: 'new', split: 'department' }), true],
  ['a comparison', card('a', { kind: 'comparison', words: { against: 'other', otherDepartment: '2', of: 'amount' } }), true],
  ['a comparison with what is none', card('a', { kind: 'comparison', words: { against: 'tomorrow' } }), false],
  ['a funnel with the words of a comparison', card('a', { words: { against: 'year' } }), false],
  ['a word that is none of a question', card('a', { words: { colour: 'red' } }), false],
  ['a value that cannot be asked', card('a', { words: { basis: 'guess' } }), false],
  ['an employee by name', card('a', { words: { employee: 'mira' } }), false],
  ['a figure of nothing', card('a', { kind: 'number' }), false],
  ['a kind that is not known', card('a', { kind: 'pie' }), false],
  ['a size that is not known', card('a', { size: 'huge' }), false],
] as const)
  test(`a card of ${what} is ${isGood ? 'kept' : 'refused'}`, () => {
    assert.equal(CreateDashboard.safeParse({ name: 'Панель', cards: [given] }).success, isGood)
  })

test('two cards of one id and more cards than anybody looks at are refused', () => {
  assert.equal(CreateDashboard.safeParse({ name: 'П', cards: [card('a'), card('a')] }).success, false)
  const many = Array.from({ length: 41 }, (_, index) => card(`c${index}`))
  assert.equal(CreateDashboard.safeParse({ name: 'П', cards: many }).success, false)
  assert.equal(CreateDashboard.safeParse({ name: 'П', cards: many.slice(1) }).success, true)
})

test('what is pinned comes back as it was, in its order, and only its owner sees it', async () => {
  const eva = await server.login('eva')
  const cards = [card('b', { words: { period: 'quarter' }, title: 'Квартал' }), card('a', { kind: 'trend', size: 'full' })]
  const board = await make(eva, cards)
  const { body, headers } = await eva.get(at(board))
  assert.deepEqual(body.cards, cards)
  assert.equal(headers.get('etag'), '"1"')
  assert.deepEqual([body.mine, body.shared, body.isStart], [true, false, false])
  for (const other of ['ada', 'carl', 'mira'] as const) {
    const client = await server.login(other)
    assert.equal((await client.get(at(board))).status, 404, other)
    const listed: DashboardView[] = (await client.get('/api/dashboards')).body.items
    assert.equal(
      listed.some(({ id }) => id === board.id),
      false,
    )
  }
})

test('a shared dashboard shows a manager the same questions, and only his own deals', async () => {
  const [eva, mira] = [await server.login('eva'), await server.login('mira')]
  const board = await make(eva, [card('a', { words: { period: 'all' } })])
  assert.equal((await eva.request('PATCH', at(board), { body: { shared: true }, version: board.version })).status, 200)
  const seen: DashboardView = (await mira.get(at(board))).body
  assert.deepEqual([seen.mine, seen.owner.name, seen.cards], [false, world.people.eva.name, board.cards])
  assert.equal(JSON.stringify(seen).includes('reached'), false)
  const figures: CohortFunnelView[] = []
  for (const client of [eva, mira]) figures.push((await client.get('/api/funnel?from=2000-01-01')).body)
  const [all, own] = figures.map(({ totals }) => totals.deals)
  const visible = (await mira.get('/api/deals?limit=1')).body.total
  assert.ok(own! > 0 && own! < all!, `${own} of ${all}`)
  assert.ok(own! <= visible)
  assert.equal((await mira.request('PATCH', at(board), { body: { name: 'Моя' }, version: seen.version })).status, 403)
  assert.equal((await mira.request('DELETE', at(board), { version: seen.version })).status, 403)
  const shared = (await eva.get(at(board))).body
  await eva.request('PATCH', at(board), { body: { shared: false }, version: shared.version })
  assert.equal((await mira.get(at(board))).status, 404)
})

test('what a card is cut by is named to whoever may see it, in his language; what is gone takes no dashboard with it', async () => {
  const [eva, mira] = [await server.login('eva'), await server.login('mira')]
  const client = (await eva.get('/api/counterparties')).body.items.find(({ id }: { id: number }) => id === clients.hidden)
  const words = { type: 'service', counterparty: String(clients.hidden), employee: String(world.people.mira.id) }
  const board = await make(eva, [card('a', { words }), card('b', { words: { type: 'no-such-type' } }), card('c')])
  assert.equal(board.names['a']!.includes(client.name), true)
  assert.deepEqual([board.names['b'], board.names['c']], [[], []])
  await eva.request('PATCH', at(board), { body: { shared: true }, version: board.version })
  const seen: DashboardView = (await mira.get(at(board))).body
  assert.equal(seen.names['a']!.includes(world.people.mira.name), true)
  const { names } = (await (await server.login('finn')).get(at(board))).body as DashboardView
  assert.deepEqual([names['a']!.includes(client.name), names['a']!.includes(world.people.mira.name)], [false, true])
})

test('of two who change one dashboard, one wins and the other is told', async () => {
  const [phone, office] = [await server.login('eva'), await server.loginAgain('eva')]
  const board = await make(phone)
  const change = (client: Client, name: string) => client.request('PATCH', at(board), { body: { name }, version: board.version })
  const answers = await Promise.all([change(phone, 'С телефона'), change(office, 'Из офиса')])
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 412])
  const stale = answers.find(({ status }) => status === 412)!
  assert.equal(stale.body.error.code, 'version_stale')
  const won = answers.find(({ status }) => status === 200)!
  assert.equal((await phone.get(at(board))).body.name, won.body.name)
  assert.equal((await phone.request('PATCH', at(board), { body: { name: 'Ещё' } })).status, 428)
})

test('a copy is one’s own: changing it leaves the original as it was', async () => {
  const [eva, mira] = [await server.login('eva'), await server.login('mira')]
  const board = await make(eva)
  assert.equal((await mira.request('POST', `${at(board)}/copies`, { body: {} })).status, 404)
  await eva.request('PATCH', at(board), { body: { shared: true }, version: board.version })
  const { status, body: copy } = await mira.request('POST', `${at(board)}/copies`, { body: {} })
  assert.equal(status, 201)
  assert.deepEqual([copy.mine, copy.name, copy.shared, copy.cards], [true, board.name, false, board.cards])
  assert.equal((await mira.request('PATCH', at(copy), { body: { cards: [] }, version: copy.version })).status, 200)
  assert.deepEqual((await eva.get(at(board))).body.cards, board.cards)
})

test('who begins with a dashboard is told so by his session, until it is taken away or shared no more', async () => {
  const [eva, max] = [await server.login('eva'), await server.login('max')]
  const board = await make(eva)
  const choose = (client: Client, dashboardId: string | null) =>
    client.request('PUT', '/api/session/start-page', { body: { dashboardId } })
  const startOf = async (client: Client) => (await client.get('/api/session')).body.startBoard
  assert.equal((await choose(max, board.id)).status, 404)
  assert.equal((await choose(eva, board.id)).status, 204)
  assert.deepEqual(await startOf(eva), { id: board.id, name: board.name })
  const { body: shared } = await eva.request('PATCH', at(board), { body: { shared: true }, version: board.version })
  assert.equal((await choose(max, board.id)).status, 204)
  assert.equal((await max.get('/api/dashboards')).body.items.at(-1).id, board.id)
  const { body: closed } = await eva.request('PATCH', at(board), { body: { shared: false }, version: shared.version })
  assert.equal(await startOf(max), null)
  assert.deepEqual(await startOf(eva), { id: board.id, name: board.name })
  assert.equal((await eva.request('DELETE', at(board), { version: closed.version })).status, 204)
  assert.equal(await startOf(eva), null)
  const other = await make(eva)
  await choose(eva, other.id)
  assert.equal((await choose(eva, null)).status, 204)
  assert.equal(await startOf(eva), null)
})

test('what is done to a dashboard stands in the audit, with who did it', async () => {
  const eva = await server.login('eva')
  const board = await make(eva)
  await eva.request('PATCH', at(board), { body: { shared: true }, version: board.version })
  const rows = await selectRows<{ action: string; actorId: number }>(
    world.orm.em.fork(),
    sql`select action, actor_id as "actorId" from audit_entry where entity = 'dashboard' and entity_id = ${board.id} order by id`,
  )
  assert.deepEqual(
    rows.map(({ action, actorId }) => [action, actorId]),
    [
      ['insert', world.people.eva.id],
      ['update', world.people.eva.id],
    ],
  )
})

test('nothing of all this was a failure of the server', () => {
  assert.deepEqual(server.failures, [])
})
