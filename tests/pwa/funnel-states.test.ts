import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertFits, assertTouchable, showTrend, untilAsked, useApp } from './app-page.ts'

const openApp = useApp()

test('An empty slice says so and is reset by one tap', async (context) => {
  const app = await openApp(context, '/login', { role: 'executive' })
  if (!app) return
  app.api.mode = 'empty'
  await app.page.goto(`${app.api.url}/funnel?department=4`)
  await app.page.getByRole('heading', { name: 'В этом срезе нет сделок' }).waitFor()
  await app.page.getByText('Сервис, с начала года').waitFor()
  app.api.mode = 'normal'
  await app.page.getByRole('button', { name: 'Сбросить срез' }).click()
  await app.page.waitForURL('**/funnel')
  await app.page.getByText('1 284', { exact: true }).waitFor()
})

test('An error keeps the last figures with their time, names its code, and is mended by a retry', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  const { page, api } = app
  await page.getByText('1 284', { exact: true }).waitFor()
  api.mode = 'broken'
  await page.getByText('Деньги').click()
  const alert = page.getByRole('alert').filter({ hasText: 'Не получилось посчитать' })
  await alert.getByText(/На сервере ошибка\. Показываем данные на \d\d:\d\d\./).waitFor()
  await alert.getByText('Код unexpected').waitFor()
  await page.getByText('Ниже прежний срез: все типы, 1 янв – 13 ноя 2026.').waitFor()
  await page.getByText('1 284', { exact: true }).waitFor()
  api.mode = 'normal'
  await alert.getByRole('button', { name: 'Повторить' }).click()
  await alert.waitFor({ state: 'detached' })
})

test('Without a network the last figures stand under a bar with their time, also after a reload, and come back by themselves', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  const { page, api } = app
  await showTrend(page)
  api.mode = 'silent'
  await page.reload()
  await page.getByText(/Нет сети\. Данные на \d\d:\d\d\./).waitFor()
  await page.getByText('1 284', { exact: true }).waitFor()
  api.mode = 'normal'
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await page.getByText(/Нет сети/).waitFor({ state: 'detached' })
})

test('A change elsewhere reaches the funnel by itself, a burst of changes as one reading', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  const { page, api } = app
  await showTrend(page)
  await untilAsked(api, /\/api\/events/)
  const before = api.requests.filter((line) => line.startsWith('GET /api/funnel?')).length
  const reading = page.waitForResponse((response) => response.url().includes('/api/funnel?'))
  for (let count = 0; count < 5; count++) api.tell('funnel', {})
  await reading
  await page.waitForTimeout(300)
  assert.equal(api.requests.filter((line) => line.startsWith('GET /api/funnel?')).length, before + 1)
})

test('The lines of the trend stand on zero, their ends are named, and a table says the same to a screen reader', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  const { page } = app
  await showTrend(page)
  assert.ok((await page.locator('.trend .y.axis text').allTextContents()).map((text) => text.trim()).includes('0'))
  assert.deepEqual(await page.locator('.end-label').allTextContents(), ['34 новые', '20 проиграны', '4 выиграны'])
  const table = page.getByRole('table', { name: 'Новые и закрытые, в неделю' })
  assert.equal(await table.getByRole('row').count(), 14)
})

for (const path of ['/funnel', '/funnel?basis=snapshot&by=amount', '/funnel/negotiation']) {
  for (const [width, largeText] of [
    [320, false],
    [360, false],
    [390, true],
    [320, true],
    [768, false],
    [1100, false],
    [1440, false],
  ] as const) {
    test(`${path} fits ${width} px${largeText ? ' with text at 200 %' : ''}`, async (context) => {
      const app = await openApp(context, path, { viewport: { width, height: 800 }, largeText })
      if (!app) return
      await app.page
        .locator(path.includes('negotiation') ? '#layer-deals a' : '.frow, .rows')
        .first()
        .waitFor()
      await app.page.waitForTimeout(600)
      await assertFits(app.page)
      if (!largeText) await assertTouchable(app.page)
    })
  }
}
