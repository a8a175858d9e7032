import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { createMail, mailFromOf } from '../../api/jobs/send-mail.ts'
import { deliverNext } from '../../api/usecases/reports/deliver-reports.ts'
import { selectRows, sql } from '../../db/sql.ts'
import type { DeliveryView } from '../../shared/views/reports.ts'
import { type Mailbox, openMailbox } from '../support/mailbox.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { createWorld, type Name, type World } from '../support/world.ts'

/** A report goes by mail once it has been ordered: made for who orders it, tried again while the mail server does not take it. */
let world: World
let server: TestServer
let mailbox: Mailbox
let parts: Parameters<typeof deliverNext>[1]
before(async () => {
  world = await createWorld({ deals: true })
  mailbox = await openMailbox()
  server = await startServer(world, { mailFrom: 'crm@example.com' })
  const mail = createMail(mailbox.url, 'http://crm.example.com')!
  parts = { now: world.clock.now, sendLetter: mail.send, appUrl: 'http://crm.example.com' }
  await selectRows(
    world.orm.em.fork(),
    sql`update employee set email = login || '@ours.example' where login in ('mira', 'max', 'nina')`,
  )
})

async function deliverAll(): Promise<void> {
  while (await deliverNext(world.orm.em.fork(), parts));
}
async function order(
  name: Name,
  body: object,
): Promise<{ status: number; body: { items: DeliveryView[]; error: { code: string } } }> {
  return (await server.login(name)).request('POST', '/api/reports/email', { body: { query: {}, format: 'pdf', ...body } })
}
async function log(name: Name): Promise<DeliveryView[]> {
  return (await (await server.login(name)).get('/api/reports/deliveries')).body.items
}

test('a report that was ordered arrives with its file, the sender’s words and the funnel in one sentence', async () => {
  const { status, body } = await order('eva', { to: ['Boss@Client.Example'], message: 'Посмотрите <к пятнице>.\nЕва' })
  assert.equal(status, 202)
  assert.deepEqual(
    body.items.map(({ to, state, channel }) => [to, state, channel]),
    [['boss@client.example', 'waiting', 'email']],
  )
  assert.equal(mailbox.letters.length, 0, 'nothing is sent by the request')
  await deliverAll()
  const [letter] = mailbox.letters
  assert.deepEqual([letter!.from, letter!.to], ['crm@example.com', ['boss@client.example']])
  assert.match(letter!.source, /Content-Type: application\/pdf/)
  assert.match(letter!.source, /Message-ID: <report-\d+@crm\.example\.com>/)
  assert.match(letter!.source, /Auto-Submitted: auto-generated/)
  const [first] = await log('eva')
  assert.deepEqual([first!.state, first!.attempts, first!.error], ['sent', 1, null])
  assert.match(first!.title, /^Воронка /)
})

test('of several readers each gets the one file, made once', async () => {
  const before = mailbox.letters.length
  await order('eva', { to: ['a@client.example', 'b@client.example', 'A@client.example'], format: 'xlsx' })
  await deliverAll()
  assert.equal(mailbox.letters.length - before, 2)
  const [files] = await selectRows<{ files: number }>(
    world.orm.em.fork(),
    sql`select count(*)::int as files from report_file where media_type like '%sheet'`,
  )
  assert.equal(files!.files, 1)
})

test('who answers for nobody sends to colleagues only; head, executive and administrator anywhere', async () => {
  assert.equal((await order('mira', { to: ['max@ours.example'] })).status, 202)
  const refused = await order('mira', { to: ['max@ours.example', 'boss@client.example'] })
  assert.deepEqual([refused.status, refused.body.error.code], [403, 'address_outside'])
  for (const name of ['carl', 'eva', 'ada'] as const)
    assert.equal((await order(name, { to: ['boss@client.example'] })).status, 202)
  await deliverAll()
})

test('a mail server that is not able is tried again with growing pauses; the letter then arrives once', async () => {
  const before = mailbox.letters.length
  await order('eva', { to: ['slow@client.example'] })
  mailbox.refuseNext(451, 'try later')
  await deliverAll()
  const [waiting] = await log('eva')
  assert.deepEqual([waiting!.state, waiting!.attempts], ['waiting', 1])
  assert.match(waiting!.error!, /451.*try later/)
  assert.equal(Date.parse(waiting!.nextTryAt!) - world.clock.now().getTime(), 60_000)
  await deliverAll()
  assert.equal(mailbox.letters.length, before, 'not before its time')
  world.clock.advance({ minutes: 1 })
  await deliverAll()
  await deliverAll()
  assert.equal(mailbox.letters.length, before + 1)
  assert.equal((await log('eva'))[0]!.state, 'sent')
})

test('an address that the server will not have fails at once, and may be tried again by hand', async () => {
  await order('eva', { to: ['nobody@client.example'] })
  mailbox.refuseNext(550, 'no such user')
  await deliverAll()
  const [failed] = await log('eva')
  assert.deepEqual([failed!.state, failed!.nextTryAt], ['failed', null])
  assert.match(failed!.error!, /550.*no such user/)
  const client = await server.login('eva')
  const again = await client.request('POST', `/api/reports/deliveries/${failed!.id}/retry`, { body: {} })
  assert.deepEqual([again.status, again.body.state], [200, 'waiting'])
  await deliverAll()
  assert.equal((await log('eva'))[0]!.state, 'sent')
  assert.equal((await client.request('POST', `/api/reports/deliveries/${failed!.id}/retry`, { body: {} })).status, 422)
  const max = await server.login('max')
  assert.equal((await max.request('POST', `/api/reports/deliveries/${failed!.id}/retry`, { body: {} })).status, 404)
})

test('a server that never answers is given up after half a day', async () => {
  await order('eva', { to: ['never@client.example'] })
  const deaf = { ...parts, sendLetter: () => Promise.reject(new Error('connection refused')) }
  let tries = 0
  for (let hour = 0; hour < 14 * 12; hour++) {
    if (await deliverNext(world.orm.em.fork(), deaf)) tries++
    world.clock.advance({ minutes: 5 })
  }
  assert.equal(tries, 7)
  const [failed] = await log('eva')
  assert.deepEqual([failed!.state, failed!.error], ['failed', 'connection refused'])
})

test('whoever died in the middle of sending is followed by another after ten minutes', async () => {
  const before = mailbox.letters.length
  await order('eva', { to: ['left@client.example'] })
  const dying = { ...parts, sendLetter: () => new Promise<void>(() => {}) }
  void deliverNext(world.orm.em.fork(), dying)
  const isSending = async () =>
    (await selectRows(world.orm.em.fork(), sql`select 1 from report_delivery where state = 'sending'`)).length === 1
  while (!(await isSending())) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.equal(await deliverNext(world.orm.em.fork(), parts), false)
  world.clock.advance({ minutes: 10 })
  await deliverAll()
  assert.equal(mailbox.letters.length, before + 1)
})

test('several processes deliver each letter once', async () => {
  const before = mailbox.letters.length
  const to = Array.from({ length: 8 }, (_, index) => `r${index}@client.example`)
  await order('eva', { to })
  await Promise.all(Array.from({ length: 4 }, () => deliverAll()))
  assert.deepEqual(
    mailbox.letters
      .slice(before)
      .map((letter) => letter.to[0])
      .sort(),
    to,
  )
})

test('nothing of an order is kept when it is refused; a flood of letters is', async () => {
  const rows = () => selectRows<{ count: number }>(world.orm.em.fork(), sql`select count(*)::int as count from report_order`)
  const [before] = await rows()
  for (const body of [
    { to: ['no address'] },
    { to: [] },
    { to: ['a@b.example'], format: 'docx' },
    { to: ['a@b.example'], query: { type: 'none' } },
  ])
    assert.ok([400, 404].includes((await order('eva', body)).status), JSON.stringify(body))
  assert.deepEqual((await rows())[0], before)
  const to = Array.from({ length: 20 }, (_, index) => `f${index}@client.example`)
  let last = 202
  for (let sent = 0; sent < 12 && last === 202; sent++) last = (await order('ada', { to })).status
  assert.equal(last, 429)
})

test('without SMTP_URL the app says that mail is not set up', async () => {
  const bare = await startServer(world)
  const client = await bare.login('eva')
  assert.deepEqual((await client.get('/api/reports/mail')).body, { ready: false, from: null })
  const { status, body } = await client.request('POST', '/api/reports/email', {
    body: { to: ['a@b.example'], query: {}, format: 'pdf' },
  })
  assert.deepEqual([status, body.error.code], [422, 'mail_off'])
  assert.match(body.error.message, /SMTP_URL/)
})

test('the sender is what SMTP_URL says, else its user, else voronka at the host', () => {
  assert.equal(mailFromOf(undefined, 'http://crm.example.com'), null)
  assert.equal(mailFromOf('smtp://mail.example.com?from=a%40b.example', 'http://crm.example.com'), 'a@b.example')
  assert.equal(mailFromOf('smtps://me%40b.example:secret@mail.example.com', 'http://crm.example.com'), 'me@b.example')
  assert.equal(mailFromOf('smtps://me:secret@mail.example.com', 'https://crm.example.com'), 'voronka@crm.example.com')
})

test('nothing of all this was a failure of the server', () => assert.deepEqual(server.failures, []))
