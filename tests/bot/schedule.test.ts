import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { deliverNext } from '../../api/usecases/reports/deliver-reports.ts'
import { fireSchedules } from '../../api/usecases/reports/fire-schedules.ts'
import { createSchedule, editSchedule, listSchedules } from '../../api/usecases/reports/schedules.ts'
import { readTime } from '../../bot/read-time.ts'
import { toggleWeekday } from '../../bot/schedule-choice.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { CreateSchedule } from '../../shared/schemas/reports.ts'
import { type Office, openOffice, type Person } from './office.ts'

let office: Office
before(async () => {
  office = await openOffice()
  await office.deal('anna')
})
afterEach(() => assert.deepEqual(office.emulator.violations, []))

const lastText = (user: ReturnType<Office['telegram']>) => user.chat.last().message.text ?? user.chat.last().message.caption ?? ''
async function press(person: Person, ...labels: string[]) {
  const user = office.telegram(person)
  for (const label of labels) {
    const pressed = user.press(label)
    await office.quiet()
    if (label === labels.at(-1)) return { user, answer: pressed.answer()?.text ?? '' }
  }
  return { user, answer: '' }
}
async function open(person: Person) {
  office.telegram(person).send('/schedule')
  await office.quiet()
  return office.telegram(person)
}
const own = async (person: Person) => (await listSchedules(office.session(person))).map(({ schedule }) => schedule)

test('/schedule makes a schedule in a few taps: what it is about, then when it comes, to this chat', async () => {
  const vera = await open('vera')
  assert.match(lastText(vera), /^Отчёты по расписанию\n\nРасписаний пока нет/)
  await press('vera', 'Новое расписание', 'Поток', 'Прошлый месяц', 'Excel', 'Дальше: когда ›')
  assert.match(lastText(vera), /^Воронка: прошлый месяц · Excel\nпн в 09:00\n\nКогда присылать\? Время: Europe\/Moscow\.$/)
  await press('vera', 'чт', '12:00', 'Создать')
  assert.match(
    lastText(vera),
    /^Воронка: прошлый месяц · Excel\nЧто произошло за период · Прошлый месяц\nпн, чт в 12:00 · следующий 16.ноя, 12:00\nКому: вам сюда\nЕщё не отправлялся$/,
  )
  const [made] = await own('vera')
  assert.deepEqual(
    [made?.query, made?.period, made?.format, made?.rhythm, made?.atTime, made?.timeZone, made?.employeeIds, made?.emails],
    [
      { ...made?.query, basis: 'flow', department: '2' },
      'lastMonth',
      'xlsx',
      { kind: 'weekly', weekdays: [1, 4] },
      '12:00',
      'Europe/Moscow',
      [3],
      [],
    ],
  )
})

test('a month’s day and a time of one’s own are taken; what is no time is asked for again', async () => {
  const anna = await open('anna')
  await press('anna', 'Новое расписание', 'Стоят', 'Дальше: когда ›', 'По месяцам', '31', 'Другое время…')
  anna.send('25:00')
  await office.quiet()
  assert.match(lastText(anna), /^Не похоже на время/)
  anna.send('7.30')
  await office.quiet()
  assert.ok(anna.chat.buttons().flat().includes('✓ 07:30'))
  await press('anna', 'Создать')
  const [made] = await own('anna')
  assert.deepEqual([made?.name, made?.rhythm, made?.atTime], ['Воронка: кто где стоит', { kind: 'monthly', day: 31 }, '07:30'])
  assert.equal(made?.query['employee'], '1')
  assert.equal(made?.nextDueAt?.toISOString(), '2026-11-30T04:30:00.000Z')
})

test('a schedule is paused, resumed, put at another time and, when it was asked for twice, deleted', async () => {
  const anna = await open('anna')
  await press('anna', '1. Воронка: кто где стоит', 'Приостановить')
  assert.match(lastText(anna), /· приостановлено\n/)
  assert.equal((await own('anna'))[0]?.isActive, false)
  await press('anna', 'Возобновить')
  assert.equal((await own('anna'))[0]?.nextDueAt?.toISOString(), '2026-11-30T04:30:00.000Z')
  await press('anna', 'Когда…', 'Каждый день', '18:00', 'Сохранить')
  assert.match(lastText(anna), /каждый день в 18:00 · следующий 13.ноя, 18:00/)
  await press('anna', 'Удалить…', 'Оставить')
  assert.equal((await own('anna')).length, 1)
  await press('anna', 'Удалить…')
  const { answer } = await press('anna', 'Удалить')
  assert.equal(answer, 'Расписание удалено')
  assert.match(lastText(anna), /Расписаний пока нет/)
  assert.equal((await own('anna')).length, 0)
})

test('what was changed elsewhere meanwhile is told and shown as it is now, and nothing is done', async () => {
  const vera = await open('vera')
  await press('vera', '1. Воронка: прошлый месяц')
  const [{ id, version } = { id: 0, version: 0 }] = await own('vera')
  await editSchedule(office.session('vera'), { id, version, name: 'Планёрка' }, false)
  const { answer } = await press('vera', 'Приостановить')
  assert.match(answer, /^Пока вы смотрели, запись изменили/)
  assert.match(lastText(vera), /^Планёрка · Excel\n/)
  assert.equal((await own('vera'))[0]?.isActive, true)
})

test('the list says when each comes next and how its last delivery went', async () => {
  const em = () => office.orm.em.fork()
  const at = new Date('2026-11-16T09:00:00Z')
  office.clock.now = at
  assert.equal(await fireSchedules(em(), at), 1)
  const waiting = await open('vera')
  assert.match(lastText(waiting), /Последний: 16.ноя, 12:00, отправляется/)
  while (await deliverNext(em(), { now: () => at, sendLetter: null, appUrl: null }));
  office.bot.wake()
  await office.quiet()
  const vera = office.telegram('vera')
  const report = vera.chat.last()
  assert.ok(report.message.document)
  vera.press('Расписание…', report)
  await office.quiet()
  assert.match(lastText(vera), /^Планёрка · Excel\nЧто произошло за период/)
  await open('vera')
  assert.match(
    lastText(office.telegram('vera')),
    /^Отчёты по расписанию\n\n1\. Планёрка · Excel\nпн, чт в 12:00 · следующий 19.ноя, 12:00\nПоследний: 16.ноя, 12:00, доставлен$/,
  )
  await selectRows(em(), sql`update report_delivery set state = 'failed', last_error = 'not_linked'`)
  await open('vera')
  assert.match(lastText(office.telegram('vera')), /не доставлен \(Вера Орлова\)\. .*Telegram/)
})

test('a report is sent now when asked, but not by mail where there is none', async () => {
  await open('vera')
  const { user, answer } = await press('vera', '1. Планёрка', 'Прислать сейчас')
  assert.equal(answer, 'Отчёт поставлен в очередь')
  assert.match(lastText(user), /отправляется$/)
  await selectRows(office.orm.em.fork(), sql`update report_schedule set emails = '["a@b.ru"]' where archived_at is null`)
  await open('vera')
  assert.match((await press('vera', '1. Планёрка', 'Прислать сейчас')).answer, /SMTP_URL|почт/i)
})

test('one’s own schedules are listed, also for who administers; another’s cannot be reached', async () => {
  const admin = await open('admin')
  assert.match(lastText(admin), /Расписаний пока нет/)
  const input = {
    name: 'Моё',
    query: {},
    period: 'month',
    format: 'pack',
    locale: 'ru',
    rhythm: { kind: 'daily' },
    time: '09:00',
  }
  await createSchedule(
    office.session('boris'),
    CreateSchedule.parse({ ...input, timeZone: 'Asia/Omsk', emails: [], employeeIds: [2] }),
    false,
  )
  const boris = await open('boris')
  assert.match(lastText(boris), /1\. Моё · PDF-пакет\nкаждый день в 09:00, Asia\/Omsk · следующий 17.ноя, 06:00/)
  await selectRows(
    office.orm.em.fork(),
    sql`update bot_button set payload = ${JSON.stringify({ id: (await own('vera'))[0]?.id })}::jsonb where employee_id = 2 and action = 'schedule'`,
  )
  await press('boris', '1. Моё')
  assert.match(lastText(boris), /^Отчёты по расписанию\n\n1\. Моё/)
})

test('a report that is being chosen goes on to a schedule of the same question', async () => {
  const elena = office.telegram('elena')
  elena.send('/report')
  await office.quiet()
  await press('elena', 'Поток', 'PDF', 'Присылать по расписанию…')
  assert.deepEqual(elena.chat.buttons()[0], ['Проходят', '✓ Поток', 'Стоят'])
  assert.ok(elena.chat.buttons().flat().includes('✓ С начала года'))
})

test('times are read as people write them; one weekday always stays', () => {
  assert.deepEqual(['9', '9:30', '09.30', '930', '18-05', '7 15'].map(readTime), [
    '09:00',
    '09:30',
    '09:30',
    '09:30',
    '18:05',
    '07:15',
  ])
  assert.deepEqual(['24', '9:60', 'утром', '', '9:5', '12345'].map(readTime), [null, null, null, null, null, null])
  assert.deepEqual(toggleWeekday([1], 1), [1])
  assert.deepEqual(toggleWeekday([1, 4], 3), [1, 3, 4])
  assert.deepEqual(toggleWeekday([1, 4], 4), [1])
})
