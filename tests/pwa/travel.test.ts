import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertAccessible, assertFits, assertTouchable, untilAsked, useApp } from './app-page.ts'

const openApp = useApp()
const widths = [
  [390, 'light'],
  [1440, 'dark'],
] as const

for (const [width, colorScheme] of widths)
  test(`At ${width} px two funnels stand side by side, told apart by letters and words, and every figure opens its deals`, async (context) => {
    const app = await openApp(context, '/funnel', { viewport: { width, height: 900 }, colorScheme })
    if (!app) return
    const { page, api } = app
    await page.getByRole('link', { name: 'Сравнить' }).click()
    await page.waitForURL('**/funnel/~compare')
    await page.getByRole('heading', { name: 'Что изменилось и почему' }).waitFor()
    await page.getByText('может быть случайно', { exact: true }).first().waitFor()
    await assertFits(page)
    await assertTouchable(page)
    await assertAccessible(page, 'comparison')
    await page.getByRole('button', { name: 'Год назад' }).click()
    await page.waitForURL('**/funnel/~compare?against=year')
    await untilAsked(api, /GET \/api\/funnel\/compare\?.*against=year/)
    await page.getByRole('link', { name: '120' }).first().click()
    await page.waitForURL((url) => url.pathname === '/funnel/~compare/deals' && url.searchParams.get('side') === 'before')
    await untilAsked(api, /GET \/api\/funnel\/compare\/deals\?.*against=year.*side=before.*part=won/)
    await page.getByText('130 сделок', { exact: false }).first().waitFor()
    await page.goBack()
    await page.getByRole('link', { name: /^А: дошли до «Переговоры» 455$/ }).click()
    await untilAsked(
      api,
      /GET \/api\/funnel\/compare\/deals\?.*side=now.*part=reached.*layer=negotiation|layer=negotiation.*part=reached/,
    )
    assert.deepEqual(app.complaints, [])
  })

for (const [width, colorScheme] of widths)
  test(`At ${width} px the ways are a picture and a table, rare ones are left out, and a way opens its deals`, async (context) => {
    const app = await openApp(context, '/funnel/~paths', { viewport: { width, height: 900 }, colorScheme })
    if (!app) return
    const { page, api } = app
    await page.getByRole('link', { name: 'Новая → Квалификация' }).waitFor()
    assert.equal(await page.locator('path.line.left').count(), 1, 'a return is drawn on the left')
    assert.equal(await page.locator('path.line.outside').count(), 1, 'a way outside the template is dashed')
    await page.getByText('мимо своих статусов: 62 · вне шаблона: 62').waitFor()
    await page.getByText('Ещё 1 путь реже.').waitFor()
    await assertFits(page)
    await assertTouchable(page)
    await assertAccessible(page, 'ways')
    await page.getByRole('slider').fill('0')
    await page.waitForURL('**/funnel/~paths?least=0')
    await page.getByRole('link', { name: 'Переговоры → Предложение' }).click()
    await page.waitForURL((url) => url.searchParams.get('way') === 'negotiation..proposal')
    await untilAsked(api, /GET \/api\/funnel\/paths\/deals\?.*way=negotiation\.\.proposal/)
    await page.getByRole('heading', { name: 'Переговоры → Предложение' }).waitFor()
    assert.deepEqual(app.complaints, [])
  })

test('The funnel of a year ago is one choice away, says so, slides by weeks, and leads back to now with one tap', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  const { page, api } = app
  await page.getByRole('button', { name: 'Срез' }).click()
  await page.getByRole('button', { name: 'Год назад' }).click()
  await page.waitForURL(/\/funnel\?asOf=\d{4}-\d\d-\d\d$/)
  await untilAsked(api, /GET \/api\/funnel\?.*from=\d{4}-01-01.*asOf=/)
  await page.getByText(/^Прошлое: на конец/).waitFor()
  await assertFits(page)
  await assertTouchable(page)
  await assertAccessible(page, 'the past')
  const yearAgo = page.url()
  await page.getByRole('slider').fill('-3')
  await page.getByText('3 недели назад').waitFor()
  await page.waitForURL((url) => url.href !== yearAgo)
  await page.reload()
  await page.getByText('3 недели назад').waitFor()
  await page.getByRole('button', { name: 'Вернуться к «сейчас»' }).click()
  await page.waitForURL('**/funnel')
  await page.getByText(/^Прошлое:/).waitFor({ state: 'detached' })
})

test('In English every screen of time and comparison is in English', async (context) => {
  const app = await openApp(context, '/today', { locale: 'en-GB' })
  if (!app) return
  const { page, api } = app
  await page.request.patch(`${api.url}/api/session`, { data: { locale: 'en' } })
  for (const [path, heading] of [
    ['/funnel/~compare', 'Comparing funnels'],
    ['/funnel/~paths', 'Ways of deals'],
  ] as const) {
    await page.goto(api.url + path)
    await page.getByRole('heading', { name: heading }).waitFor()
    await untilAsked(api, new RegExp(`${path.replace('/funnel/~', '/api/funnel/')}\\?.*lang=en`))
    await page.waitForTimeout(300)
    const text = await page.locator('main').innerText()
    assert.doesNotMatch(text, /[а-яё]/i)
    if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}${heading}.png`, fullPage: true })
  }
})
