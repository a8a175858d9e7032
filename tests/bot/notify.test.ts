import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { editNoticeSettings, showNoticeSettings } from '../../api/usecases/chat/notice-settings.ts'
import { notifyOverdueTasks } from '../../api/usecases/chat/notify-work.ts'
import { commentDeal } from '../../api/usecases/deals/comment-deal.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { deliverNext } from '../../api/usecases/reports/deliver-reports.ts'
import { createSchedule, listSchedules, runSchedule } from '../../api/usecases/reports/schedules.ts'
import { createTask } from '../../api/usecases/tasks/create-task.ts'
import { readSpan } from '../../bot/read-time.ts'
import { selectRow, sql } from '../../db/sql.ts'
import { CreateSchedule } from '../../shared/schemas/reports.ts'
import { employeeId, type Office, openOffice, type Person } from './office.ts'

/** The bot's clock runs on from this one by real milliseconds. */
const day = new Date('2026-11-13T06:41:00Z')
const night = new Date('2026-11-13T20:30:00Z')
const morning = new Date('2026-11-14T05:00:30Z')

let office: Office
before(async () => {
  office = await openOffice()
  for (const person of ['anna', 'vera', 'fedor'] as const) office.telegram(person)
})
afterEach(() => {
  assert.deepEqual(office.emulator.violations, [])
  office.clock.now = day
})

const count = (person: Person) => office.telegram(person).chat.messages().length
const last = (person: Person) => office.telegram(person).chat.last().message.text ?? ''
const settings = (person: Person) => showNoticeSettings(office.session(person))
const say = (number: number, text: string) => commentDeal(office.session('vera'), { number, text })
async function flush() {
  office.bot.wake()
  await office.quiet()
}
async function press(person: Person, ...labels: string[]) {
  let answer = ''
  for (const label of labels) {
    const pressed = office.telegram(person).press(label)
    await office.quiet()
    answer = pressed.answer()?.text ?? ''
  }
  return answer
}
async function open(person: Person) {
  office.telegram(person).send('/notify')
  await office.quiet()
}

test('/notify shows what one is told of; a tap turns a kind off, and no more of it comes', async () => {
  const { number } = (await office.deal('anna')).deal
  await open('anna')
  assert.match(last('anna'), /^Уведомления\n\n.*\n\nТихих часов нет/)
  assert.deepEqual(office.telegram('anna').chat.buttons().slice(0, 2), [['✓ Новая задача мне'], ['✓ Срок моей задачи прошёл']])
  assert.equal(await press('anna', '✓ Комментарий к моей сделке'), 'Больше не пишу: Комментарий к моей сделке')
  assert.ok(office.telegram('anna').chat.buttons().flat().includes('Комментарий к моей сделке'))
  const before = count('anna')
  await say(number, 'Тихо')
  await flush()
  assert.equal(count('anna'), before)
  await press('anna', 'Комментарий к моей сделке')
  await say(number, 'Громко')
  await flush()
  assert.match(last('anna'), /^Вера Орлова комментирует вашу сделку[\s\S]*Громко$/)
})

test('a notice itself offers no more of its kind', async () => {
  const { number } = (await office.deal('anna')).deal
  await say(number, 'Раз')
  await flush()
  assert.equal(await press('anna', 'Не писать о таком'), 'Больше не пишу: Комментарий к моей сделке. Вернуть: /notify')
  const before = count('anna')
  await say(number, 'Два')
  await flush()
  assert.equal(count('anna'), before)
  await editNoticeSettings(office.session('anna'), { topics: { comment: true } })
})

test('that another moves one’s deal is told to who asks for it, and to nobody else', async () => {
  const { number } = (await office.deal('anna')).deal
  const before = count('anna')
  await moveDeal(office.session('vera'), { number, version: 1, stage: 'offer' })
  await flush()
  assert.equal(count('anna'), before)
  await open('anna')
  await press('anna', 'Коллега передвинул мою сделку')
  await moveDeal(office.session('vera'), { number, version: 2, stage: 'sign' })
  await flush()
  assert.match(last('anna'), /^Вера Орлова: .*Подписание.*\nПоставка насосов\n/)
  const quietly = count('anna')
  await moveDeal(office.session('anna'), { number, version: 3, stage: 'supply' })
  await flush()
  assert.equal(count('anna'), quietly)
})

test('tasks and their overdue dates are turned off each for itself; what is off is not looked at again', async () => {
  const { number } = (await office.deal('anna')).deal
  const em = () => office.orm.em.fork()
  const late = new Date('2026-11-13T07:05:00Z')
  await editNoticeSettings(office.session('fedor'), { topics: { task: false, overdue: false } })
  const before = count('fedor')
  const given = { number, title: 'Съездить', dueAt: '2026-11-13T07:00:00Z', assigneeId: employeeId('fedor') }
  await createTask(office.session('anna'), given)
  assert.equal(await notifyOverdueTasks(em(), late), 0)
  await flush()
  assert.equal(count('fedor'), before)
  await editNoticeSettings(office.session('fedor'), { topics: { overdue: true } })
  office.clock.now = late
  assert.equal(await notifyOverdueTasks(em(), late), 1)
  await createTask(office.session('anna'), given)
  await flush()
  assert.equal(count('fedor'), before + 1)
})

test('what falls into the quiet hours comes at their end; what one asks at night is answered at once', async () => {
  const { number } = (await office.deal('anna')).deal
  await open('anna')
  await press('anna', 'Тихие часы: нет', '22:00–08:00')
  assert.match(last('anna'), /Тихие часы: с 22:00 до 08:00 \(Europe\/Moscow\)/)
  office.clock.now = night
  const before = count('anna')
  await say(number, 'Ночью')
  await flush()
  assert.equal(count('anna'), before)
  office.telegram('anna').send('/tasks')
  await office.quiet()
  assert.match(last('anna'), /^Мои задачи/)
  office.clock.now = morning
  await flush()
  assert.match(last('anna'), /Ночью$/)
})

test('what waits for the morning comes at once when the quiet hours are given up, and not at all when its kind is', async () => {
  const { number } = (await office.deal('anna')).deal
  office.clock.now = night
  await say(number, 'Раз')
  const before = count('anna')
  await open('anna')
  await press('anna', 'Тихие часы: с 22:00 до 08:00', 'Без тихих часов')
  await flush()
  assert.equal(count('anna'), before + 3)
  assert.match(last('anna'), /Раз$/)
  await editNoticeSettings(office.session('anna'), { quiet: { from: '22:00', to: '08:00' } })
  await say(number, 'Два')
  await editNoticeSettings(office.session('anna'), { topics: { comment: false } })
  office.clock.now = morning
  await flush()
  assert.equal(count('anna'), before + 3)
})

test('hours of one’s own are written by hand; what is no span is asked for again', async () => {
  const vera = office.telegram('vera')
  await open('vera')
  await press('vera', 'Тихие часы: нет', 'Другие часы…')
  vera.send('после ужина')
  await office.quiet()
  assert.match(last('vera'), /^Нужны два разных времени/)
  vera.send('с 21:30 до 7')
  await office.quiet()
  assert.deepEqual((await settings('vera')).quiet, { from: '21:30', to: '07:00' })
  await press('vera', 'Тихие часы: с 21:30 до 07:00')
  assert.ok(office.telegram('vera').chat.buttons().flat().includes('✓ 21:30–07:00'))
})

test('reports of colleagues wait for the end of the quiet hours, one’s own do not; who wants none gets none, and the log says so', async () => {
  const em = () => office.orm.em.fork()
  const input = {
    name: 'Утро',
    query: {},
    period: 'month',
    format: 'pdf',
    locale: 'ru',
    rhythm: { kind: 'daily' },
    time: '09:00',
  }
  const readers = [employeeId('vera'), employeeId('anna')]
  const wanted = CreateSchedule.parse({ ...input, timeZone: 'Europe/Moscow', emails: [], employeeIds: readers })
  const { schedule } = await createSchedule(office.session('vera'), wanted, false)
  await editNoticeSettings(office.session('anna'), { quiet: { from: '22:00', to: '08:00' } })
  await editNoticeSettings(office.session('vera'), { quiet: { from: '22:00', to: '08:00' } })
  office.clock.now = night
  const run = async () => {
    await runSchedule(office.session('vera'), { id: schedule.id }, false)
    while (await deliverNext(em(), { now: () => office.clock.now, sendLetter: null, appUrl: null }));
    await flush()
  }
  const [annas, veras] = [count('anna'), count('vera')]
  await run()
  assert.deepEqual([count('anna'), count('vera')], [annas, veras + 1])
  office.clock.now = morning
  await flush()
  assert.equal(count('anna'), annas + 1)
  assert.equal(await press('anna', 'Не писать о таком'), 'Больше не пишу: Отчёты от коллег. Вернуть: /notify')
  await editNoticeSettings(office.session('vera'), { topics: { report: false } })
  await run()
  assert.deepEqual([count('anna'), count('vera')], [annas + 1, veras + 2])
  const [card] = await listSchedules(office.session('vera'))
  const failed = card?.last?.deliveries.filter(({ state }) => state === 'failed')
  assert.deepEqual(
    failed?.map(({ employeeName, error }) => [employeeName, error]),
    [['Анна Петрова', 'unwanted']],
  )
})

test('two doors at once do not undo each other, and what was changed is in the log', async () => {
  await Promise.all([
    editNoticeSettings(office.session('boris'), { topics: { payment: false } }),
    editNoticeSettings(office.session('boris'), { topics: { rule: false } }),
    editNoticeSettings(office.session('boris'), { quiet: { from: '20:00', to: '08:00' } }),
  ])
  const { topics, quiet } = await settings('boris')
  assert.deepEqual([topics.payment, topics.rule, topics.task, quiet], [false, false, true, { from: '20:00', to: '08:00' }])
  const logged = await selectRow<{ count: number }>(
    office.orm.em.fork(),
    sql`select count(*)::int as count from audit_entry where entity = 'notice_settings' and entity_id = '2' and actor_id = 2`,
  )
  assert.equal(logged?.count, 3)
})

test('spans are read as people write them', () => {
  assert.deepEqual(['22-8', 'с 21:30 до 7', '22:00 – 08:00', '23.15 7.45'].map(readSpan), [
    { from: '22:00', to: '08:00' },
    { from: '21:30', to: '07:00' },
    { from: '22:00', to: '08:00' },
    { from: '23:15', to: '07:45' },
  ])
  assert.deepEqual(['22', '22-22', '25-8', 'ночью', '1 2 3'].map(readSpan), [null, null, null, null, null])
})

test('whoever blocks the bot at night gets nothing in the morning either', async () => {
  const { number } = (await office.deal('anna')).deal
  await editNoticeSettings(office.session('anna'), { topics: { comment: true }, quiet: { from: '22:00', to: '08:00' } })
  office.clock.now = night
  await say(number, 'Ночью')
  office.telegram('anna').send('/tasks')
  office.telegram('anna').block()
  await flush()
  const held = await selectRow<{ count: number }>(
    office.orm.em.fork(),
    sql`select count(*)::int as count from outbox_message where order_key = 'telegram:1001:held' and sent_at is null and failed_at is null`,
  )
  assert.equal(held?.count, 0)
})
