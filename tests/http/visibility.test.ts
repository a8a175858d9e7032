import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { selectRows, sql } from '../../db/sql.ts'
import { type Client, startServer, type TestServer } from '../support/server.ts'
import { clients, createWorld, type DealName, type Name, type World } from '../support/world.ts'

/** What each person sees, by every door that could tell of a deal. Nothing else may show anywhere. */
const sees: Readonly<Partial<Record<Name, readonly DealName[]>>> = {
  ada: ['mira', 'max', 'sara', 'shared', 'nina', 'hedda', 'carl', 'hugo', 'finn', 'eva', 'ada'],
  eva: ['mira', 'max', 'sara', 'shared', 'nina', 'hedda', 'carl', 'hugo', 'finn', 'eva', 'ada'],
  hugo: ['mira', 'max', 'sara', 'shared', 'nina', 'carl', 'hugo'],
  carl: ['mira', 'max', 'shared', 'nina', 'carl'],
  mira: ['mira', 'shared'],
  sara: ['sara', 'shared'],
  finn: ['shared', 'finn'],
  hedda: ['hedda', 'finn', 'eva', 'ada'],
}
const watchers = Object.entries(sees) as [Name, readonly DealName[]][]
const amounts: Readonly<Record<DealName, number>> = {
  mira: 10_000_000,
  max: 20_000_000,
  sara: 30_000_000,
  shared: 40_000_000,
  nina: 50_000_000,
  hedda: 60_000_000,
  carl: 70_000_000,
  hugo: 80_000_000,
  finn: 90_000_000,
  eva: 11_000_000,
  ada: 12_000_000,
}
const sumOf = (deals: readonly DealName[]) => deals.reduce((sum, deal) => sum + amounts[deal], 0)
const titlesOf = (deals: readonly DealName[]) => deals.map((deal) => `Дело ${deal}`).sort()

let world: World
let server: TestServer
before(async () => {
  world = await createWorld({ deals: true })
  world.clock.advance({ days: 8 })
  server = await startServer(world)
})

for (const [name, deals] of watchers) {
  test(`${name} finds exactly his deals in the list, its total and its sum`, async () => {
    const { body } = await (await server.login(name)).get('/api/deals?limit=200')
    assert.deepEqual(body.items.map((deal: { title: string }) => deal.title).sort(), titlesOf(deals))
    assert.deepEqual([body.total, body.amountMinor], [deals.length, sumOf(deals)])
  })

  test(`${name} finds by search, number and client only what he sees`, async () => {
    const client = await server.login(name)
    for (const deal of Object.keys(amounts) as DealName[]) {
      const found = deals.includes(deal) ? 1 : 0
      const byTitle = await client.get(`/api/deals?q=${encodeURIComponent(`дело ${deal}`)}`)
      const byNumber = await client.get(`/api/deals?q=${world.deals[deal]}`)
      assert.deepEqual([byTitle.body.total, byNumber.body.total, byNumber.body.items.length], [found, found, found], deal)
    }
    const byClient = await client.get(`/api/deals?q=${encodeURIComponent('тайна')}`)
    assert.equal(byClient.body.total, deals.includes('hedda') ? 1 : 0)
    const bySlice = await client.get(`/api/deals?counterparty=${clients.hidden}`)
    assert.equal(bySlice.body.total, deals.includes('hedda') ? 1 : 0)
  })

  test(`${name} is shown the funnel of his deals only, by cohort and by snapshot`, async () => {
    const client = await server.login(name)
    const cohort = (await client.get('/api/funnel')).body
    assert.deepEqual([cohort.totals.deals, cohort.totals.amountMinor], [deals.length, sumOf(deals)])
    const snapshot = (await client.get('/api/funnel?basis=snapshot')).body
    assert.deepEqual([snapshot.totals.deals, snapshot.totals.amountMinor], [deals.length, sumOf(deals)])
    for (const basis of ['cohort', 'snapshot']) {
      const { body } = await client.get(`/api/funnel/deals?basis=${basis}&layer=new`)
      assert.deepEqual(body.items.map((deal: { title: string }) => deal.title).sort(), titlesOf(deals))
    }
  })

  test(`${name} meets no foreign name in a split, a slice or a chart`, async () => {
    const client = await server.login(name)
    for (const by of ['employee', 'department', 'counterparty', 'type']) {
      const { body } = await client.get(`/api/funnel/split?layer=new&split=${by}`)
      const reached = body.rows.reduce((sum: number, row: { figures: { reached: number } }) => sum + row.figures.reached, 0)
      assert.equal(reached, deals.length, by)
      if (by !== 'employee') continue
      const owners = new Set(deals.map((deal) => world.people[deal === 'shared' ? 'sara' : deal].name))
      assert.deepEqual(new Set(body.rows.map((row: { name: string }) => row.name)), owners)
    }
    const trend = (await client.get('/api/funnel/trend')).body.weeks
    assert.equal(
      trend.reduce((sum: number, week: { created: number }) => sum + week.created, 0),
      deals.length,
    )
    const activity = (await client.get('/api/funnel/activity')).body.days
    const done = activity.reduce((sum: number, day: { actions: number }) => sum + day.actions, 0)
    assert.equal(done, deals.length + (deals.includes('shared') ? 1 : 0))
  })
}

test('field staff meet a client of hidden deals nowhere: not in lists, cards, counts or the heading of a slice', async () => {
  const field = await server.login('finn')
  const list = await field.get('/api/counterparties')
  assert.deepEqual(
    list.body.items.map((item: { name: string }) => item.name),
    ['ООО «Альфа»', 'ООО «Бета»'],
  )
  assert.equal((await field.get(`/api/counterparties?q=${encodeURIComponent('тайна')}`)).body.total, 0)
  assert.equal((await field.get(`/api/counterparties/${clients.hidden}`)).status, 404)
  for (const basis of ['cohort', 'snapshot'])
    assert.doesNotMatch((await field.get(`/api/funnel?basis=${basis}&counterparty=${clients.hidden}`)).text, /Тайна/)
  assert.match((await (await server.login('mira')).get(`/api/funnel?counterparty=${clients.hidden}`)).text, /Тайна/)
})

test('a client’s number of deals counts those that the reader sees', async () => {
  const countFor = async (name: Name) =>
    (await (await server.login(name)).get(`/api/counterparties/${clients.alpha}`)).body.dealCount
  assert.deepEqual([await countFor('ada'), await countFor('carl'), await countFor('mira'), await countFor('finn')], [3, 2, 1, 1])
})

test('a sliced funnel of foreign deals is empty, not refused', async () => {
  const manager = await server.login('mira')
  const { body } = await manager.get(`/api/funnel?employee=${world.people.hedda.id}`)
  assert.equal(body.totals.deals, 0)
})

test('the history of a deal is told to those who see it alone', async () => {
  assert.equal((await (await server.login('carl')).get(`/api/deals/${world.deals.nina}/history`)).status, 200)
  assert.equal((await (await server.login('mira')).get(`/api/deals/${world.deals.nina}/history`)).status, 404)
})

test('another’s Idempotency-Key replays nothing', async () => {
  const body = { title: 'Тайный замысел', type: 'service', amount: { amountMinor: 1, currency: 'RUB' } }
  const ask = (client: Client, title = body.title) =>
    client.request('POST', '/api/deals', { body: { ...body, title }, headers: { 'idempotency-key': 'same-key' } })
  const first = await ask(await server.login('sara'))
  const second = await ask(await server.login('max'))
  assert.deepEqual([first.status, second.status], [201, 201])
  assert.notEqual(first.body.number, second.body.number)
  assert.equal(second.headers.get('idempotency-replayed'), null)
  assert.equal((await ask(await server.login('hedda'), 'Другое')).status, 201)
})

test('a key that is taken is refused without a word of the row that has it', async () => {
  const admin = await server.login('ada')
  const body = { login: 'hedda', name: 'Двойник', role: 'field', departmentId: 1 }
  const { status, text } = await admin.request('POST', '/api/employees', { body })
  assert.equal(status, 409)
  assert.doesNotMatch(text, /Хедда|Key \(/)
})

/** Reads a stream of events until `until` says enough or the stream ends. */
async function listen(client: Client, url: string) {
  const abort = new AbortController()
  const response = await fetch(`${url}/api/events`, { headers: { cookie: client.cookie }, signal: abort.signal })
  assert.equal(response.status, 200)
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/)
  const heard: { text: string; ended: boolean } = { text: '', ended: false }
  const reading = (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of response.body!) heard.text += decoder.decode(chunk, { stream: true })
    heard.ended = true
  })().catch(() => {})
  const numbers = () => [...heard.text.matchAll(/event: deal\ndata: (.*)/g)].map(([, data]) => JSON.parse(data!).number as number)
  const close = async () => {
    abort.abort()
    await reading
  }
  return { heard, numbers, close }
}

async function eventually(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !holds(); tries++) await new Promise((done) => setTimeout(done, 20))
  assert.ok(holds())
}

test('events name only deals that the listener sees, and stop when his login ends', async () => {
  const manager = await server.loginAgain('mira')
  const admin = await server.login('ada')
  const [hers, all] = [await listen(manager, server.url), await listen(admin, server.url)]
  await eventually(() => hers.heard.text.includes('hello') && all.heard.text.includes('hello'))
  const say = (deal: DealName) => admin.request('POST', `/api/deals/${world.deals[deal]}/comments`, { body: { text: 'слово' } })
  await say('hedda')
  await say('max')
  await say('mira')
  await eventually(() => hers.numbers().length > 0 && all.numbers().length === 3)
  assert.deepEqual(all.numbers(), [world.deals.hedda, world.deals.max, world.deals.mira])
  assert.deepEqual(hers.numbers(), [world.deals.mira])
  await manager.request('DELETE', '/api/session')
  await say('mira')
  await eventually(() => hers.heard.ended)
  assert.deepEqual(hers.numbers(), [world.deals.mira])
  await hers.close()
  await all.close()
})

test('events go on after the database dropped the connection that they come by', async () => {
  const admin = await server.login('ada')
  const heard = await listen(admin, server.url)
  const feeds = () =>
    selectRows<{ pid: number }>(
      world.orm.em.fork(),
      sql`select pid from pg_stat_activity where datname = current_database() and query = 'listen deal_changed'`,
    )
  const [feed] = await feeds()
  await selectRows(world.orm.em.fork(), sql`select pg_terminate_backend(${feed!.pid})`)
  let again = false
  for (let tries = 0; tries < 100 && !again; tries++) {
    await new Promise((done) => setTimeout(done, 100))
    again = (await feeds()).some(({ pid }) => pid !== feed!.pid)
  }
  await admin.request('POST', `/api/deals/${world.deals.max}/comments`, { body: { text: 'снова' } })
  await eventually(() => heard.numbers().length > 0)
  assert.deepEqual(heard.numbers(), [world.deals.max])
  assert.equal((await feeds()).length, 1)
  await heard.close()
})

test('a stranger hears no events', async () => {
  assert.equal((await server.stranger.get('/api/events')).status, 401)
})

test('nothing of all this was a failure of the server', () => {
  assert.deepEqual(server.failures, [])
})
