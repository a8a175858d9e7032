/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { after, before, type TestContext } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Role } from '../../shared/views/common.ts'
import { openBrowser, skipWithoutBrowser } from '../support/browser.ts'
import { type MockApi, startMockApi } from './mock-api.ts'

type Opened<Server> = { readonly page: Page; readonly server: Server; readonly complaints: string[] }
export type PageOptions = BrowserContextOptions & { readonly largeText?: boolean }
export type AppOptions = PageOptions & { readonly role?: Role | null }
export type AppPage = { readonly page: Page; readonly api: MockApi; readonly complaints: string[] }

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true }

/**
 * One browser and one stand-in server for a test file.
 * @param start starts the stand-in
 * @returns opens the app in a context of its own, closed after the test, once `prepare` is through; null (and the test skipped) without a browser.
 */
export function useStandIn<Server extends { readonly url: string; close(): Promise<void> }>(
  start: () => Promise<Server>,
): (
  context: TestContext,
  path: string,
  options: PageOptions,
  prepare: (server: Server) => unknown,
) => Promise<Opened<Server> | null> {
  let browser: Browser | null = null
  let server: Server
  before(async () => {
    browser = await openBrowser()
    if (browser) server = await start()
  })
  after(async () => {
    await browser?.close()
    await server?.close()
  })
  return async (context, path, { largeText = false, ...options }, prepare) => {
    if (skipWithoutBrowser(context, browser)) return null
    await prepare(server)
    const opened = await browser.newContext({ ...phone, locale: 'ru-RU', serviceWorkers: 'block', ...options })
    context.after(() => opened.close())
    const page = await opened.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      // The browser itself reports refused requests as errors; those are the tests' own doing.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text())
    })
    if (largeText)
      await page.addInitScript(() =>
        document.addEventListener('DOMContentLoaded', () => (document.documentElement.style.fontSize = '200%')),
      )
    await page.goto(server.url + path)
    return { page, server, complaints }
  }
}

/** The app on canned answers, for an executive where `role` says nothing else. */
export function useApp(): (context: TestContext, path: string, options?: AppOptions) => Promise<AppPage | null> {
  const open = useStandIn(startMockApi)
  return async (context, path, { role = 'executive', ...options } = {}) => {
    const opened = await open(context, path, options, (api) => api.reset(role))
    return opened && { page: opened.page, api: opened.server, complaints: opened.complaints }
  }
}

/** Nothing that axe finds. @param name of the screen, told with what is found */
export async function assertAccessible(page: Page, name?: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page: page as never }).analyze()
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)
  assert.deepEqual(told, [], name && `${name}: ${told.join('\n')}`)
}

/** Nothing may stick out to the side: the page scrolls downwards only. */
export async function assertFits(page: Page): Promise<void> {
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.equal(excess, 0, `the page is ${excess} px wider than the screen`)
}

/** Everything tapped is at least 44 × 44. Inputs count by the label or box around them; a cell of the heat map has a larger twin in the table below it. */
export async function assertTouchable(page: Page): Promise<void> {
  const small = await page.evaluate(() => {
    const found: string[] = []
    for (const element of document.querySelectorAll(
      'button, a[href], select, label:has(input[type=radio], input[type=checkbox])',
    )) {
      const { width, height } = element.getBoundingClientRect()
      const hidden = width === 0 || element.closest('.visually-hidden, .cells') || element.classList.contains('skip')
      // A table row is tapped through the area that its link stretches over it.
      const area = element.closest('tbody tr')?.getBoundingClientRect().height ?? height
      if (!hidden && (width < 43.5 || Math.max(area, height) < 43.5))
        found.push(`${element.textContent?.trim().slice(0, 30)} ${Math.round(width)}×${Math.round(height)}`)
    }
    return found
  })
  assert.deepEqual(small, [])
}

/** Waits until the app has asked the server for something like this. @throws after five seconds, with what it did ask for. */
export async function untilAsked(api: MockApi, wanted: RegExp): Promise<void> {
  for (let turn = 0; turn < 250; turn++) {
    if (api.requests.some((line) => wanted.test(line))) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  assert.fail(`never asked for ${wanted}, but for\n${api.requests.join('\n')}`)
}

/** Comes down to the trend, which is drawn only once it is near. */
export async function showTrend(page: Page): Promise<void> {
  const label = page.locator('.end-label').first()
  await page.locator('.charts').waitFor()
  // Cards are built when they come near: down the page, as a reader goes, until the lines are there.
  for (let step = 0; step < 30 && !(await label.isVisible()); step++) {
    await page.evaluate(() => window.scrollBy(0, 300))
    await page.waitForTimeout(100)
  }
  await label.waitFor()
}
