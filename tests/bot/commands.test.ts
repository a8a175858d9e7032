import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { selectRows, sql } from '../../db/sql.ts'
import { type Office, openOffice } from './office.ts'

let office: Office
before(async () => {
  office = await openOffice()
})
afterEach(() => assert.deepEqual(office.emulator.violations, []))

const lastText = (user: ReturnType<Office['telegram']>) => user.chat.last().message.text ?? ''
const menu = (locale: 'ru' | 'en') =>
  office.emulator.state.commands.get(locale === 'ru' ? 'all_private_chats///' : 'all_private_chats///en') ?? []
const speak = (locale: 'ru' | 'en') => selectRows(office.orm.em.fork(), sql`update employee set locale = ${locale} where id = 4`)

test('the menu has the same commands in both languages, each described', () => {
  const names = menu('ru').map(({ command }) => command)
  assert.deepEqual(
    menu('en').map(({ command }) => command),
    names,
  )
  for (const name of ['report', 'schedule', 'notify', 'help']) assert.ok(names.includes(name), name)
  for (const { description } of menu('en')) assert.doesNotMatch(description, /[а-яё]/i)
})

for (const locale of ['ru', 'en'] as const)
  test(`every command of the menu is understood and stands in /help (${locale})`, async () => {
    await speak(locale)
    const elena = office.telegram('elena')
    elena.send('/help')
    await office.quiet()
    const help = lastText(elena)
    for (const { command } of menu(locale)) {
      if (command !== 'help') assert.match(help, new RegExp(`^/${command} — `, 'm'))
      elena.send(`/${command}`)
      await office.quiet()
      assert.doesNotMatch(lastText(elena), /^(Не понял|I did not get that)/, command)
    }
  })

test('who speaks English sees schedules and notices in English throughout', async () => {
  await speak('en')
  const elena = office.telegram('elena')
  const walk = async (command: string, ...labels: string[]) => {
    elena.send(command)
    await office.quiet()
    for (const label of [null, ...labels]) {
      const pressed = label === null ? null : elena.press(label)
      await office.quiet()
      const said = [lastText(elena), ...elena.chat.buttons().flat(), pressed?.answer()?.text ?? ''].join('\n')
      assert.doesNotMatch(said, /[а-яё]/i)
    }
  }
  await walk(
    '/schedule',
    'New schedule',
    'Flow',
    'Type: all',
    'all',
    'Next: when ›',
    'By months',
    'Another time…',
    '‹ Back',
    'Create',
  )
  await walk('/schedule', '1. ', 'Pause', 'Resume', 'When…', 'Save', 'Delete…', 'Delete')
  await walk(
    '/notify',
    '✓ A comment on my deal',
    'Quiet hours: none',
    '20:00–08:00',
    'Quiet hours: 20:00 to 08:00',
    'Other hours…',
  )
})
