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
    await page.locator('.marks', { hasText: /мимо своих статусов: 62\s*вне шаблона: 62/ }).waitFor()
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
    await page.goBack()
    for (const [mark, part, title] of [
      ['Новая → Предложение: мимо своих статусов: 62', 'skipping', 'Новая → Предложение: прошли мимо своих статусов'],
      ['Новая → Предложение: вне шаблона: 62', 'outside', 'Новая → Предложение: вне шаблона'],
      ['Квалификация → Новая: повторяли: 3', 'again', 'Квалификация → Новая: повторяли'],
    ] as const) {
      await page.getByRole('link', { name: mark }).click()
      await page.waitForURL((url) => url.searchParams.get('part') === part)
      await untilAsked(api, new RegExp(`GET /api/funnel/paths/deals\\?.*part=${part}`))
      await page.getByRole('heading', { name: title }).waitFor()
      await page.goBack()
    }
    assert.deepEqual(app.complaints, [])
  })

test('Where deals stand is compared by two moments, without a word of chance, and every figure opens its deals', async (context) => {
  const app = await openApp(context, '/funnel?basis=snapshot', { viewport: { width: 390, height: 900 } })
  if (!app) return
  const { page, api } = app
  await page.getByRole('link', { name: 'Сравнить' }).click()
  await page.waitForURL('**/funnel/~compare?basis=snapshot')
  await page.getByRole('button', { name: 'Месяц назад' }).waitFor()
  await page.getByRole('rowheader', { name: 'Стоят' }).waitFor()
  await page.getByRole('link', { name: /^А: стоят в «Переговоры» 130$/ }).waitFor()
  assert.equal(await page.getByText(/случайно(?!ст)/).count(), 0)
  assert.equal(await page.getByRole('switch').count(), 0, 'two moments are of no age')
  await assertFits(page)
  await assertTouchable(page)
  await assertAccessible(page, 'comparison of snapshots')
  await page.getByRole('link', { name: /^Б: стоят в «Переговоры» 65$/ }).click()
  await untilAsked(api, /GET \/api\/funnel\/compare\/deals\?(?=.*basis=snapshot)(?=.*side=before)(?=.*part=standing)/)
  await page.getByRole('heading', { name: 'Б: стоят в «Переговоры»' }).waitFor()
  assert.deepEqual(app.complaints, [])
})

test('On a phone a sum and its difference stay whole, each on one line', async (context) => {
  const app = await openApp(context, '/funnel/~compare', { viewport: { width: 390, height: 900 } })
  if (!app) return
  const { page } = app
  await page.getByRole('rowheader', { name: 'Сумма выигранных' }).waitFor()
  const lines = await page.locator('table td :is(a, .change)').evaluateAll((all) =>
    all.map((one) => {
      const range = document.createRange()
      range.selectNodeContents(one)
      return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size
    }),
  )
  assert.deepEqual(lines, Array(12).fill(1))
})

test('On a wide screen A stands left and B right, in the table and in the drawing, and each side says what it is', async (context) => {
  const app = await openApp(context, '/funnel/~compare', { viewport: { width: 1440, height: 900 } })
  if (!app) return
  const { page } = app
  const leftOf = async (text: string): Promise<number> => {
    const found = page.locator('.layers .heads').getByText(text)
    await found.waitFor()
    return (await found.boundingBox())!.x
  }
  assert.ok((await leftOf('2026')) < (await leftOf('31 дек 2025')))
  const link = async (side: string) => (await page.getByRole('link', { name: `${side}: дошли до «Переговоры»` }).boundingBox())!.x
  assert.ok((await link('А')) < (await link('Б')))
})

test('On a wide screen the bar of the past stands below the title and its chips, as wide as the screen', async (context) => {
  const app = await openApp(context, '/funnel?asOf=2026-03-15', { viewport: { width: 1440, height: 900 } })
  if (!app) return
  const { page } = app
  await page.locator('.past').waitFor()
  const [bar, title, chips] = await Promise.all(
    ['.past', '.head h1', '.head .chips'].map(async (selector) => (await page.locator(selector).boundingBox())!),
  )
  assert.ok(bar!.y >= Math.max(title!.y + title!.height, chips!.y + chips!.height))
  assert.ok(Math.abs(bar!.x - title!.x) < 2 && Math.abs(chips!.y + chips!.height / 2 - title!.y - title!.height / 2) < 8)
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

test('A side that begins before anything is known is warned of, and no chance is spoken of', async (context) => {
  const app = await openApp(context, '/funnel/~compare?against=year', { viewport: { width: 390, height: 900 } })
  if (!app) return
  const { page } = app
  await page
    .getByRole('note')
    .getByText(/История известна только с 2.июн.2025, а период Б начинается раньше/)
    .waitFor()
  assert.equal(await page.locator('.judged').count(), 0)
  assert.equal(
    await page
      .locator('.layers')
      .getByText(/случайно|мало сделок/)
      .count(),
    0,
  )
  await page.getByText('история с 2 сен 2024').waitFor()
  await assertFits(page)
  await assertAccessible(page, 'comparison with missing history')
})

test('A moment that is yet to come is said to be: no slider of weeks, no funnel, and one tap leads back to now', async (context) => {
  const app = await openApp(context, '/funnel?asOf=2099-01-01')
  if (!app) return
  await app.page.getByText(/этот момент ещё не наступил/).waitFor()
  assert.equal(await app.page.locator('.past').getByRole('slider').count(), 0)
  assert.equal(await app.page.locator('.body').count(), 0)
  assert.deepEqual(
    app.api.requests.filter((line) => line.includes('asOf=2099') || line.includes('asOf=2098')),
    [],
  )
  await app.page.getByRole('button', { name: 'Вернуться к «сейчас»' }).click()
  await app.page.locator('.figures').waitFor()
  assert.equal(new URL(app.page.url()).searchParams.get('asOf'), null)
  await app.page.goto(`${app.api.url}/funnel?asOf=2015-01-01`)
  await app.page.getByText(/^\d+ (лет|год|года)( \d+ (месяц|месяца|месяцев))? назад$/).waitFor()
})

test('A way that there is not is said not to be, with a link back', async (context) => {
  const app = await openApp(context, '/funnel/~paths/deals?way=zzz')
  if (!app) return
  await app.page.getByRole('heading', { name: 'Такого пути нет' }).waitFor()
  await app.page.getByRole('link', { name: 'Ко всем путям' }).click()
  await app.page.waitForURL('**/funnel/~paths')
  assert.ok(app.api.requests.every((line) => !line.includes('/paths/deals')))
})
