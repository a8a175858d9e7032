import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertAccessible, assertTouchable, untilAsked, useApp } from './app-page.ts'

const openApp = useApp()

test('The flow is a basis of its own: five parts a layer, each as wide as its figure, each opening its deals', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  const { page, api } = app
  await page.getByText('Поток', { exact: true }).click()
  await page.waitForURL('**/funnel?basis=flow')
  await page.getByText('вернулись назад').waitFor()
  await page.waitForTimeout(500)
  const third = page.locator('ol li').nth(2)
  assert.deepEqual(
    await third.locator('.seg').evaluateAll((segments) => segments.map((segment) => segment.className.split(' ')[1])),
    ['passed', 'open', 'handedOff', 'movedBack', 'lost'],
  )
  const widths = await page.locator('ol li').evaluateAll((rows) =>
    rows.slice(0, 4).map((row) => {
      const left = row.querySelector('.bar')!.getBoundingClientRect().left
      return Math.max(...[...row.querySelectorAll('.seg')].map((segment) => segment.getBoundingClientRect().right - left))
    }),
  )
  for (const [index, entered] of [1284, 967, 702, 455].entries())
    assert.ok(Math.abs(widths[index]! / widths[0]! - entered / 1284) < 0.03, `row ${index}`)
  await third.getByRole('link', { name: 'назад 7' }).click()
  await page.waitForURL('**/funnel/proposal?basis=flow&part=movedBack')
  await untilAsked(api, /GET \/api\/funnel\/deals\?(?=.*basis=flow)(?=.*part=movedBack)/)
  await page.getByRole('tab', { name: 'Вошли 702' }).click()
  await page.waitForURL('**/funnel/proposal?basis=flow')
  await untilAsked(api, /GET \/api\/funnel\/deals\?(?=.*basis=flow)(?=.*part=entered)/)
})

test('What is answered from every visit is waited for longer than what is kept', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  const { page } = app
  await page.getByText('1 284', { exact: true }).waitFor()
  // Twenty times as quick a clock for patience, and answers that take longer than the usual one.
  await page.evaluate(() => {
    const [timeout, ask] = [AbortSignal.timeout.bind(AbortSignal), window.fetch.bind(window)]
    AbortSignal.timeout = (ms) => timeout(ms / 20)
    window.fetch = async (url, init) => {
      await new Promise((go, stop) => {
        setTimeout(go, 1200)
        init?.signal?.addEventListener('abort', () => stop(init.signal?.reason))
      })
      return ask(url, init)
    }
  })
  await page.getByText('Поток', { exact: true }).click()
  await page.getByText('вернулись назад').waitFor()
  await page.getByText('Стоят', { exact: true }).click()
  await page.getByText('Сервер слишком долго не отвечает').first().waitFor()
})

test('A chapter is folded by its head, stays so in the address, and can be shown alone', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  const { page, api } = app
  await page.getByText('1 284', { exact: true }).waitFor()
  const head = page.getByRole('button', { name: 'До продажи' })
  assert.equal(await head.getAttribute('aria-expanded'), 'true')
  await head.click()
  await page.waitForURL('**/funnel?fold=presale')
  await page.getByText('1 284', { exact: true }).waitFor({ state: 'detached' })
  await page.reload()
  assert.equal(await head.getAttribute('aria-expanded'), 'false')
  await page.getByRole('link', { name: /^До продажи: 1 284/ }).click()
  await page.getByRole('link', { name: 'Только эта глава' }).click()
  await page.waitForURL('**/funnel?phase=presale')
  await untilAsked(api, /GET \/api\/funnel\?(?=.*phase=presale)/)
})

test('Every number of a chapter opens a list as long as it is, in an address of its own', async (context) => {
  const app = await openApp(context, '/funnel?fold=presale,delivery')
  if (!app) return
  const { page, api } = app
  await page.getByRole('link', { name: 'До продажи: 1 284 Прошли 455, Здесь 286, Проиграны 543' }).waitFor()
  await assertTouchable(page)
  await page.getByRole('link', { name: /^Исполнение: 178 / }).click()
  await page.getByRole('tab', { name: 'Здесь 25' }).click()
  await page.waitForURL('**/funnel/~chapters/delivery?fold=presale,delivery&part=open')
  await untilAsked(api, /GET \/api\/funnel\/deals\?(?=.*chapter=delivery)(?=.*part=open)/)
  await page.getByRole('tab', { name: 'Здесь 25', selected: true }).waitFor()
  await page.getByText('25 сделок, ').waitFor()
  assert.equal(await page.locator('#figure-deals li').count(), 25)
  assert.equal(await page.getByRole('button', { name: 'Показать ещё' }).count(), 0)
  await assertAccessible(page, 'chapter')
  await page.getByRole('tab', { name: 'Завершены 20' }).click()
  await page.waitForURL('**part=finished')
  await page.waitForFunction(() => document.querySelectorAll('#figure-deals li').length === 20)
  await page.reload()
  await page.getByText('20 сделок, ').waitFor()
  await page.getByRole('link', { name: 'Назад' }).click()
  await page.waitForURL('**/funnel?fold=presale,delivery')
  await page.getByRole('link', { name: /^До продажи: 1 284/ }).click()
  await page.getByRole('tab', { name: 'Проиграны 543' }).click()
  await page.getByText('543 сделки, ').waitFor()
  assert.deepEqual(app.complaints, [])
})

test('The totals of a snapshot, what is over its limit and what was won by a department open their deals', async (context) => {
  const app = await openApp(context, '/funnel?basis=snapshot')
  if (!app) return
  const { page, api } = app
  await page.getByRole('link', { name: 'Переговоры: 17 сверх срока' }).click()
  await page.waitForURL('**/funnel/negotiation?basis=snapshot&part=overdue')
  await untilAsked(api, /funnel\/deals\?(?=.*layer=negotiation)(?=.*part=overdue)/)
  await page.getByRole('tab', { name: 'Сверх срока 17', selected: true }).waitFor()
  await page.getByRole('tab', { name: 'Стоят 130' }).waitFor()
  await page.goBack()
  await page.getByRole('link', { name: /^Всего 568 сделок/ }).click()
  await page.waitForURL('**/funnel/~all?basis=snapshot')
  await untilAsked(api, /GET \/api\/funnel\/deals\?(?!.*(layer|chapter|part)=)(?=.*basis=snapshot)/)
  await page.getByRole('link', { name: 'Назад' }).click()
  const won = page.locator('.charts').getByRole('link', { name: /Продажи Центр: / })
  for (let tries = 0; tries < 20 && (await won.count()) === 0; tries++) {
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight))
    await page.waitForTimeout(200)
  }
  await won.click()
  await page.waitForURL('**/funnel/~happened/won?basis=snapshot&cut=department&key=*')
  await untilAsked(api, /funnel\/deals\?(?=.*happened=won)(?=.*cut=department)(?=.*key=\d)/)
})

test('Time in status says what it is made of, by either clock', async (context) => {
  const app = await openApp(context, '/funnel', { viewport: { width: 1440, height: 900 } })
  if (!app) return
  const { page } = app
  // Cards are built as they come near.
  const title = page.getByText('Время в статусе')
  for (let tries = 0; tries < 20 && !(await title.isVisible()); tries++) {
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight))
    await page.waitForTimeout(200)
  }
  await page
    .getByText(/медиана\s19\sдней,\s90\s%\sуходят\sза\s44\sдня/)
    .first()
    .waitFor()
  await page.getByText('Рабочее', { exact: true }).click()
  await page.waitForURL('**/funnel?clock=working')
  await page
    .getByText(/медиана\s133\sраб\.\sчаса,\s90\s%\sуходят\sза\s308\sраб\.\sчасов/)
    .first()
    .waitFor()
})
