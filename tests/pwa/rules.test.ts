import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { Deal } from '../../db/entities/deal.ts'
import { RuleFiring, StatusRuleEntity } from '../../db/entities/rules.ts'
import type { RuleView } from '../../shared/views/processes.ts'
import { openBrowser, skipWithoutBrowser } from '../support/browser.ts'
import { type Client, startServer, type TestServer } from '../support/server.ts'
import { createWorld, type Name, type World } from '../support/world.ts'
import { assertAccessible, assertFits, assertTouchable } from './app-page.ts'

/** The administrator writes rules on a phone, against the real server. */
let world: World
let server: TestServer
let browser: Browser | null
let ada: Client
before(async () => {
  browser = await openBrowser()
  if (!browser) return
  world = await createWorld({ deals: true })
  server = await startServer(world)
  ada = await server.login('ada')
})
after(() => browser?.close())

type Opened = { readonly page: Page; readonly complaints: readonly string[] }

async function open(
  context: TestContext,
  path: string,
  options: { as?: Name; locale?: string; dark?: boolean } = {},
): Promise<Opened | null> {
  if (skipWithoutBrowser(context, browser)) return null
  const { as = 'ada', locale = 'ru-RU', dark = false } = options
  const tab = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    locale,
    colorScheme: dark ? 'dark' : 'light',
    serviceWorkers: 'block',
  })
  context.after(() => tab.close())
  const [name = '', value = ''] = (await server.login(as)).cookie.split('=')
  await tab.addCookies([{ name, value, url: server.url }])
  const page = await tab.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text())
  })
  await page.goto(server.url + path)
  return { page, complaints }
}

const rules = async (): Promise<readonly RuleView[]> => (await ada.get('/api/rules')).body.items
const sentence = (page: Page): Promise<string> => page.getByTestId('sentence').innerText()
const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

async function assertSound(page: Page): Promise<void> {
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))))
  await assertAccessible(page)
  await assertFits(page)
  await assertTouchable(page)
}

test('An administrator who has no rules yet comes from «Ещё» to a first rule, built from an event, a condition and an action', async (context) => {
  const app = await open(context, '/more')
  if (!app) return
  const { page, complaints } = app
  await page.getByRole('link', { name: /Правила статусов/ }).click()
  await page.getByText('Правил пока нет').waitFor()
  await page.getByRole('link', { name: 'Новое правило' }).click()
  await page.getByTestId('sentence').waitFor()
  assert.equal(await sentence(page), 'Когда создана сделка, статус становится «…».')
  await page.getByLabel('Что произошло').selectOption('payment_received')
  await page.getByLabel('Документ', { exact: true }).selectOption('invoice')
  await page.getByLabel('Сколько оплачено').selectOption('full')
  await page.getByRole('button', { name: 'Условие', exact: true }).click()
  await page.getByLabel('Что проверить').selectOption('amount')
  await page.getByLabel(/^Значение/).fill('100 000')
  await page.getByLabel('Статус', { exact: true }).selectOption('payment')
  await page.getByRole('button', { name: 'Действие', exact: true }).click()
  await page.getByLabel('Задача').fill('Отправить закрывающие')
  assert.equal(
    plain(await sentence(page)),
    'Когда документ «Счёт» оплачен полностью, если сумма не меньше 100 000 ₽, статус становится «Оплата» и ответственному ставится задача «Отправить закрывающие» на 1 день.',
  )
  await assertSound(page)
  await page.getByRole('button', { name: 'Сохранить правило' }).click()
  await page.waitForURL('**/more/rules')
  await page.getByText('Ещё не срабатывало').waitFor()
  const [made] = await rules()
  assert.equal(made!.names.ru, 'Документ «Счёт» оплачен полностью')
  assert.deepEqual(made!.actions[1], {
    kind: 'create_task',
    title: { ru: 'Отправить закрывающие', en: 'Отправить закрывающие' },
    assignee: { kind: 'owner' },
    dueInHours: 24,
  })
  assert.deepEqual(complaints, [])
})

test('An example becomes a rule of its own in a few taps', async (context) => {
  const app = await open(context, '/more/rules/new')
  if (!app) return
  const { page, complaints } = app
  await page.getByRole('button', { name: 'Сделка стоит' }).click()
  await page.getByLabel('Сколько дней без изменений').fill('10')
  await page.getByRole('button', { name: 'Проект', exact: true }).click()
  await page.getByLabel('Название правила').fill('Давно тихо')
  assert.match(
    await sentence(page),
    /^Для сделок типа «Проект»: когда сделка стоит без движения 10 дней, ответственному ставится задача/,
  )
  await page.getByRole('button', { name: 'Сохранить правило' }).click()
  await page.waitForURL('**/more/rules')
  await page.getByRole('link', { name: /2\. Давно тихо/ }).waitFor()
  assert.deepEqual(
    (await rules()).map(({ trigger }) => trigger),
    [
      { kind: 'payment_received', documentType: 'invoice', isFull: true },
      { kind: 'deal_idle', days: 10 },
    ],
  )
  assert.deepEqual(complaints, [])
})

test('What is missing is said at its place and nothing is sent; a third rule gets through once it is mended', async (context) => {
  const app = await open(context, '/more/rules/new')
  if (!app) return
  const { page } = app
  await page.getByLabel('Что произошло').selectOption('stage_entered')
  await page.getByLabel('Процесс', { exact: true }).selectOption({ index: 1 })
  await page.getByRole('button', { name: 'Условие', exact: true }).click()
  await page.getByRole('button', { name: 'Сохранить правило' }).click()
  await page.getByText('Выберите статус.').waitFor()
  await page.getByText('Заполните условия или уберите лишние.').waitFor()
  assert.equal((await rules()).length, 2)
  await page.getByRole('button', { name: 'Убрать условие 1' }).click()
  await page.getByLabel('Статус', { exact: true }).selectOption('proposal')
  await page.getByLabel('Только вперёд').check()
  await page.getByRole('button', { name: 'Сохранить правило' }).click()
  await page.waitForURL('**/more/rules')
  assert.equal((await rules())[2]!.forwardOnly, true)
})

test('Rules are moved by buttons and by the handle, and switched off, from the list', async (context) => {
  const app = await open(context, '/more/rules')
  if (!app) return
  const { page } = app
  const before = (await rules()).map(({ code }) => code)
  await page.getByRole('button', { name: /^Выше: «Давно тихо»/ }).click()
  await page.getByRole('link', { name: /1\. Давно тихо/ }).waitFor()
  assert.deepEqual(
    (await rules()).map(({ code }) => code),
    [before[1], before[0], before[2]],
  )
  const grip = page.locator('.grip')
  const [from, to] = [(await grip.nth(0).boundingBox())!, (await page.locator('ol.list > li').nth(2).boundingBox())!]
  await page.mouse.move(from.x + 10, from.y + 10)
  await page.mouse.down()
  await page.mouse.move(from.x + 10, to.y + to.height - 5, { steps: 5 })
  await page.mouse.up()
  await page.getByRole('link', { name: /3\. Давно тихо/ }).waitFor()
  assert.deepEqual(
    (await rules()).map(({ code }) => code),
    [before[0], before[2], before[1]],
  )
  await page.getByRole('switch', { name: /Давно тихо/ }).click()
  await page.getByText('Выключено · ').waitFor()
  assert.equal((await rules())[2]!.isActive, false)
  await assertSound(page)
})

test('A rule is changed where another changed it meanwhile only after that is said; leaving asks first', async (context) => {
  const made = (await rules()).find(({ names }) => names.ru === 'Давно тихо')!
  const app = await open(context, `/more/rules/${made.code}`)
  if (!app) return
  const { page } = app
  await page.getByLabel('Сколько дней без изменений').fill('21')
  await page.getByRole('link', { name: 'Назад' }).click()
  await page.getByRole('button', { name: 'Остаться' }).click()
  await ada.request('PATCH', `/api/rules/${made.code}`, { body: { isActive: true }, version: made.version })
  await page.getByRole('button', { name: 'Сохранить правило' }).click()
  await page.getByText(/Правило тем временем изменили/).waitFor()
  await page.getByRole('button', { name: 'Сохранить правило' }).click()
  await page.waitForURL('**/more/rules')
  assert.equal((await rules()).find(({ code }) => code === made.code)!.trigger.days, 21)
})

test('A rule that an earlier one leaves nothing to is marked, until it stands before it', async (context) => {
  if (skipWithoutBrowser(context, browser)) return
  const shape = { dealTypes: [], forwardOnly: false, isActive: true, actions: [{ kind: 'set_status', status: 'proposal' }] }
  const trigger = { kind: 'deal_created' }
  const wide = { ...shape, names: { ru: 'Всегда', en: 'Always' }, trigger, condition: { all: [] } }
  const narrow = { ...wide, names: { ru: 'Иногда', en: 'Sometimes' }, condition: { fact: 'amount', is: 'atLeast', value: 1 } }
  for (const body of [wide, narrow]) assert.equal((await ada.request('POST', '/api/rules', { body })).status, 201)
  const { page } = (await open(context, '/more/rules'))!
  await page.getByText('Не сработает: раньше всегда подходит правило 4.').waitFor()
  await page.getByRole('button', { name: 'Выше: «Иногда»' }).click()
  await page.getByRole('link', { name: /4\. Иногда/ }).waitFor()
  assert.equal(await page.getByText('Не сработает').count(), 0)
})

test('A failure stands at its rule and among the firings with what was seen, and is tried again on request', async (context) => {
  if (skipWithoutBrowser(context, browser)) return
  const em = world.orm.em.fork()
  const first = (await rules())[0]!
  const firing = em.create(RuleFiring, {
    rule: em.getReference(StatusRuleEntity, first.id),
    ruleName: first.names,
    deal: await em.findOneOrFail(Deal, { number: world.deals.mira }),
    dealEvent: null,
    event: { kind: 'payment_received', documentType: 'invoice', isFull: true },
    seen: { amount: 120_000_00, counterparty: '1' },
    outcomes: [
      { action: 'set_status', outcome: 'done' },
      { action: 'create_task', outcome: 'failed', problem: 'assignee_missing' },
    ],
    hasFailed: true,
    retryAt: null,
    firedAt: world.clock.now(),
  })
  em.persist(firing)
  await em.flush()
  const app = await open(context, '/more', { dark: true })
  const { page, complaints } = app!
  await page.getByRole('link', { name: /Правила статусов 1 сбой/ }).click()
  await page.getByRole('link', { name: '1 сбой', exact: true }).click()
  await page.getByRole('heading', { name: 'Дело mira' }).waitFor()
  await page.getByText('120 000 ₽').waitFor()
  await page.getByText('ООО «Альфа»').waitFor()
  await page.getByText(/Некому назначить/).waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: 'Повторить' }).click()
  await page.getByText(/Повтор: /).waitFor()
  await em.refresh(firing)
  assert.deepEqual(firing.retryAt, world.clock.now())
  assert.deepEqual(complaints, [])
})

test('The screens stand in English too, and a manager is told that they are not his', async (context) => {
  if (skipWithoutBrowser(context, browser)) return
  await ada.request('PATCH', '/api/session', { body: { locale: 'en' } })
  context.after(() => ada.request('PATCH', '/api/session', { body: { locale: 'ru' } }))
  const english = (await open(context, '/more/rules/new', { locale: 'en-GB' }))!
  await english.page.getByTestId('sentence').waitFor()
  assert.equal(await sentence(english.page), 'When a deal is created, the status becomes “…”.')
  await assertSound(english.page)
  const manager = (await open(context, '/more/rules', { as: 'mira' }))!
  await manager.page.getByText('Этот раздел вам недоступен').waitFor()
})
