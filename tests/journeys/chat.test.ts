/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import type { DealCardView } from '../../shared/views/deals.ts'
import { openChat } from './chat.ts'
import { logIn, openBrowserAt, plain, startProgram } from './program.ts'

/** The same manager in the chat with the bot, at /chat of the real server. */
const program = await startProgram()
const openApp = await openBrowserAt(program.url)
const manager = await logIn(program, 'manager')

const newest = (page: Page) => page.locator('article.theirs').last()

async function say(page: Page, text: string): Promise<void> {
  await page.locator('#input').fill(text)
  await page.locator('#send').click()
}

test('A manager works on a deal from the chat: list, card, next stage, undo, comment by reply, report picture', async (context) => {
  const body = JSON.stringify({
    type: 'product_sale',
    title: 'Сделка из чата',
    amount: { amountMinor: 77_000_00, currency: 'RUB' },
  })
  const { number } = await manager.json('/api/deals', { method: 'POST', body })
  const card = (): Promise<DealCardView> => manager.json(`/api/deals/${number}`)
  const before = await card()
  const visit = await openApp(context, '/chat')
  if (!visit) return
  const { page, complaints } = visit
  await page.locator('button.person[data-id="manager"]').click()
  await say(page, '/deals')
  await newest(page).getByText('Мои сделки').waitFor()
  await say(page, `Сделка ${number}`)
  const shown = page
    .locator('article.theirs', { hasText: 'Сделка из чата' })
    .filter({ has: page.locator('.key.success') })
    .last()
  await shown.waitFor()
  await shown.locator('button.key.success').first().click()
  await shown.locator('button.key', { hasText: 'Отменить' }).waitFor()
  const moved = await card()
  assert.notEqual(moved.stage?.code, before.stage?.code)
  assert.ok(plain((await shown.textContent()) ?? '').includes(moved.stage!.name))
  await shown.locator('button.key', { hasText: 'Отменить' }).click()
  await shown.getByText(`Этап: ${before.stage!.name}`).first().waitFor()
  assert.equal((await card()).stage?.code, before.stage?.code)

  await shown.locator('button.reply').click()
  await say(page, 'Клиент перезвонит в среду')
  for (let turn = 0; !JSON.stringify(await manager.json(`/api/deals/${number}/history`)).includes('перезвонит в среду'); turn++) {
    assert.ok(turn < 100, 'the reply never became a comment')
    await page.waitForTimeout(100)
  }

  await say(page, '/report')
  await newest(page)
    .locator('button.key', { hasText: /Получить|Как в прошлый раз/ })
    .click()
  const picture = page.locator('article.theirs .photo img').last()
  await picture.waitFor()
  await page.waitForFunction(() =>
    [...document.querySelectorAll('img')].every((image) => image.complete && image.naturalWidth > 600),
  )
  assert.deepEqual(complaints, [])
})

test('A one-time code from the app links the chat again, once', async (context) => {
  const chat = openChat(program, 'manager')
  const asked = await chat.write('/unlink')
  await chat.press(asked, /^Отвязать$/, ({ text }) => text.includes('Telegram отвязан'))
  assert.equal((await manager.json('/api/session')).telegram.linked, false)
  const stranger = await chat.write('/deals')
  assert.match(stranger.text, /Доступ выдаёт администратор/)

  const visit = await openApp(context, '/more/telegram', { as: manager })
  if (!visit) return
  const { page } = visit
  await page.getByRole('button', { name: /код/i }).click()
  const code = plain((await page.locator('.code b').textContent()) ?? '')
  assert.match(code, /\S{4,}/)
  const confirm = await chat.write(code)
  assert.match(confirm.text, /Привязать этот Telegram к сотруднику/)
  await chat.press(confirm, /Да, это я/, ({ text }) => text.includes('Telegram привязан'))
  assert.equal((await manager.json('/api/session')).telegram.linked, true)
  const again = await chat.write(code)
  assert.doesNotMatch(again.text, /Привязать этот Telegram/)
})

test('Who is logged in to the app begins the chat as himself, and another person is one tap away', async (context) => {
  const visit = await openApp(context, '/chat?lang=ru', { as: await logIn(program, 'executive') })
  if (!visit) return
  const { page } = visit
  await page.getByRole('heading', { name: 'Кто пишет боту: выберите' }).waitFor()
  await page.locator('button.person[data-id="executive"][aria-current]').waitFor()
  await page.locator('button.person[data-id="field"]').click()
  await page.locator('button.person[data-id="field"][aria-current]').waitFor()
  await page.reload()
  await page.locator('button.person[data-id="field"][aria-current]').waitFor()
  assert.equal((await fetch(`${program.url}/chat`, { redirect: 'manual' })).status, 200, 'a stranger chooses')
})
