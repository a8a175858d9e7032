import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { saveDraft } from '../../api/usecases/processes/edit-draft.ts'
import { showTemplate } from '../../api/usecases/processes/templates.ts'
import { openBrowser, skipWithoutBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { createWorld, type World } from '../support/world.ts'
import { assertFits, assertTouchable } from './app-page.ts'

/** The administrator asks what a draft would have changed, against the real server. */
const code = 'product_sale'
let world: World
let server: TestServer
let browser: Browser | null
let late: number
before(async () => {
  browser = await openBrowser()
  if (!browser) return
  world = await createWorld({ deals: true })
  server = await startServer(world)
  const card = await world.newDeal('mira', { title: 'Пресс для «Альфы»', amountMinor: 1_500_000_00 })
  late = card.deal.number
  world.clock.advance({ days: 1 })
  await moveDeal(world.as('ada'), { number: late, version: card.deal.version, stage: 'qualification' })
  const { template, published } = await showTemplate(world.as('ada'), { code })
  const stages = published!.body.stages.map((stage) =>
    stage.code === 'qualification'
      ? { ...stage, gates: [{ kind: 'document' as const, documentType: 'contract', goal: 'signed' as const }] }
      : stage,
  )
  await saveDraft(world.as('ada'), { code, version: template.version, draft: { ...published!.body, stages } })
})
after(() => browser?.close())

const shots = process.env['SHOTS']

async function open(context: TestContext, options: BrowserContextOptions = {}): Promise<Page | null> {
  if (skipWithoutBrowser(context, browser)) return null
  const tab = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    locale: 'ru-RU',
    serviceWorkers: 'block',
    ...options,
  })
  context.after(() => tab.close())
  const [name = '', value = ''] = (await server.login('ada')).cookie.split('=')
  await tab.addCookies([{ name, value, url: server.url }])
  const page = await tab.newPage()
  page.setDefaultTimeout(10_000)
  await page.goto(`${server.url}/more/processes/${code}`)
  return page
}

async function look(page: Page, name: string): Promise<void> {
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))))
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` })
  const { violations } = await new AxeBuilder({ page: page as never }).analyze()
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`),
    [],
  )
  const isSheet = (await page.locator('dialog[open]').count()) > 0
  if (!isSheet) return assertFits(page)
  const excess = await page.locator('dialog[open] .body').evaluate((body) => body.scrollWidth - body.clientWidth)
  assert.ok(excess <= 0, `the sheet is ${excess} px wider than the screen`)
}

test('beside publishing the phone says what the draft would have changed: which deals, why, and the funnel before and after', async (context) => {
  const page = await open(context)
  if (!page) return
  await page.getByRole('button', { name: 'Что бы изменилось?' }).waitFor()
  await look(page, 'editor-390')
  await page.getByRole('button', { name: 'Что бы изменилось?' }).click()
  await page.waitForURL('**?do=past')
  await page.getByRole('button', { name: '365 дней' }).click()
  await page.waitForURL('**days=365')
  await page.getByRole('button', { name: 'Проверить на прошлом' }).click()
  await page.getByText(/По-другому пош/).waitFor()
  await page.getByText(/Черновик не пропустил бы/).waitFor()
  const item = page.getByRole('listitem').filter({ hasText: 'Пресс для «Альфы»' })
  assert.match(await item.innerText(), /подписан/i)
  assert.equal(await item.getByRole('link').getAttribute('href'), `/deals/${late}`)
  assert.equal(await page.getByRole('region', { name: 'По черновику' }).getByText('−1').count(), 1)
  await look(page, 'past-390')
  await assertTouchable(page)
  await page.getByRole('region', { name: 'По черновику' }).scrollIntoViewIfNeeded()
  if (shots) await page.screenshot({ path: `${shots}/past-390-funnel.png` })
  await item.scrollIntoViewIfNeeded()
  if (shots) await page.screenshot({ path: `${shots}/past-390-deals.png` })
  await page.getByRole('button', { name: 'Закрыть' }).click()
  await page.getByRole('button', { name: 'Опубликовать', exact: true }).click()
  await page.getByText(/Проверка на прошлом: за 365 дней по-другому пош/).waitFor()
  await look(page, 'publish-390')
})

test('on a desktop both funnels stand side by side, also of a draft that is not saved; a play under way can be stopped', async (context) => {
  const page = await open(context, {
    viewport: { width: 1440, height: 900 },
    hasTouch: false,
    locale: 'en-GB',
    colorScheme: 'dark',
  })
  if (!page) return
  await page.evaluate(() =>
    fetch('/api/session', { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: '{"locale":"en"}' }),
  )
  await page.reload()
  await page.getByLabel('Name of the process', { exact: true }).fill('Sale by the book')
  await page.getByRole('button', { name: 'What would this have changed?' }).click()
  let letGo: () => void = () => undefined
  await page.route('**/api/rules/preview', async (route) => {
    await new Promise<void>((resolve) => {
      letGo = resolve
    })
    await route.continue().catch(() => undefined)
  })
  await page.getByRole('button', { name: 'Check on the past' }).click()
  await page.getByRole('progressbar').waitFor()
  await look(page, 'running-1440')
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await page.getByRole('button', { name: 'Check on the past' }).waitFor()
  letGo()
  await page.unroute('**/api/rules/preview')
  await page.getByRole('button', { name: 'Check on the past' }).click()
  await page.getByText(/would have gone another way/).waitFor()
  const [old, next] = await Promise.all(
    ['Now', 'By the draft'].map((name) => page.getByRole('region', { name, exact: true }).boundingBox()),
  )
  assert.equal(old!.y, next!.y)
  assert.ok(next!.x > old!.x)
  await look(page, 'past-1440')
})
