/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import type { CohortFunnelView } from '../../shared/views/funnel.ts'
import { readWorkbook } from './figures.ts'
import { logIn, openBrowserAt, plain, startProgram } from './program.ts'

/** How an executive, a head and an administrator use the funnel, on the real server, on a phone of 390 px. */
const program = await startProgram()
const openApp = await openBrowserAt(program.url)
const executive = await logIn(program, 'executive')
const head = await logIn(program, 'head')
const admin = await logIn(program, 'admin')

/** The first of these who passed any deals on: the demo company moves with the calendar, and the worst of a layer may have passed none. */
async function findWhoPassed(
  links: readonly string[],
  code: string,
): Promise<{ readonly link: string; readonly passed: number }> {
  for (const link of links) {
    const { pathname, search, searchParams } = new URL(link)
    const narrow: CohortFunnelView = await executive.json(`/api/funnel?employee=${searchParams.get('employee')}`)
    const { passed } = narrow.layers.find(({ status }) => status.code === code)!
    if (passed > 0) return { link: pathname + search, passed }
  }
  return assert.fail('nobody passed a deal on')
}

const standing = (page: Page) => page.locator('.frow').first().waitFor()
const titleAt = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 }).waitFor()

test('An executive logs in with one tap, follows the bottleneck to a deal, and finds everything as it was on the way back', async (context) => {
  const visit = await openApp(context, '/login')
  if (!visit) return
  const { page, complaints } = visit
  await page.getByRole('button', { name: /Генеральный директор/ }).click()
  await page.waitForURL('**/funnel')
  const view: CohortFunnelView = await executive.json('/api/funnel')
  await standing(page)
  const shown = plain((await page.locator('.figures').textContent()) ?? '')
  assert.ok(shown.includes(plain(view.sentence).split(':')[0]!), `${view.sentence} in ${shown.slice(0, 300)}`)
  const layer = view.layers.find(({ status }) => status.code === view.narrowest) ?? view.layers[1]!
  await page.locator('.frow a.hit', { hasText: layer.status.name }).first().click()
  await page.waitForURL(`**/funnel/${layer.status.code}?part=reached`)
  await titleAt(page, layer.status.name)
  await page.getByRole('tab', { name: /^Прошли/ }).click()
  await page.waitForURL('**part=passed')
  await page
    .getByText(new RegExp(`^${layer.passed} сдел`))
    .first()
    .waitFor()
  await page.locator('a.emp').first().waitFor()
  const { link, passed } = await findWhoPassed(
    await page.locator('a.emp').evaluateAll((links) => links.map((one) => (one as HTMLAnchorElement).href)),
    layer.status.code,
  )
  await page.locator(`a.emp[href="${link}"]`).click()
  await page.waitForURL(/employee=\d+/)
  const address = page.url()
  await page.locator('.sum', { hasText: new RegExp(`^${passed} сдел`) }).waitFor()
  const narrowed = plain((await page.locator('.sum').first().textContent()) ?? '')
  await page.locator('#layer-deals a').first().click()
  await page.waitForURL('**/deals/*')
  await page.locator('h1').waitFor()
  await page.goBack()
  await page.waitForURL(address)
  await page.locator('#layer-deals a').first().waitFor()
  assert.equal(plain((await page.locator('.sum').first().textContent()) ?? ''), narrowed)
  await page.reload()
  await page.locator('#layer-deals a').first().waitFor()
  assert.equal(page.url(), address)
  assert.equal(await page.getByRole('tab', { name: /^Прошли/ }).getAttribute('aria-selected'), 'true')
  assert.deepEqual(complaints, [])
})

test('One tap gives the PDF, one the workbook; both are what they say', async (context) => {
  const visit = await openApp(context, '/funnel?type=product_sale', { as: executive })
  if (!visit) return
  const { page, complaints } = visit
  await standing(page)
  for (const [name, ending] of [
    ['PDF', '.pdf'],
    ['Excel', '.xlsx'],
  ] as const) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name, exact: true }).click()])
    assert.ok(download.suggestedFilename().endsWith(ending), download.suggestedFilename())
    const bytes = await readFile(await download.path())
    if (ending === '.pdf') assert.equal(bytes.subarray(0, 5).toString(), '%PDF-')
    else
      assert.equal((await readWorkbook(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))).sheets.length, 6)
  }
  assert.deepEqual(complaints, [])
})

test('With the keyboard alone one logs in, opens a layer and reaches a deal', async (context) => {
  const visit = await openApp(context, '/login', { hasTouch: false })
  if (!visit) return
  const { page } = visit
  await page.locator('button.person').first().waitFor()
  const tabTo = async (fits: (focused: { text: string; href: string }) => boolean) => {
    for (let step = 0; step < 80; step++) {
      await page.keyboard.press('Tab')
      const focused = await page.evaluate(() => ({
        text: document.activeElement?.textContent ?? '',
        href: document.activeElement?.getAttribute('href') ?? '',
      }))
      if (fits(focused)) return page.keyboard.press('Enter')
    }
    assert.fail('Tab never gets there')
  }
  await tabTo(({ text }) => text.includes('Генеральный директор'))
  await page.waitForURL('**/funnel')
  await standing(page)
  await tabTo(({ href }) => /^\/funnel\/(?!~)/.test(href))
  await page.waitForURL('**/funnel/*')
  await page.locator('#layer-deals a').first().waitFor()
  await tabTo(({ href }) => href.startsWith('/deals/'))
  await page.waitForURL('**/deals/*')
  await page.locator('h1').waitFor()
})

test('Language and theme are switched under More, and stay after a reload', async (context) => {
  const visit = await openApp(context, '/more', { as: executive })
  if (!visit) return
  const { page, complaints } = visit
  await page.getByText('English', { exact: true }).click()
  await page.getByRole('heading', { name: 'More', level: 1 }).waitFor()
  await page.getByText('Dark', { exact: true }).click()
  await page.reload()
  await page.getByRole('heading', { name: 'More', level: 1 }).waitFor()
  assert.equal(await page.getAttribute('html', 'lang'), 'en')
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme.includes('dark')), true)
  await page.goto(`${program.url}/funnel`)
  await page.locator('.fname', { hasText: 'Negotiation' }).waitFor()
  await executive.json('/api/session', { method: 'PATCH', body: JSON.stringify({ locale: 'ru' }) })
  assert.deepEqual(complaints, [])
})

test('A head sees the deals of his subtree only, and others do not exist for him', async (context) => {
  const theirs = await executive.json('/api/deals?department=6&limit=50')
  const seen = await head.json('/api/deals?department=6&limit=100')
  const known = new Set(seen.items.map(({ number }: { number: number }) => number))
  const foreign = theirs.items.find(({ number }: { number: number }) => !known.has(number))
  assert.ok(foreign, 'the service has deals that sales do not see')
  const visit = await openApp(context, `/deals/${foreign.number}`, { as: head })
  if (!visit) return
  await visit.page.getByText('Сделки нет или она вам не видна').waitFor()
  await visit.page.goto(`${program.url}/deals?q=${foreign.number}`)
  await visit.page.getByText('По этим условиям сделок нет').or(visit.page.locator('a[href^="/deals/"]').first()).first().waitFor()
  assert.equal(await visit.page.locator(`a[href="/deals/${foreign.number}"]`).count(), 0)
})

test('The administrator sets a target, and the funnel measures by it', async (context) => {
  const before: CohortFunnelView = await executive.json('/api/funnel')
  const layer = before.layers.find(({ passed, lost }) => lost > 0 && passed + lost >= 20)
  assert.ok(layer)
  const body = JSON.stringify({ targetConversionPct: 99 })
  const status = (await admin.json('/api/statuses')).items.find(({ code }: { code: string }) => code === layer.status.code)
  const headers = { 'if-match': `"${status.version}"` }
  await admin.json(`/api/statuses/${layer.status.code}`, { method: 'PATCH', body, headers })
  const after: CohortFunnelView = await executive.json('/api/funnel')
  const changed = after.layers.find(({ status: { code } }) => code === layer.status.code)!
  assert.equal(changed.bottleneck?.target, 0.99)
  assert.ok(changed.bottleneck.kinds.includes('conversion'))
  const visit = await openApp(context, '/more/statuses', { as: admin })
  if (!visit) return
  await visit.page.getByText(/цель 99/i).waitFor()
  await visit.page.goto(`${program.url}/funnel`)
  await standing(visit.page)
  assert.ok(plain((await visit.page.locator('.figures').textContent()) ?? '').includes(plain(after.sentence).split(':')[0]!))
})

test('What another session changes appears in an open funnel by itself', async (context) => {
  const visit = await openApp(context, '/funnel?period=all', { as: executive })
  if (!visit) return
  const { page } = visit
  await standing(page)
  const first = page.locator('.frow .fn').first()
  const before = Number(plain((await first.textContent()) ?? '').replace(/\D/g, ''))
  const body = JSON.stringify({ type: 'product_sale', title: 'Живая сделка', amount: { amountMinor: 100_00, currency: 'RUB' } })
  const created = await admin.fetch('/api/deals', { method: 'POST', body })
  assert.equal(created.status, 201)
  await page.waitForFunction(
    (old) => Number(document.querySelector('.frow .fn')?.textContent?.replace(/\D/g, '')) === old + 1,
    before,
  )
})

test('Without a network the app opens, shows the last funnel with its time, and says so', async (context) => {
  const visit = await openApp(context, '/funnel', { as: executive, serviceWorkers: 'allow' })
  if (!visit) return
  const { page } = visit
  await standing(page)
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  const shown = await page.locator('.funnel').textContent()
  await page.context().setOffline(true)
  await page.reload()
  await page.getByText(/Нет сети\. Данные на \d\d:\d\d\./).waitFor()
  await standing(page)
  assert.equal(await page.locator('.funnel').textContent(), shown)
  await page.context().setOffline(false)
  await page.getByText(/Нет сети/).waitFor({ state: 'detached' })
})
