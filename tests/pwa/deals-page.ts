import assert from 'node:assert/strict'
import { after, before, type TestContext } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Locale, Role } from '../../shared/views/common.ts'
import { openBrowser, skipWithoutBrowser } from '../support/browser.ts'
import { type DealServer, startDealServer } from './deals-server.ts'

export type DealPage = { readonly page: Page; readonly server: DealServer; readonly complaints: string[] }
export type DealPageOptions = BrowserContextOptions & {
  readonly role?: Role
  readonly lang?: Locale
  readonly largeText?: boolean
}

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true }

/**
 * One browser and one stand-in with changeable deals for a test file.
 * @returns opens the app in a context of its own, closed after the test; null (and the test skipped) without a browser.
 */
export function useDeals(): (context: TestContext, path: string, options?: DealPageOptions) => Promise<DealPage | null> {
  let browser: Browser | null = null
  let server: DealServer
  before(async () => {
    browser = await openBrowser()
    if (browser) server = await startDealServer()
  })
  after(async () => {
    await browser?.close()
    await server?.close()
  })
  return async (context, path, options = {}) => {
    if (skipWithoutBrowser(context, browser)) return null
    const { role = 'manager', lang = 'ru', largeText = false, ...contextOptions } = options
    server.reset(role, lang)
    if (lang === 'en') await fetch(`${server.url}/api/session`, { method: 'PATCH', body: JSON.stringify({ locale: 'en' }) })
    const locale = lang === 'en' ? 'en-GB' : 'ru-RU'
    const opened = await browser.newContext({ ...phone, locale, serviceWorkers: 'block', ...contextOptions })
    context.after(() => opened.close())
    const page = await opened.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      // The browser itself reports refused requests as errors; those are the tests' own doing.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text())
    })
    if (largeText)
      await page.addInitScript({
        content: "addEventListener('DOMContentLoaded', () => { document.documentElement.style.fontSize = '200%' })",
      })
    await page.goto(server.url + path)
    return { page, server, complaints }
  }
}

export async function assertAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page: page as never }).analyze()
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)
  assert.deepEqual(told, [])
}
