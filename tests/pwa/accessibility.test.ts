import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertAccessible, showTrend, useApp } from './app-page.ts'

const openApp = useApp()

const screens = [
  { name: 'login', path: '/login', role: null, ready: 'button.person' },
  { name: 'funnel', path: '/funnel', role: 'executive', ready: '.figures' },
  { name: 'snapshot', path: '/funnel?basis=snapshot', role: 'executive', ready: '.figures' },
  { name: 'layer', path: '/funnel/negotiation', role: 'executive', ready: '#layer-deals a' },
] as const

for (const { name, path, role, ready } of screens) {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const locale of ['ru-RU', 'en-GB']) {
      for (const width of [390, 1440]) {
        test(`axe finds nothing on ${name}, ${colorScheme}, ${locale}, ${width} px`, async (context) => {
          const app = await openApp(context, path, { role, colorScheme, locale, viewport: { width, height: 900 } })
          if (!app) return
          if (locale === 'en-GB' && role) {
            await app.page.request.patch(`${app.api.url}/api/session`, { data: { locale: 'en' } })
            await app.page.reload()
          }
          await app.page.locator(ready).first().waitFor()
          if (ready === '.figures') await showTrend(app.page)
          assert.equal(await app.page.getAttribute('html', 'lang'), locale.slice(0, 2))
          await app.page.waitForTimeout(400)
          await assertAccessible(app.page)
          assert.deepEqual(app.complaints, [])
        })
      }
    }
  }
}

test('axe finds nothing in the sheets of slices, period and sharing, and the focus stays inside until Esc gives it back', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  const { page } = app
  await page.getByText('1 284', { exact: true }).waitFor()
  for (const name of ['С начала года', 'Все типы', 'Срез', 'Поделиться']) {
    const opener = page.getByRole('button', { name, exact: true })
    await opener.click()
    await page.getByRole('dialog').waitFor()
    await page.waitForTimeout(400)
    await assertAccessible(page)
    for (let step = 0; step < 12; step++) {
      await page.keyboard.press('Tab')
      const inside = await page.evaluate(
        () => document.activeElement === document.body || document.activeElement?.closest('dialog') !== null,
      )
      assert.ok(inside, `Tab left the sheet «${name}»`)
    }
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    assert.equal(await opener.evaluate((element) => element === document.activeElement), true, `focus is back on «${name}»`)
  }
})

test('The funnel can be walked and opened with the keyboard alone', async (context) => {
  const app = await openApp(context, '/funnel', { hasTouch: false })
  if (!app) return
  const { page } = app
  await page.getByText('1 284', { exact: true }).waitFor()
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'К содержанию')
  const row = page.getByRole('link', { name: /Переговоры 455/ })
  await row.focus()
  await page.keyboard.press('Enter')
  await page.waitForURL('**/funnel/negotiation?part=reached')
  await page.getByRole('tab', { name: /Дошли/ }).focus()
  await page.keyboard.press('ArrowLeft')
  await page.waitForURL('**/funnel/negotiation?part=lost')
})
