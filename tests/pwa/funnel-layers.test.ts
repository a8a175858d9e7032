import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import type { DealListView } from '../../shared/views/deals.ts'
import { assertFits, untilAsked, useApp } from './app-page.ts'
import { cannedStatus } from './canned-funnel.ts'

const openApp = useApp()
const desktop = { viewport: { width: 1440, height: 900 }, hasTouch: false }

/** The server knows no such layer; the dictionary holds these statuses. */
async function refuseDeals(page: Page, statuses: readonly unknown[]): Promise<void> {
  const error = { code: 'not_found', message: 'Не найдено или недоступно вам.' }
  await page.route('**/api/funnel/deals?*layer=nosuch*', (route) => route.fulfill({ status: 404, json: { error } }))
  await page.route('**/api/statuses', (route) => route.fulfill({ json: { items: statuses } }))
}

test('A layer that does not exist is said to be none, with a way back to the funnel', async (context) => {
  const app = await openApp(context, '/login')
  if (!app) return
  await refuseDeals(app.page, [])
  await app.page.goto(`${app.api.url}/funnel/nosuch?by=amount`)
  await app.page.getByRole('heading', { name: 'Такого слоя в воронке нет' }).waitFor()
  assert.equal(await app.page.getByText('Загружаем…').count(), 0)
  await app.page.getByRole('link', { name: 'К воронке' }).click()
  await app.page.waitForURL('**/funnel?by=amount')
})

test('A status that was merged leads to the one that it counts as', async (context) => {
  const app = await openApp(context, '/login')
  if (!app) return
  await refuseDeals(app.page, [
    { ...cannedStatus(3, 'ru'), code: 'nosuch', mergedInto: { id: 4, code: 'negotiation', name: 'Переговоры' } },
  ])
  await app.page.goto(`${app.api.url}/funnel/nosuch`)
  await app.page.waitForURL('**/funnel/negotiation')
  await app.page.getByRole('tab', { name: 'Здесь 130', selected: true }).waitFor()
})

test('A slice by what does not exist is told once, and reset by one tap', async (context) => {
  const app = await openApp(context, '/login')
  if (!app) return
  const { page, api } = app
  const error = { code: 'not_found', message: 'Не найдено или недоступно вам.' }
  await page.route('**/api/funnel*?*type=zzz*', (route) => route.fulfill({ status: 404, json: { error } }))
  await page.goto(`${api.url}/funnel?type=zzz`)
  await page.getByText('Того, чем сужена воронка, нет, или оно вам недоступно.').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Повторить' }).count(), 0)
  await page.getByRole('button', { name: 'Сбросить срез' }).click()
  await page.getByText('1 284', { exact: true }).waitFor()
})

test('On a phone a layer names its basis and its moment, shows that it is the past, and that there is no network', async (context) => {
  const app = await openApp(context, '/funnel/negotiation?basis=snapshot&asOf=2026-06-30')
  if (!app) return
  const { page, api } = app
  await page.getByText(/^Стоят · Данные на /).waitFor()
  await page.getByRole('slider').waitFor()
  assert.equal(await page.getByText('Нет сети').count(), 0)
  await page.locator('#layer-deals a').first().waitFor()
  api.mode = 'silent'
  await page.reload()
  await page
    .locator('article')
    .getByText(/Нет сети/)
    .waitFor()
})

test('At 1440 px the whole head of the first chapter folds it', async (context) => {
  const app = await openApp(context, '/funnel', desktop)
  if (!app) return
  const { page } = app
  await page.getByText('1 284', { exact: true }).waitFor()
  const box = (await page.getByRole('button', { name: 'До продажи' }).boundingBox())!
  await page.mouse.click(box.x + box.width / 2, box.y + box.height - 3)
  await page.waitForURL('**/funnel?fold=presale')
})

test('A folded chapter is one row with a bar on the scale of the layers, and says that it holds the bottleneck', async (context) => {
  const app = await openApp(context, '/funnel?fold=presale,sale')
  if (!app) return
  const { page } = app
  await page.getByRole('button', { name: 'Продажа Узкое место' }).waitFor()
  await page.waitForTimeout(500)
  const rows = await page.evaluate(() =>
    [...document.querySelectorAll('.frow')].map((row) => {
      const rights = (selector: string) => [...row.querySelectorAll(selector)].map((one) => one.getBoundingClientRect().right)
      const left = row.querySelector('.bar')!.getBoundingClientRect().left
      return {
        passed: rights('.seg.passed')[0]! - left,
        ribbon: (rights('.ribbon')[0] ?? left) - left,
        height: row.getBoundingClientRect().height,
      }
    }),
  )
  assert.equal(rows.length, 4)
  for (const index of [2, 3]) assert.ok(Math.abs(rows[index]!.ribbon - rows[index - 1]!.passed) < 0.1, `ribbon ${index}`)
  for (const { height } of rows) assert.ok(height < 100, `${height} px`)
})

test('The deals that stand in a status now are counted beside the link to its layer, and open a list of their own', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  await untilAsked(app.api, /GET \/api\/funnel\?/)
  const said = app.page.getByText(/сейчас в статусе 130 сделок/)
  for (let turn = 0; turn < 20 && (await said.count()) === 0; turn++) {
    await app.page.mouse.wheel(0, 700)
    await app.page.waitForTimeout(100)
  }
  assert.equal(await said.count(), 1)
  await app.page.getByRole('link', { name: 'Переговоры: сейчас в статусе 130 сделок' }).click()
  await app.page.waitForURL('**/funnel/negotiation?part=stillThere')
  await app.page.getByRole('tab', { name: 'Сейчас в статусе 130', selected: true }).waitFor()
  await untilAsked(app.api, /funnel\/deals\?.*layer=negotiation&part=stillThere/)
})

test('On a phone the ribbon behind a head of a chapter begins where the bars do, also in a card that calls itself wide', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  await app.page.getByText('1 284', { exact: true }).waitFor()
  const lefts = await app.page.evaluate(() => {
    document.querySelector('main')!.classList.add('wide')
    return [...document.querySelectorAll('.chapter .ribbon, .frow .bar')].map((one) => one.getBoundingClientRect().left)
  })
  assert.equal(new Set(lefts.map(Math.round)).size, 1)
})

test('By amount a chapter tells money beside its share of the money, and the sum drops before a word breaks', async (context) => {
  const app = await openApp(context, '/funnel?by=amount')
  if (!app) return
  await app.page.getByRole('link', { name: /^До продажи: Вошли 105,3 млн ₽$/ }).waitFor()
  const heights = await app.page.evaluate(() =>
    [...document.querySelectorAll('.frow .fname')].map((one) => one.getBoundingClientRect().height),
  )
  assert.equal(heights.length, 8)
  for (const height of heights) assert.ok(height < 30, `${height} px is more than one line`)
})

test('Folded chapters fit 320 px with text at 200 %', async (context) => {
  const app = await openApp(context, '/funnel?fold=presale,sale,support', {
    viewport: { width: 320, height: 800 },
    largeText: true,
  })
  if (!app) return
  await app.page.locator('.frow').first().waitFor()
  await app.page.waitForTimeout(500)
  await assertFits(app.page)
})

test('Where the stage only repeats the status, the list tells the deal instead', async (context) => {
  const app = await openApp(context, '/login', desktop)
  if (!app) return
  const { page, api } = app
  await page.route('**/api/funnel/deals?*', async (route) => {
    const answer = await route.fetch()
    const list = (await answer.json()) as DealListView
    await route.fulfill({
      json: { ...list, items: list.items.map((deal) => ({ ...deal, stage: { id: 1, code: 'same', name: deal.status.name } })) },
    })
  })
  await page.goto(`${api.url}/funnel/negotiation`)
  await page.getByRole('columnheader', { name: 'Сделка' }).waitFor()
  await page.getByRole('cell', { name: 'Поставка 1', exact: true }).waitFor()
})

test('Shares of nothing are left out', async (context) => {
  const app = await openApp(context, '/funnel/support')
  if (!app) return
  await app.page.getByText('Прошли: 0 % из дошедших, 10 % от начала воронки.').waitFor()
})
