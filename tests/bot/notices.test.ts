import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { transact } from '../../api/session.ts'
import { notifyDealEvent } from '../../api/usecases/chat/notify-deal-event.ts'
import { reassignDeal } from '../../api/usecases/deals/reassign-deal.ts'
import { linkAccount } from '../../api/usecases/telegram.ts'
import { selectRow, selectRows, sql } from '../../db/sql.ts'
import type { DealEventBody } from '../../shared/domain/events.ts'
import { employeeId, type Office, openOffice, type Person } from './office.ts'

let office: Office
before(async () => {
  office = await openOffice()
  office.telegram('anna')
  office.telegram('vera')
})
afterEach(() => assert.deepEqual(office.emulator.violations, []))

const comment = (text: string): DealEventBody => ({ kind: 'comment_added', text })
let eventId = 1
const tell = (person: Person, deal: { number: number; ownerId: number }, body: DealEventBody, id = eventId++) =>
  notifyDealEvent(office.session(person), deal, { id, body })
async function flush() {
  office.bot.wake()
  await office.quiet()
}

test('a deal given to somebody by another is told to him, with a key that opens it', async () => {
  const { number } = (await office.deal('vera', { title: 'Насосы <срочно>' })).deal
  const card = await reassignDeal(office.session('vera'), {
    number,
    version: 1,
    employeeId: employeeId('anna'),
    comment: 'Возьми & <позвони>',
  })
  await tell('vera', card.deal, {
    kind: 'deal_reassigned',
    from: { id: 3, name: 'Вера Орлова' },
    to: { id: 1, name: 'Анна Петрова' },
    department: { id: 2, name: 'Продажи' },
    comment: 'Возьми & <позвони>',
  })
  await flush()
  const anna = office.telegram('anna')
  assert.match(
    anna.chat.last().message.text ?? '',
    /^Вера Орлова передаёт вам сделку\nНасосы <срочно>\n№.\d+ · АО «Волга-Пак» · 1,86.млн.₽\n\nВозьми & <позвони>$/,
  )
  anna.press('Открыть сделку')
  await office.quiet()
  assert.deepEqual(anna.chat.buttons()[0], ['КП отправлено'])
})

test('a comment by another on one’s deal is told once, one’s own is not', async () => {
  const { deal } = await office.deal('anna')
  const anna = office.telegram('anna')
  const before = anna.chat.messages().length
  await tell('anna', deal, comment('моё'))
  await tell('vera', deal, comment('ю'.repeat(4000)), 777)
  await tell('vera', deal, comment('ю'.repeat(4000)), 777)
  await flush()
  assert.equal(anna.chat.messages().length, before + 1)
  const said = anna.reply(anna.chat.last(), 'Понял')
  await office.quiet()
  assert.deepEqual(said.botReactions, [{ type: 'emoji', emoji: '👍' }])
})

test('what was rolled back is never told', async () => {
  const { deal } = await office.deal('anna')
  const before = office.telegram('anna').chat.messages().length
  await assert.rejects(
    transact(office.session('vera'), async (inside) => {
      await notifyDealEvent(inside, deal, { id: 5000, body: comment('нет') })
      throw new Error('rolled back')
    }),
  )
  await flush()
  assert.equal(office.telegram('anna').chat.messages().length, before)
})

test('a reader who lost sight of the deal, or his account, gets nothing', async () => {
  const { deal } = await office.deal('anna')
  const before = office.telegram('anna').chat.messages().length
  const em = office.orm.em.fork()
  await selectRows(em, sql`update deal set owner_id = 2, department_id = 3 where id = ${deal.id}`)
  await tell('vera', deal, comment('уже не ваше'))
  await flush()
  assert.equal(office.telegram('anna').chat.messages().length, before)
  const row = await selectRow<{ failed: boolean }>(
    em,
    sql`select failed_at is not null as failed from outbox_message order by id desc limit 1`,
  )
  assert.equal(row?.failed, true)
})

test('a message on its way does not follow a link that has moved to another account', async () => {
  const { deal } = await office.deal('vera')
  const old = office.telegram('vera')
  const other = office.stranger(888)
  const before = old.chat.messages().length
  const link = { employeeId: employeeId('vera'), telegramUserId: other.id, chatId: other.id, username: null }
  // Both at once: the sender does not see the message before the link has moved.
  await transact(office.session('anna'), async (inside) => {
    await notifyDealEvent(inside, deal, { id: eventId++, body: comment('только Вере') })
    await linkAccount(inside, link)
  })
  await flush()
  assert.equal(old.chat.messages().length, before)
  assert.equal(other.chat.messages().length, 0)
})
