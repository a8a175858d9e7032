/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { loseDeal } from '../../api/usecases/deals/lose-deal.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import type { StatusView } from '../../shared/views/dictionaries.ts'
import { openBrowser, skipWithoutBrowser } from '../support/browser.ts'
import { stopBeforeDatabase } from '../support/database.ts'
import { type Client, startServer, type TestServer } from '../support/server.ts'
import { createWorld, type Name } from '../support/world.ts'
import { assertAccessible, assertFits, assertTouchable } from './app-page.ts'

/** The dictionary of statuses as an administrator meets it, on the real server. */
let browser: Browser | null = null
let server: TestServer
let admin: Client
before(async () => {
  browser = await openBrowser()
  if (!browser) return
  const world = await createWorld({ deals: true })
  for (let turn = 0; turn < 3; turn++) {
    const card = await world.newDeal('mira', { amountMinor: 500_000_00 })
    const moved = await moveDeal(world.as('mira'), {
      number: card.deal.number,
      version: card.deal.version,
      stage: 'qualification',
    })
    if (turn === 0)
      await loseDeal(world.as('mira'), { number: card.deal.number, version: moved.deal.version, status: 'lost', reason: 'цена' })
  }
  server = await startServer(world)
  admin = await server.login('ada')
  stopBeforeDatabase(() => browser?.close())
})
after(() => browser?.close())

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true }
const desktop = { viewport: { width: 1440, height: 900 } }
type Opened = { readonly page: Page; readonly complaints: string[] }

async function open(
  context: TestContext,
  path: string,
  { as = 'ada', ...options }: BrowserContextOptions & { readonly as?: Name } = {},
): Promise<Opened | null> {
  if (skipWithoutBrowser(context, browser)) return null
  const opened = await browser.newContext({ ...phone, locale: 'ru-RU', serviceWorkers: 'block', ...options })
  context.after(() => opened.close())
  const [name, value] = (await server.login(as)).cookie.split('=') as [string, string]
  await opened.addCookies([{ name, value, url: server.url }])
  const page = await opened.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text())
  })
  await page.goto(server.url + path)
  return { page, complaints }
}

const statuses = async (): Promise<StatusView[]> => (await admin.get('/api/statuses')).body.items
const order = async () =>
  (await statuses()).filter((status) => status.category !== 'lost' && !status.archived).map((status) => status.code)
const shownOrder = (page: Page) =>
  page.locator('li[data-code]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-code')))
const speak = (locale: string) => admin.request('PATCH', '/api/session', { body: { locale } })

test('a row is moved by its buttons and by dragging; what that does is seen before it is saved', async (context) => {
  const opened = await open(context, '/more/statuses')
  if (!opened) return
  const { page, complaints } = opened
  await page.locator('li[data-code]').first().waitFor()
  const was = await order()
  const [first, second, third] = was as [string, string, string]
  await page.getByRole('button', { name: 'Ниже: «Новая»' }).click()
  await page.getByText('Порядок изменён, но ещё не сохранён.').waitFor()
  assert.deepEqual((await shownOrder(page)).slice(0, 3), [second, first, third])
  const focused = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
  assert.equal(focused, 'Ниже: «Новая»', 'the button goes along')
  assert.deepEqual(await order(), was, 'nothing is saved yet')

  const handle = await page.locator(`li[data-code=${first}] .handle`).boundingBox()
  const target = await page.locator(`li[data-code=${third}]`).boundingBox()
  await page.mouse.move(handle!.x + 10, handle!.y + 20)
  await page.mouse.down()
  await page.mouse.move(handle!.x + 10, target!.y + target!.height / 2, { steps: 6 })
  await page.mouse.up()
  await page.waitForFunction((code) => document.querySelectorAll('li[data-code]')[2]?.getAttribute('data-code') === code, first)
  await page.reload()
  await page.locator('li[data-code]').first().waitFor()
  assert.deepEqual((await shownOrder(page)).slice(0, 3), [second, third, first], 'the order asked for outlives a reload')

  await page.getByRole('link', { name: 'Что изменится' }).click()
  await page.getByRole('heading', { name: 'Станет' }).waitFor()
  const after = await page.locator('section[aria-labelledby=after-title] .name').allTextContents()
  assert.equal(after[2], 'Новая')
  await page.locator('section[aria-labelledby=differences-title]').getByText('другое место').first().waitFor()
  assert.deepEqual(await order(), was, 'looking saved nothing')
  await page.getByRole('button', { name: 'Применить' }).click()
  await page.getByText('Порядок сохранён').waitFor()
  assert.deepEqual(await order(), [second, third, first, ...was.slice(3)])
  assert.equal((await admin.request('PUT', '/api/statuses/order', { body: { codes: was, seen: await order() } })).status, 200)
  assert.deepEqual(complaints, [])
})

test('a finger on the handle carries a row, and does not scroll the page', async (context) => {
  const opened = await open(context, '/more/statuses', { isMobile: true })
  if (!opened) return
  const { page } = opened
  await page.locator('li[data-code]').first().waitFor()
  const [first, second, third] = (await shownOrder(page)) as [string, string, string]
  const handle = (await page.locator(`li[data-code=${first}] .handle`).boundingBox())!
  const target = (await page.locator(`li[data-code=${third}]`).boundingBox())!
  const touch = await page.context().newCDPSession(page)
  const at = (y: number) => [{ x: handle.x + 12, y }]
  const from = handle.y + handle.height / 2
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(from) })
  for (let step = 1; step <= 6; step++)
    await touch.send('Input.dispatchTouchEvent', {
      type: 'touchMove',
      touchPoints: at(from + ((target.y + target.height / 2 - from) * step) / 6),
    })
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await page.getByText('Порядок изменён, но ещё не сохранён.').waitFor()
  assert.deepEqual((await shownOrder(page)).slice(0, 3), [second, third, first])
  assert.equal(await page.evaluate(() => scrollY), 0)
  await page.getByRole('button', { name: 'Вернуть как было' }).click()
  await page.getByText('Порядок изменён, но ещё не сохранён.').waitFor({ state: 'detached' })
  assert.deepEqual((await shownOrder(page)).slice(0, 3), [first, second, third])
})

test('an order made on statuses that somebody else has changed meanwhile is not saved', async (context) => {
  const was = await order()
  const opened = await open(context, `/more/statuses/~preview?order=${was.toReversed().join()}`)
  if (!opened) return
  const { page } = opened
  await page.getByRole('heading', { name: 'Станет' }).waitFor()
  const codes = [was[1], was[0], ...was.slice(2)]
  await admin.request('PUT', '/api/statuses/order', { body: { codes, seen: was } })
  await page.getByRole('button', { name: 'Применить' }).click()
  await page.getByRole('alert').getByText('Данные уже изменились').waitFor()
  assert.deepEqual(await order(), codes)
  await admin.request('PUT', '/api/statuses/order', { body: { codes: was, seen: codes } })
})

test('a status is added with its place, colour and limits, and edited after that', async (context) => {
  const opened = await open(context, '/more/statuses')
  if (!opened) return
  const { page, complaints } = opened
  await page.getByRole('link', { name: 'Добавить статус' }).click()
  await page.getByRole('button', { name: 'Добавить' }).click()
  await page.getByText('Введите название.').waitFor()
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true')
  await page.getByLabel('Название статуса', { exact: true }).fill('Замер')
  await page.getByText('По-английски', { exact: true }).click()
  await page.getByLabel('Название статуса, по-английски').fill('Site survey')
  await page.getByLabel('Место в воронке').selectOption({ label: 'После «Квалификация»' })
  await page.getByLabel('Цвет 6').check({ force: true })
  await page.getByLabel('Вероятность победы').fill('130')
  await page.getByRole('button', { name: 'Добавить' }).click()
  await page.getByText('Целое число от 0 до 100.').waitFor()
  await page.getByLabel('Вероятность победы').fill('30')
  await page.getByRole('button', { name: 'Добавить' }).click()
  await page.getByText('Статус добавлен').waitFor()
  const added = (await statuses()).find((status) => status.code === 'site-survey')!
  assert.deepEqual([added.step, added.probabilityPct, (await order())[2]], [6, 30, 'site-survey'])

  await page.goto(`${server.url}/more/statuses/site-survey`)
  await page.getByLabel('Сколько сделка может стоять', { exact: true }).fill('5')
  await page.getByRole('switch', { name: 'Веха победы' }).check()
  await page.getByText('По порядку').click()
  await page.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByText('Сохранено').waitFor()
  const edited = (await statuses()).find((status) => status.code === 'site-survey')!
  assert.deepEqual([edited.timeLimitHours, edited.isWon, edited.colour ?? null], [120, true, null])
  assert.deepEqual(complaints, [])
})

test('a status is put away and comes back; one that a process gives stays, and the screen says why', async (context) => {
  const opened = await open(context, '/more/statuses/site-survey')
  if (!opened) return
  const { page } = opened
  await page.getByRole('button', { name: 'Убрать в архив' }).click()
  await page.getByText('Статус в архиве', { exact: true }).waitFor()
  assert.equal((await statuses()).find((status) => status.code === 'site-survey')?.archived, true)
  await page.getByRole('button', { name: 'Вернуть из архива' }).click()
  await page.getByText('Статус снова в работе').waitFor()
  await page.goto(`${server.url}/more/statuses/proposal`)
  await page.getByRole('button', { name: 'Убрать в архив' }).click()
  await page
    .getByRole('alert')
    .getByText(/в архив не убрать: его дают «/)
    .waitFor()
})

const screens = [
  { path: '/more/statuses', ready: 'li[data-code]' },
  { path: '/more/statuses?order=SWAPPED', ready: '.bar a' },
  { path: '/more/statuses/new', ready: 'form input' },
  { path: '/more/statuses/lost', ready: 'form input' },
  { path: '/more/statuses/~new', ready: 'form input' },
  { path: '/more/statuses/~preview?order=SWAPPED', ready: '#differences-title' },
  { path: '/more/statuses/~preview?merge=qualification&into=proposal', ready: '#differences-title' },
  { path: '/more/statuses/~preview?merge=qualification&into=proposal&basis=snapshot', ready: '#differences-title' },
  { path: '/more/statuses/no-such', ready: 'section.empty' },
] as const

for (const [colorScheme, lang, size] of [
  ['light', 'ru', phone],
  ['dark', 'en', desktop],
] as const) {
  test(`every screen of the statuses is accessible, ${colorScheme}, ${lang}, ${size.viewport.width} px`, async (context) => {
    if (browser) await speak(lang)
    const opened = await open(context, '/more', { colorScheme, locale: lang, ...size })
    if (!opened) return
    context.after(() => speak('ru'))
    const { page, complaints } = opened
    const swapped = (await order()).toReversed().join()
    for (const { path, ready } of screens) {
      await page.goto(server.url + path.replace('SWAPPED', swapped))
      await page.locator(ready).first().waitFor()
      assert.equal(await page.getAttribute('html', 'lang'), lang)
      const shots = process.env['SHOTS']
      if (shots)
        await page.screenshot({ path: `${shots}/${lang}-${path.replace(/[^a-z=]+/g, '_').slice(0, 70)}.png`, fullPage: true })
      await assertAccessible(page)
      await assertTouchable(page)
      await assertFits(page)
    }
    assert.deepEqual(complaints, [])
  })
}

test('every screen of the statuses fits a phone of 320 px at 200 % text', async (context) => {
  const opened = await open(context, '/more', { viewport: { width: 320, height: 640 }, isMobile: true })
  if (!opened) return
  const { page } = opened
  await page.addInitScript({
    content: "addEventListener('DOMContentLoaded', () => { document.documentElement.style.fontSize = '200%' })",
  })
  const swapped = (await order()).toReversed().join()
  for (const { path, ready } of screens) {
    await page.goto(server.url + path.replace('SWAPPED', swapped))
    await page.locator(ready).first().waitFor()
    await assertFits(page)
  }
})

test('a merger is shown side by side on a desktop and then made; the funnel counts both in one', async (context) => {
  const opened = await open(context, '/more/statuses/qualification', desktop)
  if (!opened) return
  const { page, complaints } = opened
  await page.getByLabel('С каким статусом').selectOption({ label: 'Предложение' })
  await page.getByRole('link', { name: 'Что изменится' }).click()
  await page.getByRole('heading', { name: 'Объединить «Квалификация» с «Предложение»' }).waitFor()
  const [left, right] = [
    page.locator('section[aria-labelledby=before-title]'),
    page.locator('section[aria-labelledby=after-title]'),
  ]
  await right.waitFor()
  const [one, other] = [await left.boundingBox(), await right.boundingBox()]
  assert.ok(one!.x + one!.width <= other!.x && Math.abs(one!.y - other!.y) < 2, 'side by side')
  assert.equal(await left.getByText('Квалификация').count(), 1)
  assert.equal(await right.getByText('Квалификация').count(), 0)
  await page.locator('section[aria-labelledby=differences-title]').getByText('слоя больше не будет').waitFor()
  await page.getByText('Где сделки сейчас').click()
  const now = right.locator('li', { hasText: 'Предложение' }).locator('b')
  await page.waitForFunction(() => new URLSearchParams(location.search).get('basis') === 'snapshot')
  await right.waitFor()
  assert.equal(await now.textContent(), '2')
  await page.getByRole('button', { name: 'Применить' }).click()
  await page.getByText('«Квалификация» объединён с «Предложение»').waitFor()
  const { body } = await admin.get('/api/funnel?basis=snapshot')
  const layer = body.layers.find((one: { status: StatusView }) => one.status.code === 'proposal')
  assert.equal(layer.count, 2)
  await page.goto(`${server.url}/more/statuses/qualification`)
  await page.getByRole('link', { name: 'Открыть «Предложение»' }).waitFor()
  assert.deepEqual(complaints, [])
})

test('who may not change the settings is told so, and asks for nothing', async (context) => {
  for (const path of [
    '/more/statuses',
    '/more/statuses/proposal',
    '/more/statuses/~new',
    '/more/statuses/~preview?merge=new&into=proposal',
  ]) {
    const opened = await open(context, path, { as: 'mira' })
    if (!opened) return
    await opened.page.getByRole('heading', { name: 'Этот раздел вам недоступен' }).waitFor()
  }
})
