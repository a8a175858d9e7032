import assert from 'node:assert/strict'
import { test } from 'node:test'
import { useDeals } from './deals-page.ts'

const openDeals = useDeals()
const asked = (requests: readonly string[]): readonly string[] => requests.filter((line) => line.startsWith('GET /api/deals?'))

test('The list says how many deals there are and what they come to, over the whole list', async (context) => {
  const opened = await openDeals(context, '/deals')
  if (!opened) return
  await opened.page.getByText('120 сделок, 86,9 млн ₽').waitFor()
  assert.equal(await opened.page.locator('section.rows li').count(), 50)
  assert.deepEqual(opened.complaints, [])
})

test('The search waits for the end of typing, stands in the address and survives a reload', async (context) => {
  const opened = await openDeals(context, '/deals')
  if (!opened) return
  const { page, server } = opened
  await page.getByText('120 сделок').waitFor()
  const before = asked(server.mock.requests).length
  await page.getByLabel(/Поиск/).pressSequentially('северный', { delay: 30 })
  await page.waitForURL(/\?q=/)
  await page.getByText('20 сделок').waitFor()
  assert.equal(asked(server.mock.requests).length, before + 1, 'one request for eight letters')
  await page.reload()
  assert.equal(await page.getByLabel(/Поиск/).inputValue(), 'северный')
  await page.getByText('20 сделок').waitFor()
})

test('Filters stand in the address and are undone by «back»', async (context) => {
  const opened = await openDeals(context, '/deals')
  if (!opened) return
  const { page, server } = opened
  await page.getByRole('button', { name: 'Просроченные' }).click()
  await page.waitForURL('**/deals?overdue=1')
  await page.getByText('60 сделок').waitFor()
  await page.getByRole('button', { name: 'Статус' }).click()
  await page.getByRole('button', { name: 'Оплата' }).click()
  await page.getByRole('button', { name: 'Показать', exact: true }).click()
  await page.waitForURL(/status=payment/)
  assert.ok(page.url().includes('overdue=1') && !page.url().includes('do='), page.url())
  await page.goBack()
  await page.waitForURL('**/deals?overdue=1')
  await page.goBack()
  await page.waitForURL(`${server.url}/deals`)
  await page.getByText('120 сделок').waitFor()
})

test('«Show more» adds a page, and «back» from a deal finds the list as long and as far down as it was', async (context) => {
  const opened = await openDeals(context, '/deals')
  if (!opened) return
  const { page } = opened
  await page.getByRole('button', { name: 'Показать ещё' }).click()
  await page.locator('section.rows li').nth(99).waitFor()
  const row = page.locator('section.rows li a').nth(80)
  await row.scrollIntoViewIfNeeded()
  const top = await page.evaluate<number>('scrollY')
  assert.ok(top > 1000)
  await row.click()
  await page.waitForURL(/\/deals\/\d+$/)
  await page.goBack()
  await page.locator('section.rows li').nth(99).waitFor()
  await page.waitForFunction(`Math.abs(scrollY - ${top}) < 100`)
})

test('No deals under the filters says so and offers to reset them', async (context) => {
  const opened = await openDeals(context, '/deals?q=нетакого')
  if (!opened) return
  await opened.page.getByRole('heading', { name: 'По этим условиям сделок нет' }).waitFor()
  await opened.page.getByRole('button', { name: 'Сбросить фильтры' }).click()
  await opened.page.getByText('120 сделок').waitFor()
})

test('Where there is room the list is a table whose row opens the deal', async (context) => {
  const opened = await openDeals(context, '/deals', { viewport: { width: 1440, height: 900 } })
  if (!opened) return
  await opened.page.getByRole('columnheader', { name: 'Сумма' }).waitFor()
  await opened.page
    .getByRole('row', { name: /Волга-Пак/ })
    .first()
    .click()
  await opened.page.waitForURL('**/deals/2417')
})

test('A new deal says beside each field what is wrong, and sends roubles with kopecks as minor units', async (context) => {
  const opened = await openDeals(context, '/deals/new')
  if (!opened) return
  const { page, server } = opened
  await page.getByRole('button', { name: 'Создать сделку' }).click()
  await page.getByText('Выберите тип сделки.').waitFor()
  await page.getByText('Напишите, о чём сделка.').waitFor()
  await page.getByText('Напишите сумму. Если её ещё нет, поставьте 0.').waitFor()
  assert.equal(await page.evaluate<string>('document.activeElement.tagName'), 'SELECT')
  await page.getByLabel('Тип сделки').selectOption('project')
  await page.getByLabel('Название').fill('Линия упаковки')
  await page.getByLabel('Сумма, ₽').fill('четыреста')
  await page.getByText('Напишите сумму цифрами').waitFor()
  await page.getByLabel('Сумма, ₽').fill('420 000,5')
  await page.getByRole('button', { name: 'Не выбран' }).click()
  await page.getByRole('button', { name: /Северный лес/ }).click()
  await page.getByRole('button', { name: 'Создать сделку' }).click()
  await page.waitForURL('**/deals/3000')
  const { body, key } = server.changes[0] ?? {}
  assert.deepEqual(body, {
    type: 'project',
    title: 'Линия упаковки',
    amount: { amountMinor: 42_000_050, currency: 'RUB' },
    counterpartyId: 1,
    description: '',
  })
  assert.match(key ?? '', /^[0-9a-f]{32}$/)
})

test('Who may not create deals is told so', async (context) => {
  const opened = await openDeals(context, '/deals/new', { role: 'executive' })
  if (!opened) return
  await opened.page.getByRole('heading', { name: 'Создавать сделки вам нельзя' }).waitFor()
})

test('Today puts late deals first and moves one on by one tap, with an undo', async (context) => {
  const opened = await openDeals(context, '/today', { role: 'field' })
  if (!opened) return
  const { page, server } = opened
  await page.getByRole('heading', { name: 'Просрочено · 60' }).waitFor()
  const button = page.getByRole('button', { name: /^Дальше:/ }).first()
  assert.ok(((await button.boundingBox())?.height ?? 0) >= 52)
  await button.click()
  await page.getByRole('status').getByRole('button', { name: 'Отменить' }).click()
  await page.getByText('Изменение отменено').waitFor()
  assert.deepEqual(
    server.changes.map(({ what }) => what.replace(/\d+/, 'N')),
    ['PUT /api/deals/N/stage', 'POST /api/deals/N/undo'],
  )
})

test('Every number of today opens a list of as many deals: late ones of one’s own and of others, and those in work', async (context) => {
  const opened = await openDeals(context, '/today', { role: 'executive' })
  if (!opened) return
  const { page } = opened
  await page.getByRole('link', { name: '60 сделок просрочено' }).waitFor()
  const company = (await page.getByRole('heading', { name: /^Просрочено в компании · / }).textContent()) ?? ''
  const others = Number(company.split('·')[1])
  await page.getByRole('link', { name: 'Все просроченные' }).last().click()
  await page.waitForURL('**/deals?others=1&overdue=1&sort=waiting')
  await page.getByText(new RegExp(`^${others} сдел`)).waitFor()
  assert.ok(others > 0 && others < 60)
  await page.getByRole('button', { name: 'Не мои', pressed: true }).waitFor()
  await page.goBack()
  const working = page.getByRole('link', { name: /^В работе \d+ сдел/ })
  const count = Number(((await working.textContent()) ?? '').replace(/\D/g, ''))
  await working.click()
  await page.waitForURL(/\/deals\?mine=1&status=[\w,-]+&sort=waiting$/)
  await page.getByText(new RegExp(`^${count} сдел`)).waitFor()
  assert.ok(count > 0)
})

test('Without a network the last list stays, with the time of its data', async (context) => {
  const opened = await openDeals(context, '/deals')
  if (!opened) return
  const { page } = opened
  await page.getByText('120 сделок').waitFor()
  await page.context().setOffline(true)
  await page.getByRole('button', { name: 'Просроченные' }).click()
  await page.getByText(/Нет сети\. Данные на \d\d:\d\d\./).waitFor()
  assert.equal(await page.locator('section.rows li').count(), 50)
  await page.context().setOffline(false)
  await page.getByText('60 сделок').waitFor()
})

test('A change that the server refuses says why on the card and can be tried again', async (context) => {
  const opened = await openDeals(context, '/deals/2417')
  if (!opened) return
  const { page, server } = opened
  server.failWith = { status: 500, code: 'internal', message: 'На сервере ошибка, ничего не изменено.' }
  await page.getByRole('button', { name: 'Дальше: Пусконаладка' }).click()
  await page.getByRole('alert').getByText('На сервере ошибка, ничего не изменено.').waitFor()
  server.failWith = null
  await page.getByRole('button', { name: 'Дальше: Пусконаладка' }).click()
  await page.getByRole('button', { name: 'Дальше: Гарантия' }).waitFor()
})

/** Words of statuses that stand in two lines or more; a script of the page. */
const brokenWords = `[...document.querySelectorAll('.status')].flatMap((status) => {
  const walk = document.createTreeWalker(status, NodeFilter.SHOW_TEXT)
  const broken = []
  while (walk.nextNode())
    for (const { 0: word, index } of walk.currentNode.data.matchAll(/[^\\s-]+/g)) {
      const range = document.createRange()
      range.setStart(walk.currentNode, index)
      range.setEnd(walk.currentNode, index + word.length)
      if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) broken.push(word)
    }
  return broken
})`

test('A status’s words stay whole in narrow columns, and the clock of what is late is as high as small text', async (context) => {
  const opened = await openDeals(context, '/deals', { viewport: { width: 900, height: 800 } })
  if (!opened) return
  const { page } = opened
  for (const width of [900, 1000, 1280, 320]) {
    await page.setViewportSize({ width, height: 800 })
    await page.locator('.status').first().waitFor()
    assert.deepEqual(await page.evaluate(brokenWords), [], `${width} px`)
    const clock = await page.locator('.late svg').first().boundingBox()
    assert.deepEqual([clock?.width, clock?.height], [14, 14], `${width} px`)
  }
  await page.evaluate(
    "document.querySelector('.status').parentElement.style.width = '3rem'; document.querySelector('.status').style.width = '3rem'",
  )
  assert.ok((await page.evaluate<string[]>(brokenWords)).length > 0, 'one that cannot fit breaks')
})
