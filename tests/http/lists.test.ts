import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { createCounterparty } from '../../api/usecases/counterparties.ts'
import { encodeCursor } from '../../api/usecases/cursor.ts'
import { setParticipants } from '../../api/usecases/deals/reassign-deal.ts'
import { type Client, startServer, type TestServer } from '../support/server.ts'
import { createWorld, type World } from '../support/world.ts'

const count = 23
const sorts = ['recent', 'created', 'amount', 'waiting', 'number'] as const
let world: World
let server: TestServer
let manager: Client
before(async () => {
  world = await createWorld()
  // Many equal amounts and instants: an order by them alone would not be total.
  for (let index = 0; index < count; index++) {
    const card = await world.newDeal('mira', { amountMinor: (index % 3) * 100, title: `Дело ${index}` })
    if (index % 5 === 0) world.clock.advance({ ms: 1 })
    if (index % 7 === 0) await setParticipants(world.as('carl'), { ...card.deal, employeeIds: [world.people.max.id] })
  }
  for (let index = 0; index < 7; index++)
    await createCounterparty(world.as('mira'), { name: `Клиент ${index}`, phone: null, email: null })
  world.clock.advance({ minutes: 1 })
  server = await startServer(world)
  manager = await server.login('mira')
})

type Row = { readonly number?: number; readonly id?: number }
async function readAll(client: Client, path: string, limit: number): Promise<{ rows: Row[]; total: number; pages: number }> {
  const rows: Row[] = []
  let [cursor, total, pages]: [string | null, number, number] = [null, 0, 0]
  do {
    const at: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const { status, body } = await client.get(`${path}${path.includes('?') ? '&' : '?'}limit=${limit}${at}`)
    assert.equal(status, 200, JSON.stringify(body))
    assert.ok(body.items.length <= limit)
    rows.push(...body.items)
    cursor = body.nextCursor
    total = body.total
    pages++
  } while (cursor !== null && pages < 50)
  return { rows, total, pages }
}

for (const sort of sorts) {
  for (const path of [`/api/deals?sort=${sort}`, `/api/funnel/deals?layer=new&sort=${sort}`]) {
    test(`${path} gives every deal once, whatever the size of a page`, async () => {
      const whole = await readAll(manager, path, 200)
      assert.deepEqual([whole.rows.length, whole.total, whole.pages], [count, count, 1])
      for (const limit of [1, 4, count, count + 1]) {
        const paged = await readAll(manager, path, limit)
        assert.deepEqual(
          paged.rows.map((row) => row.number),
          whole.rows.map((row) => row.number),
        )
      }
    })
  }
}

test('each order is the one that its name says', async () => {
  const rowsBy = async (sort: string) => (await manager.get(`/api/deals?sort=${sort}&limit=200`)).body.items
  const descends = (values: (string | number)[]) => values.every((value, index) => index === 0 || values[index - 1]! >= value)
  assert.ok(descends((await rowsBy('created')).map((row: { createdAt: string }) => row.createdAt)))
  assert.ok(descends((await rowsBy('number')).map((row: { number: number }) => row.number)))
  assert.ok(descends((await rowsBy('amount')).map((row: { amount: { amountMinor: number } }) => row.amount.amountMinor)))
  assert.ok(descends((await rowsBy('waiting')).map((row: { statusSince: string }) => row.statusSince).reverse()))
})

for (const [name, path] of [
  ['ada', '/api/employees'],
  ['mira', '/api/counterparties'],
  ['ada', '/api/audit'],
] as const) {
  test(`${path} gives every row once`, async () => {
    const client = await server.login(name)
    const whole = await readAll(client, path, 200)
    const paged = await readAll(client, path, path === '/api/audit' ? 20 : 3)
    assert.deepEqual(
      paged.rows.map((row) => row.id),
      whole.rows.map((row) => row.id),
    )
    assert.equal(new Set(paged.rows.map((row) => row.id)).size, paged.total)
  })
}

test('a deal entered while one pages neither repeats a row nor drops one', async () => {
  const first = (await manager.get('/api/deals?sort=number&limit=10')).body
  await world.newDeal('mira', { title: 'Посреди' })
  const rest = await manager.get(`/api/deals?sort=number&limit=200&cursor=${first.nextCursor}`)
  const numbers = [...first.items, ...rest.body.items].map((row: { number: number }) => row.number)
  assert.deepEqual([numbers.length, new Set(numbers).size], [count, count])
})

test('a cursor of another order, of another list or made up is refused', async () => {
  const cursorOf = async (path: string) => (await manager.get(`${path}limit=2`)).body.nextCursor as string
  const byAmount = await cursorOf('/api/deals?sort=amount&')
  const byTime = await cursorOf('/api/deals?sort=recent&')
  const ofClients = await cursorOf('/api/counterparties?')
  const made = (order: string, value: string, id = 1) => encodeCursor({ order, value, id })!
  for (const [sort, cursor] of [
    ['recent', byAmount],
    ['amount', byTime],
    ['number', byAmount],
    ['created', byTime],
    ['recent', ofClients],
    ['recent', 'nonsense'],
    ['recent', made('recent', '123')],
    ['recent', made('recent', '2026-02-31 00:00:00+00')],
    ['recent', made('recent', "' or 1=1")],
    ['amount', made('amount', '9'.repeat(30))],
    ['amount', made('amount', '1', 1e300)],
    ['amount', Buffer.from('{"0":"amount","1":"1","2":1}').toString('base64url')],
  ] as const) {
    const { status } = await manager.get(`/api/deals?sort=${sort}&cursor=${encodeURIComponent(cursor)}`)
    assert.equal(status, 400, `${sort} ${cursor}`)
  }
  assert.equal((await manager.get(`/api/counterparties?cursor=${byAmount}`)).status, 400)
  assert.equal((await manager.get(`/api/counterparties?cursor=${made('id', '0', 9e15)}`)).status, 200)
  assert.equal((await manager.get(`/api/employees?cursor=${made('id', '0', 9e15)}`)).status, 200)
})

test('filters narrow the list together, and total and sum follow', async () => {
  const { body } = await manager.get(
    '/api/deals?type=product_sale&status=new&open=1&mine=1&q=%D0%B4%D0%B5%D0%BB%D0%BE%201&limit=5',
  )
  assert.equal(body.total, 11)
  assert.equal((await manager.get('/api/deals?type=service')).body.total, 0)
  assert.equal((await manager.get('/api/deals?status=lost')).body.total, 0)
  assert.equal((await manager.get('/api/deals?type=nonsense')).status, 404)
  assert.equal((await manager.get('/api/deals?to=2026-11-20')).body.total, 0)
  assert.equal((await manager.get('/api/deals?from=2026-11-20&to=2026-11-21')).body.total, count + 1)
})

test('nothing of all this was a failure of the server', () => {
  assert.deepEqual(server.failures, [])
})
