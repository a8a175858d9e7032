/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { assertAccessible } from '../pwa/app-page.ts'

/** Where pictures of the screens go, to be looked at. */
const pictures = process.env['SHOTS']

/** Once nothing loads or moves: nothing that axe finds, nothing that sticks out to the side; pictured where SHOTS names a folder. */
export async function assertSound(page: Page, name: string): Promise<void> {
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .skeleton'))
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))))
  if (pictures) {
    await mkdir(pictures, { recursive: true })
    await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
  }
  await assertAccessible(page, name)
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.ok(excess <= 0, `${name}: ${excess} px wider than the window`)
}
