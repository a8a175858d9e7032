import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { inspect } from 'node:util'
import { pino } from 'pino'
import { createBot } from '../../bot/bot.ts'
import { type BotOptions, startBot } from '../../bot/main.ts'
import { openOffice } from './office.ts'

const token = '4200000000:Secret-token_of-the-bot'

/** A Telegram that answers everything in one way. */
async function oddTelegram(status: number, body: string) {
  let calls = 0
  const server = createServer((_request, response) => {
    calls += 1
    response.writeHead(status, { 'content-type': 'text/html' }).end(body)
  }).listen(0, '127.0.0.1')
  // A test that fails leaves it open: that must not keep the run waiting.
  server.unref()
  await once(server, 'listening')
  return {
    apiRoot: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    close: () => server.close(),
  }
}

test('a bot that cannot reach Telegram goes on trying, keeps its secrets out of the log, and stops at once', async () => {
  const office = await openOffice({ start: false })
  const telegram = await oddTelegram(200, '<html>a proxy says hello</html>')
  const logged: string[] = []
  const log = pino({ level: 'trace' }, { write: (text: string) => void logged.push(text) })
  const options: BotOptions = {
    orm: office.orm,
    log,
    mode: 'polling',
    token,
    apiRoot: telegram.apiRoot,
    publicUrl: 'https://crm.example.com',
    makeReportFile: () => Promise.reject(new Error('no reports here')),
  }
  const bot = startBot(options)
  while (telegram.calls() < 2) await delay(20)
  const startedAt = performance.now()
  await bot.stop()
  assert.ok(performance.now() - startedAt < 2000)
  assert.match(logged.join(''), /trying again/)
  assert.doesNotMatch(logged.join(''), /Secret-token/)
  telegram.close()
})

test('what Telegram refuses is reported without the text of the message', async () => {
  const telegram = await oddTelegram(400, '{"ok":false,"error_code":400,"description":"Bad Request: nope"}')
  const { api } = createBot({ token, apiRoot: telegram.apiRoot })
  const error = await api.call('sendMessage', { chat_id: 1, text: 'Сумма договора' }).catch((thrown: unknown) => thrown)
  assert.match(inspect(error, { depth: 9 }), /nope/)
  assert.doesNotMatch(inspect(error, { depth: 9 }), /Сумма договора|Secret-token/)
  telegram.close()
})

test('a bot that is off does nothing and says so', async () => {
  const office = await openOffice({ start: false })
  assert.deepEqual([office.bot.mode, office.bot.username(), office.bot.webhook], ['off', null, null])
  assert.deepEqual(office.emulator.calls, [])
  await office.bot.settled()
})
