import assert from 'node:assert/strict'
import { afterEach, before, beforeEach, test } from 'node:test'
import { notifyDealEvent } from '../../api/usecases/chat/notify-deal-event.ts'
import { showHistory } from '../../api/usecases/deals/show-deal.ts'
import { isTelegramLinked } from '../../api/usecases/telegram.ts'
import { receiveUpdate } from '../../bot/inbox.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { type Office, openOffice, type Person } from './office.ts'

let office: Office
before(async () => {
  office = await openOffice()
})
beforeEach(() => {
  office.emulator.earlyCalls.length = 0
})
afterEach(() => {
  assert.deepEqual(office.emulator.violations, [])
  assert.deepEqual(office.emulator.earlyCalls, [])
})

const commentsOf = async (number: number) =>
  (await showHistory(office.session('admin'), { number })).events.flatMap(({ body }) =>
    body.kind === 'comment_added' ? [body.text] : [],
  )

async function opened(person: Person) {
  const { number, ownerId } = (await office.deal(person)).deal
  const user = office.telegram(person)
  user.send(`#${number}`)
  await office.quiet()
  return { number, ownerId, user, card: user.chat.last() }
}

/** Waits until nothing is left to send, however long Telegram makes the bot wait. */
async function delivered() {
  for (let round = 0; round < 200; round++) {
    await office.quiet()
    const waiting = await selectRows(
      office.orm.em.fork(),
      sql`select 1 from outbox_message where sent_at is null and failed_at is null`,
    )
    if (waiting.length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('messages still wait')
}

test('an update delivered twice has one effect and one answer', async () => {
  const { number, user, card } = await opened('anna')
  const before = user.chat.messages().length
  office.emulator.duplicateNext(2)
  user.reply(card, 'раз')
  user.send(`#${number}`)
  await office.quiet()
  assert.deepEqual(await commentsOf(number), ['раз'])
  assert.equal(user.chat.messages().length, before + 3)
})

test('updates stored while nobody was at work are handled once, in their order', async () => {
  const { number, user, card } = await opened('boris')
  const chat = { id: user.id, type: 'private', first_name: 'Борис' }
  const update = (id: number, text: string) => ({
    update_id: id,
    message: {
      message_id: 9000 + id,
      date: 1,
      chat,
      from: { id: user.id, is_bot: false, first_name: 'Борис' },
      text,
      reply_to_message: card.message,
    },
  })
  const em = office.orm.em.fork()
  const texts = ['а', 'б\u0000\ud800', 'в']
  const ids = [500_003, 400_001, 600_007]
  for (const [index, text] of texts.entries())
    assert.equal(await receiveUpdate(em, update(ids[index]!, text), office.clock.now), true)
  assert.equal(await receiveUpdate(em, update(ids[0]!, 'снова'), office.clock.now), false)
  await new Promise((resolve) => setTimeout(resolve, 600))
  await office.quiet()
  assert.deepEqual(await commentsOf(number), ['в', 'б\ufffd', 'а'])
})

test('what is no update, and kinds of updates that come one day, do no harm', async () => {
  const em = office.orm.em.fork()
  for (const body of [null, 'x', {}, { update_id: 'x' }, { update_id: -1.5 }])
    assert.equal(await receiveUpdate(em, body, office.clock.now), false)
  assert.equal(await receiveUpdate(em, { update_id: 700_000, hologram: { from: 1 } }, office.clock.now), true)
  await new Promise((resolve) => setTimeout(resolve, 600))
  const open = await selectRows(em, sql`select 1 from telegram_update where handled_at is null`)
  assert.deepEqual(open, [])
})

test('a failure of ours is tried again; a poisoned update is set aside with an apology and the chat goes on', async () => {
  const { number, user, card } = await opened('anna')
  await selectRows(
    office.orm.em.fork(),
    sql`create function refuse_poison() returns trigger language plpgsql as $$ begin
      if new.body ->> 'text' = 'яд' then raise exception 'poison'; end if; return new; end $$`,
  )
  await selectRows(
    office.orm.em.fork(),
    sql`create trigger poison before insert on deal_event for each row execute function refuse_poison()`,
  )
  user.reply(card, 'яд')
  user.reply(card, 'после')
  for (let index = 0; index < 6; index++) {
    await office.quiet()
    office.clock.now = new Date(office.clock.now.getTime() + 100_000)
    await new Promise((resolve) => setTimeout(resolve, 550))
  }
  await office.quiet()
  assert.deepEqual(await commentsOf(number), ['после'])
  assert.match(user.chat.find('Не получилось').message.text ?? '', /ничего не изменено/)
})

test('storms of 429 and 500 delay messages, never lose, double or reorder them', async () => {
  const people: Person[] = ['anna', 'boris', 'vera']
  for (const person of people) await opened(person)
  for (const person of people) office.telegram(person).send('/help')
  await delivered()
  const seenBefore = new Map(people.map((person) => [person, office.telegram(person).chat.messages().length]))
  office.emulator.fail({ with: 429, method: 'sendMessage', chatId: office.telegram('anna').id, retryAfter: 1, times: 2 })
  office.emulator.fail({ with: 500, method: 'sendMessage', chatId: office.telegram('boris').id, times: 3 })
  office.emulator.fail({ with: 502, method: 'sendMessage', chatId: office.telegram('vera').id, times: 2 })
  for (const person of people) for (const text of ['/help', '/app', '/deal', '/help', '/find']) office.telegram(person).send(text)
  await delivered()
  for (const person of people) {
    const texts = office
      .telegram(person)
      .chat.messages()
      .slice(seenBefore.get(person))
      .filter(({ fromBot }) => fromBot)
    assert.equal(texts.length, 5, person)
    assert.match(texts[0]?.message.text ?? '', /Что умеет/)
    assert.match(texts[2]?.message.text ?? '', /Напишите номер/)
    assert.match(texts[4]?.message.text ?? '', /что искать/)
  }
})

test('a message that may have been sent is not sent twice, a notification is rather sent twice than lost', async () => {
  const { number, ownerId, user } = await opened('vera')
  const before = user.chat.messages().length
  office.emulator.fail({ with: 'reset-after', method: 'sendMessage', chatId: user.id })
  user.send('/help')
  await delivered()
  assert.equal(user.chat.messages().length, before + 2)
  office.emulator.fail({ with: 'reset-before', method: 'sendMessage', chatId: user.id })
  await notifyDealEvent(
    office.session('anna'),
    { number, ownerId },
    { id: 90_001, body: { kind: 'comment_added', text: 'важно' } },
  )
  office.bot.wake()
  await delivered()
  assert.match(user.chat.last().message.text ?? '', /комментирует вашу сделку/)
})

test('an edit is repeated until it is done, and one of a message that is gone becomes a new message', async () => {
  const { number, user, card } = await opened('anna')
  office.emulator.fail({ with: 'reset-before', method: 'editMessageText', times: 2 })
  user.press('Этап…', card)
  await delivered()
  assert.deepEqual(user.chat.buttons(card), [['→ КП отправлено'], ['‹ К карточке']])
  const press = card.message.reply_markup?.inline_keyboard[0]?.[0]
  card.deleted = true
  user.pressData(press && 'callback_data' in press ? press.callback_data : '', card)
  await delivered()
  assert.match(user.chat.last().message.text ?? '', new RegExp(`№.${number}`))
  assert.equal(user.chat.buttons(user.chat.last())[0]?.[0], 'Подписание')
})

test('whoever has blocked the bot gets nothing more and is unlinked', async () => {
  const { number, ownerId, user } = await opened('boris')
  office.emulator.state.chats.get(user.id)!.blocked = true
  for (const id of [91_001, 91_002])
    await notifyDealEvent(office.session('vera'), { number, ownerId }, { id, body: { kind: 'comment_added', text: 'привет' } })
  office.bot.wake()
  await delivered()
  assert.equal(await isTelegramLinked(office.session('boris')), false)
  assert.equal(
    office.emulator.refusals.filter((call) => call.method === 'sendMessage' && /blocked/.test(JSON.stringify(call))).length,
    1,
  )
})
