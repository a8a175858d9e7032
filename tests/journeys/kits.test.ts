/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logIn, openBrowserAt, plain, startProgram } from './program.ts'
import { assertSound } from './sound.ts'

/** An administrator reads what a starter kit brings, installs it with one tap, and a manager makes a deal of it; on the real server, on a phone. */
const program = await startProgram(60)
const openApp = await openBrowserAt(program.url)
const admin = await logIn(program, 'admin')
const manager = await logIn(program, 'manager')
/** A machine that does much else at the same time is slow, not broken. */
const patience = 30_000

test('An administrator installs a starter kit with one tap, and a manager makes a deal of it', async (context) => {
  const visit = await openApp(context, '/more', { as: admin })
  if (!visit) return
  const { page, complaints } = visit
  page.setDefaultTimeout(patience)
  await page.getByRole('link', { name: 'Готовые наборы' }).click()
  await page.getByRole('heading', { level: 1, name: 'Готовые наборы' }).waitFor()
  await page.getByRole('link', { name: 'Тендер' }).waitFor()
  assert.equal(await page.locator('a.card').count(), 5)
  await assertSound(page, 'kits')
  await page.getByRole('link', { name: 'Тендер' }).click()
  await page.getByRole('heading', { level: 1, name: 'Тендер' }).waitFor()
  await page.getByText('В воронке появятся статусы: «Подача заявки», «Приёмка».').waitFor()
  await page.getByText('Нужно согласование: директор.').waitFor()
  const rule = await page.getByText('Когда документ «Заявка на участие» подписан').innerText()
  assert.equal(plain(rule), 'Когда документ «Заявка на участие» подписан, статус становится «Подача заявки» (только вперёд).')
  await assertSound(page, 'kit')
  await page.getByRole('button', { name: 'Установить' }).click()
  await page.getByText('Набор установлен: сделки этого типа уже можно заводить.').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Установить' }).count(), 0)
  await assertSound(page, 'kit-installed')
  await page.getByRole('link', { name: 'Тип сделок' }).click()
  await page.waitForURL(/\/more\/types\/tender$/)
  await page.getByRole('link', { name: 'Номер извещения' }).waitFor()
  assert.deepEqual(complaints, [])

  const body = { title: 'Закупка', type: 'tender', amount: { amountMinor: 100, currency: 'RUB' } }
  const deal = await manager.json('/api/deals', { method: 'POST', body: JSON.stringify(body) })
  assert.equal(deal.stage.name, 'Извещение найдено')
})

test('The kits read in English, in the dark and on a wide screen; nobody else is shown them', async (context) => {
  await admin.json('/api/session', { method: 'PATCH', body: JSON.stringify({ locale: 'en' }) })
  const visit = await openApp(context, '/more/kits', { as: admin, colorScheme: 'dark', viewport: { width: 1440, height: 900 } })
  if (!visit) return
  const { page, complaints } = visit
  page.setDefaultTimeout(patience)
  await page.getByRole('link', { name: 'Implementation project' }).waitFor()
  await assertSound(page, 'kits-en')
  await page.getByRole('link', { name: 'Implementation project' }).click()
  await page.getByText('A separate process: Contract approval').waitFor()
  await assertSound(page, 'kit-en')
  assert.doesNotMatch(await page.locator('main').innerText(), /[а-яё]/i)
  assert.deepEqual(complaints, [])
  const other = await openApp(context, '/more/kits/tender', { as: manager })
  await other?.page.getByText('Этот раздел вам недоступен').waitFor()
})
