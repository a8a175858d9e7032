import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { untilAsked, useApp } from './app-page.ts'

const openApp = useApp()

for (const width of [390, 1440])
  test(`At ${width} px a ribbon ends where the passed part ends, within a tenth of a pixel, and bars share one scale`, async (context) => {
    const app = await openApp(context, '/funnel', { viewport: { width, height: 900 } })
    if (!app) return
    await app.page.getByText('1 284', { exact: true }).waitFor()
    // The widths glide to their place for 320 ms.
    await app.page.waitForTimeout(500)
    const rows = await app.page.evaluate(() =>
      [...document.querySelectorAll('.frow')].map((row) => {
        const start = document.querySelector('.bar')!.getBoundingClientRect().left
        const endOf = (element: Element | null | undefined) => (element ? element.getBoundingClientRect().right - start : 0)
        return {
          passed: endOf(row.querySelector('.seg.passed')),
          end: Math.max(...[...row.querySelectorAll('.seg')].map(endOf)),
          ribbon: endOf(row.querySelector('.ribbon')),
          ribbonStart: (row.querySelector('.ribbon')?.getBoundingClientRect().left ?? start) - start,
          barStart: row.querySelector('.bar')!.getBoundingClientRect().left - start,
        }
      }),
    )
    const reached = [1284, 967, 702, 455]
    for (const [index, count] of reached.entries())
      assert.ok(Math.abs(rows[index]!.end / rows[0]!.end - count / 1284) < 0.002, `row ${index}`)
    for (const row of rows) assert.ok(Math.abs(row.ribbonStart) < 0.1 && Math.abs(row.barStart) < 0.1, 'one left edge')
    for (const index of [1, 2, 3]) assert.ok(Math.abs(rows[index]!.ribbon - rows[index - 1]!.passed) < 0.1, `ribbon ${index}`)
  })

test('There is exactly one bottleneck, said in words, and a tap on it opens its layer', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  await app.page.getByText('1 284', { exact: true }).waitFor()
  assert.equal(await app.page.locator('.bn').count(), 1)
  await app.page
    .getByRole('link', {
      name: /Узкое место Переговоры → Договор Проходят 70 % решённых, .* недобор ≈ 3,1 млн ₽; ждут 130 сделок\./,
    })
    .click()
  // It says how many wait there.
  await app.page.waitForURL('**/funnel/negotiation?part=open')
  await app.page.getByRole('tab', { name: 'Здесь 130', selected: true }).waitFor()
})

test('The percentage is the share of the resolved deals, and the legend says so', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  await app.page.getByText('% = прошли из решённых').waitFor()
  // 967 of 967 + 221: not 967 of 1 284.
  await app.page.getByRole('link', { name: /Из «Новая» прошли 81 % ▲ 1 п\.п\. Квалификация 967/ }).waitFor()
  await app.page.getByText('+ 12 начали здесь').waitFor()
})

test('Every state is an address: basis, measure, period and strictness survive a reload, and back undoes a step', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  const { page, api } = app
  await page.getByText('Деньги').click()
  await page.waitForURL('**/funnel?by=amount')
  await page.getByRole('button', { name: 'С начала года' }).click()
  await page.getByRole('button', { name: 'Этот квартал' }).click()
  await page.waitForURL('**/funnel?by=amount&period=quarter')
  await page.getByRole('button', { name: /Срез/ }).click()
  await page.getByRole('switch', { name: /Строго/ }).click()
  await page.waitForURL((url) => url.searchParams.get('strict') === '1')
  await page.getByRole('button', { name: 'Готово' }).click()
  await page.reload()
  await page.getByRole('button', { name: 'Срез · 1' }).waitFor()
  await page.getByRole('button', { name: 'Этот квартал' }).waitFor()
  await untilAsked(api, /GET \/api\/funnel\?(?=.*by=amount)(?=.*strict=1)/)
  await page.goBack()
  await page.waitForURL('**/funnel?by=amount&period=quarter')
  await page.getByRole('button', { name: 'Срез', exact: true }).waitFor()
})

test('Own dates are asked for as half-open days, and an end before the start is refused with a sentence', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  const { page, api } = app
  await page.getByRole('button', { name: 'С начала года' }).click()
  await page.getByLabel('С', { exact: true }).fill('2026-03-31')
  await page.getByLabel('По', { exact: true }).fill('2026-03-01')
  await page.getByText('Конец раньше начала. Поменяйте дни местами.').waitFor()
  await page.getByLabel('С', { exact: true }).fill('2026-03-01')
  await page.getByLabel('По', { exact: true }).fill('2026-03-31')
  await page.getByRole('button', { name: 'Показать' }).click()
  await page.waitForURL('**/funnel?from=2026-03-01&to=2026-04-01')
  await page.getByRole('button', { name: '1 мар – 31 мар 2026' }).waitFor()
  await untilAsked(api, /from=2026-03-01&to=2026-04-01/)
})

test('A client is found by search and becomes a slice', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  const { page, api } = app
  await page.getByRole('button', { name: 'Срез' }).click()
  await page.getByRole('button', { name: /^Клиент/ }).click()
  const searched = page.waitForRequest((request) => request.url().includes('/api/counterparties?q=%D0%BB%D0%B5%D1%81'))
  await page.getByLabel(/Найти клиента/).fill('лес')
  await searched
  await page.getByRole('button', { name: /Северный лес/ }).click()
  await page.getByRole('button', { name: 'Показать: 1' }).click()
  await page.waitForURL('**/funnel?counterparty=1')
  await page.getByRole('button', { name: 'Срез · 1' }).waitFor()
  await untilAsked(api, /GET \/api\/funnel\?.*counterparty=1/)
})

test('A layer opens its parts, its split and exactly its deals, page by page; a row leads to the deal', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  const { page, api } = app
  await page.getByRole('link', { name: /Переговоры 455 39,1 млн ₽ прошли 229, здесь 130, проиграны 96/ }).click()
  await page.waitForURL('**/funnel/negotiation?part=reached')
  await page.getByRole('tab', { name: 'Дошли 455', selected: true }).waitFor()
  await page.getByRole('tab', { name: 'Здесь 130' }).click()
  await page.waitForURL('**/funnel/negotiation?part=open')
  await page.getByText('130 сделок, 10,1 млн ₽.').waitFor()
  await page.getByText('Ещё 4 сотрудника').click()
  await page.getByText('Вера Зимина').waitFor()
  assert.equal(await page.locator('#layer-deals li').count(), 25)
  await page.getByRole('button', { name: 'Показать ещё' }).click()
  await page.waitForFunction(() => document.querySelectorAll('#layer-deals li').length === 50)
  await page.getByRole('tab', { name: 'Проиграны 96' }).click()
  await page.waitForURL('**/funnel/negotiation?part=lost')
  await untilAsked(api, /funnel\/deals\?.*layer=negotiation&part=lost/)
  await page.goBack()
  await page.getByRole('tab', { name: 'Здесь 130', selected: true }).waitFor()
  assert.equal(await page.locator('#layer-deals a').first().getAttribute('href'), '/deals/1001')
})

test('Back from a layer restores the place on the funnel screen', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  const { page } = app
  await page.getByRole('link', { name: /Сопровождение 131/ }).waitFor()
  await page.evaluate(() => scrollTo(0, 420))
  await page.locator('.end-label').first().waitFor()
  await page.getByRole('link', { name: /Сопровождение 131/ }).click()
  await page.waitForURL('**/funnel/support?part=reached')
  await page.waitForFunction(() => scrollY === 0)
  await page.goBack()
  await page.waitForFunction(() => Math.abs(scrollY - 420) < 40)
})

test('The first figures are asked for before the scripts are here, and only once', async (context) => {
  const app = await openApp(context, '/login', { role: 'executive' })
  if (!app) return
  const { page, api } = app
  let release = (): void => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  await page.route('**/_app/immutable/**/*.js', (route) => held.then(() => route.continue()))
  const before = api.requests.length
  await page.goto(`${api.url}/funnel`, { waitUntil: 'commit' })
  await untilAsked(api, /GET \/api\/funnel\?lang=ru/)
  release()
  await page.getByText('1 284', { exact: true }).waitFor()
  const asked = api.requests.slice(before).filter((line) => /^GET \/api\/(session|funnel\?)/.test(line))
  assert.deepEqual(asked.map((line) => line.split(' ')[1]).sort(), ['/api/funnel?lang=ru', '/api/session'])
})

test('What is below the fold is asked for once it comes near', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  const { page, api } = app
  await page.getByText('1 284', { exact: true }).waitFor()
  await page.waitForTimeout(300)
  const ofActivity = (): number => api.requests.filter((line) => line.includes('/api/funnel/activity')).length
  assert.equal(ofActivity(), 0)
  await page.getByText('Активность').or(page.locator('.ahead')).last().scrollIntoViewIfNeeded()
  await untilAsked(api, /\/api\/funnel\/activity/)
})

test('On a wide screen the layer opens beside the funnel as a table, and closing it keeps the funnel', async (context) => {
  const app = await openApp(context, '/funnel', { viewport: { width: 1440, height: 900 }, hasTouch: false })
  if (!app) return
  const { page } = app
  await page.getByRole('link', { name: /Переговоры 455/ }).click()
  await page.getByRole('columnheader', { name: 'Ждём' }).waitFor()
  await page.getByRole('link', { name: /Новая 1 284/ }).waitFor()
  await page.getByRole('link', { name: 'Закрыть' }).click()
  await page.waitForURL('**/funnel')
  for (const name of ['Все типы', 'Все клиенты', 'Все отделы', 'Все сотрудники'])
    await page.getByRole('button', { name }).waitFor()
})

test('The snapshot counts what stands where and asks for the day that was chosen', async (context) => {
  const app = await openApp(context, '/funnel?basis=snapshot')
  if (!app) return
  const { page, api } = app
  await page.getByRole('link', { name: /Переговоры 130 / }).waitFor()
  await page.getByRole('button', { name: 'Сейчас' }).click()
  await page.getByLabel('На конец дня').fill('2026-06-30')
  await page.getByRole('button', { name: 'Показать' }).click()
  await page.waitForURL('**/funnel?basis=snapshot&asOf=2026-06-30')
  await page.getByRole('button', { name: /На 30/ }).waitFor()
  await untilAsked(api, /asOf=2026-06-30T21%3A00%3A00\.000Z/)
})

for (const [button, file] of [
  ['PDF', 'voronka.pdf'],
  ['Excel', 'voronka.xlsx'],
] as const) {
  test(`${button} is downloaded by one tap, with the present slice and the name of the server`, async (context) => {
    const app = await openApp(context, '/funnel?by=amount')
    if (!app) return
    const waiting = app.page.waitForEvent('download')
    await app.page.getByRole('button', { name: button, exact: true }).click()
    const download = await waiting
    assert.equal(download.suggestedFilename(), file)
    assert.match(await readFile((await download.path())!, 'utf8'), /^report/)
    await untilAsked(app.api, /\/api\/funnel\.(?=.*by=amount)(?=.*lang=ru)/)
  })
}
