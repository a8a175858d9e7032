import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, type TestContext, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { Telegraf } from 'telegraf'
import { type ChatPage, createChatPage } from '../../bot/emulator/chat-page.ts'
import { type Emulator, startEmulator } from '../../bot/emulator/emulator.ts'
import { openBrowser, skipWithoutBrowser } from '../support/browser.ts'

const HOSTILE = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>'
const personas = [
  { id: 'head', name: 'Игорь Орлов', role: 'head', telegramUserId: 11 },
  { id: 'manager', name: 'Мария Ким', role: 'manager', telegramUserId: 12 },
]
let emulator: Emulator
let bot: Telegraf
let chatPage: ChatPage
let browser: Browser | null
let server: Server
let origin: string
let allowed = true

before(async () => {
  emulator = await startEmulator({ allowLocalLinks: true })
  bot = new Telegraf(emulator.token, { telegram: { apiRoot: emulator.apiRoot } })
  answerAsDemo(bot)
  void bot.launch()
  await bot.telegram.setMyCommands([{ command: 'card', description: 'Карточка сделки' }])
  chatPage = createChatPage({ emulator, personas, authorize: () => allowed })
  server = createServer((request, response) => void chatPage.handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await openBrowser()
})

after(async () => {
  await browser?.close()
  bot.stop()
  chatPage.close()
  server.close()
  server.closeAllConnections()
  await emulator.close()
})

function answerAsDemo(bot: Telegraf): void {
  const inline_keyboard = [
    [{ text: 'Договор', callback_data: 'contract' }],
    [
      { text: 'Почему', callback_data: 'why' },
      { text: 'Открыть', url: 'http://localhost:8080/deals/1' },
    ],
  ]
  bot.command('card', (context) => context.reply('<b>Сделка</b> 2417', { parse_mode: 'HTML', reply_markup: { inline_keyboard } }))
  bot.command('ask', (context) =>
    context.reply('Причина?', { reply_markup: { force_reply: true, input_field_placeholder: 'Почему' } }),
  )
  bot.command('hostile', (context) => context.reply(HOSTILE))
  bot.command('file', (context) => context.replyWithDocument({ source: Buffer.from('<script>'), filename: 'Отчёт.html' }))
  bot.action('contract', async (context) => {
    await context.editMessageText('Этап: Договор')
    await context.answerCbQuery('Готово')
  })
  bot.action('why', (context) => context.answerCbQuery('Сделку уже изменила Мария', { show_alert: true }))
}

type PostOptions = { headers?: Record<string, string>; body?: string }

async function post(path: string, value: object, options: PostOptions = {}): Promise<Response> {
  const headers = { origin, 'content-type': 'application/json', ...options.headers }
  return fetch(`${origin}/chat/${path}`, { method: 'POST', headers, body: options.body ?? JSON.stringify(value) })
}

for (const [language, time, day] of [
  ['en-US', '01:29', '13 November'],
  ['ru-RU', '01:29', '13 ноября'],
] as const)
  test(`the page counts hours to 23 and writes the day before its month (${language})`, async () => {
    const source = await readFile(new URL('../../bot/emulator/page/chat-texts.js', import.meta.url), 'utf8')
    // The module reads the language of the page when it is loaded.
    const told = `const location = { search: '?lang=${language}' }; const navigator = { language: '${language}' };\n${source}`
    const texts = await import(`data:text/javascript,${encodeURIComponent(told)}`)
    const at = new Date(2025, 10, 13, 1, 29).getTime()
    assert.equal(texts.formatTime(at), time)
    assert.equal(texts.formatDay(at), day)
    assert.equal(texts.formatTime(new Date(2025, 10, 13, 0, 5).getTime()), '00:05')
  })

test('the page and its parts come with a policy that lets nothing in from elsewhere', async () => {
  const response = await fetch(`${origin}/chat`)
  const html = await response.text()
  assert.match(response.headers.get('content-security-policy')!, /^default-src 'none'; script-src 'self'; style-src 'self'/)
  assert.doesNotMatch(html, /<script(?! type="module" src="\/chat\/)|\son\w+=|style=|https?:/)
  for (const [, path] of html.matchAll(/(?:src|href)="([^"]+)"/g)) assert.equal((await fetch(origin + path)).status, 200, path)
  assert.equal((await fetch(`${origin}/chat/../package.json`)).status, 404)
  assert.equal((await fetch(`${origin}/chat/file/nothing`)).status, 404)
})

test('who is not authorized finds nothing', async (t) => {
  allowed = false
  t.after(() => {
    allowed = true
  })
  for (const path of ['', '/chat.js', '/personas', '/events?persona=head']) {
    assert.equal((await fetch(`${origin}/chat${path}`)).status, 404, path)
  }
  assert.equal((await post('send', { persona: 'head', text: 'x' })).status, 404)
})

test('a request from another site, without JSON or for a stranger is refused', async () => {
  const value = { persona: 'head', text: 'чужое' }
  assert.equal((await post('send', value, { headers: { origin: 'https://evil.example' } })).status, 403)
  assert.equal((await post('send', value, { headers: { 'sec-fetch-site': 'cross-site' } })).status, 403)
  assert.equal((await post('send', value, { headers: { origin: 'null' } })).status, 403)
  assert.equal((await post('send', value, { headers: { 'content-type': 'text/plain' } })).status, 415)
  assert.equal((await post('send', value, { body: '[' })).status, 400)
  assert.equal((await post('send', { persona: 'nobody', text: 'x' })).status, 404)
  assert.equal((await post('send', { persona: 'head', text: 'я'.repeat(4097) })).status, 400)
  assert.equal((await post('send', { persona: 'head', file: { name: 'a.png', base64: 'AAAA' } })).status, 400)
  assert.equal(emulator.user(11).chat.messages().length, 0)
})

test('events begin with the chat and never carry what a button holds', async (t) => {
  const abort = new AbortController()
  t.after(() => abort.abort())
  assert.equal((await post('send', { persona: 'head', text: '/card' })).status, 200)
  await emulator.idle()
  const response = await fetch(`${origin}/chat/events?persona=head&lang=en`, { signal: abort.signal })
  assert.equal(response.headers.get('content-type'), 'text/event-stream')
  const { value } = await response.body!.getReader().read()
  const text = new TextDecoder().decode(value)
  assert.match(text, /^event: snapshot\ndata: /)
  const snapshot = JSON.parse(text.slice(text.indexOf('{')))
  assert.deepEqual(
    snapshot.messages.map((message: { text: string }) => message.text),
    ['/card', 'Сделка 2417'],
  )
  assert.deepEqual(snapshot.commands, [{ command: 'card', description: 'Карточка сделки' }])
  assert.doesNotMatch(text, /contract/)
  assert.equal(emulator.user(11).profile.language_code, 'en')
})

test('a press names the button by place and text; after an edit it presses nothing else', async () => {
  await post('send', { persona: 'head', text: '/card' })
  await emulator.idle()
  const message = emulator.user(11).chat.last().message.message_id
  const press = (row: number, column: number, text: string) => post('press', { persona: 'head', message, row, column, text })
  assert.equal((await press(0, 0, 'Другое')).status, 409)
  assert.equal((await press(5, 0, 'Договор')).status, 409)
  assert.equal((await press(0, 0, 'Договор')).status, 200)
  await emulator.idle()
  assert.equal(emulator.user(11).chat.last().message.text, 'Этап: Договор')
  assert.equal((await press(0, 0, 'Договор')).status, 409)
})

test('a file is downloaded under its name and never shown as a page', async () => {
  await post('send', { persona: 'head', text: '/file' })
  await emulator.idle()
  const { document } = emulator.user(11).chat.last().message
  const response = await fetch(`${origin}/chat/file/${document!.file_id}`)
  assert.equal(response.headers.get('content-type'), 'application/octet-stream')
  assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
  assert.equal(response.headers.get('content-disposition'), `attachment; filename*=UTF-8''${encodeURIComponent('Отчёт.html')}`)
  assert.equal(await response.text(), '<script>')
})

async function openChat(t: TestContext, options: object = {}, query = ''): Promise<Page> {
  const context = await browser!.newContext({ viewport: { width: 390, height: 844 }, locale: 'ru-RU', ...options })
  t.after(() => context.close())
  const page = await context.newPage()
  page.on('pageerror', (error) => assert.fail(error))
  await page.goto(`${origin}/chat${query}`)
  await page.waitForSelector('.person[aria-current]')
  return page
}

async function say(page: Page, text: string): Promise<void> {
  await page.fill('#input', text)
  await page.keyboard.press('Enter')
}

test('a card is edited in place, an answer is a notice or an alert', async (t) => {
  if (skipWithoutBrowser(t, browser)) return
  const page = await openChat(t)
  await say(page, '/card')
  const card = page.locator('.theirs').last()
  await card.getByText('Почему').click()
  await page.waitForSelector('dialog[open]')
  assert.equal(await page.textContent('#alert-text'), 'Сделку уже изменила Мария')
  await page.keyboard.press('Escape')
  await card.getByText('Договор').focus()
  await page.keyboard.press('Enter')
  await page.getByText('Этап: Договор').waitFor()
  await page.getByRole('status').getByText('Готово').waitFor()
  assert.equal(await card.locator('.key').count(), 0)
  assert.equal(await page.evaluate('document.activeElement.className'), 'reply', 'the focus stays at the message')
})

test('a question asks for a reply to itself, and the answer is one', async (t) => {
  if (skipWithoutBrowser(t, browser)) return
  const page = await openChat(t, {}, '?persona=manager')
  await say(page, '/ask')
  await page.waitForSelector('#answering:not([hidden])')
  assert.equal(await page.getAttribute('#input', 'placeholder'), 'Почему')
  await page.keyboard.type('Дорого')
  await page.keyboard.press('Enter')
  await page.locator('.mine .original').waitFor()
  const answer = emulator.user(12).chat.last('all').message
  assert.equal(answer.text, 'Дорого')
  assert.equal((answer.reply_to_message as { text?: string }).text, 'Причина?')
})

test('markup in a text stays text', async (t) => {
  if (skipWithoutBrowser(t, browser)) return
  const page = await openChat(t)
  await say(page, HOSTILE)
  await say(page, '/hostile')
  await page.locator('.theirs .text', { hasText: 'onerror' }).waitFor()
  assert.equal(await page.locator('.text img, .text script').count(), 0)
  assert.equal(await page.evaluate('"broken" in window'), false)
})

test('a message to another person shows on his face, and a start code waits for its tap', async (t) => {
  if (skipWithoutBrowser(t, browser)) return
  const page = await openChat(t, {}, '?persona=manager&start=abc_1')
  await bot.telegram.sendMessage(11, 'Нужно ваше решение')
  await page.locator('.person[data-id=head] .badge', { hasText: '1' }).waitFor()
  await page.locator('#start .key').click()
  await page.locator('.mine', { hasText: '/start abc_1' }).waitFor()
  await page.locator('.person[data-id=head]').click()
  await page.getByText('Нужно ваше решение').waitFor()
  assert.equal(await page.locator('.badge:visible').count(), 0)
})

// Runs in the page; links inside a text may be as low as its line.
const MEASURE = `(() => {
  const controls = [...document.querySelectorAll('button, a, textarea')].filter((node) => node.checkVisibility() && !node.closest('.text'))
  const small = controls.filter((node) => node.offsetWidth < 44 || node.offsetHeight < 44)
  return { small: small.map((node) => node.outerHTML), sideways: document.documentElement.scrollWidth - innerWidth }
})()`

const LOOKS = [
  { width: 320, colorScheme: 'light', locale: 'ru-RU' },
  { width: 390, colorScheme: 'dark', locale: 'en-GB' },
  { width: 1440, colorScheme: 'light', locale: 'en-GB' },
  { width: 1440, colorScheme: 'dark', locale: 'ru-RU' },
] as const

for (const { width, colorScheme, locale } of LOOKS) {
  test(`at ${width} px, ${colorScheme}, ${locale}: nothing for axe, no sideways scroll, targets of 44 px`, async (t) => {
    if (skipWithoutBrowser(t, browser)) return
    const page = await openChat(t, { viewport: { width, height: 800 }, colorScheme, locale })
    await say(page, '/card')
    await page.locator('.theirs .key').first().waitFor()
    await page.click('#menu')
    const { violations } = await new AxeBuilder({ page }).analyze()
    assert.deepEqual(
      violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]),
      [],
    )
    const measured = await page.evaluate(MEASURE)
    assert.deepEqual(measured, { small: [], sideways: 0 })
    assert.equal(await page.getAttribute('html', 'lang'), locale.slice(0, 2))
  })
}

test('the two languages have the same texts', async () => {
  const source = await (await fetch(`${origin}/chat/chat-texts.js`)).text()
  const keys = (name: string) => {
    const body = source.slice(source.indexOf(`const ${name} = {`), source.indexOf('\n}', source.indexOf(`const ${name} = {`)))
    return [...body.matchAll(/^ {2}(\w+):/gm)].map(([, key]) => key)
  }
  assert.deepEqual(keys('ru'), keys('en'))
  assert.ok(keys('ru').length > 20)
})
