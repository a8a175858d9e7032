/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { editNoticeSettings, showNoticeSettings } from '../../api/usecases/chat/notice-settings.ts'
import { linkAccount } from '../../api/usecases/telegram.ts'
import { openBrowser, skipWithoutBrowser } from '../support/browser.ts'
import { stopBeforeDatabase } from '../support/database.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { createWorld, type World } from '../support/world.ts'
import { assertAccessible, assertFits, assertTouchable } from './app-page.ts'

/** What the bot tells unasked, as one sets it in the app, on the real server. */
let browser: Browser | null = null
let world: World
let server: TestServer
before(async () => {
  browser = await openBrowser()
  if (!browser) return
  world = await createWorld({})
  server = await startServer(world, { telegram: { mode: 'demo', botUsername: () => 'voronka_bot', token: null } })
  const employeeId = world.as('mira').actor.id
  const em = world.orm.em.fork()
  await linkAccount({ em, now: world.clock.now() }, { employeeId, telegramUserId: 77, chatId: 77, username: null })
  stopBeforeDatabase(() => browser?.close())
})
after(() => browser?.close())

async function open(context: TestContext, as: 'mira' | 'eva'): Promise<Page | null> {
  if (skipWithoutBrowser(context, browser)) return null
  const opened = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    locale: 'ru-RU',
    serviceWorkers: 'block',
  })
  context.after(() => opened.close())
  const [name, value] = (await server.login(as)).cookie.split('=') as [string, string]
  await opened.addCookies([{ name, value, url: server.url }])
  const page = await opened.newPage()
  await page.goto(`${server.url}/more/telegram`)
  return page
}
const settings = () => showNoticeSettings(world.as('mira'))

test('Kinds of notices are turned on and off in the app, the same that /notify has in the chat', async (context) => {
  const page = await open(context, 'mira')
  if (!page) return
  const comments = page.getByRole('switch', { name: 'Комментарий к моей сделке' })
  await comments.waitFor()
  assert.equal(await comments.isChecked(), true)
  await Promise.all([page.waitForResponse((answer) => answer.request().method() === 'PATCH'), comments.click()])
  assert.equal((await settings()).topics.comment, false)
  await editNoticeSettings(world.as('mira'), { topics: { moved: true } })
  await page.reload()
  const moved = page.getByRole('switch', { name: /^Коллега передвинул мою сделку/ })
  await moved.waitFor()
  assert.equal(await moved.isChecked(), true)
  assert.equal(await comments.isChecked(), false)
})

test('Quiet hours are given in the app; the same time twice is named before it is sent', async (context) => {
  const page = await open(context, 'mira')
  if (!page) return
  const patched = () => page.waitForResponse((answer) => answer.request().method() === 'PATCH')
  const quiet = page.getByRole('switch', { name: /^Тихие часы/ })
  await Promise.all([patched(), quiet.click()])
  assert.deepEqual((await settings()).quiet, { from: '20:00', to: '08:00' })
  const until = page.getByLabel('До', { exact: true })
  await until.fill('20:00')
  await until.blur()
  await page.getByText('Начало и конец тихих часов — разное время.').waitFor()
  await Promise.all([patched(), until.fill('07:30').then(() => until.blur())])
  assert.deepEqual((await settings()).quiet, { from: '20:00', to: '07:30' })
  await assertFits(page)
  await assertTouchable(page)
  await assertAccessible(page)
  await Promise.all([patched(), quiet.click()])
  assert.equal((await settings()).quiet, null)
})

test('Who has no Telegram linked is shown how to link it, and no notices', async (context) => {
  const page = await open(context, 'eva')
  if (!page) return
  await page.getByRole('button', { name: 'Получить код' }).waitFor()
  assert.equal(await page.getByRole('switch').count(), 0)
})
