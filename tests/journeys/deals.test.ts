/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import type { DealCardView, DealHistoryView } from '../../shared/views/deals.ts'
import { logIn, openBrowserAt, plain, startProgram } from './program.ts'

/** How a manager and a field engineer work on deals, on the real server, on a phone of 390 px. */
const program = await startProgram()
const openApp = await openBrowserAt(program.url)
const manager = await logIn(program, 'manager')
const field = await logIn(program, 'field')

const cardOf = (number: number): Promise<DealCardView> => manager.json(`/api/deals/${number}`)
const statusOf = (page: Page) =>
  page
    .locator('#status-name')
    .textContent()
    .then((text) => plain(text ?? ''))
const sheet = (page: Page) => page.locator('dialog[open]')

async function openSheet(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Действия' }).click()
  await sheet(page).getByRole('button', { name, exact: true }).click()
}

async function newDeal(title: string): Promise<number> {
  const body = JSON.stringify({ type: 'product_sale', title, amount: { amountMinor: 250_000_00, currency: 'RUB' } })
  return (await manager.json('/api/deals', { method: 'POST', body })).number
}

/** Presses the screen's one primary button and waits for the stage it named. */
async function advance(page: Page): Promise<string> {
  const button = page.getByRole('button', { name: /^Дальше: / })
  const stage = plain((await button.textContent()) ?? '').replace('Дальше: ', '')
  await button.click()
  await page.locator('.steps .cur b', { hasText: stage }).waitFor()
  return stage
}

test('A manager creates a deal with a new client, moves it, undoes, holds a status, loses it, takes it back and comments', async (context) => {
  const visit = await openApp(context, '/deals', { as: manager })
  if (!visit) return
  const { page, complaints } = visit
  await page.getByRole('link', { name: 'Новая сделка' }).click()
  await page.getByLabel('Тип сделки').selectOption('product_sale')
  await page.getByLabel('Название', { exact: true }).fill('Насосы для котельной')
  await page.getByRole('button', { name: /Выбрать/ }).click()
  await page.getByLabel('Название или ИНН').fill('Завод «Новый клиент»')
  await page.getByRole('button', { name: 'Создать клиента «Завод „Новый клиент“»' }).click()
  await page.getByLabel(/^Сумма/).fill('420 000,50')
  await page.getByRole('button', { name: 'Создать сделку' }).click()
  await page.waitForURL(/\/deals\/\d+$/)
  const number = Number(page.url().split('/').at(-1))
  await page.locator('#status-name').waitFor()
  const created = await cardOf(number)
  assert.equal(created.amount.amountMinor, 420_000_50)
  assert.equal(created.counterparty?.name, 'Завод «Новый клиент»')

  await advance(page)
  const afterOne = await cardOf(number)
  await advance(page)
  const moved = await cardOf(number)
  assert.notEqual(moved.stage?.code, afterOne.stage?.code)
  assert.equal(await statusOf(page), moved.status.name)
  await page.locator('.bar').getByRole('button', { name: 'Отменить' }).click()
  await page.locator('.steps .cur b', { hasText: afterOne.stage!.name }).waitFor()
  assert.equal((await cardOf(number)).status.code, afterOne.status.code)

  await openSheet(page, 'Выставить статус вручную')
  await sheet(page).getByRole('radio', { name: 'Договор' }).check()
  await sheet(page).getByLabel('Причина').fill('Клиент подтвердил по телефону')
  await sheet(page).getByRole('switch').check()
  await sheet(page).getByRole('button', { name: 'Выставить', exact: true }).click()
  await sheet(page).waitFor({ state: 'detached' })
  await page.getByText('Закреплён: правила его не меняют').waitFor()
  const held = await cardOf(number)
  assert.equal(held.held, true)
  assert.equal(await statusOf(page), 'Договор')

  await openSheet(page, 'Проиграна')
  const lostStatuses = sheet(page).getByRole('radio')
  await sheet(page).getByRole('button', { name: 'Дорого' }).click()
  if ((await lostStatuses.count()) > 0) await lostStatuses.first().check()
  await sheet(page).getByRole('button', { name: 'Отметить проигрыш' }).click()
  await sheet(page).waitFor({ state: 'detached' })
  assert.equal((await cardOf(number)).status.category, 'lost')
  await page.getByText('Причина: Дорого').first().waitFor()

  await openSheet(page, 'Вернуть в работу')
  await sheet(page).getByLabel('Причина').fill('Клиент вернулся')
  await sheet(page).getByRole('button', { name: 'Вернуть', exact: true }).click()
  await sheet(page).waitFor({ state: 'detached' })
  assert.equal((await cardOf(number)).status.category, 'open')

  await page.getByLabel('Комментарий').fill('Ждём спецификацию')
  await page.getByRole('button', { name: 'Отправить' }).click()
  await page.getByText('Ждём спецификацию').first().waitFor()
  const history: DealHistoryView = await manager.json(`/api/deals/${number}/history`)
  assert.ok(JSON.stringify(history.events).includes('Ждём спецификацию'))
  assert.deepEqual(complaints, [])
})

test('Of two browsers on one deal the first wins, the second sees the new state by itself; a stale change is told and refused', async (context) => {
  const number = await newDeal('Двое сразу')
  const path = `/deals/${number}`
  const one = await openApp(context, path, { as: manager })
  const two = await openApp(context, path, { as: manager })
  if (!one || !two) return
  await Promise.all([one.page.locator('#status-name').waitFor(), two.page.locator('#status-name').waitFor()])
  const stage = await advance(one.page)
  await two.page.locator('.steps .cur b', { hasText: stage }).waitFor()

  // The second holds his breath: he hears nothing of the next change, and acts on what he saw.
  await two.page.route('**/api/events*', (route) => route.abort())
  await two.page.reload()
  await two.page.locator('.steps .cur b', { hasText: stage }).waitFor()
  const next = await advance(one.page)
  await two.page.getByRole('button', { name: /^Дальше: / }).click()
  await two.page.getByRole('alert').getByText('Сделку уже изменили').waitFor()
  await two.page.locator('.steps .cur b', { hasText: next }).waitFor()
  assert.equal((await cardOf(number)).stage?.name, next)
})

test('Today of a field engineer shows the deals he takes part in, and moves one on by one tap', async (context) => {
  const { employee } = await field.json('/api/session')
  const path = `/api/deals/${await newDeal('Пуск линии')}/participants`
  await manager.json(path, {
    method: 'PUT',
    body: JSON.stringify({ employeeIds: [employee.id] }),
    headers: { 'if-match': '"1"' },
  })
  const visit = await openApp(context, '/today', { as: field })
  if (!visit) return
  const { page, complaints } = visit
  await page.getByRole('heading', { name: 'Сегодня', level: 1 }).waitFor()
  const go = page.getByRole('button', { name: /^Дальше: / }).first()
  await go.waitFor()
  const number = Number(
    (await page.locator('li:has(button)').first().locator('a').first().getAttribute('href'))!.split('/').at(-1),
  )
  const before: DealCardView = await field.json(`/api/deals/${number}`)
  await go.click()
  await page
    .getByText(/Этап: /)
    .first()
    .waitFor()
  const after: DealCardView = await field.json(`/api/deals/${number}`)
  assert.ok(after.version > before.version)
  await page.getByRole('button', { name: 'Отменить' }).first().click()
  await page.getByText('Изменение отменено').waitFor()
  assert.equal((await field.json(`/api/deals/${number}`)).stage.code, before.stage?.code)
  assert.deepEqual(complaints, [])
})
