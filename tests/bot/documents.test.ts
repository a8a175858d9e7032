import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { type DealCard, showDeal, showHistory } from '../../api/usecases/deals/show-deal.ts'
import { createDocument } from '../../api/usecases/documents/create-document.ts'
import { recordPayment } from '../../api/usecases/documents/payments.ts'
import { setDocumentState } from '../../api/usecases/documents/set-document-state.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { type Office, openOffice, type Person } from './office.ts'

let office: Office
before(async () => {
  office = await openOffice()
  const em = office.orm.em.fork()
  await selectRows(
    em,
    sql`insert into document_type (id, code, name_ru, name_en, is_payable) values (1, 'contract', 'Договор', 'Contract', false), (2, 'invoice', 'Счёт', 'Invoice', true)`,
  )
  await selectRows(em, sql`insert into deal_type_document (deal_type_id, document_type_id) values (1, 1), (1, 2)`)
})
afterEach(() => assert.deepEqual(office.emulator.violations, []))

const documentOf = async (number: number) => (await showDeal(office.session('admin'), { number })).documents[0]!.row
const lastText = (user: ReturnType<Office['telegram']>) => user.chat.last().message.text ?? ''

/** A deal with an invoice of 1,000 roubles, the invoice open in the person's chat. */
async function opened(person: Person, prepare: (card: DealCard) => Promise<unknown> = async () => undefined) {
  const { deal } = await office.deal('anna')
  const amount = { amountMinor: 1_000_00, currency: 'RUB' }
  const given = { deal: deal.number, type: 'invoice', number: '7 <б>', datedOn: '2026-11-01', amount }
  await prepare(await createDocument(office.session('anna'), given))
  const user = office.telegram(person)
  user.send(`#${deal.number}`)
  await office.quiet()
  for (const label of ['Документы', 'Счёт']) {
    user.press(label)
    await office.quiet()
  }
  return { number: deal.number, user }
}

test('the card names the documents with their states, and leads to them', async () => {
  const { number } = (await office.deal('anna')).deal
  const anna = office.telegram('anna')
  anna.send(`#${number}`)
  await office.quiet()
  assert.ok(!anna.chat.buttons().flat().includes('Документы'))
  await createDocument(office.session('anna'), { deal: number, type: 'contract', number: '<5>', datedOn: '2026-11-01' })
  anna.send(`#${number}`)
  await office.quiet()
  assert.match(lastText(anna), /Договор №.<5> черновик/)
  anna.press('Документы')
  await office.quiet()
  assert.match(lastText(anna), /Договор №.<5> · черновик\nот 1.ноя/)
})

test('the owner hands the invoice in, the head approves it, each by one press', async () => {
  const { number, user } = await opened('anna')
  assert.deepEqual(user.chat.buttons(), [['На согласование', 'Аннулировать'], ['Записать оплату'], ['Документы', '‹ К карточке']])
  const press = user.press('На согласование')
  await office.quiet()
  assert.equal(press.answer()?.text, 'Счёт №\u00a07 <б>: на согласовании')
  assert.equal((await documentOf(number)).state, 'on_approval')
  assert.ok(!user.chat.buttons().flat().includes('Согласовать'))

  const vera = office.telegram('vera')
  vera.send(`#${number}`)
  await office.quiet()
  for (const label of ['Документы', 'Счёт', 'Согласовать']) {
    vera.press(label)
    await office.quiet()
  }
  assert.equal((await documentOf(number)).state, 'approved')
})

test('a rejection takes a reason written by hand', async () => {
  const { number, user } = await opened('vera', ({ documents }) =>
    setDocumentState(office.session('anna'), { id: documents[0]!.row.id, version: 1, state: 'on_approval' }),
  )
  user.press('Отклонить')
  await office.quiet()
  assert.match(lastText(user), /Почему отклоняете/)
  user.send('нет печати')
  await office.quiet()
  assert.match(lastText(user), /отклонён/)
  const { events } = await showHistory(office.session('admin'), { number })
  const body = events[0]!.body
  assert.ok(body.kind === 'document_changed')
  assert.deepEqual([body.state, body.comment], ['rejected', 'нет печати'])
})

test('a payment is recorded by its amount, the rest by one press; what is no amount is asked for again', async () => {
  const { number, user } = await opened('anna')
  user.press('Записать оплату')
  await office.quiet()
  user.send('много')
  await office.quiet()
  assert.match(lastText(user), /Не похоже на сумму/)
  user.send('400')
  await office.quiet()
  assert.match(lastText(user), /Оплачено 400.₽ из 1.000.₽/)
  user.press('Записать оплату')
  await office.quiet()
  const press = user.press('Вся сумма: 600\u00a0₽')
  await office.quiet()
  assert.equal(press.answer()?.text, 'Оплата записана')
  const { payments } = await documentOf(number)
  assert.deepEqual(
    payments.map(({ amountMinor, paidOn }) => [amountMinor, paidOn]),
    [
      [400_00, '2026-11-13'],
      [600_00, '2026-11-13'],
    ],
  )
  assert.match(lastText(user), /Оплачен полностью/)
})

test('a key on a document that somebody has changed since does nothing and says who it was', async () => {
  const { number, user } = await opened('anna')
  const { id, version } = await documentOf(number)
  await setDocumentState(office.session('vera'), { id, version, state: 'approved' })
  const press = user.press('На согласование')
  await office.quiet()
  assert.match(press.answer()?.text ?? '', /^Вера Орлова, .*Счёт №/)
  assert.equal((await documentOf(number)).state, 'approved')
})

test('who only watches sees the documents and has no keys for them', async () => {
  const { user } = await opened('elena')
  const labels = user.chat.buttons().flat()
  assert.ok(!labels.includes('Записать оплату') && !labels.includes('На согласование'))
})

test('the owner is told when another decides on a document or records a payment, not of his own doing', async () => {
  const anna = office.telegram('anna')
  const { deal } = await office.deal('anna')
  const amount = { amountMinor: 1_000_00, currency: 'RUB' }
  const given = { deal: deal.number, type: 'invoice', number: '9', datedOn: '2026-11-01', amount }
  const added = await createDocument(office.session('anna'), given)
  const before = anna.chat.texts().length
  const { id } = added.documents[0]!.row
  const step = (person: Person, version: number, state: 'on_approval' | 'approved') =>
    setDocumentState(office.session(person), { id, version, state })
  await step('anna', 1, 'on_approval')
  const approved = await step('vera', 2, 'approved')
  const { version } = approved.documents[0]!.row
  await recordPayment(office.session('vera'), { id, version, amount, paidOn: '2026-11-02', comment: '' })
  office.bot.wake()
  await office.quiet()
  const told = anna.chat.texts().slice(before)
  assert.equal(told.length, 2)
  assert.match(told[0]!, /^Вера Орлова: Счёт № 9 · согласован\n/)
  assert.match(told[1]!, /^Вера Орлова: Оплата: 1.000.₽ · Счёт № 9\n/)
})
