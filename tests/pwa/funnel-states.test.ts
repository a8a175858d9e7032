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

test('What changed while the connection of live changes was broken is read when it is there again', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  const { page, api } = app
  await showTrend(page)
  await untilAsked(api, /\/api\/events/)
  const reading = page.waitForResponse((response) => response.url().includes('/api/funnel?'))
  api.dropStreams()
  await reading
})

test('The lines of the trend stand on zero, their ends are named, and a table says the same, every number opening its deals', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  const { page, api } = app
  await showTrend(page)
  await page
    .locator('.trend .y.axis text', { hasText: /^\s*0\s*$/ })
    .first()
    .waitFor({ state: 'attached' })
  await page.locator('.end-label').nth(2).waitFor()
  assert.deepEqual(await page.locator('.end-label').allTextContents(), ['34 новые', '20 проиграны', '4 выиграны'])
  await page.getByText('Числа по неделям').click()
  const table = page.getByRole('table', { name: 'Новые и закрытые, в неделю' })
  await table.getByRole('row').nth(13).waitFor()
  assert.equal(await table.getByRole('row').count(), 14)
  const last = table.getByRole('row').nth(1)
  assert.deepEqual(
    (await last.getByRole('cell').allTextContents()).map((text) => text.trim()),
    ['34', '20', '4'],
  )
  await assertTouchable(page)
  await last.getByRole('link', { name: /проиграны 20/ }).click()
  await page.waitForURL(/\/funnel\/~happened\/lost\?week=\d{4}-\d{2}-\d{2}$/)
  await untilAsked(api, /funnel\/deals\?(?=.*happened=lost)(?=.*from=\d{4}-\d{2}-\d{2})(?=.*to=)/)
  await page.getByText('20 сделок, ').waitFor()
  await page.goBack()
  await page.locator('.end-label', { hasText: '34 новые' }).click()
  await page.waitForURL(/\/funnel\/~happened\/created\?week=\d{4}-\d{2}-\d{2}$/)
  await page.getByText('34 сделки, ').waitFor()
})

test('A day of the heat map opens the deals worked on: its cell by mouse and keys, its number in the table by a finger', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  const { page, api } = app
  await showTrend(page)
  const cell = page.getByRole('link', { name: '12 ноя: 30 действий' })
  for (let step = 0; step < 30 && !(await cell.isVisible()); step++) {
    await page.evaluate(() => window.scrollBy(0, 300))
    await page.waitForTimeout(100)
  }
  assert.equal(await page.locator('.cells a[tabindex="0"]').count(), 1)
  await cell.focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/funnel/~happened/worked?day=2026-11-05')
  await untilAsked(api, /funnel\/deals\?(?=.*happened=worked)(?=.*from=2026-11-05)(?=.*to=2026-11-06)/)
  await page.getByText('14 действий в 6 сделках · 5 ноя 2026').waitFor()
  await page.goBack()
  await page.getByText('Числа по дням').click()
  const table = page.getByRole('table', { name: 'Активность команды' })
  await assertTouchable(page)
  await table.getByRole('link', { name: '12 ноя: 30 действий' }).click()
  await page.getByText('30 действий в 6 сделках · 12 ноя 2026').waitFor()
})

test('The tick of the year before says its sum, which opens the deals of that year', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  const { page, api } = app
  await showTrend(page)
  const former = page.getByRole('link', { name: /тот же период 2025: / }).first()
  for (let step = 0; step < 30 && !(await former.isVisible()); step++) {
    await page.evaluate(() => window.scrollBy(0, 300))
    await page.waitForTimeout(100)
  }
  await former.click()
  await page.waitForURL(/\/funnel\/~happened\/won\?(?=.*cut=department)(?=.*yearBefore=1)/)
  await untilAsked(api, /funnel\/deals\?(?=.*happened=won)(?=.*cut=department)(?=.*yearBefore=1)/)
  await page.getByText(/за год до этого: /).waitFor()
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
