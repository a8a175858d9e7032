import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { createDeal } from '../../api/usecases/deals/create-deal.ts'
import { editDeal } from '../../api/usecases/deals/edit-deal.ts'
import { showDeal, showHistory } from '../../api/usecases/deals/show-deal.ts'
import { createTask } from '../../api/usecases/tasks/create-task.ts'
import { listTasks } from '../../api/usecases/tasks/list-tasks.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { CreateDeal, EditDeal } from '../../shared/schemas/deals.ts'
import { ListTasks } from '../../shared/schemas/work.ts'
import { insertProcess, insertType } from '../support/processes.ts'
import { employeeId, type Office, openOffice, type Person } from './office.ts'

/** The type `gated`: draft -> priced (a close is needed) -> agreed (a head decides). */
let office: Office
before(async () => {
  office = await openOffice()
  const em = office.orm.em.fork()
  for (const table of ['process_template', 'process_template_version', 'stage'])
    await selectRows(em, sql`select setval(pg_get_serial_sequence(${table}, 'id'), 100)`)
  const main = await insertProcess(office.orm, 'gated', [
    { code: 'draft', status: 'new' },
    { code: 'priced', status: 'proposal', gates: [{ kind: 'fields', facts: ['expectedCloseOn'] }] },
    { code: 'agreed', status: 'contract', gates: [{ kind: 'approval', role: 'head' }] },
  ])
  await insertType(office.orm, 'gated', main)
})
afterEach(() => assert.deepEqual(office.emulator.violations, []))

const gated = async (owner: Person, expectedCloseOn?: string) => {
  const input = { title: 'Насосы <ООО>', type: 'gated', amount: { amountMinor: 100_00, currency: 'RUB' } }
  const { deal } = await createDeal(
    office.session(owner),
    CreateDeal.parse({ ...input, ...(expectedCloseOn && { expectedCloseOn }) }),
  )
  return deal.number
}
const stageOf = async (number: number) => (await showDeal(office.session('admin'), { number })).deal.stageCode
const task = (person: Person, number: number, title: string, dueAt: string | null = null, to: Person = person) =>
  createTask(office.session(person), { number, title, dueAt, assigneeId: employeeId(to) })
const openTasks = async (person: Person) =>
  (await listTasks(office.session(person), ListTasks.parse({ mine: '1', state: 'open' }))).rows.map(({ title }) => title)
/** The deal stands before the head's decision. */
async function waiting(owner: Person): Promise<number> {
  const number = await gated(owner, '2027-01-31')
  const user = office.telegram(owner)
  user.send(`#${number}`)
  await office.quiet()
  user.press('Этап priced')
  await office.quiet()
  return number
}

test('a card says what the next stage needs before the press; the press says it too and changes nothing', async () => {
  const number = await gated('anna')
  const anna = office.telegram('anna')
  anna.send(`#${number}`)
  await office.quiet()
  assert.match(anna.chat.last().message.text ?? '', /🔒 Заполните: Ожидаемое закрытие\./)
  assert.deepEqual(anna.chat.buttons()[0], ['🔒 Этап priced'])
  const press = anna.press('🔒 Этап priced')
  await office.quiet()
  assert.match(press.answer()?.text ?? '', /Заполните: Ожидаемое закрытие/)
  assert.equal(await stageOf(number), 'draft')
  assert.match(anna.chat.last().message.text ?? '', /До этапа «Этап priced» не хватает:\n• Заполните: Ожидаемое закрытие\./)
  anna.press('‹ К карточке')
  await office.quiet()
  anna.press('Этап…')
  await office.quiet()
  assert.match(anna.chat.last().message.text ?? '', /Этап priced: 🔒 Заполните: Ожидаемое закрытие\./)
  const { version } = (await showDeal(office.session('anna'), { number })).deal
  await editDeal(office.session('anna'), EditDeal.parse({ number, version, expectedCloseOn: '2027-01-31' }))
  anna.send(`#${number}`)
  await office.quiet()
  anna.press('Этап priced', anna.chat.last())
  await office.quiet()
  assert.equal(await stageOf(number), 'priced')
})

test('/tasks lists mine, late ones first; one is ticked off by a key that works once, and taken back by another', async () => {
  const number = await gated('boris')
  await task('boris', number, 'Потом')
  await task('boris', number, 'Вчера <срочно>', '2026-11-12T10:00:00Z')
  const boris = office.telegram('boris')
  boris.send('/tasks')
  await office.quiet()
  assert.match(
    boris.chat.last().message.text ?? '',
    /Мои задачи · 2\n\n1\. Вчера <срочно>\n№\s\d+ Насосы <ООО> · срок был 12\sноя.*\n2\. Потом/,
  )
  const list = boris.chat.last()
  const press = boris.press('✓ Вчера <срочно>', list)
  await office.quiet()
  assert.match(press.answer()?.text ?? '', /Выполнено: Вчера <срочно>/)
  assert.deepEqual(await openTasks('boris'), ['Потом'])
  const { events } = await showHistory(office.session('boris'), { number })
  assert.deepEqual([events[0]?.body.kind, events[0]?.door], ['task_closed', 'bot'])
  boris.press('↩ Вернуть: Вчера <срочно>', list)
  await office.quiet()
  assert.deepEqual(await openTasks('boris'), ['Вчера <срочно>', 'Потом'])
})

test('/tasks shows no foreign ones, and says so when there are none', async () => {
  const number = await gated('anna')
  await task('anna', number, 'Моё дело')
  const fedor = office.telegram('fedor')
  fedor.send('/tasks')
  await office.quiet()
  assert.match(fedor.chat.last().message.text ?? '', /Открытых задач нет/)
})

test('a task that another closed meanwhile is not closed twice', async () => {
  const number = await gated('vera')
  await task('vera', number, 'Общее дело', null, 'vera')
  const vera = office.telegram('vera')
  vera.send('/tasks')
  await office.quiet()
  await selectRows(
    office.orm.em.fork(),
    sql`update deal_task set state = 'done', closed_at = now(), version = version + 1 where title = 'Общее дело'`,
  )
  const press = vera.press('✓ Общее дело')
  await office.quiet()
  assert.equal(press.answer()?.showAlert, true)
  const { events } = await showHistory(office.session('vera'), { number })
  assert.equal(events.filter(({ body }) => body.kind === 'task_closed').length, 0)
})

test('/approvals lists what waits for the head; approving opens the way, and the card says so', async () => {
  const number = await waiting('anna')
  const anna = office.telegram('anna')
  assert.match(anna.chat.last().message.text ?? '', /🔒 Нужно согласование: руководитель отдела\./)
  anna.send('/approvals')
  const vera = office.telegram('vera')
  vera.send('/approvals')
  await office.quiet()
  assert.match(anna.chat.last().message.text ?? '', /ничего не ждёт/)
  const list = vera.chat.last().message.text ?? ''
  const place = new RegExp(`(\\d)\\. №\\s${number} Насосы <ООО>.*\\nЭтап agreed · Анна Петрова`).exec(list)?.[1]
  assert.ok(list.startsWith('Ждут вашего решения · ') && place, list)
  const press = vera.press(`✓ ${place}`)
  await office.quiet()
  assert.equal(press.answer()?.text, 'Согласовано')
  assert.deepEqual(vera.chat.buttons()[0], ['Этап agreed'])
  const { events } = await showHistory(office.session('anna'), { number })
  assert.deepEqual([events[0]?.body.kind, events[0]?.door, events[0]?.actorName], ['approval_given', 'bot', 'Вера Орлова'])
})

test('a rejection is asked for its reason, and the reason stays with it', async () => {
  const number = await waiting('anna')
  const vera = office.telegram('vera')
  vera.send(`#${number}`)
  await office.quiet()
  assert.deepEqual(vera.chat.buttons()[1], ['Согласовать: Этап agreed', 'Отклонить…'])
  vera.press('Отклонить…')
  await office.quiet()
  vera.send('Нет <расчёта> & сроков')
  await office.quiet()
  const { events } = await showHistory(office.session('anna'), { number })
  const body = events[0]?.body
  assert.ok(body?.kind === 'approval_given')
  assert.deepEqual([body.approved, body.comment, body.role], [false, 'Нет <расчёта> & сроков', 'head'])
  assert.equal(vera.chat.buttons().flat().includes('Отклонить…'), false)
  assert.equal(await stageOf(number), 'priced')
})

test('a decision on a card that has grown old is not taken, and the card is shown as it is', async () => {
  const number = await waiting('anna')
  const vera = office.telegram('vera')
  vera.send(`#${number}`)
  await office.quiet()
  const { version } = (await showDeal(office.session('anna'), { number })).deal
  await editDeal(office.session('anna'), EditDeal.parse({ number, version, title: 'Иначе' }))
  const press = vera.press('Согласовать: Этап agreed')
  await office.quiet()
  assert.match(press.answer()?.text ?? '', /Анна Петрова.*Карточка обновлена/)
  assert.match(vera.chat.last().message.text ?? '', /^Иначе/)
})
