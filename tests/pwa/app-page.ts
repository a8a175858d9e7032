/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { after, before, type TestContext } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Role } from '../../shared/views/common.ts'
import { openBrowser, skipWithoutBrowser } from '../support/browser.ts'
import { type MockApi, startMockApi } from './mock-api.ts'

export type AppOptions = BrowserContextOptions & { readonly role?: Role | null; readonly largeText?: boolean }
export type AppPage = { readonly page: Page; readonly api: MockApi; readonly complaints: string[] }

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true }

/**
 * One browser and one stand-in server for a test file.
 * @returns opens the app in a context of its own, closed after the test; null (and the test skipped) without a browser.
 */
export function useApp(): (context: TestContext, path: string, options?: AppOptions) => Promise<AppPage | null> {
  let browser: Browser | null = null
  let api: MockApi
  before(async () => {
    browser = await openBrowser()
    if (browser) api = await startMockApi()
  })
  after(async () => {
    await browser?.close()
    await api?.close()
  })
  return async (context, path, options = {}) => {
    if (skipWithoutBrowser(context, browser)) return null
    const { role = 'executive', largeText = false, ...contextOptions } = options
    api.reset(role)
    const opened = await browser.newContext({ ...phone, locale: 'ru-RU', serviceWorkers: 'block', ...contextOptions })
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
    await page.goto(api.url + path)
    return { page, api, complaints }
  }
}

/** Nothing may stick out to the side: the page scrolls downwards only. */
export async function assertFits(page: Page): Promise<void> {
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.equal(excess, 0, `the page is ${excess} px wider than the screen`)
}

/** Everything tapped is at least 44 × 44. Inputs count by the label or box around them. */
export async function assertTouchable(page: Page): Promise<void> {
  const small = await page.evaluate(() => {
    const found: string[] = []
    for (const element of document.querySelectorAll(
      'button, a[href], select, label:has(input[type=radio], input[type=checkbox])',
    )) {
      const { width, height } = element.getBoundingClientRect()
      const hidden = width === 0 || element.closest('.visually-hidden') || element.classList.contains('skip')
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
  await page.locator('.charts').scrollIntoViewIfNeeded()
  await page.locator('.end-label').first().waitFor()
}
