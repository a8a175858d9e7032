import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { listDeals } from '../../api/usecases/deals/list-deals.ts'
import { readAmount } from '../../bot/read-amount.ts'
import { ListDeals } from '../../shared/schemas/deals.ts'
import { type Office, openOffice } from './office.ts'

let office: Office
before(async () => {
  office = await openOffice()
})
afterEach(() => assert.deepEqual(office.emulator.violations, []))

const dealsOf = async (person: 'anna' | 'fedor') => (await listDeals(office.session(person), ListDeals.parse({ mine: '1' }))).rows
const lastText = (user: ReturnType<Office['telegram']>) => user.chat.last().message.text ?? ''

test('/new asks for type, title, client and amount one by one and shows the card', async () => {
  const anna = office.telegram('anna')
  anna.send('/new')
  await office.quiet()
  anna.press('Продажа')
  await office.quiet()
  for (const text of ['Насосы <для> & котельной', 'вектор']) {
    anna.send(text)
    await office.quiet()
  }
  anna.press('ООО <Вектор> & Ко')
  await office.quiet()
  anna.send('много')
  await office.quiet()
  assert.match(lastText(anna), /Не похоже на сумму/)
  anna.send('1,86 млн')
  await office.quiet()
  assert.match(lastText(anna), /^✓ Сделка создана\n\nНасосы <для> & котельной\n№.\d+ · ООО <Вектор> & Ко · Продажа · 1,86.млн.₽/)
  const [deal] = await dealsOf('anna')
  assert.deepEqual([deal?.title, deal?.counterpartyId, deal?.amountMinor], ['Насосы <для> & котельной', 2, 186_000_000])
})

test('a client who is not known can be left out, a command drops the half-made deal', async () => {
  const anna = office.telegram('anna')
  const before = (await dealsOf('anna')).length
  anna.send('/new')
  await office.quiet()
  anna.press('Разовая')
  await office.quiet()
  anna.send('Разовая поставка')
  await office.quiet()
  anna.send('нет такого клиента')
  await office.quiet()
  assert.match(lastText(anna), /никого нет/)
  anna.press('Без клиента')
  await office.quiet()
  anna.send('/deals')
  await office.quiet()
  anna.send('500000')
  await office.quiet()
  assert.match(lastText(anna), /Не найдено|Не понял/)
  assert.equal((await dealsOf('anna')).length, before)
})

test('«Отмена» drops it too', async () => {
  const anna = office.telegram('anna')
  anna.send('/new')
  await office.quiet()
  anna.press('Разовая')
  await office.quiet()
  anna.press('Отмена')
  await office.quiet()
  assert.match(lastText(anna), /Отменено/)
})

test('who may not create deals is told so', async () => {
  const fedor = office.telegram('fedor')
  fedor.send('/new')
  await office.quiet()
  assert.match(lastText(fedor), /нет прав/)
  assert.equal((await dealsOf('fedor')).length, 0)
})

test('sums are read as people write them', () => {
  const sums: [string, number | null][] = [
    ['420 000', 42_000_000],
    ['420\u00a0000 ₽', 42_000_000],
    ['1,86 млн', 186_000_000],
    ['1.5M', 150_000_000],
    ['500 тыс. руб', 50_000_000],
    ['500к', 50_000_000],
    ['12 500,50', 1_250_050],
    ['12,500.50', 1_250_050],
    ['420,000', 42_000_000],
    ['0', 0],
    ['1,2 млрд', 120_000_000_000],
    ['', null],
    ['много', null],
    ['-5', null],
    ['1e5', null],
    ['12 мешков', null],
    ['99999999999999999999', null],
  ]
  for (const [text, minor] of sums) assert.equal(readAmount(text), minor, text)
})
