import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { createDealField } from '../../api/usecases/deal-types/type-fields.ts'
import { CreateDealField } from '../../shared/schemas/deal-types.ts'
import type { RuleView } from '../../shared/views/processes.ts'
import { openBrowser, skipWithoutBrowser } from '../support/browser.ts'
import { type Client, startServer, type TestServer } from '../support/server.ts'
import { createWorld } from '../support/world.ts'
import { assertFits, assertTouchable } from './app-page.ts'

/** The administrator writes rules by the calendar, on a phone and at a desk, against the real server. */
let server: TestServer
let browser: Browser | null
let ada: Client
before(async () => {
  browser = await openBrowser()
  if (!browser) return
  const world = await createWorld()
  const names = { ru: 'Действует до', en: 'Valid until' }
  await createDealField(world.as('ada'), CreateDealField.parse({ code: 'support_contract', field: 'until', names, kind: 'day' }))
  server = await startServer(world)
  ada = await server.login('ada')
})
after(() => browser?.close())

async function open(context: TestContext, locale: string, width: number, dark: boolean): Promise<Page | null> {
  if (skipWithoutBrowser(context, browser)) return null
  const colorScheme = dark ? 'dark' : 'light'
  const tab = await browser.newContext({ viewport: { width, height: 844 }, locale, colorScheme, serviceWorkers: 'block' })
  context.after(() => tab.close())
  const [name = '', value = ''] = (await server.login('ada')).cookie.split('=')
  await tab.addCookies([{ name, value, url: server.url }])
  const page = await tab.newPage()
  page.on('pageerror', (error) => assert.fail(error.message))
  await page.goto(`${server.url}/more/rules/new`)
  await page.getByTestId('sentence').waitFor()
  return page
}

const rules = async (): Promise<readonly RuleView[]> => (await ada.get('/api/rules')).body.items
const sentence = async (page: Page) => (await page.getByTestId('sentence').innerText()).replaceAll('\u00a0', ' ')

async function assertSound(page: Page): Promise<void> {
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))))
  const { violations } = await new AxeBuilder({ page: page as never }).analyze()
  assert.deepEqual(
    violations.map(({ id }) => id),
    [],
  )
  await assertFits(page)
  await assertTouchable(page)
}

test('A service that begins each month is one rule, made on a phone', async (context) => {
  const page = await open(context, 'ru-RU', 390, false)
  if (!page) return
  await page.getByText('Импорт правил не запускает', { exact: false }).waitFor()
  await page.getByLabel('Что произошло').selectOption('period_began')
  assert.equal(await sentence(page), 'Когда начался месяц, статус становится «…».')
  await page.getByLabel('В какой день').selectOption('working')
  await page.getByLabel('Что сделать').selectOption('start_process')
  await page.getByLabel('Процесс', { exact: true }).selectOption({ index: 1 })
  await page.getByRole('button', { name: 'Поддержка', exact: true }).click()
  await page.getByRole('button', { name: 'Условие', exact: true }).click()
  await page.getByLabel('Что проверить').selectOption('runningProcesses')
  assert.match(await sentence(page), /^Для сделок типа «.+»: когда наступил первый рабочий день месяца, если идущие процессы /)
  await page
    .getByRole('button', { name: /^Убрать условие/ })
    .first()
    .click()
  await assertSound(page)
  await page.getByRole('button', { name: 'Сохранить правило' }).click()
  await page.waitForURL('**/more/rules')
  const made = (await rules()).find(({ trigger }) => trigger.kind === 'period_began')
  assert.deepEqual(made?.trigger, { kind: 'period_began', every: 'month', onWorkingDay: true })
})

test('A date of the deal is waited for so many days before or after it, in English at a desk', async (context) => {
  if (skipWithoutBrowser(context, browser)) return
  await ada.request('PATCH', '/api/session', { body: { locale: 'en' } })
  const page = await open(context, 'en-GB', 1440, true)
  if (!page) return
  await page.getByLabel('What happened').selectOption('date_near')
  await page.getByLabel('What to do').selectOption('assign')
  await page.getByRole('button', { name: 'Save the rule' }).click()
  await page.getByText('Choose a date.').waitFor()
  await page.getByLabel('Which date').selectOption('field.until')
  await page.getByLabel('How many days').fill('60')
  assert.match(await sentence(page), /^When 60 days are left until the date in the field “Valid until”, /)
  await page.getByLabel('Before the date or after').selectOption('after')
  await page.getByLabel('How many days').fill('')
  await page.getByLabel('How many days').fill('60')
  assert.match(await sentence(page), /^When 60 days have passed since the date in the field “Valid until”, /)
  await assertSound(page)
  await page.getByRole('button', { name: 'Save the rule' }).click()
  await page.waitForURL('**/more/rules')
  const made = (await rules()).find(({ trigger }) => trigger.kind === 'date_near')
  assert.deepEqual(made?.trigger, { kind: 'date_near', fact: 'field.until', daysBefore: -60 })
})
