import assert from 'node:assert/strict'
import { test } from 'node:test'
import { useDeals } from './deals-page.ts'

const openDeals = useDeals()

test('The card says the status, its day and norm, why it is so, and offers one next stage', async (context) => {
  const opened = await openDeals(context, '/deals/2417')
  if (!opened) return
  const { page } = opened
  await page.getByRole('heading', { name: 'Пусконаладка линии розлива' }).waitFor()
  await page.getByText('2-й день, норма 24').waitFor()
  await page.getByRole('button', { name: /Почему этот статус\s*По правилу «Счёт оплачен»/ }).waitFor()
  await page.getByRole('img', { name: '7 из 8 статусов' }).waitFor()
  assert.equal(await page.locator('.button.primary').count(), 1)
  await page.getByText('Пройдено 6 этапов').click()
  await page.getByText(/^Обследование/).waitFor()
  assert.deepEqual(opened.complaints, [])
})

test('The next stage is entered by one tap with the version seen, and a second tap on the way does nothing', async (context) => {
  const opened = await openDeals(context, '/deals/2417')
  if (!opened) return
  const { page, server } = opened
  server.delayMs = 400
  const next = page.getByRole('button', { name: 'Дальше: Пусконаладка' })
  await next.dblclick()
  await page.getByRole('button', { name: 'Дальше: Гарантия' }).waitFor()
  const moves = server.changes.filter(({ what }) => what === 'PUT /api/deals/2417/stage')
  assert.deepEqual(
    moves.map(({ body, ifMatch }) => ({ body, ifMatch })),
    [{ body: { stage: 'stage-8' }, ifMatch: '"7"' }],
  )
  await page.getByRole('status').getByText('Этап: Пусконаладка').waitFor()
})

test('A change can be undone from the snackbar and, for ten minutes, from the card', async (context) => {
  const opened = await openDeals(context, '/deals/2417')
  if (!opened) return
  const { page, server } = opened
  await page.getByRole('button', { name: 'Дальше: Пусконаладка' }).click()
  await page.getByText(/Можно отменить до .*\d\d:\d\d/).waitFor()
  await page.getByRole('status').getByRole('button', { name: 'Отменить' }).click()
  await page.getByText('Изменение отменено').waitFor()
  const undo = server.changes.find(({ what }) => what === 'POST /api/deals/2417/undo')
  assert.deepEqual([undo?.body, undo?.ifMatch], [{ eventId: 1007 }, '"8"'])
  assert.match(undo?.key ?? '', /^[0-9a-f]{32}$/)
  assert.equal(await page.getByText(/Можно отменить до/).count(), 0)
})

test('Who is slower sees what the other did, the new state, and keeps what he typed', async (context) => {
  const opened = await openDeals(context, '/deals/2417?do=edit')
  if (!opened) return
  const { page, server } = opened
  const title = page.getByLabel('Название')
  await title.fill('Моё название')
  server.meddle(
    { kind: 'deal_edited', changes: [{ field: 'title', before: 'Пусконаладка линии розлива', after: 'Название Марии' }] },
    'Мария Ким',
  )
  await page.getByRole('button', { name: 'Сохранить' }).click()
  const notice = page.getByRole('dialog').getByRole('alert')
  await notice.getByText('Сделку уже изменили').waitFor()
  await notice.getByText('Мария Ким: Название: Пусконаладка линии розлива → Название Марии').waitFor()
  assert.equal(await title.inputValue(), 'Моё название')
  assert.equal(await page.locator('h1').textContent(), 'Название Марии')
  await page.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  assert.equal(server.changes.at(-1)?.ifMatch, '"8"')
  assert.equal(await page.locator('h1').textContent(), 'Моё название')
})

test('A loss needs its status and a reason; one of the six is one tap', async (context) => {
  const opened = await openDeals(context, '/deals/2417')
  if (!opened) return
  const { page, server } = opened
  await page.getByRole('button', { name: 'Действия' }).click()
  await page.getByRole('button', { name: 'Проиграна' }).click()
  await page.getByRole('button', { name: 'Отметить проигрыш' }).click()
  await page.getByText('Выберите или напишите причину.').waitFor()
  assert.equal(server.changes.length, 0)
  await page.getByRole('radio', { name: 'Проиграна' }).check()
  await page.getByRole('button', { name: 'Выбрали конкурента' }).click()
  await page.getByRole('button', { name: 'Отметить проигрыш' }).click()
  await page.getByText('Причина: Выбрали конкурента').waitFor()
  assert.deepEqual(server.changes[0]?.body, { status: 'lost', reason: 'Выбрали конкурента' })
  assert.equal(await page.locator('.button.primary').count(), 0, 'a lost deal has no next stage')
})

test('A lost deal is reopened with a reason', async (context) => {
  const opened = await openDeals(context, '/deals/2417?do=lose')
  if (!opened) return
  const { page, server } = opened
  await page.getByRole('radio', { name: 'Проиграна' }).check()
  await page.getByRole('button', { name: 'Дорого' }).click()
  await page.getByRole('button', { name: 'Отметить проигрыш' }).click()
  await page.getByText('Причина: Дорого').waitFor()
  await page.getByRole('button', { name: 'Действия' }).click()
  await page.getByRole('button', { name: 'Вернуть в работу' }).click()
  await page.getByLabel('Причина').fill('передумали')
  await page.getByRole('button', { name: 'Вернуть', exact: true }).click()
  await page.getByRole('button', { name: 'Дальше: Пусконаладка' }).waitFor()
  assert.deepEqual(
    [server.changes.at(-1)?.what, server.changes.at(-1)?.body],
    ['DELETE /api/deals/2417/loss', { reason: 'передумали' }],
  )
})

test('A status set by hand asks for the status and the reason and can be held', async (context) => {
  const opened = await openDeals(context, '/deals/2417?do=status')
  if (!opened) return
  const { page, server } = opened
  await page.getByRole('button', { name: 'Выставить' }).click()
  await page.getByText('Выберите статус.').waitFor()
  await page.getByText('Напишите причину.').waitFor()
  await page.getByLabel('Оплата').check()
  await page.getByLabel('Причина').fill('клиент подтвердил')
  await page.getByRole('switch', { name: /Закрепить/ }).check()
  await page.getByRole('button', { name: 'Выставить' }).click()
  await page.getByText('Закреплён: правила его не меняют').waitFor()
  assert.deepEqual(server.changes[0]?.body, { status: 'payment', reason: 'клиент подтвердил', hold: true })
  await page.getByText(/Вручную, Анна Петрова, .*: клиент подтвердил/).waitFor()
})

test('The menu offers only what the person may do: back ways to a field employee, handing over to an executive', async (context) => {
  const field = await openDeals(context, '/deals/2417?do=menu', { role: 'field' })
  if (!field) return
  await field.page.getByRole('button', { name: 'Вернуть на этап «Аванс»' }).waitFor()
  assert.equal(await field.page.getByRole('button', { name: 'Изменить поля' }).count(), 0)
  const executive = await openDeals(context, '/deals/2417?do=menu', { role: 'executive' })
  await executive?.page.getByRole('button', { name: 'Передать другому' }).waitFor()
  assert.equal(await executive?.page.getByRole('button', { name: /Вернуть на этап/ }).count(), 0)
  assert.equal(await executive?.page.locator('.button.primary').count(), 0)
})

test('A deal is handed over to an employee found by name', async (context) => {
  const opened = await openDeals(context, '/deals/2417?do=reassign', { role: 'head' })
  if (!opened) return
  const { page, server } = opened
  await page.getByRole('button', { name: 'Передать', exact: true }).click()
  await page.getByText('Выберите, кому передать.').waitFor()
  await page.getByRole('button', { name: /Игорь Соколов/ }).click()
  await page.getByRole('button', { name: 'Передать: Игорь Соколов' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  assert.deepEqual(server.changes[0]?.body, { employeeId: 1 })
})

test('A comment is sent once and, when the server fails, stays in the field', async (context) => {
  const opened = await openDeals(context, '/deals/2417')
  if (!opened) return
  const { page, server } = opened
  const field = page.getByLabel('Комментарий')
  await field.fill('Склад подтвердил отгрузку')
  server.failWith = { status: 503, code: 'unavailable', message: 'Сервер занят.' }
  await page.getByRole('button', { name: 'Отправить' }).click()
  await page.getByText('Сервер занят.').waitFor()
  assert.equal(await field.inputValue(), 'Склад подтвердил отгрузку')
  server.failWith = null
  await page.getByRole('button', { name: 'Отправить' }).click()
  await page.getByText('«Склад подтвердил отгрузку»').waitFor()
  assert.equal(await field.inputValue(), '')
  const keys = server.changes.map(({ key }) => key)
  assert.equal(keys.length, 2)
  assert.equal(keys[0], keys[1], 'the same comment keeps its key')
})

test('The history shows the newest five, then all of it', async (context) => {
  const opened = await openDeals(context, '/deals/2417')
  if (!opened) return
  const { page } = opened
  const rows = page.locator('section[aria-labelledby=history-title] li')
  await rows.nth(4).waitFor()
  assert.equal(await rows.count(), 5)
  await page.getByRole('button', { name: 'Ещё 2 события' }).click()
  assert.equal(await rows.count(), 7)
  await page.getByText('Сделка создана').waitFor()
})

test('A sheet is an address: «back» closes it, the card stays, and a link opens it', async (context) => {
  const opened = await openDeals(context, '/deals')
  if (!opened) return
  const { page, server } = opened
  await page
    .getByRole('link', { name: /Волга-Пак/ })
    .first()
    .click()
  await page.getByRole('button', { name: 'Действия' }).click()
  await page.waitForURL('**/deals/2417?do=menu')
  await page.getByRole('button', { name: 'Изменить поля' }).click()
  await page.waitForURL('**/deals/2417?do=edit')
  await page.goBack()
  await page.waitForURL(`${server.url}/deals/2417`)
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.goBack()
  await page.waitForURL(`${server.url}/deals`)
})

test('A deal that is not there or not visible says so and leads to the list', async (context) => {
  const opened = await openDeals(context, '/deals/999999')
  if (!opened) return
  await opened.page.getByRole('heading', { name: 'Сделки нет или она вам не видна' }).waitFor()
  await opened.page.getByRole('link', { name: 'К списку сделок' }).click()
  await opened.page.waitForURL('**/deals')
})
