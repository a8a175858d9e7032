/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import type { DashboardView } from '../../shared/views/dashboards.ts'
import { logIn, openBrowserAt, plain, startProgram } from './program.ts'
import { assertSound } from './sound.ts'

/** An executive makes a view of his own, hands it on, and begins with it; whoever gets it sees the same questions and his own deals. */
const program = await startProgram()
const openApp = await openBrowserAt(program.url)
const executive = await logIn(program, 'executive')
const manager = await logIn(program, 'manager')

const titlesOf = async (page: Page): Promise<string[]> => (await page.locator('.frame h2').allTextContents()).map(plain)
const figureOf = async (page: Page, title: string): Promise<number> => {
  const figure = page.locator('.frame', { hasText: title }).locator('.figure b')
  await figure.waitFor()
  return Number(plain((await figure.textContent()) ?? '').replace(/\D/g, ''))
}
const boards = async (): Promise<DashboardView[]> => (await executive.json('/api/dashboards')).items

test('An executive pins what he looks at, arranges it, takes a step back, shares it and begins with it', async (context) => {
  const visit = await openApp(context, '/funnel/proposal?period=quarter&part=open', { as: executive })
  if (!visit) return
  const { page, complaints } = visit
  await page.getByRole('button', { name: /^Закрепить: / }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('Название панели').fill('Понедельник')
  await sheet.getByLabel('Заголовок').fill('Ждут ответа')
  await sheet.getByRole('button', { name: 'Закрепить' }).click()
  await page.getByText('Закреплено на панели «Понедельник»').waitFor()
  await page.goto(`${program.url}/funnel?type=product_sale&basis=snapshot`)
  await page.locator('.reports').getByRole('button', { name: 'Закрепить: Воронка' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Закрепить' }).click()
  await page.getByRole('button', { name: 'Открыть' }).click()
  await page.waitForURL('**/boards/*')
  const [board] = await boards()
  assert.deepEqual(
    board!.cards.map(({ kind, words }) => [kind, words]),
    [
      ['number', { period: 'quarter' }],
      ['funnel', { type: 'product_sale', basis: 'snapshot' }],
    ],
  )
  const figure = await figureOf(page, 'Ждут ответа')
  await page.locator('.figure').click()
  await page.waitForURL('**/funnel/proposal?**')
  assert.equal(new URL(page.url()).searchParams.get('period'), 'quarter')
  const sum = page.locator('.sum', { hasText: new RegExp(`^${figure} сдел`) })
  await (figure > 0 ? sum.waitFor() : page.getByText('Здесь').first().waitFor())
  await page.goBack()
  await page.getByRole('button', { name: 'Изменить' }).click()
  await page.waitForURL('**edit=1')
  await assertSound(page, 'dashboard-change')
  await page.getByRole('button', { name: 'Позже: Ждут ответа' }).click()
  assert.equal((await titlesOf(page))[1], 'Ждут ответа')
  await page.getByRole('button', { name: 'Добавить карточку' }).click()
  await page.getByRole('button', { name: /^Новые и закрытые по неделям/ }).click()
  await page.getByRole('button', { name: 'Добавить на панель' }).click()
  await page.locator('.frame').nth(2).waitFor()
  await page.getByRole('button', { name: 'Убрать: Ждут ответа' }).click()
  await page.locator('.frame').nth(2).waitFor({ state: 'detached' })
  await page.locator('.tools').getByRole('button', { name: 'Отменить' }).click()
  await page.locator('.frame').nth(2).waitFor()
  const grip = page.locator('[data-card]').nth(1).locator('.grip')
  const target = page.locator('[data-card]').nth(0)
  await grip.scrollIntoViewIfNeeded()
  const [from, to] = [(await grip.boundingBox())!, (await target.boundingBox())!]
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2)
  await page.mouse.down()
  await page.mouse.move(to.x + 60, Math.max(120, to.y + to.height - 30), { steps: 5 })
  await page.mouse.up()
  await page.waitForFunction(() => document.querySelector('.frame h2')?.textContent === 'Ждут ответа')
  await page.getByRole('button', { name: 'Готово' }).click()
  await page.waitForURL((url) => !url.searchParams.has('edit'))
  await page.getByRole('button', { name: 'Поделиться и настроить' }).click()
  await page.getByRole('switch', { name: /^Открыть по ссылке/ }).click()
  await page.getByLabel('Ссылка на панель').waitFor()
  assert.equal(await page.getByLabel('Ссылка на панель').inputValue(), `${program.url}/boards/${board!.id}`)
  await page.getByRole('switch', { name: /^Начинать с этой панели/ }).click()
  await page.getByRole('navigation').getByRole('link', { name: 'Панели' }).waitFor()
  await assertSound(page, 'dashboard-share')
  await page.goto(program.url)
  await page.waitForURL(`**/boards/${board!.id}`)
  await page.locator('.frame').first().waitFor()
  await assertSound(page, 'dashboard')
  const [saved] = await boards()
  assert.equal(saved!.cards[0]!.title, 'Ждут ответа')
  assert.deepEqual([saved!.shared, saved!.isStart, saved!.cards.length], [true, true, 3])
  assert.deepEqual(complaints, [])
})

test('An executive pins a comparison of two years: both totals, the difference, why, and each figure opens its deals', async (context) => {
  const visit = await openApp(context, '/funnel/~compare?against=year&of=amount', { as: executive })
  if (!visit) return
  const { page, complaints } = visit
  await page.getByRole('button', { name: 'Закрепить: Сравнение воронок' }).click()
  await page.getByRole('dialog').getByLabel('Заголовок').fill('Год к году')
  await page.getByRole('dialog').getByRole('button', { name: 'Закрепить' }).click()
  await page.getByRole('button', { name: 'Открыть' }).click()
  await page.waitForURL('**/boards/*')
  const frame = page.locator('.frame', { hasText: 'Год к году' })
  await frame.scrollIntoViewIfNeeded()
  const compared = await executive.json('/api/funnel/compare?against=year')
  const link = frame.getByRole('row', { name: /^Выиграны/ }).getByRole('link')
  await link.first().waitFor()
  const said = async (index: number) => Number(plain((await link.nth(index).innerText()) ?? '').replace(/\D/g, ''))
  assert.deepEqual([await said(0), await said(1)], [compared.totals.won.now, compared.totals.won.before])
  await frame.getByRole('heading', { name: 'Слои с наибольшей разницей' }).waitFor()
  await frame.getByText(/Сумма выигранных: /).waitFor()
  await assertSound(page, 'dashboard-comparison')
  const before = compared.totals.won.before as number
  await link.nth(1).click()
  await page.waitForURL((url) => url.pathname === '/funnel/~compare/deals' && url.searchParams.get('side') === 'before')
  await page.locator('.sum', { hasText: new RegExp(`^${before} сдел`) }).waitFor()
  await page.goBack()
  await frame.getByRole('link', { name: 'Открыть в воронке: Год к году' }).click()
  await page.waitForURL((url) => url.pathname === '/funnel/~compare' && url.searchParams.get('of') === 'amount')
  await page.goBack()
  await page.getByRole('button', { name: 'Изменить' }).click()
  await page.getByRole('button', { name: 'Убрать: Год к году' }).click()
  await page.getByRole('button', { name: 'Готово' }).click()
  await page.waitForURL((url) => !url.searchParams.has('edit'))
  assert.deepEqual(complaints, [])
})

test('Who opens the link sees the same questions with his own deals, and copies it to make it his', async (context) => {
  const [board] = await boards()
  const visit = await openApp(context, `/boards/${board!.id}`, { as: manager })
  if (!visit) return
  const { page, complaints } = visit
  await page.getByText('Вы видите на ней только те сделки, которые доступны вам').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Изменить' }).count(), 0)
  const path = '/api/funnel?basis=snapshot'
  const own = await figureOf(page, 'Ждут ответа')
  const [all, visible] = [(await executive.json(path)).totals.deals, (await manager.json(path)).totals.deals]
  assert.ok(visible < all && own <= visible, `${own}, ${visible} of ${all}`)
  await page.getByRole('button', { name: 'Поделиться и настроить' }).click()
  await page.getByRole('button', { name: 'Сделать свою копию' }).click()
  await page.waitForURL('**edit=1')
  assert.notEqual(new URL(page.url()).pathname, `/boards/${board!.id}`)
  await page.getByRole('button', { name: 'Убрать: Ждут ответа' }).click()
  await page.getByRole('button', { name: 'Готово' }).click()
  await page.waitForURL((url) => !url.searchParams.has('edit'))
  assert.equal((await boards())[0]!.cards.length, 3)
  assert.deepEqual(complaints, [])
})

test('A change made on another device meanwhile stands, and who comes second is told', async (context) => {
  const [board] = await boards()
  const visit = await openApp(context, `/boards/${board!.id}?edit=1`, { as: executive })
  if (!visit) return
  const { page } = visit
  await page.locator('.tools').first().waitFor()
  const headers = { 'If-Match': `"${board!.version}"` }
  await executive.json(`/api/dashboards/${board!.id}`, { method: 'PATCH', headers, body: JSON.stringify({ name: 'Вторник' }) })
  await page.getByRole('button', { name: 'Убрать: Ждут ответа' }).click()
  await page.getByText('Панель изменили в другом окне').waitFor()
  await page.getByRole('heading', { name: 'Вторник', level: 1 }).waitFor()
  assert.equal((await boards())[0]!.cards.length, 3)
})

test('Without a network the dashboard and its figures stand as they were last known', async (context) => {
  const [board] = await boards()
  const visit = await openApp(context, `/boards/${board!.id}`, { as: executive })
  if (!visit) return
  const { page } = visit
  const before = await figureOf(page, 'Ждут ответа')
  await page.getByRole('navigation').getByRole('link', { name: 'Ещё' }).click()
  await page.getByRole('heading', { name: 'Ещё', level: 1 }).waitFor()
  await page.context().setOffline(true)
  await page.getByRole('navigation').getByRole('link', { name: 'Панели' }).click()
  await page.waitForURL('**/boards/*')
  assert.equal(await figureOf(page, 'Ждут ответа'), before)
  await page.context().setOffline(false)
})

test('A whole chapter is pinned as a figure, which is that of its pane and leads back to it', async (context) => {
  const visit = await openApp(context, '/funnel/~chapters/sale?basis=flow&part=lost', { as: executive })
  if (!visit) return
  const { page, complaints } = visit
  const shown = page.locator('.sum b')
  await shown.waitFor()
  const figure = Number(
    plain((await shown.textContent()) ?? '')
      .split(' сдел')[0]!
      .replace(/\D/g, ''),
  )
  await page.getByRole('button', { name: 'Закрепить: Продажа' }).click()
  const sheet = page.getByRole('dialog')
  assert.equal(await sheet.getByText('Разбивка').count(), 0, 'a chapter is not split')
  const isFirst = (await sheet.getByLabel('Название панели').count()) > 0
  if (!isFirst) await sheet.getByRole('button', { name: 'Новая панель' }).click()
  await sheet.getByLabel('Название панели').fill('Главы')
  await sheet.getByRole('button', { name: 'Закрепить' }).click()
  await page.getByRole('button', { name: 'Открыть' }).click()
  await page.waitForURL('**/boards/*')
  const board = (await boards()).find(({ name }) => name === 'Главы')
  assert.deepEqual(board?.cards, [
    { id: 'c1', kind: 'number', title: '', size: 'small', words: {}, chapter: 'sale', part: 'lost' },
  ])
  assert.equal(await figureOf(page, 'Продажа: проиграны'), figure)
  await page.locator('.figure').click()
  await page.waitForURL('**/funnel/~chapters/sale?part=lost')
  assert.deepEqual(complaints, [])
})
