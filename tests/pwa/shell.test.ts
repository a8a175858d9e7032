import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertFits, assertTouchable, useApp } from './app-page.ts'

const openApp = useApp()

test('A stranger is led to the login screen and, after one tap on a demo person, to where he was going', async (context) => {
  const app = await openApp(context, '/funnel/negotiation?part=lost', { role: null })
  if (!app) return
  await app.page.waitForURL('**/login?next=*')
  await app.page.getByRole('button', { name: /Генеральный директор/ }).click()
  await app.page.waitForURL('**/funnel/negotiation?part=lost')
  await app.page.getByRole('heading', { name: 'Переговоры' }).waitFor()
  assert.deepEqual(app.complaints, [])
})

test('The target after login is a path of this app, whatever the address says', async (context) => {
  const app = await openApp(context, '/login?next=//evil.example/x', { role: null })
  if (!app) return
  await app.page.getByRole('button', { name: /Генеральный директор/ }).click()
  await app.page.waitForURL(`${app.api.url}/funnel`)
})

test('A wrong password is answered by the sentence of the server, and the form stays filled', async (context) => {
  const app = await openApp(context, '/login', { role: null })
  if (!app) return
  await app.page.getByLabel('Логин или почта').fill('elena')
  await app.page.getByLabel('Пароль').fill('wrong')
  await app.page.getByRole('button', { name: 'Войти' }).click()
  await app.page.getByRole('alert').getByText('Логин или пароль не подходят.').waitFor()
  assert.equal(await app.page.getByLabel('Логин или почта').inputValue(), 'elena')
})

test('The language is switched without a reload, and only one language is fetched', async (context) => {
  const app = await openApp(context, '/login', { role: null })
  if (!app) return
  await app.page.evaluate(() => Object.assign(globalThis, { stayed: true }))
  await app.page.getByRole('button', { name: 'English' }).click()
  await app.page.getByRole('heading', { name: 'Log in to Voronka' }).waitFor()
  assert.equal(await app.page.evaluate(() => 'stayed' in globalThis), true)
  assert.equal(await app.page.getAttribute('html', 'lang'), 'en')
})

test('The chosen theme stands before the first paint of the next start', async (context) => {
  const app = await openApp(context, '/login', { role: null, colorScheme: 'light' })
  if (!app) return
  await app.page.getByRole('button', { name: 'Тёмная' }).click()
  await app.page.reload({ waitUntil: 'commit' })
  await app.page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark')
})

test('Managers begin with the day’s work, executives with the funnel', async (context) => {
  const manager = await openApp(context, '/', { role: 'manager' })
  if (!manager) return
  await manager.page.waitForURL('**/today')
  const executive = await openApp(context, '/', { role: 'executive' })
  await executive!.page.waitForURL('**/funnel')
})

test('A session that ends while the app is open leads to the login screen with the address kept', async (context) => {
  const app = await openApp(context, '/funnel')
  if (!app) return
  await app.page.getByText('1 284', { exact: true }).waitFor()
  app.api.reset(null)
  await app.page.getByText('Деньги').click()
  await app.page.waitForURL('**/login?next=%2Ffunnel%3Fby%3Damount')
})

test('A server that cannot be reached at the first start is said in plain words, and a retry mends it', async (context) => {
  const app = await openApp(context, '/login', { role: null })
  if (!app) return
  await app.page.getByRole('button', { name: /Генеральный директор/ }).waitFor()
  app.api.mode = 'silent'
  await app.page.goto(`${app.api.url}/funnel`)
  await app.page.getByText('Сервер недоступен. Проверьте связь и повторите.').waitFor()
  app.api.reset('executive')
  await app.page.getByRole('button', { name: 'Повторить' }).click()
  await app.page.getByText('1 284', { exact: true }).waitFor()
})

test('An address that does not exist leads back to the start', async (context) => {
  const app = await openApp(context, '/nowhere', { role: 'executive' })
  if (!app) return
  await app.page.getByRole('heading', { name: 'Такой страницы нет' }).waitFor()
  await app.page.getByRole('link', { name: 'На главную' }).click()
  await app.page.waitForURL('**/funnel')
})

for (const width of [320, 360, 390, 768, 1440]) {
  test(`The login screen fits ${width} px and everything on it can be tapped`, async (context) => {
    const app = await openApp(context, '/login', { role: null, viewport: { width, height: 800 } })
    if (!app) return
    await app.page.getByRole('button', { name: /Генеральный директор/ }).waitFor()
    await assertFits(app.page)
    await assertTouchable(app.page)
  })
}
