import { existsSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { type Browser, chromium } from 'playwright-core'

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/microsoft-edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/** Path of a browser of the Chromium family: CHROMIUM_PATH, the usual places, then what Playwright itself has installed; null when there is none. */
export function findBrowser(): string | null {
  const wished = process.env['CHROMIUM_PATH']
  if (wished) return existsSync(wished) ? wished : null
  const own = chromium.executablePath()
  return usualPlaces.find((place) => existsSync(place)) ?? (own && existsSync(own) ? own : null)
}

/**
 * Starts the browser for the tests of one file.
 * @returns null when there is none; then every test of the file is to be skipped by `skipWithoutBrowser`.
 * @throws when there is none and REQUIRE_BROWSER=1.
 */
export async function openBrowser(): Promise<Browser | null> {
  const executablePath = findBrowser()
  if (!executablePath) {
    if (process.env['REQUIRE_BROWSER'] === '1') throw new Error('REQUIRE_BROWSER=1, but no browser was found. Set CHROMIUM_PATH.')
    console.warn('\n*** NO BROWSER FOUND: browser tests are SKIPPED. Install Chromium or set CHROMIUM_PATH. ***\n')
    return null
  }
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
}

/** Marks the test as skipped, loudly, when there is no browser. @returns true when skipped. */
export function skipWithoutBrowser(context: TestContext, browser: Browser | null): browser is null {
  if (!browser) context.skip('no browser found; set CHROMIUM_PATH')
  return browser === null
}
