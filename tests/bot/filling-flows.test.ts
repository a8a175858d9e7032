import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { createDealField } from '../../api/usecases/deal-types/type-fields.ts'
import { editDeal } from '../../api/usecases/deals/edit-deal.ts'
import { listDeals } from '../../api/usecases/deals/list-deals.ts'
import { showDeal } from '../../api/usecases/deals/show-deal.ts'
import { readDay } from '../../bot/read-day.ts'
import { readMoney } from '../../bot/read-money.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { CreateDealField } from '../../shared/schemas/deal-types.ts'
import { EditDeal, ListDeals } from '../../shared/schemas/deals.ts'
import { insertProcess, insertType } from '../support/processes.ts'
import { type Chat, chatOf, openCargo, openDeal } from './filling-office.ts'
import type { Office } from './office.ts'

let office: Office
before(async () => {
  office = await openCargo()
})
afterEach(() => assert.deepEqual(office.emulator.violations, []))

const dealOf = async (number: number) => (await showDeal(office.session('admin'), { number })).deal
const strictDeals = async () => (await listDeals(office.session('anna'), ListDeals.parse({ type: 'strict' }))).rows

/** A new deal of the type `strict`, as far as its first field. */
async function begun(): Promise<Chat> {
  const chat = chatOf(office, 'anna', 0)
  await chat.send('/new')
  await chat.press('strict')
  assert.match(chat.last(), /^Название · 1 из 5\n\nКак назвать сделку\?/)
  await chat.send('Груз из Твери')
  await chat.press('Без клиента')
  await chat.send('420 000')
  assert.match(chat.last(), /^✓ Сумма: 420.000.₽\n\nВес · 4 из 5\n/)
  return chat
}

test('/new asks for what the type requires, which cannot be skipped, and makes the deal with it', async () => {
  const chat = await begun()
  assert.deepEqual(chat.labels(), ['‹ Назад', 'Отмена'])
  await chat.send('тяжёлый')
  assert.match(chat.last(), /Не похоже на число/)
  await chat.send('12,5')
  assert.equal((await strictDeals()).length, 0)
  await chat.press('Поезд')
  assert.match(chat.last(), /^✓ Сделка создана\n\nГруз из Твери\n/)
  const [deal] = await strictDeals()
  assert.deepEqual(deal?.fields, { weight: 12.5, way: 'rail' })

  await chat.press('Ещё поля')
  assert.match(chat.last(), /^Клиент · 1 из /)
  for (let skipped = 0; skipped < 3; skipped++) if (chat.labels().includes('Пропустить')) await chat.press('Пропустить')
  assert.match(chat.last(), /^Пометка · /)
  await chat.send('хрупкое')
  assert.deepEqual((await strictDeals())[0]?.fields, { weight: 12.5, way: 'rail', note: 'хрупкое' })
})

test('a new deal dropped half-way, by «Отмена» or by time, is not made', async () => {
  const before = (await strictDeals()).length
  const chat = await begun()
  await chat.send('12')
  await chat.press('Отмена')
  await begun()
  office.clock.now = new Date(office.clock.now.getTime() + 61 * 60_000)
  await chat.send('12')
  assert.match(chat.last(), /Вопрос был больше 60 минут назад/)
  assert.equal((await strictDeals()).length, before)
})

test('the bot starts anew in the middle: the questions go on where they were', async () => {
  const chat = await openDeal(office, 'cargo')
  await chat.press('🔒 Этап ready')
  await chat.press('Заполнить')
  await chat.send('12')
  await office.restart()
  await chat.press('Завтра')
  await office.restart()
  await chat.press('Море')
  assert.equal(await chat.stage(), 'ready')
  assert.equal((await chat.fields())['weight'], 12)
})

test('«Изменить» lists the deal’s fields with what they hold; one is changed with the version seen, one emptied', async () => {
  const chat = await openDeal(office, 'cargo', 'anna', { fields: { note: 'старое', weight: 5 } })
  await chat.press('Изменить')
  assert.match(chat.last(), /^Груз\n\nНазвание: Груз\nСумма: 100.000.₽\nКлиент: АО «Волга-Пак»\nКонтакт: —\n/)
  assert.match(chat.last(), /\nПометка: старое\nВес: 5\nЦена: —\n/)
  await chat.press('Вперёд ›')
  assert.match(chat.last(), /^Груз\n\nПеревозчик: —\nВодитель: —\n\nКакое поле изменить\?$/)
  await chat.press('‹ Назад')
  await chat.press('Пометка')
  assert.match(chat.last(), /^Пометка\nСейчас: старое\n/)
  assert.deepEqual(chat.labels(), ['Очистить', 'Отмена'])
  await chat.send('новое')
  assert.match(chat.last(), /^✓ Записано\. Пометка: новое\n\nГруз\n/)
  await chat.press('Изменить')
  await chat.press('Вес')
  await chat.press('Очистить')
  assert.deepEqual(await chat.fields(), { note: 'новое' })
  await chat.press('Изменить')
  await chat.press('Название')
  assert.deepEqual(chat.labels(), ['Отмена'])
  await chat.send('ж'.repeat(301))
  assert.match(chat.last(), /Нужно от 1 до 300 знаков/)
  await chat.send('Груз <срочный>')
  assert.equal((await dealOf(chat.number)).title, 'Груз <срочный>')
})

test('the deal’s amount may be written in another currency, a field’s may not', async () => {
  const chat = await openDeal(office, 'cargo')
  await chat.press('Изменить')
  await chat.press('Сумма')
  await chat.send('1,5 тыс. $')
  const { amountMinor, currency } = await dealOf(chat.number)
  assert.deepEqual([amountMinor, currency], [150_000, 'USD'])
  assert.match(chat.last(), /^✓ Записано\. Сумма: 1.500.\$/)
  await chat.press('Изменить')
  await chat.press('Сумма')
  assert.match(chat.last(), /Напишите сумму в USD/)
  await chat.send('2000')
  assert.deepEqual([(await dealOf(chat.number)).amountMinor, (await dealOf(chat.number)).currency], [200_000, 'USD'])
})

test('who may only look has no «Изменить», and an old one does nothing', async () => {
  const chat = await openDeal(office, 'cargo')
  const card = chat.user.chat.last()
  await selectRows(office.orm.em.fork(), sql`update deal set owner_id = 2, department_id = 3 where number = ${chat.number}`)
  await selectRows(
    office.orm.em.fork(),
    sql`insert into deal_participant (deal_id, employee_id) select id, 1 from deal where number = ${chat.number}`,
  )
  const pressed = chat.user.press('Изменить', card)
  await office.quiet()
  assert.match(pressed.answer()?.text ?? '', /нет прав/)
  await chat.send(`#${chat.number}`)
  assert.ok(!chat.labels().includes('Изменить'))
})

test('everything is said in English too', async () => {
  await selectRows(office.orm.em.fork(), sql`update employee set locale = 'en' where id = 1`)
  try {
    const chat = await openDeal(office, 'cargo')
    await chat.press('🔒 Stage ready')
    assert.match(chat.last(), /Still missing for the stage “Stage ready”:\n• /)
    await chat.press('Fill in now')
    assert.match(chat.last(), /^weight · 1 of 3\n\nWrite a number/)
    await chat.send('1,234')
    assert.match(chat.last(), /^✓ weight: 1234\n/)
    await chat.send('next year')
    assert.match(chat.last(), /Not a day: “next year”/)
    await chat.send('Dec 25')
    await chat.press('Rail')
    assert.match(chat.last(), /^✓ Saved\. weight: 1234, ready: 25.Dec, way: Rail\nStage: Stage ready/)
  } finally {
    await selectRows(office.orm.em.fork(), sql`update employee set locale = 'ru' where id = 1`)
  }
})

test('with the longest names, the most options and many fields every screen stays within the limits of Telegram', async () => {
  const long = (mark: string) => `<b>&"'${mark} ${'Щ'.repeat(225)}`
  const options = Array.from({ length: 60 }, (_, index) => ({ code: `o${index}`, ru: long(`${index}`), en: long(`${index}`) }))
  const facts = Array.from({ length: 12 }, (_, index) => `field.long${index}`)
  const gates = [
    { kind: 'fields' as const, facts },
    { kind: 'tasks' as const },
    { kind: 'approval' as const, role: 'head' as const },
  ]
  const stages = [{ code: 'draft' }, { code: 'ready', gates }]
  await insertType(office.orm, 'long', await insertProcess(office.orm, 'long', stages))
  for (const [index, fact] of facts.entries()) {
    const kind = index < 2 ? { kind: index === 0 ? 'choice' : 'several', options } : { kind: 'text' }
    const names = { ru: long(fact), en: long(fact) }
    await createDealField(office.session('admin'), CreateDealField.parse({ code: 'long', field: fact.slice(6), names, ...kind }))
  }
  const chat = await openDeal(office, 'long', 'anna', { title: `<i>${'&'.repeat(290)}` })
  await chat.press('🔒 Этап ready')
  await chat.press('Заполнить')
  await chat.press('Вперёд ›')
  await chat.press('Вперёд ›')
  await chat.press(options[40]?.ru.slice(0, 20) ?? '')
  for (const option of options.slice(0, 5)) await chat.press(option.ru.slice(0, 10))
  await chat.press('Готово · 5')
  for (let index = 2; index < facts.length - 1; index++) await chat.send('<'.repeat(4000))
  const { version } = await dealOf(chat.number)
  await editDeal(office.session('vera'), EditDeal.parse({ number: chat.number, version, fields: { long5: '&'.repeat(4000) } }))
  await chat.send('&'.repeat(4000))
  assert.match(chat.last(), /Ваши ответы ещё не записаны/)
  await chat.press('Записать мои ответы')
  await chat.press('‹ К карточке')
  await chat.press('Изменить')
  assert.match(chat.last(), /Какое поле изменить\?$/)
})

test('days are read as people write them', () => {
  const today = '2026-11-13' // a Friday
  const days: readonly (readonly [string, string | null])[] = [
    ['сегодня', '2026-11-13'],
    ['Завтра', '2026-11-14'],
    ['послезавтра', '2026-11-15'],
    ['25.12', '2026-12-25'],
    ['15.03', '2027-03-15'],
    ['10.11', '2026-11-10'],
    ['25.12.26', '2026-12-25'],
    ['25.12.2027 г.', '2027-12-25'],
    ['25/12/2026', '2026-12-25'],
    ['2026-12-25', '2026-12-25'],
    ['25 декабря', '2026-12-25'],
    ['1 марта 2027 года', '2027-03-01'],
    ['Dec 25', '2026-12-25'],
    ['December 25th, 2027', '2027-12-25'],
    ['25 dec', '2026-12-25'],
    ['в пятницу', '2026-11-20'],
    ['четверг', '2026-11-19'],
    ['monday', '2026-11-16'],
    ['через неделю', '2026-11-20'],
    ['через 3 дня', '2026-11-16'],
    ['in 2 weeks', '2026-11-27'],
    ['через месяц', '2026-12-13'],
    ['через 3 месяца', '2027-02-13'],
    ['29.02', '2028-02-29'],
    ['29.02.2027', null],
    ['31.02.2027', null],
    ['32 декабря', null],
    ['12', null],
    ['срочно', null],
    ['', null],
    ['25.13', null],
    ['constructor', null],
  ]
  for (const [text, day] of days) if (text !== '29.02') assert.equal(readDay(text, today), day, text)
})

test('sums are read with their currency', () => {
  const sums: readonly (readonly [string, number | null, string?])[] = [
    ['420 000', 42_000_000, 'RUB'],
    ['420 000 ₽', 42_000_000, 'RUB'],
    ['1,8 млн руб.', 180_000_000, 'RUB'],
    ['500 р.', 50_000, 'RUB'],
    ['$1.5M', 150_000_000, 'USD'],
    ['300 usd', 30_000, 'USD'],
    ['EUR 12,50', 1250, 'EUR'],
    ['200 тыс. тенге', 20_000_000, 'KZT'],
    ['5000 JPY', 5000, 'JPY'],
    ['5000,50 JPY', null],
    ['12 мешков', null],
    ['abc', null],
    ['-5', null],
  ]
  for (const [text, amountMinor, currency] of sums)
    assert.deepEqual(readMoney(text, 'RUB'), amountMinor === null ? null : { amountMinor, currency }, text)
})
