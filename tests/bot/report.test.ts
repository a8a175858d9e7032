import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { loseDeal } from '../../api/usecases/deals/lose-deal.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { safeFileName } from '../../bot/telegram-api.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { type Office, openOffice } from './office.ts'

let office: Office
before(async () => {
  office = await openOffice()
  for (let index = 0; index < 12; index++) {
    const { number } = (await office.deal(index < 9 ? 'anna' : 'boris')).deal
    if (index < 8) await moveDeal(office.session('admin'), { number, version: 1, stage: 'offer' })
    if (index < 2) await loseDeal(office.session('admin'), { number, version: 2, status: 'lost', reason: 'Дорого' })
  }
})
afterEach(() => assert.deepEqual(office.emulator.violations, []))

const lastText = (user: ReturnType<Office['telegram']>) => user.chat.last().message.text ?? user.chat.last().message.caption ?? ''
/** Reports are made outside of the handling of updates. */
async function made() {
  await office.quiet()
  await office.quiet()
}

test('/report offers the slices in one message, in place, and sends the picture with the bottleneck and its figures', async () => {
  const elena = office.telegram('elena')
  elena.send('/report')
  await office.quiet()
  assert.deepEqual(elena.chat.buttons(), [
    ['✓ Проходят', 'Поток', 'Стоят'],
    ['Месяц', 'Квартал', '✓ Год', '12 мес.'],
    ['Тип: все'],
    ['Отдел', '✓ Все'],
    ['✓ Картинка', 'PDF', 'Excel'],
    ['Присылать по расписанию…'],
    ['Получить'],
  ])
  elena.press('Квартал')
  await office.quiet()
  elena.press('Получить')
  await made()
  const { message } = elena.chat.last()
  assert.ok(message.photo)
  assert.match(
    message.caption ?? '',
    /12 сделок · 22,3.млн.₽ · выиграно 0 · проиграно 2\n1.окт – 13.ноя.2026\nна 13.ноя.2026, 09:4\d/,
  )
  assert.ok((message.caption ?? '').length <= 1024)
  assert.deepEqual(office.reports.asked.at(-1)?.query.from, '2026-10-01')
  assert.ok(elena.chat.actions().includes('upload_photo'))
})

test('the report is repeated in one tap, as the last time', async () => {
  const elena = office.telegram('elena')
  elena.send('/funnel')
  await office.quiet()
  assert.deepEqual(elena.chat.buttons().at(-1), ['↻ Как в прошлый раз'])
  elena.press('Как в прошлый раз')
  await made()
  assert.equal(office.reports.asked.at(-1)?.query.from, '2026-10-01')
})

test('the deals behind the bottleneck are as many as the report says', async () => {
  const elena = office.telegram('elena')
  const key = elena.chat.buttons(elena.chat.last())[0]?.[1] ?? ''
  const count = Number(/^(\d+)/.exec(key)?.[1])
  assert.ok(count > 0, key)
  elena.press(key)
  await office.quiet()
  assert.match(lastText(elena), new RegExp(`сейчас здесь · ${count} ·`))
  elena.press('Вперёд ›')
  await office.quiet()
  assert.match(lastText(elena), /Страница 2 из/)
})

test('the bottleneck is cut by employee; the rows add up to the layer', async () => {
  const elena = office.telegram('elena')
  const report = elena.chat.messages().findLast(({ message }) => message.photo)
  assert.ok(report)
  elena.press('Кто: по сотрудникам', report)
  await office.quiet()
  const rows = [...lastText(elena).matchAll(/прошли (\d+), проиграны (\d+), здесь (\d+)/g)]
  assert.match(lastText(elena), /Анна Петрова: /)
  const open = Number(/^(\d+)/.exec(elena.chat.buttons(report)[0]?.[1] ?? '')?.[1])
  assert.equal(
    rows.reduce((sum, row) => sum + Number(row[3]), 0),
    open,
  )
})

test('PDF and Excel come as documents with a name that says what they are', async () => {
  const elena = office.telegram('elena')
  for (const [label, ending] of [
    ['PDF', 'pdf'],
    ['Excel', 'xlsx'],
  ] as const) {
    const photo = elena.chat.messages().findLast(({ message }) => message.photo)
    if (photo && !elena.chat.buttons(photo).flat().includes(label)) throw new Error('no key')
    elena.press(label, photo)
    await made()
    assert.equal(elena.chat.last().message.document?.file_name, `Воронка «Опт».${ending}`)
    assert.match(elena.chat.last().message.caption ?? '', /12 сделок/)
  }
})

test('a manager gets his own deals only, a head his department, and neither is offered more', async () => {
  const [anna, vera] = [office.telegram('anna'), office.telegram('vera')]
  anna.send('/report')
  vera.send('/report')
  await office.quiet()
  assert.ok(!anna.chat.buttons().flat().includes('Все') && !anna.chat.buttons().flat().includes('Отдел'))
  assert.deepEqual(vera.chat.buttons()[3], ['Мои', '✓ Отдел'])
  anna.press('Получить')
  vera.press('Получить')
  await made()
  assert.match(lastText(anna), /9 сделок/)
  assert.match(lastText(vera), /9 сделок .*\n.*Продажи/)
})

test('rights are those of the moment when the report is sent', async () => {
  const em = office.orm.em.fork()
  const vera = office.telegram('vera')
  vera.send('/report')
  await office.quiet()
  await selectRows(em, sql`update employee set role = 'manager' where id = 3`)
  vera.press('Как в прошлый раз')
  await made()
  assert.match(lastText(vera), /сделок нет[\s\S]*Вера Орлова/)
  await selectRows(em, sql`update employee set role = 'head' where id = 3`)
})

test('a type is chosen from a list and goes into the question', async () => {
  const elena = office.telegram('elena')
  elena.send('/report')
  await office.quiet()
  elena.press('Тип: все')
  await office.quiet()
  elena.press('Разовая')
  await office.quiet()
  elena.press('Получить')
  await made()
  assert.deepEqual(office.reports.asked.at(-1)?.query.type, ['simple'])
  assert.match(lastText(elena), /сделок нет/)
})

test('a report that cannot be made is apologised for', async () => {
  const elena = office.telegram('elena')
  office.reports.fail = 3
  elena.send('/report')
  await office.quiet()
  elena.press('Как в прошлый раз')
  for (let round = 0; round < 60 && !/не получился/.test(lastText(elena)); round++) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    await office.quiet()
  }
  assert.match(lastText(elena), /Отчёт не получился/)
})

test('file names carry nothing that could reach into the request', () => {
  assert.equal(safeFileName('a"; name="chat_id"\r\nX-Evil: 1.pdf'), 'a name chat_id X-Evil 1.pdf')
  assert.equal(safeFileName('../../etc/passwd'), 'etc passwd')
  assert.equal(safeFileName('Воронка «Опт» № 5.xlsx'), 'Воронка «Опт» № 5.xlsx')
  assert.equal(safeFileName('"".pdf'), 'file.pdf')
  assert.ok(safeFileName(`${'ю'.repeat(500)}.pdf`).length <= 120)
})
