import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { Update } from '@grammyjs/types'
import { createVirtualClock } from '../../bot/emulator/clock.ts'
import { type Emulator, type EmulatorOptions, startEmulator } from '../../bot/emulator/emulator.ts'

type Answer = { ok: boolean; result?: unknown; error_code?: number; description?: string; parameters?: { retry_after?: number } }
type Received = { update: Update; secret: string | undefined; at: number }
type Reply = { status: number; headers?: Record<string, string>; body?: object }

async function start(t: TestContext, options?: EmulatorOptions): Promise<Emulator> {
  const emulator = await startEmulator(options)
  t.after(() => emulator.close())
  return emulator
}

async function call(emulator: Emulator, method: string, parameters: object = {}): Promise<Answer> {
  const response = await fetch(`${emulator.apiRoot}/bot${emulator.token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(parameters),
  })
  return (await response.json()) as Answer
}

async function readUpdate(request: IncomingMessage): Promise<Update> {
  let text = ''
  for await (const chunk of request) text += chunk
  return JSON.parse(text)
}

/** A webhook that answers as told and remembers what came. */
async function startWebhook(t: TestContext, reply: (update: Update, count: number) => Reply | Promise<Reply>) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const update = await readUpdate(request)
    const secret = request.headers['x-telegram-bot-api-secret-token'] as string | undefined
    received.push({ update, secret, at: performance.now() })
    const { status, headers, body } = await reply(update, received.length)
    response.writeHead(status, { ...(body ? { 'content-type': 'application/json' } : {}), ...headers })
    response.end(body ? JSON.stringify(body) : '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` }
}

const textOf = ({ update }: Received) => update.message?.text

test('a webhook gets the secret and the updates of a chat in order, each after the answer to the one before', async (t) => {
  const emulator = await start(t)
  let open = 0
  let mostOpen = 0
  const hook = await startWebhook(t, async (update) => {
    const own = update.message?.chat.id === 1 ? 1 : 0
    open += own
    mostOpen = Math.max(mostOpen, open)
    await delay(5)
    open -= own
    return { status: 200 }
  })
  await call(emulator, 'setWebhook', { url: hook.url, secret_token: 'secret_1-A' })
  for (const text of ['a', 'b', 'c']) emulator.user(1).send(text)
  emulator.user(2).send('other')
  await emulator.idle()
  assert.deepEqual(hook.received.filter(({ update }) => update.message?.chat.id === 1).map(textOf), ['a', 'b', 'c'])
  assert.equal(mostOpen, 1)
  assert.equal(hook.received.length, 4)
  assert.ok(hook.received.every(({ secret }) => secret === 'secret_1-A'))
})

test('a failing update is tried again and holds back its chat, not the others', async (t) => {
  const emulator = await start(t, { webhookRetryMs: 5 })
  let failures = 0
  const hook = await startWebhook(t, (update) => {
    const fails = update.message?.text === 'hard' && failures < 2
    if (fails) failures += 1
    return { status: fails ? 503 : 200 }
  })
  await call(emulator, 'setWebhook', { url: hook.url })
  emulator.user(1).send('hard')
  emulator.user(1).send('next')
  emulator.user(2).send('free')
  await emulator.idle()
  const own = hook.received.filter(({ update }) => update.message?.chat.id === 1).map(textOf)
  assert.deepEqual(own, ['hard', 'hard', 'hard', 'next'])
  assert.ok(hook.received.map(textOf).indexOf('free') < hook.received.map(textOf).lastIndexOf('hard'))
  assert.deepEqual(
    emulator.deliveries.filter(({ key }) => key === '1').map(({ status }) => status),
    [503, 503, 200, 200],
  )
})

test('the pause before the next attempt is the Retry-After of the webhook', async (t) => {
  const clock = createVirtualClock(Date.UTC(2026, 10, 23))
  const emulator = await start(t, { clock })
  const hook = await startWebhook(t, (_, count) =>
    count === 1 ? { status: 429, headers: { 'retry-after': '7' } } : { status: 200 },
  )
  await call(emulator, 'setWebhook', { url: hook.url })
  emulator.user(1).send('x')
  await emulator.until(() => emulator.deliveries.length === 1)
  await clock.advance(6900)
  await delay(20)
  assert.equal(hook.received.length, 1)
  await clock.advance(200)
  await emulator.idle()
  assert.equal(hook.received.length, 2)
})

test('a webhook outside this machine is refused', async (t) => {
  const emulator = await start(t)
  for (const url of ['https://example.com/hook', 'http://10.0.0.1/', 'ftp://127.0.0.1/']) {
    assert.equal((await call(emulator, 'setWebhook', { url })).error_code, 400, url)
  }
})

test('a method call in the answer of the webhook is carried out', async (t) => {
  const emulator = await start(t)
  const hook = await startWebhook(t, (update) => ({
    status: 200,
    body: { method: 'sendMessage', chat_id: update.message!.chat.id, text: 'из ответа' },
  }))
  await call(emulator, 'setWebhook', { url: hook.url })
  emulator.user(1).send('x')
  await emulator.idle()
  assert.deepEqual(emulator.user(1).chat.texts(), ['из ответа'])
})

test('on demand an update comes twice with the same number', async (t) => {
  const emulator = await start(t)
  const hook = await startWebhook(t, () => ({ status: 200 }))
  await call(emulator, 'setWebhook', { url: hook.url })
  emulator.duplicateNext(1)
  emulator.user(1).send('once')
  emulator.user(1).send('later')
  await emulator.idle()
  assert.deepEqual(hook.received.map(textOf), ['once', 'once', 'later'])
  assert.equal(hook.received[0]!.update.update_id, hook.received[1]!.update.update_id)
})

test('polling repeats updates until they are confirmed and keeps reactions for who asks', async (t) => {
  const emulator = await start(t)
  const message = emulator.user(1).send('one')
  emulator.user(1).react(message, '👍')
  const first = (await call(emulator, 'getUpdates')).result as Update[]
  assert.equal(first.length, 1)
  assert.deepEqual((await call(emulator, 'getUpdates')).result, first)
  assert.deepEqual((await call(emulator, 'getUpdates', { offset: first[0]!.update_id + 1 })).result, [])
  const waiting = call(emulator, 'getUpdates', { timeout: 5, allowed_updates: ['message_reaction'] })
  await emulator.until(() => emulator.calls.at(-1)!.method === 'getUpdates' && emulator.calls.at(-1)!.status === 'pending')
  emulator.user(1).send('not wanted now')
  emulator.user(1).react(message, '❤')
  const reactions = (await waiting).result as Update[]
  assert.equal(reactions[0]!.message_reaction?.new_reaction[0]?.type, 'emoji')
})

test('a second poller ends the first with a conflict', async (t) => {
  const emulator = await start(t)
  const first = call(emulator, 'getUpdates', { timeout: 5 })
  await emulator.until(() => emulator.calls.length === 1)
  const second = call(emulator, 'getUpdates', { timeout: 5 })
  assert.equal((await first).error_code, 409)
  emulator.user(1).send('x')
  assert.equal(((await second).result as Update[]).length, 1)
})

test('a press is answered once; a second answer and one after 15 seconds are too late', async (t) => {
  const clock = createVirtualClock(0)
  const emulator = await start(t, { clock })
  const user = emulator.user(1)
  const reply_markup = { inline_keyboard: [[{ text: 'Да', callback_data: 'yes' }]] }
  await call(emulator, 'sendMessage', { chat_id: 1, text: 'Так?', reply_markup })
  const first = user.press('Да')
  const answer = (id: string) =>
    call(emulator, 'answerCallbackQuery', { callback_query_id: id, text: 'Принято', show_alert: true })
  assert.equal((await answer(first.query!.id)).ok, true)
  assert.deepEqual(first.answer(), { text: 'Принято', showAlert: true })
  assert.match((await answer(first.query!.id)).description!, /query is too old/)
  assert.equal(emulator.violations.length, 1)
  const second = user.press('Да')
  await clock.advance(15_001)
  assert.match((await answer(second.query!.id)).description!, /query is too old/)
  assert.equal(emulator.violations.length, 1, 'being late is not a mistake of form')
})

test('429 comes as often as told, names the pause, and a call before its end is noted', async (t) => {
  const clock = createVirtualClock(0)
  const emulator = await start(t, { clock })
  emulator.user(1)
  emulator.user(2)
  emulator.fail({ with: 429, retryAfter: 3, method: 'sendMessage', chatId: 1 })
  const send = (chat_id: number) => call(emulator, 'sendMessage', { chat_id, text: 'x' })
  const refused = await send(1)
  assert.deepEqual([refused.error_code, refused.parameters], [429, { retry_after: 3 }])
  assert.equal((await send(2)).ok, true)
  await clock.advance(1000)
  assert.deepEqual((await send(1)).parameters, { retry_after: 2 })
  assert.deepEqual(emulator.earlyCalls, [{ method: 'sendMessage', chatId: 1, msTooEarly: 2000 }])
  await clock.advance(2000)
  assert.equal((await send(1)).ok, true)
  assert.deepEqual(emulator.violations, [])
})

test('server errors, a page of a proxy, a silent server and broken connections can be ordered', async (t) => {
  const emulator = await start(t)
  const chat = emulator.user(1).chat
  const url = `${emulator.apiRoot}/bot${emulator.token}/sendMessage?chat_id=1&text=x`
  emulator.fail({ with: 500 })
  assert.equal(((await (await fetch(url)).json()) as Answer).error_code, 500)
  emulator.fail({ with: 502 })
  const page = await fetch(url)
  assert.deepEqual([page.status, page.headers.get('content-type')], [502, 'text/html'])
  await page.text()
  emulator.fail({ with: 'hang' })
  await assert.rejects(fetch(url, { signal: AbortSignal.timeout(50) }), { name: 'TimeoutError' })
  emulator.fail({ with: 'reset-before' })
  await assert.rejects(fetch(url))
  assert.equal(chat.messages().length, 0)
  emulator.fail({ with: 'reset-after' })
  await assert.rejects(fetch(url))
  assert.equal(chat.messages().length, 1, 'the message was sent although its sender cannot know')
  assert.equal(((await (await fetch(url)).json()) as Answer).ok, true)
})

test('people who blocked the bot or never wrote to it cannot be written to', async (t) => {
  const emulator = await start(t)
  emulator.user(1).block()
  emulator.user({ id: 2, started: false })
  const send = async (chat_id: number) => (await call(emulator, 'sendMessage', { chat_id, text: 'x' })).description
  assert.equal(await send(1), 'Forbidden: bot was blocked by the user')
  assert.equal(await send(2), "Forbidden: bot can't initiate conversation with a user")
  assert.equal(await send(3), 'Bad Request: chat not found')
  emulator.user(1).unblock()
  emulator.user(2).send('/start')
  assert.equal(await send(1), undefined)
  assert.equal(await send(2), undefined)
})

test('edits and deletions answer as Telegram does', async (t) => {
  const emulator = await start(t)
  const user = emulator.user(1)
  const own = user.send('моё')
  await call(emulator, 'sendMessage', { chat_id: 1, text: 'a' })
  const edit = (message_id: number, text: string) => call(emulator, 'editMessageText', { chat_id: 1, message_id, text })
  assert.match((await edit(2, 'a')).description!, /^Bad Request: message is not modified: /)
  assert.equal((await edit(2, 'b')).ok, true)
  assert.equal((await edit(9, 'b')).description, 'Bad Request: message to edit not found')
  assert.equal((await edit(own.message.message_id, 'b')).description, "Bad Request: message can't be edited")
  assert.equal((await call(emulator, 'deleteMessage', { chat_id: 1, message_id: 2 })).ok, true)
  assert.equal(
    (await call(emulator, 'deleteMessage', { chat_id: 1, message_id: 2 })).description,
    'Bad Request: message to delete not found',
  )
  assert.deepEqual(emulator.violations, [])
})

test('a group shows the bot commands, replies and mentions only', async (t) => {
  const emulator = await start(t)
  const group = emulator.group({ id: -1001, title: 'Отдел продаж' })
  const user = emulator.user(1)
  await call(emulator, 'sendMessage', { chat_id: -1001, text: 'Сводка' })
  user.send('просто разговор', { chat: group })
  user.send('/report@somebody_else_bot', { chat: group })
  user.send('/report', { chat: group })
  user.reply(group.last(), 'ответ')
  const updates = (await call(emulator, 'getUpdates')).result as Update[]
  assert.deepEqual(
    updates.map((update) => update.message?.text),
    ['/report', 'ответ'],
  )
})

test('memory is bounded: old messages and files are forgotten', async (t) => {
  const emulator = await start(t, { maxMessagesPerChat: 3, maxFileBytes: 100 })
  const user = emulator.user(1)
  const first = user.sendDocument('a.txt', Buffer.alloc(60))
  for (const text of ['1', '2', '3']) user.send(text)
  assert.deepEqual(
    user.chat.messages().map(({ message }) => message.message_id),
    [2, 3, 4],
  )
  user.sendDocument('b.txt', Buffer.alloc(60))
  assert.equal((await call(emulator, 'getFile', { file_id: first.message.document!.file_id })).ok, false)
})

test('a wrong token opens nothing', async (t) => {
  const emulator = await start(t)
  const response = await fetch(`${emulator.apiRoot}/bot1:wrong/getMe`)
  assert.deepEqual(await response.json(), { ok: false, error_code: 401, description: 'Unauthorized' })
})
