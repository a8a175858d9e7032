import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { showDeal } from '../../api/usecases/deals/show-deal.ts'
import { type Office, openOffice } from './office.ts'

let office: Office
before(async () => {
  office = await openOffice()
  for (let index = 1; index <= 12; index++) await office.deal('anna', { title: `Насосы <${index}> & ${'ю'.repeat(200)}` })
  await office.deal('boris', { title: 'Чужая сделка' })
})
afterEach(() => assert.deepEqual(office.emulator.violations, []))

const lastText = (user: ReturnType<Office['telegram']>) => user.chat.last().message.text ?? ''

test('/deals shows five of one’s own, pages in place there and back, and opens by number', async () => {
  const anna = office.telegram('anna')
  anna.send('/deals')
  await office.quiet()
  assert.match(lastText(anna), /^Мои сделки · 12 · 22,3.млн.₽\n\n1\. №.\d+ Насосы <12>/)
  assert.match(lastText(anna), /Страница 1 из 3$/)
  assert.deepEqual(anna.chat.buttons(), [['1', '2', '3', '4', '5'], ['Вперёд ›'], ['Просроченные', 'И где участвую']])
  const seen = new Set([...lastText(anna).matchAll(/№.(\d+)/g)].map((match) => match[1]))
  for (const page of [2, 3]) {
    anna.press('Вперёд ›')
    await office.quiet()
    assert.match(lastText(anna), new RegExp(`Страница ${page} из 3$`))
    for (const match of lastText(anna).matchAll(/№.(\d+)/g)) seen.add(match[1])
  }
  assert.equal(seen.size, 12)
  anna.press('‹ Назад')
  await office.quiet()
  assert.match(lastText(anna), /Страница 2 из 3$/)
  anna.press('6')
  await office.quiet()
  assert.deepEqual(anna.chat.buttons()[0], ['КП отправлено'])
  assert.equal(anna.chat.messages().length, 3)
})

test('the filter leaves the overdue ones, each marked by a word', async () => {
  const { number } = (await office.deal('vera')).deal
  await moveDeal(office.session('vera'), { number, version: 1, stage: 'offer' })
  office.clock.now = new Date(office.clock.now.getTime() + 73 * 3_600_000)
  const vera = office.telegram('vera')
  vera.send('/deals')
  await office.quiet()
  vera.press('Просроченные')
  await office.quiet()
  assert.match(lastText(vera), /^Просроченные · 1 ·/)
  assert.match(lastText(vera), /3.дня · просрочена/)
  vera.send(`#${number}`)
  await office.quiet()
  assert.match(lastText(vera), /просрочен на 1.час/)
})

test('/find finds by title, client and number among what one may see', async () => {
  const [anna, elena] = [office.telegram('anna'), office.telegram('elena')]
  anna.send('/find чужая')
  elena.send('/find чужая')
  await office.quiet()
  assert.match(lastText(anna), /Ничего не нашлось/)
  assert.match(lastText(elena), /Найдено: «чужая» · 1 ·/)
  const { number } = (await showDeal(office.session('elena'), { number: 1001 })).deal
  elena.send(`/find ${number}`)
  elena.send('/find')
  elena.send('/find <b>%_\\')
  await office.quiet()
  assert.match(elena.chat.texts().at(-3) ?? '', /Найдено: «1001» · 1 ·/)
  assert.match(elena.chat.texts().at(-2) ?? '', /Напишите, что искать/)
  assert.match(lastText(elena), /Найдено: «<b>%_\\»\n\nНичего/)
})

test('an empty list says so', async () => {
  const fedor = office.telegram('fedor')
  fedor.send('/deals')
  await office.quiet()
  assert.match(lastText(fedor), /Таких сделок нет/)
})

test('/settings changes the language of everything that follows', async () => {
  const fedor = office.telegram('fedor')
  fedor.send('/settings')
  await office.quiet()
  fedor.press('English')
  await office.quiet()
  assert.match(lastText(fedor), /Language of bot and app: English/)
  fedor.send('/deals')
  await office.quiet()
  assert.match(lastText(fedor), /There are no such deals/)
})

test('/help, /app, home and words nobody understands are answered', async () => {
  const boris = office.telegram('boris')
  for (const text of ['/help', '/app', '/start', 'как дела?', '/deal', '/deal abc']) boris.send(text)
  await office.quiet()
  const texts = boris.chat.texts()
  assert.match(texts[0] ?? '', /Что умеет бот/)
  assert.match(texts[2] ?? '', /Борис <b>Ким<\/b> & Ко, чем займёмся/)
  assert.match(texts[3] ?? '', /Не понял/)
  assert.match(texts[4] ?? '', /Напишите номер/)
  assert.equal(boris.press('Открыть ↗').url, 'http://localhost:8080')
})
