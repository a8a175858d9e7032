import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { createLinkCode, isTelegramLinked } from '../../api/usecases/telegram.ts'
import { linkDemoPersonas } from '../../bot/demo.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { type Office, openOffice, type Person } from './office.ts'

let office: Office
before(async () => {
  office = await openOffice({ linked: false })
})
afterEach(() => assert.deepEqual(office.emulator.violations, []))

let nextStranger = 700
const stranger = () => office.stranger(nextStranger++)
const lastText = (user: ReturnType<typeof stranger>) => user.chat.last().message.text ?? ''

async function link(person: Person, user = stranger()) {
  const { code } = await createLinkCode(office.session(person))
  user.send(`/start ${code}`)
  await office.quiet()
  user.press('Да, это я')
  await office.quiet()
  return user
}

test('a stranger learns nothing, whatever he writes', async () => {
  const user = stranger()
  for (const text of ['/start', '/deals', '/deal 1', 'Сделка 1', 'привет', '/start AAAA-BBBB']) user.send(text)
  await office.quiet()
  assert.deepEqual(new Set(user.chat.texts()), new Set([user.chat.texts()[0]]))
  assert.doesNotMatch(lastText(user), /Волга|Воронка/)
})

test('the code of the deep link shows whom it links, asks, and links once', async () => {
  const user = stranger()
  const { code } = await createLinkCode(office.session('anna'))
  user.send(`/start ${code}`)
  await office.quiet()
  assert.match(lastText(user), /Анна Петрова \(a•••\)/)
  assert.equal(await isTelegramLinked(office.session('anna')), false)
  user.press('Да, это я')
  await office.quiet()
  assert.equal(await isTelegramLinked(office.session('anna')), true)
  const other = stranger()
  other.send(`/start ${code}`)
  await office.quiet()
  assert.match(lastText(other), /Код не подходит/)
})

test('a code typed in groups, in small letters, links as well', async () => {
  const user = stranger()
  const { code } = await createLinkCode(office.session('boris'))
  user.send(code.toLowerCase().replace(/(.{4})(?=.)/g, '$1-'))
  await office.quiet()
  assert.match(lastText(user), /Борис <b>Ким<\/b> & Ко/)
  user.press('Нет')
  await office.quiet()
  assert.equal(await isTelegramLinked(office.session('boris')), false)
})

test('a code works for ten minutes and a new one voids the old', async () => {
  const user = stranger()
  const first = await createLinkCode(office.session('vera'))
  const second = await createLinkCode(office.session('vera'))
  user.send(`/start ${first.code}`)
  await office.quiet()
  assert.match(lastText(user), /Код не подходит/)
  office.clock.now = new Date(second.expiresAt.getTime() + 1)
  user.send(`/start ${second.code}`)
  await office.quiet()
  assert.match(lastText(user), /Код не подходит/)
})

test('codes cannot be tried without end', async () => {
  const user = stranger()
  for (let index = 0; index < 11; index++) user.send('ABCD-EFGH-JKMN')
  await office.quiet()
  assert.match(lastText(user), /Слишком много попыток/)
})

test('an employee has one Telegram at a time: the later link ends the earlier', async () => {
  const first = await link('elena')
  const second = await link('elena')
  first.send('/deals')
  second.send('/deals')
  await office.quiet()
  assert.match(lastText(first), /рабочий бот/)
  assert.match(lastText(second), /Сделки/)
})

test('/unlink asks, unlinks, and kills the buttons sent before', async () => {
  const user = await link('fedor')
  const { number } = (await office.deal('anna')).deal
  await selectRows(office.orm.em.fork(), sql`insert into deal_participant select id, 5 from deal where number = ${number}`)
  user.send(`#${number}`)
  await office.quiet()
  const card = user.chat.last()
  user.send('/unlink')
  await office.quiet()
  user.press('Отвязать')
  await office.quiet()
  assert.equal(await isTelegramLinked(office.session('fedor')), false)
  const press = user.press('КП отправлено', card)
  await office.quiet()
  assert.match(press.answer()?.text ?? '', /устарела/)
})

test('a deactivated employee is a stranger at once', async () => {
  const user = await link('vera')
  await selectRows(office.orm.em.fork(), sql`update employee set deactivated_at = now() where id = 3`)
  user.send('/deals')
  await office.quiet()
  assert.match(lastText(user), /рабочий бот/)
  await selectRows(office.orm.em.fork(), sql`update employee set deactivated_at = null where id = 3`)
})

test('whoever blocks the bot is unlinked', async () => {
  const user = await link('anna')
  user.block()
  await office.quiet()
  assert.equal(await isTelegramLinked(office.session('anna')), false)
})

test('in a group the bot says nothing of the company', async () => {
  const user = await link('anna')
  const chat = office.emulator.group({ id: -100500, title: 'Продажи' })
  user.send('/deals', { chat })
  await office.quiet()
  assert.deepEqual(chat.texts(), ['Я отвечаю только в личном чате.'])
})

test('a broken code never links: the press of a forged confirmation has no effect', async () => {
  const user = stranger()
  user.send('/start')
  await office.quiet()
  const press = user.pressData(`b:${'A'.repeat(22)}`)
  await office.quiet()
  assert.match(press.answer()?.text ?? '', /устарела/)
})

test('the demo people are linked once per role, the same at every start', async () => {
  const em = () => office.orm.em.fork()
  const first = await linkDemoPersonas(em(), office.clock.now)
  const second = await linkDemoPersonas(em(), office.clock.now)
  assert.deepEqual(second, first)
  assert.deepEqual(
    first.map((persona) => persona.role),
    ['manager', 'head', 'executive', 'field', 'admin'],
  )
  const manager = office.emulator.user(first[0]!.telegramUserId)
  manager.send('/start')
  await office.quiet()
  assert.match(lastText(manager), /Анна Петрова, чем займёмся/)
})

test('the command menu is in the language of the reader’s Telegram', () => {
  const english = office.emulator.state.commands.get('all_private_chats///en')
  const russian = office.emulator.state.commands.get('all_private_chats///')
  assert.equal(english?.[0]?.description, 'My deals')
  assert.equal(russian?.[0]?.description, 'Мои сделки')
})
