/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { deliverNext, LetterRefused } from '../../api/usecases/reports/deliver-reports.ts'
import { openBrowser, skipWithoutBrowser } from '../support/browser.ts'
import { stopBeforeDatabase } from '../support/database.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { createWorld, type Name, type World } from '../support/world.ts'
import { assertAccessible, assertFits, assertTouchable } from './app-page.ts'

/** Links to reports, mail and schedules as people meet them, on the real server. */
let browser: Browser | null = null
let world: World
let server: TestServer
let withoutMail: TestServer
before(async () => {
  browser = await openBrowser()
  if (!browser) return
  world = await createWorld({ deals: true })
  server = await startServer(world, { mailFrom: 'crm@example.com' })
  withoutMail = await startServer(world)
  stopBeforeDatabase(() => browser?.close())
})
after(() => browser?.close())

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true }
const desktop = { viewport: { width: 1440, height: 900 } }

async function open(
  context: TestContext,
  path: string,
  { as = 'eva', at = server, ...options }: BrowserContextOptions & { readonly as?: Name; readonly at?: TestServer } = {},
): Promise<{ page: Page; complaints: string[] } | null> {
  if (skipWithoutBrowser(context, browser)) return null
  const opened = await browser.newContext({ ...phone, locale: 'ru-RU', serviceWorkers: 'block', ...options })
  context.after(() => opened.close())
  const [name, value] = (await at.login(as)).cookie.split('=') as [string, string]
  await opened.addCookies([{ name, value, url: at.url }])
  const page = await opened.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text())
  })
  await page.goto(at.url + path)
  return { page, complaints }
}

async function assertWell({ page, complaints }: { page: Page; complaints: string[] }): Promise<void> {
  await assertFits(page)
  await assertTouchable(page)
  await assertAccessible(page)
  assert.deepEqual(complaints, [])
}

async function chooseToShare(page: Page, what: string): Promise<void> {
  await page.getByRole('button', { name: 'Поделиться' }).click()
  await page.getByRole('button', { name: what }).click()
}

test('A link is made in the funnel, opens for a stranger, and is revoked in «Мои ссылки»', async (context) => {
  const app = await open(context, '/funnel')
  if (!app) return
  const { page } = app
  await chooseToShare(page, 'Ссылка на отчёт без входа')
  await page.getByRole('button', { name: 'Создать ссылку' }).click()
  const field = page.getByLabel('Ссылка', { exact: true })
  await field.waitFor()
  const address = new URL(await field.inputValue()).pathname
  const stranger = await browser!.newContext({ ...phone, locale: 'ru-RU' })
  context.after(() => stranger.close())
  const shown = await stranger.newPage()
  await shown.goto(server.url + address)
  await shown.getByRole('heading', { name: /^Воронка / }).waitFor()
  assert.equal(await shown.locator('img').evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 300), true)
  await shown.getByRole('link', { name: 'Скачать PDF' }).waitFor()
  await assertFits(shown)
  await assertTouchable(shown)
  await assertAccessible(shown)
  await page.getByRole('link', { name: 'Мои ссылки' }).click()
  await page.getByText(/открывали 1 раз/).waitFor()
  await assertWell(app)
  await page.getByRole('button', { name: /^Отозвать ссылку/ }).click()
  // There is no way back: it is asked first, and the link still opens meanwhile.
  await page.getByText(/вернуть её нельзя/).waitFor()
  await assertWell(app)
  assert.equal((await shown.goto(server.url + address))!.status(), 200)
  await page.getByRole('button', { name: 'Отозвать', exact: true }).click()
  await page
    .getByText(/отозвана/)
    .first()
    .waitFor()
  assert.equal((await shown.goto(server.url + address))!.status(), 410)
  await shown.getByRole('heading', { name: 'Ссылка больше не действует' }).waitFor()
  await assertAccessible(shown)
})

test('While a link is being made the sheet says so; closed meanwhile, the link is offered when it is ready and stands in «Мои ссылки»', async (context) => {
  const app = await open(context, '/funnel?basis=flow')
  if (!app) return
  const { page } = app
  let go = (): void => undefined
  const held = new Promise<void>((resolve) => {
    go = resolve
  })
  await page.route('**/api/reports/share?**', async (route) => {
    await held
    await route.continue()
  })
  await chooseToShare(page, 'Ссылка на отчёт без входа')
  await page.getByRole('button', { name: 'Создать ссылку' }).click()
  await page.getByRole('button', { name: 'Готовим ссылку…' }).waitFor()
  await page.getByText(/Окно можно закрыть/).waitFor()
  await assertTouchable(page)
  await assertAccessible(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Закрыть' }).click()
  go()
  await page.getByText(/Ссылка на отчёт готова\./).waitFor()
  await page.getByRole('button', { name: 'Скопировать' }).waitFor()
  await page.goto(`${server.url}/more/shares`)
  await page
    .getByRole('button', { name: /^Отозвать ссылку/ })
    .first()
    .waitFor()
})

test('Addresses of a schedule and of a dashboard that do not exist say so and lead back', async (context) => {
  const app = await open(context, '/more/schedules/999')
  if (!app) return
  const { page } = app
  for (const path of ['/more/schedules/999', '/more/schedules/nine']) {
    await page.goto(server.url + path)
    await page.getByRole('heading', { name: 'Такого расписания нет' }).waitFor()
    await assertWell(app)
  }
  await page.getByRole('link', { name: 'Ко всем расписаниям' }).click()
  await page.waitForURL('**/more/schedules')
  for (const path of ['/boards/9999', '/boards/aaaaaaaaaa']) {
    await page.goto(server.url + path)
    await page.getByRole('heading', { name: 'Такой панели нет' }).waitFor()
  }
  await page.goto(`${server.url}/funnel/~deals/zzz?type=service`)
  await page.getByRole('heading', { name: 'Такого списка нет' }).waitFor()
  assert.equal(await page.getByText('zzz').count(), 0)
  await page.getByRole('link', { name: 'К воронке' }).click()
  await page.waitForURL('**/funnel?type=service')
})

test('What a screen needs is fetched ahead once, in the mode in which it is used', async (context) => {
  const app = await open(context, '/more/schedules')
  if (!app) return
  const { page } = app
  await page.goto('about:blank')
  const warnings: string[] = []
  const styles: string[] = []
  page.on('console', (message) => {
    if (/preload/.test(message.text())) warnings.push(message.text())
  })
  page.on('response', (response) => {
    if (/\.css$/.test(response.url())) styles.push(response.url())
  })
  await page.goto(`${server.url}/funnel`)
  await page.getByRole('button', { name: 'Поделиться' }).waitFor()
  assert.deepEqual(warnings, [])
  assert.ok(styles.length > 1)
  assert.equal(new Set(styles).size, styles.length, styles.join('\n'))
})

test('A report goes by mail to the addresses given; a slip in them is named before anything is sent', async (context) => {
  const app = await open(context, '/funnel')
  if (!app) return
  const { page } = app
  await chooseToShare(page, 'Отправить по почте')
  await page.getByLabel('Кому').fill('boss@client.example, boss')
  await page.getByRole('button', { name: 'Отправить', exact: true }).click()
  await page.getByText('Проверьте адрес: boss').waitFor()
  await assertTouchable(page)
  await page.getByLabel('Кому').fill('boss@client.example')
  await page.getByRole('button', { name: 'Отправить', exact: true }).click()
  await page.getByText('Письмо поставлено в очередь: boss@client.example').waitFor()
  assert.deepEqual(app.complaints, [])
})

test('Where mail is not set up, the sheet says so and how it is done', async (context) => {
  const app = await open(context, '/funnel', { at: withoutMail })
  if (!app) return
  await chooseToShare(app.page, 'Отправить по почте')
  await app.page.getByText('Почта не настроена').waitFor()
  await app.page.getByText(/SMTP_URL=smtps:/).waitFor()
})

for (const size of [phone, desktop])
  test(`At ${size.viewport.width} px a schedule is made from the funnel's slice, run, looked after in its log, paused and deleted`, async (context) => {
    const app = await open(context, '/funnel?type=service', size)
    if (!app) return
    const { page } = app
    await chooseToShare(page, 'Отчёт по расписанию')
    await page.waitForURL('**/more/schedules/new?type=service')
    await page.getByText('Услуга').waitFor()
    await page.getByRole('button', { name: 'Сохранить' }).click()
    await page.getByText('Укажите, кому отправлять').waitFor()
    await page.getByLabel('Адреса почты').fill('nobody@client.example')
    await assertWell(app)
    await page.getByRole('button', { name: 'Сохранить' }).click()
    await page.waitForURL(/schedules\/\d+$/)
    await page.getByText(/Следующий отчёт/).waitFor()
    await page.getByRole('button', { name: 'Отправить сейчас' }).click()
    await page.getByText('в очереди').waitFor()
    const sendLetter = () => Promise.reject(new LetterRefused('550 no such user'))
    while (await deliverNext(world.orm.em.fork(), { now: world.clock.now, sendLetter, appUrl: null }));
    await page.getByText('550 no such user').waitFor()
    await page.getByRole('button', { name: 'Повторить отправку: nobody@client.example' }).waitFor()
    await assertWell(app)
    await page.getByRole('switch', { name: 'Отправлять' }).click()
    await page.getByText('Приостановлено').waitFor()
    await page.goto(`${server.url}/more/schedules`)
    await page.getByText('1 не доставлен').waitFor()
    await assertWell(app)
    await page.getByRole('link', { name: /Воронка: с начала года/ }).click()
    await page.getByRole('button', { name: 'Удалить расписание' }).click()
    await page.getByText('Удалить? Отчёты больше не придут.').waitFor()
    await page.getByRole('button', { name: 'Удалить расписание' }).click()
    await page.getByText('Расписаний пока нет').waitFor()
  })

test('Who answers for nobody has the report sent to himself in Telegram, and colleagues’ mailboxes', async (context) => {
  const app = await open(context, '/more/schedules/new', { as: 'mira', at: withoutMail })
  if (!app) return
  const { page } = app
  await page.getByText('Почта не настроена: можно отправлять только в Telegram.').waitFor()
  await page.getByRole('switch', { name: 'Мне в Telegram' }).click()
  await page.getByRole('button', { name: 'Сохранить' }).click()
  await page.waitForURL(/schedules\/\d+$/)
  await page.getByText('Мира Центр: Telegram ещё не привязан, туда отчёт не придёт.').waitFor()
})
