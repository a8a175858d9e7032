/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import type { Role } from '../../shared/views/common.ts'
import type { DealListView } from '../../shared/views/deals.ts'
import { type Caller, logIn, openBrowserAt, startProgram } from './program.ts'

/** Every screen of the app on the real server: nothing that axe finds, nothing in the console, nothing that sticks out on a narrow phone. */
const program = await startProgram()
const openApp = await openBrowserAt(program.url)
const admin = await logIn(program, 'admin')
const open: DealListView = await admin.json('/api/deals?open=1&limit=1')
const deal = open.items[0]!
const client = (await admin.json('/api/counterparties?limit=1')).items[0]

const pinned = [
  { id: 'a', kind: 'funnel', size: 'wide' },
  { id: 'b', kind: 'number', layer: 'proposal', part: 'open' },
  { id: 'c', kind: 'trend' },
  { id: 'd', kind: 'trend', words: { period: 'last90' } },
]
const board = await admin.json('/api/dashboards', {
  method: 'POST',
  body: JSON.stringify({ name: 'Понедельник', cards: pinned }),
})

const screens: readonly (readonly [path: string, role?: Role])[] = [
  ['/funnel'],
  ['/funnel?basis=snapshot&by=amount'],
  ['/funnel/negotiation'],
  ['/funnel/negotiation?part=lost'],
  ['/funnel?fold=presale,sale&by=amount'],
  ['/funnel/~chapters/sale?part=lost'],
  ['/funnel/~chapters/nothing'],
  ['/funnel/~all?basis=flow'],
  ['/funnel/~happened/won?cut=department&key=2'],
  ['/funnel/~happened/worked'],
  ['/funnel/~deals/expected'],
  ['/funnel/~deals/eventLost?period=all'],
  ['/deals'],
  ['/deals?q=nothing-has-this-name'],
  [`/deals/${deal.number}`],
  ['/deals/99999999'],
  ['/deals/new'],
  ['/today'],
  ['/more'],
  ['/more/telegram'],
  ['/more/devices'],
  ['/more/password'],
  ['/more/install'],
  ['/more/imports'],
  ['/more/employees'],
  ['/more/departments'],
  ['/more/statuses'],
  ['/more/rules'],
  ['/more/rules/new'],
  ['/more/rules/firings?show=all'],
  ['/more/statuses/~new'],
  ['/more/statuses/proposal'],
  ['/more/statuses/~preview?merge=negotiation&into=proposal'],
  ['/more/schedules'],
  ['/more/schedules/new?type=service'],
  ['/more/shares'],
  ['/more/currencies'],
  ['/more/currencies?do=rate'],
  ['/more/audit'],
  ['/boards'],
  ['/boards?new=1'],
  [`/boards/${board.id}`],
  [`/boards/${board.id}?edit=1`],
  [`/boards/${board.id}?edit=1&open=add`],
  [`/boards/${board.id}?open=board`],
  ['/boards/no-such-one'],
  ['/clients'],
  [`/clients/${client.id}`],
  ['/no/such/page'],
]

async function speak(caller: Caller, locale: string): Promise<void> {
  await caller.json('/api/session', { method: 'PATCH', body: JSON.stringify({ locale }) })
}

/** Waits until the screen stands: nothing is being loaded, no animation runs. */
async function settle(page: Page): Promise<void> {
  await page.locator('h1:visible, h2:visible').first().waitFor()
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .skeleton'))
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))))
}

/** What is wrong with the screen as it stands, in words; empty when it is sound. */
async function findFaults(page: Page, name: string): Promise<string[]> {
  await settle(page)
  const { violations } = await new AxeBuilder({ page: page as never }).analyze()
  const found = violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  return excess > 0 ? [...found, `${name}: ${excess} px wider than the phone`] : found
}

const sheets = ['why', 'menu', 'edit', 'status', 'reassign', 'participants', 'lose']

for (const [colorScheme, lang] of [
  ['light', 'ru'],
  ['dark', 'en'],
] as const) {
  test(`every screen is sound at 320 px, ${colorScheme}, ${lang}`, async (context) => {
    await speak(admin, lang)
    context.after(() => speak(admin, 'ru'))
    const options = { colorScheme, locale: lang === 'ru' ? 'ru-RU' : 'en-GB', viewport: { width: 320, height: 700 } }
    const stranger = await openApp(context, '/login', options)
    if (!stranger) return
    await stranger.page.locator('button.person').first().waitFor()
    const faults = await findFaults(stranger.page, '/login')
    const visit = await openApp(context, '/funnel', { ...options, as: admin })
    const { page, complaints } = visit!
    for (const [path] of screens) {
      await page.goto(program.url + path)
      faults.push(...(await findFaults(page, path)))
      assert.equal(await page.getAttribute('html', 'lang'), lang, path)
    }
    assert.deepEqual([...faults, ...stranger.complaints, ...complaints], [])
  })

  test(`every sheet of a deal and of the funnel is sound, ${colorScheme}`, async (context) => {
    const visit = await openApp(context, `/deals/${deal.number}`, {
      as: admin,
      colorScheme,
      viewport: { width: 320, height: 700 },
    })
    if (!visit) return
    const { page, complaints } = visit
    const faults: string[] = []
    const check = async (name: string) => {
      await page.getByRole('dialog').waitFor()
      faults.push(...(await findFaults(page, name)))
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    for (const name of sheets) {
      await page.goto(`${program.url}/deals/${deal.number}?do=${name}`)
      await check(name)
    }
    await page.goto(`${program.url}/funnel`)
    await page.locator('.frow').first().waitFor()
    for (const name of ['С начала года', 'Срез', 'Поделиться']) {
      await page.getByRole('button', { name, exact: true }).click()
      await check(name)
    }
    await page.goto(`${program.url}/deals`)
    await page.getByRole('button', { name: /^Фильтры/ }).click()
    await check('filters')
    assert.deepEqual([...faults, ...complaints], [])
  })
}
