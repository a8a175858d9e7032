import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunWayView } from '../../shared/views/deals.ts'
import type { ApprovalView, RequirementView } from '../../shared/views/processes.ts'
import { assertAccessible } from './app-page.ts'
import { ago, cannedRun, cannedTask, owner } from './deals-canned.ts'
import { useDeals } from './deals-page.ts'

const openDeals = useDeals()

const requirement = (kind: RequirementView['kind'], text: string): RequirementView => ({ kind, text, gate: null })
const fields = requirement('fields', 'Заполните: Ожидаемое закрытие.')
const tasks = requirement('tasks', 'Завершите открытые задачи.')
const approval = requirement('approval', 'Нужно согласование: руководитель отдела.')
const asked: ApprovalView = { role: 'head', approved: null, by: null, at: null, comment: '', canDecide: true }

/** The main process in its seventh stage, the way on as given; beside it, if wanted, a further one. */
function runs(way: Partial<RunWayView>, further = false) {
  const main = cannedRun(6, 'ru')
  const next = main.next.map((one) => (one.kind === 'forward' ? { ...one, ...way } : one))
  const other = { ...cannedRun(1, 'ru'), id: 2, name: 'Доставка', isMain: false }
  return [{ ...main, next }, ...(further ? [other] : [])]
}

test('What is missing stands before the press, the button is off and says why, and each has what mends it', async (context) => {
  const opened = await openDeals(context, '/today')
  if (!opened) return
  const { page, server } = opened
  server.show({ runs: runs({ missing: [fields, tasks] }) })
  server.tasks.push(cannedTask(1))
  await page.goto(`${server.url}/deals/2417`)
  const next = page.getByRole('button', { name: 'Дальше: Пусконаладка' })
  await page.getByText('Заполните: Ожидаемое закрытие.').waitFor()
  assert.equal(await next.isDisabled(), true)
  const why = await page.locator(`#${await next.getAttribute('aria-describedby')}`).textContent()
  assert.match(why ?? '', /Чтобы перейти на этап «Пусконаладка».*Ожидаемое закрытие.*открытые задачи/s)
  await assertAccessible(page)
  await page.getByRole('button', { name: 'К задачам' }).click()
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'tasks')
  await page.getByRole('button', { name: 'Заполнить' }).click()
  await page.getByRole('dialog').getByLabel('Название').waitFor()
  assert.deepEqual(opened.complaints, [])
})

test('A task is ticked off by one tap, and the tap can be taken back', async (context) => {
  const opened = await openDeals(context, '/today')
  if (!opened) return
  const { page, server } = opened
  server.tasks.push(cannedTask(1, { dueAt: ago(48), overdue: true }))
  await page.reload()
  await page.getByRole('heading', { name: 'Задачи · 1' }).waitFor()
  await page.getByText(/срок был/).waitFor()
  await page.getByRole('button', { name: 'Выполнено: Позвонить главному инженеру' }).click()
  await page.getByRole('heading', { name: 'Задачи · 1' }).waitFor({ state: 'detached' })
  await page.getByRole('status').getByRole('button', { name: 'Отменить' }).click()
  await page.getByRole('heading', { name: 'Задачи · 1' }).waitFor()
  assert.deepEqual(
    server.changes.map(({ what, body, ifMatch }) => [what, body, ifMatch]),
    [
      ['PUT /api/tasks/1/state', { state: 'done' }, '"1"'],
      ['PUT /api/tasks/1/state', { state: 'open' }, '"2"'],
    ],
  )
  assert.deepEqual(opened.complaints, [])
})

test('A task is given from the card, by the end of the day chosen', async (context) => {
  const opened = await openDeals(context, '/deals/2417')
  if (!opened) return
  const { page, server } = opened
  await page.getByRole('button', { name: 'Добавить задачу' }).click()
  await page.getByRole('button', { name: 'Поставить задачу' }).click()
  await page.getByText('Напишите, что сделать.').waitFor()
  await page.getByLabel('Что сделать').fill('Отправить акт')
  await page.getByLabel('Срок').fill('2027-03-01')
  await assertAccessible(page)
  await page.getByRole('button', { name: 'Поставить задачу' }).click()
  await page.locator('#tasks').getByText('Отправить акт').waitFor()
  const given = server.changes.find(({ what }) => what === 'POST /api/deals/2417/tasks')
  assert.deepEqual(given?.body, { title: 'Отправить акт', dueAt: '2027-03-01T20:59:00.000Z' })
  assert.match(given?.key ?? '', /^[0-9a-f]{32}$/)
})

test('A decision is asked for on the day’s screen and given on the card; a rejection says why', async (context) => {
  const opened = await openDeals(context, '/today', { role: 'head' })
  if (!opened) return
  const { page, server } = opened
  server.show({ runs: runs({ missing: [approval], approvals: [asked] }) })
  server.approvals.push({
    deal: {
      number: 2417,
      title: 'Пусконаладка линии розлива',
      version: 7,
      counterparty: 'АО «Волга-Пак»',
      owner,
      amount: { amountMinor: 1_860_000_00, currency: 'RUB' },
    },
    run: { id: 1, name: 'Этапы проекта' },
    stage: { id: 8, code: 'stage-8', name: 'Пусконаладка' },
    role: 'head',
    since: ago(30),
  })
  await page.reload()
  await page.getByRole('heading', { name: 'Ждут вашего решения · 1' }).waitFor()
  await page
    .getByRole('link', { name: /Волга-Пак.*Пусконаладка/ })
    .first()
    .click()
  const dialog = page.getByRole('dialog', { name: 'Согласование этапа «Пусконаладка»' })
  await dialog.getByRole('button', { name: 'Отклонить' }).click()
  await dialog.getByText('Напишите, что не так').waitFor()
  await assertAccessible(page)
  await dialog.getByLabel('Комментарий').fill('Нет расчёта')
  await dialog.getByRole('button', { name: 'Отклонить' }).click()
  await dialog.waitFor({ state: 'hidden' })
  const { body, ifMatch } = server.changes.at(-1)!
  assert.deepEqual([body, ifMatch], [{ run: 1, stage: 'stage-8', role: 'head', approved: false, comment: 'Нет расчёта' }, '"7"'])
  assert.deepEqual(opened.complaints, [])
})

test('Who may not decide sees who must, and what was decided', async (context) => {
  const opened = await openDeals(context, '/today')
  if (!opened) return
  const { page, server } = opened
  const given = { ...asked, approved: false, by: { id: 4, name: 'Карл Центр' }, at: ago(1), comment: 'дорого', canDecide: false }
  server.show({ runs: runs({ missing: [approval], approvals: [given, { ...asked, role: 'executive', canDecide: false }] }) })
  await page.goto(`${server.url}/deals/2417`)
  await page.getByText(/отклонено: Карл Центр.*дорого/).waitFor()
  await page.getByText('Согласует директор').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Решить' }).count(), 0)
})

test('Every process has its stepper; a further one is started by a tap and stopped with a reason', async (context) => {
  const opened = await openDeals(context, '/today')
  if (!opened) return
  const { page, server } = opened
  server.show({ runs: runs({}, true), startable: [{ id: 9, code: 'monthly', name: 'Ежемесячное обслуживание' }] })
  await page.goto(`${server.url}/deals/2417`)
  await page.getByRole('heading', { name: 'Этапы проекта' }).waitFor()
  await page.getByRole('heading', { name: 'Доставка' }).waitFor()
  await page.getByRole('button', { name: 'Запустить процесс' }).click()
  await page.getByRole('button', { name: 'Ежемесячное обслуживание' }).click()
  await page.getByRole('status').getByText('Начат процесс «Ежемесячное обслуживание»').waitFor()
  await page.getByRole('button', { name: 'Остановить процесс' }).click()
  const dialog = page.getByRole('dialog', { name: 'Остановить процесс «Доставка»?' })
  await dialog.getByLabel('Причина').fill('Заберут сами')
  await dialog.getByRole('button', { name: 'Остановить процесс' }).click()
  await dialog.waitFor({ state: 'hidden' })
  assert.deepEqual(
    server.changes.map(({ what, body }) => [what, body]),
    [
      ['POST /api/deals/2417/runs', { template: 'monthly' }],
      ['DELETE /api/deals/2417/runs/2', { reason: 'Заберут сами' }],
    ],
  )
  assert.deepEqual(opened.complaints, [])
})
