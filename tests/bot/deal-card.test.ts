import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { commentDeal } from '../../api/usecases/deals/comment-deal.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { showDeal, showHistory } from '../../api/usecases/deals/show-deal.ts'
import { readDealNumber } from '../../bot/features/deal-card.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { employeeId, type Office, openOffice, type Person } from './office.ts'

let office: Office
before(async () => {
  office = await openOffice()
})
afterEach(() => assert.deepEqual(office.emulator.violations, []))

const stageOf = async (number: number) => (await showDeal(office.session('admin'), { number })).deal.stageCode
const statusOf = async (number: number) => {
  const card = await showDeal(office.session('admin'), { number })
  return card.statuses.byId(card.deal.statusId).code
}

/** A deal of the person, its card open in his chat. */
async function opened(person: Person, fields: { title?: string; amountMinor?: number; counterpartyId?: number } = {}) {
  const { number } = (await office.deal(person, fields)).deal
  const user = office.telegram(person)
  user.send(`#${number}`)
  await office.quiet()
  return { number, user, text: () => user.chat.find(`№ ${number}`).message.text ?? '' }
}

test('«Сделка N» opens the card, its first key moves the deal on in place, undo puts it back', async () => {
  const { number } = (await office.deal('anna')).deal
  const anna = office.telegram('anna')
  anna.send(`Сделка ${number}`)
  await office.quiet()
  const press = anna.press('КП отправлено')
  await office.quiet()
  assert.equal(await stageOf(number), 'offer')
  assert.equal(press.answer()?.text, 'Этап: КП отправлено')
  assert.equal(anna.chat.messages().length, 2)
  assert.match(anna.chat.last().message.text ?? '', /Предложение ▮▮▯▯ 2 из 4\nпо этапу «КП отправлено»/)
  assert.deepEqual(anna.chat.buttons()[1], ['↩ Отменить · 10\u00a0мин'])
  anna.press('Отменить')
  await office.quiet()
  assert.equal(await stageOf(number), 'lead')
})

test('the card has at most nine lines, also with the longest names, and shows foreign markup as text', async () => {
  const { text, user } = await opened('boris', { title: `<b>Насосы</b> & "${'Ж'.repeat(280)}"`, counterpartyId: 2 })
  assert.ok(text().split('\n').length <= 9)
  assert.match(text(), /^<b>Насосы<\/b> & "Ж+…\n/)
  assert.match(text(), /ООО <Вектор> & Ко/)
  assert.match(text(), /Борис <b>Ким<\/b> & Ко/)
  assert.equal(user.chat.last().message.entities?.filter((entity) => entity.type === 'bold').length, 4)
})

test('a deal that is not there and one that is not visible get the same answer', async () => {
  const { number } = (await office.deal('boris')).deal
  const anna = office.telegram('anna')
  anna.send(`/deal ${number}`)
  anna.send('/deal 999999')
  await office.quiet()
  const [hidden, absent] = anna.chat.texts().slice(-2)
  assert.equal(hidden, absent)
  assert.match(hidden ?? '', /Не найдено/)
})

test('a card that has grown old says who changed the deal and shows it as it is', async () => {
  const { number, user, text } = await opened('anna')
  await moveDeal(office.session('vera'), { number, version: 1, stage: 'offer' })
  const press = user.press('КП отправлено')
  await office.quiet()
  assert.match(press.answer()?.text ?? '', /^Вера Орлова, \d\d:\d\d: Этап: Заявка → КП отправлено\. Карточка обновлена\.$/)
  assert.equal(press.answer()?.showAlert, true)
  assert.match(text(), /Предложение/)
  assert.equal(await stageOf(number), 'offer')
})

test('«Этап…» offers every way on and back', async () => {
  const { number, user } = await opened('anna')
  user.press('КП отправлено')
  await office.quiet()
  user.press('Этап…')
  await office.quiet()
  assert.deepEqual(user.chat.buttons(), [['→ Подписание'], ['← Заявка'], ['‹ К карточке']])
  user.press('← Заявка')
  await office.quiet()
  assert.equal(await stageOf(number), 'lead')
})

test('a deal without a process, or at the end of it, has no next step and no key for one', async () => {
  const { number, user } = await opened('anna')
  for (const label of ['КП отправлено', 'Подписание', 'Поставка оборудования']) {
    user.press(label)
    await office.quiet()
  }
  assert.equal(await stageOf(number), 'supply')
  assert.match(user.chat.last().message.text ?? '', /Процесс завершён: Поставка оборудования/)
  assert.deepEqual(user.chat.buttons()[1], ['Статус…'])
})

test('a status is set by hand with a ready reason', async () => {
  const { number, user, text } = await opened('anna')
  user.press('Статус…')
  await office.quiet()
  user.press('На паузе')
  await office.quiet()
  const press = user.press('Ждём ответа клиента')
  await office.quiet()
  assert.equal(await statusOf(number), 'paused')
  assert.equal(press.answer()?.text, 'Статус: На паузе')
  assert.match(text(), /вручную, Анна Петрова, .*: Ждём ответа клиента/)
})

test('a reason written by hand moves the card below the answer; a reason too long is asked for again', async () => {
  const { number, user } = await opened('anna')
  for (const label of ['Статус…', 'На паузе', 'Другая…']) {
    user.press(label)
    await office.quiet()
  }
  user.send('ы'.repeat(1001))
  await office.quiet()
  assert.match(user.chat.last().message.text ?? '', /от 1 до 1.000 знаков, а здесь 1.001/)
  user.send('Директор <в> отпуске')
  await office.quiet()
  assert.equal(await statusOf(number), 'paused')
  assert.match(user.chat.last().message.text ?? '', /Директор <в> отпуске/)
  assert.equal(
    user.chat.messages().filter(({ message }) => message.reply_markup && message.text?.includes(`№\u00a0${number}`)).length,
    1,
  )
})

test('a deal is lost with a reason and taken back into work', async () => {
  const { number, user } = await opened('anna')
  for (const label of ['Проиграна', 'Не по адресу', 'Дорого']) {
    user.press(label)
    await office.quiet()
  }
  assert.equal(await statusOf(number), 'spam')
  assert.deepEqual(user.chat.buttons()[0], ['Вернуть в работу'])
  for (const label of ['Вернуть в работу', 'Клиент вернулся']) {
    user.press(label)
    await office.quiet()
  }
  assert.equal(await statusOf(number), 'new')
})

test('an answer to the card comments the deal and gets a mark instead of a message', async () => {
  const { number, user } = await opened('anna')
  const before = user.chat.messages().length
  const said = user.reply(user.chat.last(), 'Клиент <просит> скидку & отсрочку')
  await office.quiet()
  const { events } = await showHistory(office.session('anna'), { number })
  assert.deepEqual(events[0]?.body, { kind: 'comment_added', text: 'Клиент <просит> скидку & отсрочку' })
  assert.deepEqual(said.botReactions, [{ type: 'emoji', emoji: '👍' }])
  assert.equal(user.chat.messages().length, before + 1)
})

test('«Комментарий» asks, «Отмена» drops the question, a file is not taken as a comment', async () => {
  const { number, user } = await opened('anna')
  user.press('Комментарий')
  await office.quiet()
  user.send('Отмена')
  await office.quiet()
  user.sendDocument('a.txt', Buffer.from('x'), { replyTo: user.chat.find('Комментарий к сделке') })
  await office.quiet()
  assert.match(user.chat.last().message.text ?? '', /только текст/)
  assert.equal((await showHistory(office.session('anna'), { number })).events.length, 1)
  user.press('Комментарий')
  await office.quiet()
  user.send('Позвонить в среду')
  await office.quiet()
  assert.equal((await showHistory(office.session('anna'), { number })).events[0]?.body.kind, 'comment_added')
})

test('a reason may be given as a reply to the card that asks for it', async () => {
  const { number, user } = await opened('anna')
  for (const label of ['Статус…', 'На паузе', 'Другая…']) {
    user.press(label)
    await office.quiet()
  }
  user.reply(user.chat.last(), 'Отпуск')
  await office.quiet()
  assert.equal(await statusOf(number), 'paused')
})

test('whoever goes back to the card, or presses anything else, is not waited for any more', async () => {
  const { number, user } = await opened('anna')
  for (const label of ['Статус…', 'На паузе', 'Другая…', 'Отмена']) {
    user.press(label)
    await office.quiet()
  }
  user.send('Это уже не причина')
  await office.quiet()
  assert.equal(await statusOf(number), 'new')
  assert.match(user.chat.last().message.text ?? '', /Не понял/)
})

test('an answer that comes after a quarter of an hour is not taken', async () => {
  const { number, user } = await opened('anna')
  user.press('Комментарий')
  await office.quiet()
  office.clock.now = new Date(office.clock.now.getTime() + 16 * 60_000)
  user.send('Поздно')
  await office.quiet()
  assert.match(user.chat.last().message.text ?? '', /больше 15 минут/)
  assert.equal((await showHistory(office.session('anna'), { number })).events.length, 1)
})

test('the history shows the newest events with who and when', async () => {
  const { number, user } = await opened('anna')
  for (let index = 0; index < 10; index++)
    await commentDeal(office.session('vera'), { number, text: `${index} ${'Ю'.repeat(3900)}` })
  await office.quiet()
  const card = user.chat.find('Этап: ')
  user.press('История', card)
  await office.quiet()
  const text = card.message.text ?? ''
  assert.match(text, /Вера Орлова\n«9 Ю+…/)
  assert.match(text, /и ещё 3 записи в приложении/)
  user.press('К карточке', card)
  await office.quiet()
  assert.deepEqual(user.chat.buttons(card)[0], ['КП отправлено'])
})

test('undo is refused once ten minutes have passed, with the reason', async () => {
  const { number, user } = await opened('anna')
  user.press('КП отправлено')
  await office.quiet()
  office.clock.now = new Date(office.clock.now.getTime() + 11 * 60_000)
  const press = user.press('Отменить')
  await office.quiet()
  assert.match(press.answer()?.text ?? '', /10 минут/)
  assert.equal(await stageOf(number), 'offer')
})

test('what was done in the chat is on record as done there by that person', async () => {
  const { number, user } = await opened('anna')
  user.press('КП отправлено')
  await office.quiet()
  const { events } = await showHistory(office.session('anna'), { number })
  assert.deepEqual([events[0]?.door, events[0]?.actorName], ['bot', 'Анна Петрова'])
  const audit = await selectRows<{ actorId: number; door: string }>(
    office.orm.em.fork(),
    sql`select actor_id as "actorId", door from audit_entry where entity = 'deal' and action = 'update' order by id desc limit 1`,
  )
  assert.deepEqual(audit, [{ actorId: employeeId('anna'), door: 'bot' }])
})

test('a deal is called by its number in either language, with its sign or without', () => {
  for (const text of ['2417', '#2417', '№ 2417', 'No. 2417', 'no 2417', 'Сделка № 2417', 'deal No.\u00a02417', ' Deal 2417 '])
    assert.equal(readDealNumber(text), 2417, text)
  for (const text of ['', 'No.', 'nope 2417', '2417 насосов', '-1']) assert.equal(readDealNumber(text), null, text)
})
