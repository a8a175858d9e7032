import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { showHistory } from '../../api/usecases/deals/show-deal.ts'
import { webhookSecret } from '../../bot/webhook.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { type Office, openOffice } from './office.ts'

let office: Office
let server: Server
let address: string
before(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = JSON.parse(Buffer.concat(chunks).toString() || 'null')
    const secret = request.headers['x-telegram-bot-api-secret-token']
    const { webhook } = office.bot
    response
      .writeHead(request.url === webhook?.path ? ((await webhook?.handle(secret as string | undefined, body)) ?? 404) : 404)
      .end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  office = await openOffice({ mode: 'webhook', publicUrl })
  address = `${publicUrl}${office.bot.webhook?.path}`
})
after(() => {
  server.close()
})

test('updates are answered with 200 once stored, and handled after that', async () => {
  const { number } = (await office.deal('anna')).deal
  const anna = office.telegram('anna')
  anna.send(`#${number}`)
  await office.quiet()
  anna.reply(anna.chat.last(), 'по вебхуку')
  await office.quiet()
  assert.equal((await showHistory(office.session('anna'), { number })).events[0]?.body.kind, 'comment_added')
  assert.ok(office.emulator.deliveries.every(({ status, attempt }) => status === 200 && attempt === 1))
  assert.deepEqual(office.emulator.violations, [])
})

test('links to an address that Telegram refuses are left out', () => {
  assert.deepEqual(office.telegram('anna').chat.buttons().at(-1), ['Проиграна'])
})

test('a wrong or missing secret is refused and nothing is stored', async () => {
  for (const secret of [undefined, '', 'wrong', `${webhookSecret(office.emulator.token)}x`]) {
    const headers = {
      'content-type': 'application/json',
      ...(secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret }),
    }
    const response = await fetch(address, { method: 'POST', headers, body: '{"update_id":1}' })
    assert.equal(response.status, 403)
  }
  assert.deepEqual(await selectRows(office.orm.em.fork(), sql`select 1 from telegram_update where update_id = 1`), [])
})

test('the secret is one that Telegram takes and differs from bot to bot', () => {
  assert.match(webhookSecret('1:a'), /^[A-Za-z0-9_-]{43}$/)
  assert.notEqual(webhookSecret('1:a'), webhookSecret('1:b'))
})
