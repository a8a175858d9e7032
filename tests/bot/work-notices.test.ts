import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { notifyOverdueTasks } from '../../api/usecases/chat/notify-work.ts'
import { createDeal } from '../../api/usecases/deals/create-deal.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { showDeal } from '../../api/usecases/deals/show-deal.ts'
import { createTask } from '../../api/usecases/tasks/create-task.ts'
import { setTaskState } from '../../api/usecases/tasks/set-task-state.ts'
import { selectRow, selectRows, sql } from '../../db/sql.ts'
import { CreateDeal } from '../../shared/schemas/deals.ts'
import { insertProcess, insertType } from '../support/processes.ts'
import { employeeId, type Office, openOffice, type Person } from './office.ts'

/** The type `asked`: draft -> priced (gives Fyodor's office a task) -> agreed (a head decides). */
let office: Office
before(async () => {
  office = await openOffice()
  const em = office.orm.em.fork()
  for (const table of ['process_template', 'process_template_version', 'stage'])
    await selectRows(em, sql`select setval(pg_get_serial_sequence(${table}, 'id'), 100)`)
  const main = await insertProcess(office.orm, 'asked', [
    { code: 'draft', status: 'new' },
    {
      code: 'priced',
      status: 'proposal',
      tasks: [{ title: { ru: 'Проверить цену', en: 'Check the price' }, assignee: { kind: 'owner' }, dueInHours: 24 }],
    },
    { code: 'agreed', status: 'contract', gates: [{ kind: 'approval', role: 'head' }] },
  ])
  await insertType(office.orm, 'asked', main)
  for (const person of ['anna', 'vera', 'fedor'] as const) office.telegram(person)
})
afterEach(() => assert.deepEqual(office.emulator.violations, []))

async function flush() {
  office.bot.wake()
  await office.quiet()
}
const count = (person: Person) => office.telegram(person).chat.messages().length
const last = (person: Person) => office.telegram(person).chat.last().message.text ?? ''
const make = async (owner: Person) => {
  const input = { title: 'Насосы <ООО>', type: 'asked', amount: { amountMinor: 100_00, currency: 'RUB' } }
  return (await createDeal(office.session(owner), CreateDeal.parse(input))).deal
}
const give = (by: Person, to: Person, number: number, title: string, dueAt: string | null = null) =>
  createTask(office.session(by), { number, title, dueAt, assigneeId: employeeId(to) })

test('a task given by another is told once, with keys that tick it off and open the deal; one’s own is not', async () => {
  const { number } = await make('anna')
  const before = [count('anna'), count('fedor')]
  await give('anna', 'anna', number, 'Сам себе')
  await give('anna', 'fedor', number, 'Съездить <на склад>', '2026-11-14T09:00:00Z')
  await flush()
  assert.equal(count('anna'), before[0])
  assert.equal(count('fedor'), (before[1] ?? 0) + 1)
  assert.match(last('fedor'), /^Анна Петрова даёт вам задачу\nСъездить <на склад>\n№.\d+ Насосы <ООО>\nдо 14.ноя, 12:00$/)
  const fedor = office.telegram('fedor')
  const pressed = fedor.press('✓ Выполнено', fedor.chat.last())
  await office.quiet()
  assert.match(pressed.answer()?.text ?? '', /^Выполнено: Съездить/)
  const task = await selectRow<{ state: string }>(
    office.orm.em.fork(),
    sql`select state from deal_task where title like 'Съездить%'`,
  )
  assert.equal(task?.state, 'done')
})

test('a stage’s task is told to the one who gets it when another moves the deal; the head is asked for his decision once', async () => {
  const { number } = await make('anna')
  const before = [count('anna'), count('vera'), count('elena')]
  await moveDeal(office.session('anna'), { number, version: 1, stage: 'priced' })
  await flush()
  assert.deepEqual([count('anna'), count('elena')], [before[0], before[2]])
  assert.equal(count('vera'), (before[1] ?? 0) + 1)
  assert.match(last('vera'), /^Ждёт вашего решения: этап «Этап agreed»\nНасосы <ООО>\n№.\d+ · 100.₽\nВедёт: Анна Петрова$/)
  const vera = office.telegram('vera')
  vera.press('Согласовать: Этап agreed', vera.chat.last())
  await office.quiet()
  assert.match(last('anna'), /^Вера Орлова: .*Этап agreed.*\nНасосы <ООО>\n/)
  const { deal } = await showDeal(office.session('anna'), { number })
  await moveDeal(office.session('vera'), { number, version: deal.version, stage: 'agreed' })
  await flush()
  const { number: other } = await make('anna')
  await moveDeal(office.session('vera'), { number: other, version: 1, stage: 'priced' })
  await flush()
  assert.match(last('anna'), /^Вера Орлова даёт вам задачу\nПроверить цену\n/)
})

test('a decision that is made, and a task that is done, before the message leaves are not told', async () => {
  const { number } = await make('vera')
  const before = [count('fedor'), count('vera')]
  await office.bot.stop()
  const task = await give('anna', 'anna', (await make('anna')).number, 'Не важно')
  assert.ok(task.id > 0)
  const given = await give('vera', 'fedor', number, 'Уже сделано')
  await setTaskState(office.session('fedor'), { id: given.id, version: given.version, state: 'done' })
  await office.restart()
  await flush()
  assert.deepEqual([count('fedor'), count('vera')], before)
})

test('a task whose time runs out is told once; one that is done, and one long overdue, are not', async () => {
  const { number } = await make('anna')
  const before = count('anna')
  await give('anna', 'anna', number, 'Позвонить', '2026-11-13T07:00:00Z')
  await give('anna', 'anna', number, 'Давно', '2026-10-01T07:00:00Z')
  const done = await give('anna', 'anna', number, 'Готово', '2026-11-13T07:00:00Z')
  await setTaskState(office.session('anna'), { id: done.id, version: done.version, state: 'done' })
  const em = office.orm.em.fork()
  assert.equal(await notifyOverdueTasks(em, new Date('2026-11-13T06:59:00Z')), 0)
  office.clock.now = new Date('2026-11-13T07:05:00Z')
  assert.equal(await notifyOverdueTasks(em, office.clock.now), 1)
  assert.equal(await notifyOverdueTasks(em, office.clock.now), 0)
  await flush()
  assert.equal(count('anna'), before + 1)
  assert.match(last('anna'), /^Срок вашей задачи прошёл\nПозвонить\n№.\d+ Насосы <ООО>\nсрок был 13.ноя, 10:00$/)
})
