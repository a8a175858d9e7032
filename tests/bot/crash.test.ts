import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { keepCard } from '../../api/usecases/chat/cards.ts'
import { showHistory } from '../../api/usecases/deals/show-deal.ts'
import { selectRow, sql } from '../../db/sql.ts'
import { type Office, openOffice, type Person } from './office.ts'

const people: Person[] = ['anna', 'boris', 'vera']
const perPerson = 25

function startProcess(office: Office): ChildProcess {
  const script = fileURLToPath(new URL('./bot-process.ts', import.meta.url))
  const url = String(office.orm.config.get('clientUrl'))
  return spawn(process.execPath, [script, url, office.emulator.apiRoot, office.emulator.token], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

test('killed again and again in the middle of its work, the bot does all of it once and in order', {
  timeout: 180_000,
}, async () => {
  const office = await openOffice({ start: false })
  const numbers = new Map<Person, number>()
  for (const person of people) {
    const { number } = (await office.deal(person)).deal
    const user = office.telegram(person)
    const card = user.send('карточка')
    await keepCard(office.orm.em.fork(), { chatId: user.id, messageId: card.message.message_id }, number, office.clock.now)
    numbers.set(person, number)
    for (let index = 0; index < perPerson; index++) user.reply(card, String(index))
  }
  const open = async () =>
    Number(
      (
        await selectRow<{ open: string }>(
          office.orm.em.fork(),
          sql`select count(*)::text as open from telegram_update where handled_at is null`,
        )
      )?.open,
    )
  const handled = async () =>
    Number(
      (
        await selectRow<{ done: string }>(
          office.orm.em.fork(),
          sql`select count(*)::text as done from telegram_update where handled_at is not null`,
        )
      )?.done,
    )

  let child = startProcess(office)
  let kills = 0
  try {
    // A busy machine starts a bot in seconds; in vain it is waited for longer than any takes.
    for (const until = performance.now() + 120_000; performance.now() < until; ) {
      await delay(50)
      const done = await handled()
      if (done === people.length * (perPerson + 1) && (await open()) === 0) break
      if (kills < 3 && done > (kills + 1) * 15) {
        await kill(child)
        kills += 1
        child = startProcess(office)
      }
    }
  } finally {
    await kill(child)
  }
  assert.ok(kills >= 2, `killed ${kills} times`)
  for (const [person, number] of numbers) {
    const { events } = await showHistory(office.session(person), { number })
    const comments = events.flatMap(({ body }) => (body.kind === 'comment_added' ? [body.text] : [])).reverse()
    assert.deepEqual(
      comments,
      Array.from({ length: perPerson }, (_, index) => String(index)),
      person,
    )
  }
  assert.deepEqual(office.emulator.violations, [])
})
