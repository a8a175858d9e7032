import assert from 'node:assert/strict'
import { test } from 'node:test'
import { showTrend, useApp } from './app-page.ts'

const openApp = useApp()

test('Once visited, the app starts without a network at any of its addresses and shows the last figures', async (context) => {
  const app = await openApp(context, '/funnel', { serviceWorkers: 'allow' })
  if (!app) return
  const { page } = app
  await showTrend(page)
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
  // The first worker takes the page over by itself; from then on it answers for it.
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await page.context().setOffline(true)
  await page.reload()
  await page.getByText(/Нет сети\. Данные на \d\d:\d\d\./).waitFor()
  await page.getByText('1 284', { exact: true }).waitFor()
  await page.goto(`${app.api.url}/funnel/negotiation`)
  await page.getByRole('heading', { name: 'Переговоры' }).waitFor()
})

test('The worker never keeps an answer of the API', async (context) => {
  const app = await openApp(context, '/funnel', { serviceWorkers: 'allow' })
  if (!app) return
  await showTrend(app.page)
  const kept = await app.page.evaluate(async () => {
    await navigator.serviceWorker.ready
    const names = await caches.keys()
    const caught = await Promise.all(
      names.map(async (name) => (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname)),
    )
    return caught.flat()
  })
  assert.ok(kept.includes('/'))
  assert.deepEqual(
    kept.filter((path) => path.startsWith('/api')),
    [],
  )
})

test('The app can be installed: manifest and icons are there and found good by the browser', async (context) => {
  const app = await openApp(context, '/login', { role: null, serviceWorkers: 'allow' })
  if (!app) return
  const client = await app.page.context().newCDPSession(app.page)
  const manifest = (await client.send('Page.getAppManifest')) as { errors: unknown[]; url: string }
  assert.deepEqual(manifest.errors, [])
  assert.match(manifest.url, /manifest\.webmanifest$/)
  for (const icon of ['/icon.svg', '/icon-192.png', '/icon-512.png', '/icon-maskable-512.png', '/apple-touch-icon.png']) {
    assert.equal((await app.page.request.get(app.api.url + icon)).status(), 200, icon)
  }
})

test('A new version is offered, and taken only when the person says so', async (context) => {
  const app = await openApp(context, '/funnel', { serviceWorkers: 'allow' })
  if (!app) return
  const { page, api } = app
  await showTrend(page)
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  api.publish()
  await page.evaluate(async () => {
    Object.assign(globalThis, { stayed: true })
    await (await navigator.serviceWorker.ready).update()
  })
  await page.getByText('Вышла новая версия.').waitFor()
  assert.equal(await page.evaluate(() => 'stayed' in globalThis), true)
  await page.getByRole('button', { name: 'Обновить' }).click()
  await page.waitForFunction(() => !('stayed' in globalThis))
  await page.getByText('1 284', { exact: true }).waitFor()
})
