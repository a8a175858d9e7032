import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import type { TestContext } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { assemble, type Running } from '../../api/assemble.ts'
import { readConfig } from '../../api/config.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import type { Role } from '../../shared/views/common.ts'
import { openBrowser, skipWithoutBrowser } from '../support/browser.ts'
import { freshDatabase, stopBeforeDatabase } from '../support/database.ts'

/** The whole program as `npm start` assembles it, in this process: app, API, jobs, bot and its chat page, on a demo company. */
export type Program = { readonly url: string; readonly running: Running }

/** One person at the API, by the cookie that a one-tap login gave. */
export type Caller = {
  readonly cookie: string
  readonly fetch: (path: string, init?: RequestInit) => Promise<Response>
  /** @throws when the answer is not 200 or 201 */
  // biome-ignore lint/suspicious/noExplicitAny: journeys look into answers of every shape
  readonly json: (path: string, init?: RequestInit) => Promise<any>
}

const isBuilt = existsSync(resolve(import.meta.dirname, '../../pwa/build/200.html'))

/** Starts the program; it ends after the file's tests. */
export async function startProgram(deals = 400): Promise<Program> {
  const orm = await freshDatabase()
  const url = String(orm.config.get('clientUrl'))
  await loadDemoCompany(orm.em.fork(), { now: new Date(), timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals })
  const port = await freePort()
  const settings = { PORT: String(port), DEMO: '1', LOG_LEVEL: 'warn', TELEGRAM_MODE: 'demo', DATABASE_URL: url }
  const running = await assemble({
    config: readConfig(settings, '/nonexistent'),
    database: { url, embedded: true },
    say: () => {},
    onStop: (_part, stop) => stopBeforeDatabase(stop),
  })
  return { url: `http://localhost:${port}`, running }
}

/** Reports and the chat name the address of the app, so that the port must be known before the start. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

export async function logIn({ url }: Program, role: Role): Promise<Caller> {
  const headers = { 'content-type': 'application/json', origin: url }
  const answer = await fetch(`${url}/api/session/demo`, { method: 'POST', headers, body: JSON.stringify({ role }) })
  assert.equal(answer.status, 200, `${role} logs in with one tap`)
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const ask: Caller['fetch'] = (path, init = {}) =>
    fetch(url + path, { ...init, headers: { cookie, origin: url, 'content-type': 'application/json', ...init.headers } })
  return {
    cookie,
    fetch: ask,
    async json(path, init) {
      const response = await ask(path, init)
      assert.ok(response.ok, `${init?.method ?? 'GET'} ${path}: ${response.status} ${await response.clone().text()}`)
      return response.json()
    },
  }
}

export type Visit = { readonly page: Page; readonly complaints: string[] }
export type VisitOptions = BrowserContextOptions & { readonly as?: Caller | null }

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true }

/**
 * One browser for a test file, closed after it.
 * @returns opens the app in a context of its own, closed after the test; null, and the test skipped, without a browser or a built app.
 */
export async function openBrowserAt(
  url: string,
): Promise<(test: TestContext, path: string, options?: VisitOptions) => Promise<Visit | null>> {
  if (!isBuilt && process.env['REQUIRE_BROWSER'] === '1') throw new Error('REQUIRE_BROWSER=1, but pwa/build is missing.')
  if (!isBuilt) console.warn('\n*** pwa/build IS MISSING: the journeys are SKIPPED. Run them by npm test. ***\n')
  const browser = isBuilt ? await openBrowser() : null
  stopBeforeDatabase(() => browser?.close())
  return async (test, path, { as = null, ...options } = {}) => {
    if (!isBuilt) test.skip('pwa/build is missing')
    if (!isBuilt || skipWithoutBrowser(test, browser)) return null
    const context = await browser.newContext({
      ...phone,
      locale: 'ru-RU',
      serviceWorkers: 'block',
      acceptDownloads: true,
      ...options,
    })
    context.setDefaultTimeout(10_000)
    test.after(() => context.close())
    if (as) {
      const [name = '', value = ''] = as.cookie.split('=')
      await context.addCookies([{ name, value, url, httpOnly: true, sameSite: 'Lax' }])
    }
    const page = await context.newPage()
    const complaints = listen(page)
    await page.goto(url + path)
    return { page, complaints }
  }
}

/** What the browser complains of: scripts that threw, console errors, what the content security policy refused. */
function listen(page: Page): string[] {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // The browser itself reports refused requests as errors; journeys that provoke them look at what the app says.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text())
  })
  return complaints
}

/** NBSP and line ends as single spaces. */
export const plain = (text: string): string => text.replace(/\s+/g, ' ').trim()
