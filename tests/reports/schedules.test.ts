import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { deliverNext, type Letter } from '../../api/usecases/reports/deliver-reports.ts'
import { fireSchedules } from '../../api/usecases/reports/fire-schedules.ts'
import { forgetReports } from '../../api/usecases/reports/forget-reports.ts'
import { linkAccount } from '../../api/usecases/telegram.ts'
import { renderFile } from '../../bot/stored-report.ts'
import { selectRows, sql } from '../../db/sql.ts'
import type { DeliveryView, ScheduleView } from '../../shared/views/reports.ts'
import { type Client, startServer, type TestServer } from '../support/server.ts'
import { createWorld, type Name, type World } from '../support/world.ts'

/** A report by schedule: one order for each moment, whoever notices it, with the figures its owner may see. */
let world: World
let server: TestServer
const letters: Letter[] = []
before(async () => {
  world = await createWorld({ deals: true })
  server = await startServer(world, { mailFrom: 'crm@example.com' })
  await linkAccount(
    { em: world.orm.em.fork(), now: world.clock.now() },
    { employeeId: world.people.carl.id, telegramUserId: 77, chatId: 77, username: null },
  )
})

const em = () => world.orm.em.fork()
const fire = () => fireSchedules(em(), world.clock.now())
async function deliverAll(): Promise<void> {
  const sendLetter = async (letter: Letter) => void letters.push(letter)
  while (await deliverNext(em(), { now: world.clock.now, sendLetter, appUrl: 'http://crm.example.com' }));
}

/** Every morning at nine in Moscow; the world's clock begins on a Friday at noon there. */
const morning = {
  name: 'Утренняя воронка',
  query: { basis: 'cohort', by: 'count' },
  period: 'year',
  format: 'png',
  locale: 'ru',
  rhythm: { kind: 'daily' },
  time: '09:00',
  timeZone: 'Europe/Moscow',
  emails: ['boss@client.example'],
  employeeIds: [],
}
async function create(name: Name, change: object = {}): Promise<{ client: Client; schedule: ScheduleView }> {
  const client = await server.login(name)
  const { status, body } = await client.request('POST', '/api/schedules', { body: { ...morning, ...change } })
  assert.equal(status, 201, JSON.stringify(body))
  return { client, schedule: body }
}
const logOf = async (client: Client, id: number): Promise<DeliveryView[]> =>
  (await client.get(`/api/reports/deliveries?schedule=${id}`)).body.items
async function end(client: Client, { id }: ScheduleView): Promise<void> {
  const { version } = (await client.get(`/api/schedules/${id}`)).body
  assert.equal((await client.request('DELETE', `/api/schedules/${id}`, { version })).status, 204)
}

test('a moment is ordered once, by however many processes, and not before it comes', async () => {
  const { client, schedule } = await create('eva')
  assert.equal(schedule.nextDueAt, '2026-11-21T06:00:00.000Z')
  world.clock.set('2026-11-21T05:59:59Z')
  assert.equal(await fire(), 0)
  world.clock.set('2026-11-21T06:00:00Z')
  const placed = await Promise.all(Array.from({ length: 6 }, fire))
  assert.equal(
    placed.reduce((sum, count) => sum + count, 0),
    1,
  )
  assert.equal(await fire(), 0)
  await deliverAll()
  assert.deepEqual(
    letters.map(({ to, subject }) => [to, subject]),
    [['boss@client.example', 'Утренняя воронка']],
  )
  const [line] = await logOf(client, schedule.id)
  assert.deepEqual([line!.state, line!.dueAt], ['sent', '2026-11-21T06:00:00.000Z'])
  const shown: ScheduleView = (await client.get(`/api/schedules/${schedule.id}`)).body
  assert.deepEqual([shown.nextDueAt, shown.last?.sent], ['2026-11-22T06:00:00.000Z', 1])
  await end(client, schedule)
})

test('in Telegram it comes as a message with the file, and the log says what became of it', async () => {
  const { client, schedule } = await create('eva', { emails: [], employeeIds: [world.people.carl.id, world.people.mira.id] })
  assert.deepEqual(
    schedule.employees.map(({ name, linked }) => [name, linked]),
    [
      ['Карл Центр', true],
      ['Мира Центр', false],
    ],
  )
  world.clock.advance({ days: 1 })
  await fire()
  await deliverAll()
  const [message] = await selectRows<{ id: number; payload: Parameters<typeof renderFile>[1] }>(
    em(),
    sql`select id, payload from outbox_message where payload ->> 'kind' = 'file'`,
  )
  const call = await renderFile(em(), message!.payload, world.clock.now())
  assert.equal(call!.method, 'sendPhoto')
  assert.match((call!.args as { caption: string }).caption, /^<b>Утренняя воронка<\/b>\n/)
  const states = async () => (await logOf(client, schedule.id)).map(({ to, state, error }) => [to, state, error])
  assert.deepEqual(await states(), [
    ['Мира Центр', 'failed', 'Telegram не привязан: Ещё → Telegram.'],
    ['Карл Центр', 'waiting', null],
  ])
  await selectRows(em(), sql`update outbox_message set sent_at = ${world.clock.now()} where id = ${message!.id}`)
  assert.equal((await states())[1]![1], 'sent')
  await end(client, schedule)
})

test('after a standstill of days only the last moment is made up for', async () => {
  const { client, schedule } = await create('eva')
  world.clock.advance({ days: 5 })
  assert.equal(await fire(), 1)
  const [line] = await logOf(client, schedule.id)
  const today = world.clock.now().toISOString().slice(0, 10)
  assert.equal(line!.dueAt, `${today}T06:00:00.000Z`)
  await end(client, schedule)
})

test('paused, it rests; resumed, it goes on with its next moment; changed, it follows the change', async () => {
  const { client, schedule } = await create('eva')
  const path = `/api/schedules/${schedule.id}`
  const paused = await client.request('PATCH', path, { body: { active: false }, version: schedule.version })
  assert.deepEqual([paused.body.active, paused.body.nextDueAt], [false, null])
  world.clock.advance({ days: 3 })
  assert.equal(await fire(), 0)
  const resumed = await client.request('PATCH', path, { body: { active: true }, version: paused.body.version })
  assert.ok(Date.parse(resumed.body.nextDueAt) > world.clock.now().getTime())
  const moved = await client.request('PATCH', path, {
    body: { time: '18:30', timeZone: 'Asia/Yekaterinburg', rhythm: { kind: 'weekly', weekdays: [1] }, name: 'Неделя' },
    version: resumed.body.version,
  })
  assert.match(moved.body.nextDueAt, /T13:30:00\.000Z$/)
  assert.equal(new Date(moved.body.nextDueAt).getUTCDay(), 1)
  const stale = await client.request('PATCH', path, { body: { name: 'Старое' }, version: schedule.version })
  assert.equal(stale.status, 412)
  await end(client, moved.body)
})

test('run now sends it besides its moments', async () => {
  const { client, schedule } = await create('eva', { format: 'pdf' })
  await deliverAll()
  const before = letters.length
  const run = await client.request('POST', `/api/schedules/${schedule.id}/run`, { body: {} })
  assert.deepEqual([run.status, run.body.items[0].state, run.body.items[0].dueAt], [202, 'waiting', null])
  await deliverAll()
  assert.equal(letters.length, before + 1)
  assert.equal(letters.at(-1)!.file.mediaType, 'application/pdf')
  await end(client, schedule)
})

test('the report is its owner’s: his rights when it is made; when he has left, it rests', async () => {
  const mira = await create('mira', { emails: [], employeeIds: [world.people.mira.id] })
  assert.equal((await (await server.login('eva')).get(`/api/schedules/${mira.schedule.id}`)).status, 404)
  assert.equal((await (await server.login('ada')).get(`/api/schedules/${mira.schedule.id}`)).status, 200)
  const nina = await create('nina', { emails: [], employeeIds: [world.people.nina.id] })
  await (await server.login('ada')).request('PATCH', `/api/employees/${world.people.nina.id}`, {
    body: { active: false },
    version: 1,
  })
  world.clock.advance({ days: 1 })
  await fire()
  const shown: ScheduleView = (await (await server.login('ada')).get(`/api/schedules/${nina.schedule.id}`)).body
  assert.deepEqual([shown.active, shown.last], [false, null])
  await end(mira.client, mira.schedule)
})

test('who answers for nobody keeps schedules for himself and colleagues’ mailboxes alone; nobody’s schedule is refused', async () => {
  const refusals: readonly (readonly [Name, object, number])[] = [
    ['mira', { emails: ['boss@client.example'] }, 403],
    ['mira', { emails: [], employeeIds: [world.people.max.id] }, 403],
    ['eva', { emails: [], employeeIds: [] }, 400],
    ['eva', { emails: [], employeeIds: [world.people.gena.id] }, 404],
    ['eva', { query: { from: '2026-01-01' } }, 400],
    ['eva', { query: { type: 'none' } }, 404],
    ['eva', { timeZone: 'Mars/Phobos' }, 400],
    ['eva', { rhythm: { kind: 'weekly', weekdays: [] } }, 400],
    ['eva', { time: '24:00' }, 400],
  ]
  for (const [name, change, status] of refusals) {
    const answer = await (await server.login(name)).request('POST', '/api/schedules', { body: { ...morning, ...change } })
    assert.equal(answer.status, status, JSON.stringify([change, answer.body]))
  }
  const bare = await startServer(world)
  const answer = await (await bare.login('eva')).request('POST', '/api/schedules', { body: morning })
  assert.deepEqual([answer.status, answer.body.error.code], [422, 'mail_off'])
})

test('what people change of a schedule stands in the audit; that it moves on does not', async () => {
  const { client, schedule } = await create('eva')
  world.clock.advance({ days: 1 })
  await fire()
  const { version } = (await client.get(`/api/schedules/${schedule.id}`)).body
  await client.request('PATCH', `/api/schedules/${schedule.id}`, { body: { name: 'Иначе' }, version })
  const rows = await selectRows<{ action: string; actor: number }>(
    em(),
    sql`select action, actor_id as actor from audit_entry where entity = 'report_schedule' and entity_id = ${String(schedule.id)} order by id`,
  )
  assert.deepEqual(
    rows.map(({ action, actor }) => [action, actor]),
    [
      ['insert', world.people.eva.id],
      ['update', world.people.eva.id],
    ],
  )
  await end(client, schedule)
})

test('files that nothing leads to any more are cleared away; the log stays', async () => {
  await deliverAll()
  world.clock.advance({ days: 200 })
  assert.ok((await forgetReports(em(), world.clock.now())) > 0)
  const [left] = await selectRows<{ files: number; orders: number }>(
    em(),
    sql`select (select count(*) from report_file)::int as files, (select count(*) from report_order)::int as orders`,
  )
  assert.equal(left!.files, 0)
  assert.ok(left!.orders > 0)
})

test('nothing of all this was a failure of the server', () => assert.deepEqual(server.failures, []))
