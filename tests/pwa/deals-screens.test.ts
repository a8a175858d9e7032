import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Role } from '../../shared/views/common.ts'
import { assertAccessible, assertFits, assertTouchable } from './app-page.ts'
import { useDeals } from './deals-page.ts'

const openDeals = useDeals()
/** Runs in the browser: parts that stick out to the right although the page does not scroll. */
const findClipped = `[...document.querySelectorAll('main *, dialog *')]
  .filter((element) => !element.closest('.visually-hidden'))
  .filter((element) => element.getBoundingClientRect().width > 1 && element.getBoundingClientRect().right > innerWidth + 1)
  .map((element) => element.tagName + ' ' + element.textContent.trim().slice(0, 40))`
const screens: readonly { readonly path: string; readonly role: Role; readonly ready: string }[] = [
  { path: '/deals', role: 'manager', ready: 'section.rows a' },
  { path: '/deals/new', role: 'head', ready: 'form select' },
  { path: '/deals/2417', role: 'manager', ready: '[aria-labelledby=history-title] li' },
  { path: '/deals/2417?do=menu', role: 'head', ready: 'dialog li' },
  { path: '/deals/2417?do=edit', role: 'manager', ready: 'dialog input' },
  { path: '/deals/2417?do=status', role: 'manager', ready: 'dialog li' },
  { path: '/deals/2417?do=lose', role: 'manager', ready: 'dialog li' },
  { path: '/deals/2417?do=why', role: 'manager', ready: 'dialog li' },
  { path: '/deals/2417?do=reassign', role: 'head', ready: 'dialog li button' },
  { path: '/today', role: 'field', ready: 'main li a' },
  { path: '/clients/1', role: 'manager', ready: '[aria-labelledby=client-deals] li' },
  { path: '/more', role: 'admin', ready: 'main .rows li' },
  { path: '/more/telegram', role: 'manager', ready: 'section.card' },
  { path: '/more/devices', role: 'manager', ready: 'section li' },
  { path: '/more/password', role: 'manager', ready: 'form input' },
  { path: '/more/imports', role: 'admin', ready: 'input[type=file]' },
  { path: '/more/imports/7', role: 'admin', ready: 'section li' },
  { path: '/more/statuses', role: 'admin', ready: 'section li' },
  { path: '/more/employees', role: 'admin', ready: 'section.rows li' },
]

for (const { path, role, ready } of screens) {
  test(`${path} is accessible in both themes and languages`, async (context) => {
    for (const [colorScheme, lang] of [
      ['light', 'ru'],
      ['dark', 'en'],
    ] as const) {
      const opened = await openDeals(context, path, { role, colorScheme, lang })
      if (!opened) return
      await opened.page.locator(ready).first().waitFor()
      // The sheet's rise fades in; contrast is measured at its end.
      await opened.page.waitForTimeout(350)
      await assertAccessible(opened.page)
      await assertTouchable(opened.page)
      assert.deepEqual(opened.complaints, [])
      await opened.page.context().close()
    }
  })

  test(`${path} fits a screen of 320 px at 200 % text`, async (context) => {
    const opened = await openDeals(context, path, {
      role,
      viewport: { width: 320, height: 640 },
      largeText: true,
      isMobile: true,
    })
    if (!opened) return
    await opened.page.locator(ready).first().waitFor()
    await assertFits(opened.page)
    await opened.page.locator(ready).first().scrollIntoViewIfNeeded()
    const clipped = await opened.page.evaluate<string[]>(findClipped)
    assert.deepEqual(clipped, [])
  })
}

test('An import says each thing to note once', async (context) => {
  const opened = await openDeals(context, '/more/imports/7', { role: 'admin' })
  if (!opened) return
  await opened.page.locator('section li').first().waitFor()
  assert.equal(await opened.page.getByText('Клиент не указан.').count(), 1)
})

test('A section for the administrator is closed to others with a sentence', async (context) => {
  const opened = await openDeals(context, '/more/imports', { role: 'manager' })
  if (!opened) return
  await opened.page.getByRole('heading', { name: 'Этот раздел вам недоступен' }).waitFor()
})

test('The theme chosen in «More» holds over a reload', async (context) => {
  const opened = await openDeals(context, '/more')
  if (!opened) return
  await opened.page.getByText('Тёмная').click()
  await opened.page.reload()
  assert.equal(await opened.page.getAttribute('html', 'data-theme'), 'dark')
})
