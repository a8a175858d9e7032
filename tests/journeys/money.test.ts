/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { formatInteger, formatMoneyShort } from '../../shared/messages/format.ts'
import type { DealListView } from '../../shared/views/deals.ts'
import type { ForecastView, VelocityView, WinRatesView } from '../../shared/views/outcomes.ts'
import { logIn, openBrowserAt, plain, startProgram } from './program.ts'
import { assertSound } from './sound.ts'

/** Forecast, win rates, velocity and currencies as an executive and an administrator meet them, on a phone of 390 px. */
const program = await startProgram()
const openApp = await openBrowserAt(program.url)
const executive = await logIn(program, 'executive')
const admin = await logIn(program, 'admin')

const money = (minor: number): string => plain(formatMoneyShort(minor, 'RUB', 'ru'))
const count = (value: number): string => plain(formatInteger(value, 'ru'))

/** Scrolls down until the card stands: those below are built as one comes near. */
async function comeTo(page: Page, card: Locator): Promise<void> {
  await page.locator('.charts').waitFor()
  for (let step = 0; step < 60 && !(await card.locator('.sum, li').first().isVisible()); step++) {
    await page.mouse.wheel(0, 300)
    await page.waitForTimeout(60)
  }
}

test('An executive reads the forecast of the quarter and of the year, and opens the deals behind each of its numbers', async (context) => {
  const visit = await openApp(context, '/funnel', { as: executive })
  if (!visit) return
  const { page, complaints } = visit
  const card = page.getByRole('region', { name: 'Прогноз выигранного' })
  const text = async () => plain((await card.textContent()) ?? '')
  await comeTo(page, card)
  await card.locator('.sum').waitFor()
  const quarter: ForecastView = await executive.json('/api/funnel/forecast')
  assert.ok((await text()).includes(money(quarter.totalMinor)), `${money(quarter.totalMinor)} in ${await text()}`)
  await card.getByRole('radio', { name: 'Год' }).check({ force: true })
  await page.waitForURL('**forecast=year')
  const year = new Date().getFullYear()
  const whole: ForecastView = await executive.json(`/api/funnel/forecast?from=${year}-01-01&to=${year + 1}-01-01`)
  await card.getByText(money(whole.totalMinor)).first().waitFor()
  await card
    .getByRole('link', { name: new RegExp(`^${count(whole.buckets.won.deals)} сдел`) })
    .first()
    .click()
  await page.waitForURL('**/funnel/~deals/won?**')
  await page.getByRole('heading', { name: 'Выиграно', level: 1 }).waitFor()
  await page
    .locator('article')
    .getByText(new RegExp(`^${whole.buckets.won.deals} сдел`))
    .first()
    .waitFor()
  const shown = plain((await page.locator('article').textContent()) ?? '')
  assert.ok(shown.includes(money(whole.buckets.won.amountMinor)), shown.slice(0, 300))
  await page.goBack()
  await card.getByText(money(whole.totalMinor)).first().waitFor()
  await card.getByText('Вероятности', { exact: true }).click()
  const learned = whole.probabilities.find(({ expected }) => expected.deals > 0)!
  const { type, status, expected } = learned
  await card.locator(`a[href*="ofType=${type.code}&ofStatus=${status.code}"]`).click()
  await page
    .locator('article')
    .getByText(new RegExp(`^${count(expected.deals)} сдел`))
    .first()
    .waitFor()
  const listed = plain((await page.locator('article').textContent()) ?? '')
  assert.ok(listed.includes(money(expected.amountMinor)) && listed.includes(status.name), listed.slice(0, 300))
  assert.deepEqual(complaints, [])
})

test('The parts of the win rates and of the velocity lead to just as many deals', async (context) => {
  const rates: WinRatesView = await executive.json('/api/funnel/win-rates')
  const velocity: VelocityView = await executive.json('/api/funnel/velocity')
  const visit = await openApp(context, '/funnel', { as: executive })
  if (!visit) return
  const { page, complaints } = visit
  const card = page.getByRole('region', { name: 'Доля выигранных' })
  await comeTo(page, card)
  await card.getByText('По времени решения').waitFor()
  const event = rates.rates[0]!
  await card
    .getByRole('link', { name: new RegExp(`^${count(event.lost.deals)} проигран`) })
    .first()
    .click()
  await page.waitForURL('**/funnel/~deals/eventLost')
  await page
    .locator('article')
    .getByText(new RegExp(`^${event.lost.deals} сдел`))
    .first()
    .waitFor()
  await page.goBack()
  const speed = page.getByRole('region', { name: 'Скорость продаж' })
  await comeTo(page, speed)
  const first = velocity.types[0]!
  await speed.locator('li').first().getByRole('link').first().click()
  await page.waitForURL(`**/funnel/~deals/open?ofType=${first.type.code}`)
  await page
    .locator('article')
    .getByText(new RegExp(`^${first.open.deals} сдел`))
    .first()
    .waitFor()
  assert.deepEqual(complaints, [])
})

test('An administrator adds a rate, sees first what it changes, corrects it and deletes it', async (context) => {
  const amount = { amountMinor: 100_000_00, currency: 'USD' }
  const types = await admin.json('/api/deal-types')
  const body = JSON.stringify({ title: 'Экспорт', type: types.items[0].code, amount, fields: {} })
  const created = await admin.fetch('/api/deals', { method: 'POST', body })
  assert.equal(created.status, 201, await created.clone().text())
  const visit = await openApp(context, '/more/currencies', { as: admin })
  if (!visit) return
  const { page, complaints } = visit
  await page.getByText(/У 1 сделки нет курса/).waitFor()
  await page.getByRole('button', { name: 'Добавить курс' }).click()
  await page.waitForURL('**do=rate-USD')
  await page.getByLabel(/Сколько ₽ за 1 USD/).fill('92,5')
  await page.getByText('Пересчитается 1 сделка из 1.').waitFor()
  await page.getByText(/0\s₽ → 9,25\sмлн\s₽/).waitFor()
  await page.getByRole('button', { name: 'Сохранить курс' }).click()
  await page.getByText('1 USD = 92,5 ₽').waitFor()
  const list: DealListView = await admin.json('/api/deals?q=Экспорт')
  assert.deepEqual([list.amountMinor, list.withoutRate], [925_000_000, 0])
  await page.getByText('1 USD = 92,5 ₽').click()
  await page.getByRole('button', { name: 'Удалить курс' }).click()
  await page.getByText(/Без курса: 0 → 1/).waitFor()
  await page.getByRole('button', { name: 'Да, удалить' }).click()
  await page.getByText(/У 1 сделки нет курса/).waitFor()
  assert.deepEqual(complaints, [])
})

for (const [width, colorScheme] of [
  [390, 'light'],
  [390, 'dark'],
  [1440, 'light'],
  [1440, 'dark'],
] as const) {
  test(`The cards with all their parts open, and the rates, are sound at ${width} px, ${colorScheme}`, async (context) => {
    const look = { viewport: { width, height: 900 }, colorScheme }
    const visit = await openApp(context, '/funnel', { as: executive, ...look })
    if (!visit) return
    const { page, complaints } = visit
    const velocity = page.getByRole('region', { name: 'Скорость продаж' })
    await comeTo(page, velocity)
    await velocity.locator('.sum').waitFor()
    await page.getByRole('heading', { name: 'Точность прогноза' }).waitFor()
    for (const details of await page.locator('.charts details').all())
      await details.evaluate((node) => node.setAttribute('open', ''))
    await assertSound(page, `outcomes-${width}-${colorScheme}`)
    assert.deepEqual(complaints, [])
    const rates = await openApp(context, '/more/currencies?do=rate-USD', { as: admin, ...look })
    await rates!.page.getByRole('heading', { name: 'Новый курс' }).waitFor()
    await assertSound(rates!.page, `rate-${width}-${colorScheme}`)
    assert.deepEqual(rates!.complaints, [])
  })
}
