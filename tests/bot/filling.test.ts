import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { addContact, editCounterparty, showCounterparty } from '../../api/usecases/counterparties.ts'
import { editDeal } from '../../api/usecases/deals/edit-deal.ts'
import { showDeal, showHistory } from '../../api/usecases/deals/show-deal.ts'
import { readFile } from '../../api/usecases/files.ts'
import { createTask } from '../../api/usecases/tasks/create-task.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { EditDeal } from '../../shared/schemas/deals.ts'
import { type Chat, type FieldCode, openCargo, openDeal } from './filling-office.ts'
import { employeeId, type Office } from './office.ts'

let office: Office
before(async () => {
  office = await openCargo()
})
afterEach(() => assert.deepEqual(office.emulator.violations, []))

const dealOf = async (number: number) => (await showDeal(office.session('admin'), { number })).deal
/** The refused stage, then the first question. */
async function asked(type: string, given: Readonly<Record<string, unknown>> = {}): Promise<Chat> {
  const chat = await openDeal(office, type, 'anna', given)
  await chat.press('🔒 Этап ready')
  await chat.press('Заполнить')
  return chat
}

test('a refused stage says what is missing; three answers later the deal stands there, all written as one change', async () => {
  const chat = await openDeal(office, 'cargo')
  assert.match(await chat.press('🔒 Этап ready'), /Перейти на этап «Этап ready» пока нельзя/)
  assert.match(chat.last(), /До этапа «Этап ready» не хватает:\n• Заполните: Вес, Готовность, Чем везём\./)
  await chat.press('Заполнить')
  assert.match(chat.last(), /^Вес · 1 из 3\n\nНапишите число/)
  await chat.send('1 200,5')
  assert.match(chat.last(), /^✓ Вес: 1200,5\n\nГотовность · 2 из 3\n/)
  await chat.send('25 декабря')
  assert.match(chat.last(), /^✓ Готовность: 25.дек\n\nЧем везём · 3 из 3\n/)
  assert.deepEqual(await chat.fields(), {})
  assert.equal(await chat.press('Море'), 'Этап: Этап ready')
  assert.match(chat.last(), /^✓ Записано\. Вес: 1200,5, Готовность: 25.дек, Чем везём: Море\nЭтап: Этап ready\n\nГруз\n/)
  assert.deepEqual(await chat.fields(), { weight: 1200.5, ready: '2026-12-25', way: 'sea' })
  assert.equal(await chat.stage(), 'ready')
  const { events } = await showHistory(office.session('anna'), { number: chat.number })
  const told = events.flatMap(({ body }) => (body.kind === 'deal_edited' ? [String(body.changes.length)] : [body.kind]))
  assert.deepEqual(told.filter((one) => one !== 'status_changed').toReversed(), ['deal_created', '3', 'stage_entered'])
})

test('what is skipped is still missing and said so, what was answered is kept', async () => {
  const chat = await asked('cargo')
  await chat.send('12')
  await chat.press('Пропустить')
  await chat.press('Самолёт')
  assert.match(
    chat.last(),
    /^✓ Записано\. Вес: 12, Чем везём: Самолёт\n\nГруз\n\nДо этапа «Этап ready» не хватает:\n• Заполните: Готовность\./,
  )
  assert.deepEqual(await chat.fields(), { weight: 12, way: 'air' })
  assert.equal(await chat.stage(), 'draft')
  await chat.press('Заполнить')
  assert.match(chat.last(), /^Готовность\n/)
  await chat.press('Завтра')
  assert.equal(await chat.stage(), 'ready')
})

test('«Назад» goes to the question before and shows its answer, which may be kept or given anew', async () => {
  const chat = await asked('cargo')
  await chat.send('12')
  await chat.press('Завтра')
  await chat.press('‹ Назад')
  assert.match(chat.last(), /^Готовность · 2 из 3\nСейчас: 14.ноя\n/)
  await chat.press('‹ Назад')
  assert.match(chat.last(), /^Вес · 1 из 3\nСейчас: 12\n/)
  await chat.send('13')
  await chat.press('Оставить')
  await chat.press('Поезд')
  assert.deepEqual(await chat.fields(), { weight: 13, ready: '2026-11-14', way: 'rail' })
})

test('«Отмена», written or pressed, changes nothing and shows the card', async () => {
  const chat = await asked('cargo')
  await chat.send('12')
  await chat.press('Отмена')
  assert.match(chat.last(), /^Отменено, ничего не изменено\.\n\nГруз\n/)
  await chat.press('🔒 Этап ready')
  await chat.press('Заполнить')
  await chat.send('отмена')
  assert.match(chat.last(), /^Отменено, ничего не изменено\./)
  assert.deepEqual(await chat.fields(), {})
  assert.equal((await dealOf(chat.number)).version, 1)
})

/** How each kind is answered wrongly, what is said then, how it is answered well, and what is kept. */
const answers: readonly (readonly [
  FieldCode,
  wrong: string,
  said: RegExp,
  right: string | { press: string[] },
  kept: unknown,
])[] = [
  ['weight', 'много', /Не похоже на число: «много»\. Напишите цифрами/, '1,5', 1.5],
  ['price', '12 мешков', /Не похоже на сумму\. Например/, '1,8 млн', 180_000_000],
  ['price', '500 $', /Суммы здесь ведутся в RUB/, '12 500,50 руб.', 1_250_050],
  ['ready', '31.02.2027', /Не похоже на день: «31\.02\.2027»/, '20.11', '2026-11-20'],
  ['ready', 'когда-нибудь', /Не похоже на день/, { press: ['Сегодня'] }, '2026-11-13'],
  ['way', 'верблюд', /Такого варианта нет: «верблюд»/, 'море', 'sea'],
  ['way', '<b>', /Такого варианта нет: «<b>»/, { press: ['Поезд'] }, 'rail'],
  ['ways', 'море, верблюд', /Такого варианта нет/, 'море; air', ['air', 'sea']],
  ['ways', 'верблюд', /Такого варианта нет/, { press: ['Поезд', 'Море', '✓ Поезд', 'Самолёт', 'Готово · 2'] }, ['air', 'sea']],
  ['urgent', 'может быть', /Не понял: «может быть»\. Ответьте «да» или «нет»/, 'да', true],
  ['urgent', 'x y', /Ответьте «да»/, { press: ['Да'] }, true],
  ['carrier', 'нет таких', /По «нет таких» никого нет/, { press: ['?север', 'ООО «Север»'] }, '3'],
  ['driver', 'нет таких', /По «нет таких» никого нет/, { press: ['?вера', 'Вера Орлова'] }, '3'],
  ['driver', 'zzz', /никого нет/, { press: ['Я'] }, '1'],
]
for (const [field, wrong, said, right, kept] of answers) {
  const how = typeof right === 'string' ? right : right.press.join(', ')
  test(`${field}: «${wrong}» is explained and asked again, «${how}» is taken`, async () => {
    const chat = await asked(`one-${field}`)
    await chat.send(wrong)
    assert.match(chat.last(), said)
    if (typeof right === 'string') await chat.send(right)
    else for (const step of right.press) await (step.startsWith('?') ? chat.send(step.slice(1)) : chat.press(step))
    assert.deepEqual((await chat.fields())[field], kept)
    assert.equal(await chat.stage(), 'ready')
  })
}

test('a text is taken as it is, one that is too long is not', async () => {
  const chat = await asked('one-note')
  await chat.send('ж'.repeat(4001))
  assert.match(chat.last(), /Нужно от 1 до 4.000 знаков, а здесь 4.001/)
  await chat.send('<i>до 12 часов</i> & не позже')
  assert.equal((await chat.fields())['note'], '<i>до 12 часов</i> & не позже')
})

test('a file is taken as a document or a photo; a text is none', async () => {
  for (const send of ['sendDocument', 'sendPhoto'] as const) {
    const chat = await asked('one-scan')
    await chat.send('вот он')
    assert.match(chat.last(), /Здесь нужен файл/)
    const bytes = Buffer.from(`содержание ${send}`)
    if (send === 'sendDocument') chat.user.sendDocument('накладная.pdf', bytes)
    else
      chat.user.sendPhoto(
        Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'),
      )
    await office.quiet()
    assert.equal(await chat.stage(), 'ready')
    const id = Number((await chat.fields())['scan'])
    const file = await readFile(office.session('anna'), { id })
    if (send === 'sendDocument') assert.deepEqual([file.name, file.content], ['накладная.pdf', bytes])
    else assert.match(file.name, /^photo-2026-11-13\.jpg$/)
  }
})

test('a file where none is asked for is not taken', async () => {
  const chat = await asked('one-weight')
  chat.user.sendDocument('вес.txt', Buffer.from('12'))
  await office.quiet()
  assert.match(chat.last(), /Здесь нужен не файл/)
  assert.deepEqual(await chat.fields(), {})
})

test('an amount beside the stage’s limits is refused with the limits, one within moves the deal', async () => {
  const chat = await openDeal(office, 'paid')
  await chat.press('🔒 Этап ready')
  await chat.press('Заполнить')
  assert.match(
    chat.last(),
    /^Сумма\nСейчас: 100.000.₽\n\nНапишите сумму в RUB[^\n]*\nДля этого этапа нужно от 500.000.₽ до 900.000.₽\./,
  )
  await chat.send('950 тыс')
  assert.match(
    chat.last(),
    /С такой суммой на этап не перейти\. Для этого этапа нужно от 500.000.₽ до 900.000.₽\. Напишите другую\./,
  )
  await chat.send('600 тыс')
  assert.equal((await dealOf(chat.number)).amountMinor, 600_000_00)
  assert.equal(await chat.stage(), 'ready')
})

test('a contact is picked among the client’s people or entered there; without a client the client is asked for first', async () => {
  await addContact(office.session('anna'), { id: 3, name: 'Пётр Сомов' })
  const picked = await asked('own', { counterpartyId: 3 })
  assert.match(picked.last(), /^Контакт · 1 из 2\n\nКто контакт у клиента «ООО .Север.»\?/)
  await picked.press('Пётр Сомов')
  await picked.send('через 2 недели')
  assert.deepEqual(
    [(await dealOf(picked.number)).contactName, (await dealOf(picked.number)).expectedCloseOn],
    ['Пётр Сомов', '2026-11-27'],
  )
  assert.equal(await picked.stage(), 'ready')

  const entered = await asked('own', { counterpartyId: null })
  assert.match(entered.last(), /^Клиент · 1 из 3\n/)
  await entered.send('север')
  await entered.press('ООО «Север»')
  await entered.send('Анна <Новая>')
  assert.match(entered.last(), /По «Анна <Новая>» контакта нет/)
  await entered.press('Новый контакт: Анна <Новая>')
  await entered.press('Через неделю, 20\u00a0ноя')
  const deal = await dealOf(entered.number)
  assert.deepEqual([deal.counterpartyId, deal.contactName], [3, 'Анна <Новая>'])
  assert.equal(await entered.stage(), 'ready')
})

test('requisites are asked for as far as they are missing and written to the client; what is done elsewhere is listed with its keys', async () => {
  const chat = await openDeal(office, 'papers', 'anna', { counterpartyId: 2 })
  const { id } = await createTask(office.session('anna'), {
    number: chat.number,
    title: 'Позвонить',
    dueAt: null,
    assigneeId: employeeId('anna'),
  })
  await chat.send(`#${chat.number}`)
  await chat.press('🔒 Этап ready')
  assert.deepEqual(chat.labels().slice(0, 3), ['Заполнить', 'Задачи по сделке', '‹ К карточке'])
  assert.match(chat.last(), /\n\nКто решает: Вера Орлова\.$/)
  await chat.press('Заполнить')
  await chat.send('77')
  assert.match(chat.last(), /Это не ИНН: нужно 10 или 12 цифр/)
  await chat.send('7707 083 893')
  assert.match(chat.last(), /^✓ ИНН клиента: 7707083893\n\nКПП клиента · 2 из 3\n/)
  await chat.send('12')
  assert.match(chat.last(), /Это не КПП/)
  await chat.send('770701001')
  await chat.send('Москва, ул. Вавилова, 19')
  const { counterparty } = await showCounterparty(office.session('anna'), { id: 2 })
  assert.deepEqual(
    [counterparty.inn, counterparty.kpp, counterparty.address],
    ['7707083893', '770701001', 'Москва, ул. Вавилова, 19'],
  )
  assert.match(
    chat.last(),
    /не хватает:\n• Завершите открытые задачи\.\n• Нужно согласование: руководитель отдела\.\n\nКто решает/,
  )
  assert.ok(!chat.labels().includes('Заполнить'))
  await chat.press('Задачи по сделке')
  assert.match(chat.last(), /^Задачи по сделке №.\d+ · 1\n\n1\. Позвонить\nАнна Петрова$/)
  await chat.press('✓ Позвонить')
  assert.match(chat.last(), /Открытых задач нет/)
  const [task] = await selectRows<{ state: string }>(office.orm.em.fork(), sql`select state from deal_task where id = ${id}`)
  assert.equal(task?.state, 'done')
})

test('an entrepreneur has no KPP: it is not asked for', async () => {
  const em = office.orm.em.fork()
  await selectRows(em, sql`insert into counterparty (id, name) values (50, 'ИП Ким')`)
  const chat = await openDeal(office, 'papers', 'anna', { counterpartyId: 50 })
  await chat.press('🔒 Этап ready')
  await chat.press('Заполнить')
  await chat.send('500100732259')
  assert.match(chat.last(), /Адрес клиента · 2 из 2\n/)
})

test('who may not edit the deal is told who may, and has no key to fill in', async () => {
  const chat = await openDeal(office, 'cargo')
  const em = office.orm.em.fork()
  await selectRows(
    em,
    sql`insert into deal_participant (deal_id, employee_id) select id, 2 from deal where number = ${chat.number}`,
  )
  const boris = office.telegram('boris')
  boris.send(`#${chat.number}`)
  await office.quiet()
  boris.press('🔒 Этап ready', boris.chat.last())
  await office.quiet()
  assert.match(boris.chat.last().message.text ?? '', /Заполнить может ответственный: Анна Петрова\./)
  assert.ok(!boris.chat.buttons(boris.chat.last()).flat().includes('Заполнить'))
})

test('somebody changes the deal meanwhile: it is said, the deal shown as it is, nothing written until the answers are confirmed', async () => {
  const chat = await asked('cargo')
  await chat.send('12')
  await chat.press('Завтра')
  const { version } = await dealOf(chat.number)
  const change = { number: chat.number, version, title: 'Груз Веры', fields: { weight: 99 } }
  await editDeal(office.session('vera'), EditDeal.parse(change))
  await chat.press('Море')
  assert.match(chat.last(), /^⚠️ Пока вы отвечали, сделка изменилась\. Вера Орлова, \d\d:\d\d: /)
  assert.match(chat.last(), /Груз Веры\n/)
  assert.match(chat.last(), /Ваши ответы ещё не записаны:\n• Вес: 12 \(сейчас 99\)\n• Готовность: 14.ноя\n• Чем везём: Море$/)
  assert.deepEqual(await chat.fields(), { weight: 99 })
  await chat.send('сохрани')
  assert.match(chat.last(), /Ваши ответы ещё не записаны/)
  await chat.press('Записать мои ответы')
  assert.deepEqual(await chat.fields(), { weight: 12, ready: '2026-11-14', way: 'sea' })
  assert.equal(await chat.stage(), 'ready')
  assert.equal((await dealOf(chat.number)).title, 'Груз Веры')
})

test('the client’s requisites changed meanwhile are a conflict too, and stay when it is not confirmed', async () => {
  await selectRows(office.orm.em.fork(), sql`insert into counterparty (id, name) values (51, 'ООО «Юг»')`)
  const chat = await openDeal(office, 'papers', 'anna', { counterpartyId: 51 })
  await chat.press('🔒 Этап ready')
  await chat.press('Заполнить')
  await chat.send('7707083893')
  await editCounterparty(office.session('vera'), { id: 51, version: 1, kpp: '770101001', address: 'Тверь' })
  await chat.send('770701001')
  assert.match(chat.last(), /^⚠️ Пока вы отвечали, сделку или реквизиты клиента изменили|Адрес/)
  await chat.press('Отмена')
  const { counterparty } = await showCounterparty(office.session('anna'), { id: 51 })
  assert.deepEqual([counterparty.inn, counterparty.kpp, counterparty.address], [null, '770101001', 'Тверь'])
})

test('the stage has gone on meanwhile: the answers can be written, the deal is shown where it stands', async () => {
  const chat = await asked('cargo')
  await chat.send('12')
  await chat.press('Завтра')
  const { version } = await dealOf(chat.number)
  await editDeal(
    office.session('vera'),
    EditDeal.parse({ number: chat.number, version, fields: { weight: 1, ready: '2027-01-01', way: 'air' } }),
  )
  const vera = office.telegram('vera')
  vera.send(`#${chat.number}`)
  await office.quiet()
  vera.press('Этап ready', vera.chat.last())
  await office.quiet()
  await chat.press('Море')
  await chat.press('Записать мои ответы')
  assert.match(chat.last(), /С нынешнего этапа туда уже нет перехода/)
  assert.equal((await chat.fields())['way'], 'sea')
})

test('a deal that went out of sight ends the questions with a refusal', async () => {
  const chat = await asked('cargo')
  await selectRows(office.orm.em.fork(), sql`update deal set owner_id = 2, department_id = 3 where number = ${chat.number}`)
  await chat.send('12')
  assert.match(chat.last(), /Не найдено или недоступно вам/)
  await chat.send('13')
  assert.doesNotMatch(chat.last(), /Вес/)
})

test('buttons of questions that are over or answered have no effect, and say so', async () => {
  const chat = await asked('cargo')
  await chat.send('12')
  const day = chat.user.chat.last()
  await chat.press('Завтра')
  const again = chat.user.press('Отмена', day)
  await office.quiet()
  assert.ok(again.answer() === undefined || !/ошибк/i.test(again.answer()?.text ?? ''))
  const next = await asked('cargo')
  const old = next.user.chat.last()
  await next.send('12')
  const passed = next.user.press('Пропустить', old)
  await office.quiet()
  assert.match(passed.answer()?.text ?? '', /На этот вопрос вы уже ответили/)
  await next.press('Отмена')
  const over = next.user.press('Пропустить', old)
  await office.quiet()
  assert.match(over.answer()?.text ?? '', /Этот вопрос уже закрыт/)
})

test('a command in between rests the questions: a text is no answer then, «Продолжить» goes on', async () => {
  const chat = await asked('cargo')
  await chat.send('12')
  await chat.send('/tasks')
  await chat.send('завтра')
  assert.match(chat.last(), /Вы остановились на середине вопросов/)
  await chat.press('Продолжить')
  assert.match(chat.last(), /^Готовность · 2 из 3/)
  await chat.send('завтра')
  await chat.press('Море')
  assert.deepEqual(await chat.fields(), { weight: 12, ready: '2026-11-14', way: 'sea' })
})

test('an answer after an hour is not taken, and it is said so', async () => {
  const chat = await asked('cargo')
  await chat.send('12')
  office.clock.now = new Date(office.clock.now.getTime() + 61 * 60_000)
  try {
    await chat.send('завтра')
    assert.match(chat.last(), /Вопрос был больше 60 минут назад, ответ не записан/)
    assert.deepEqual(await chat.fields(), {})
  } finally {
    office.clock.now = new Date(office.clock.now.getTime() - 61 * 60_000)
  }
})
