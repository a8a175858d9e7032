import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import fc from 'fast-check'
import { keepButtons } from '../../api/usecases/chat/buttons.ts'
import { reassignDeal } from '../../api/usecases/deals/reassign-deal.ts'
import { showDeal, showHistory } from '../../api/usecases/deals/show-deal.ts'
import { employeeId, type Office, openOffice, type Person, persons } from './office.ts'

let office: Office
before(async () => {
  office = await openOffice()
})
afterEach(() => assert.deepEqual(office.emulator.violations, []))

const holder = (person: Person) => ({ employeeId: employeeId(person), chatId: office.telegram(person).id })
const eventCount = async (number: number) => (await showHistory(office.session('admin'), { number })).events.length

/** A button such as the bot itself makes, without its message. */
async function mint(person: Person, action: string, payload: Record<string, unknown>, expiresAt = new Date('2099-01-01')) {
  const [token] = await keepButtons(office.orm.em.fork(), holder(person), [{ action, payload, expiresAt }], office.clock.now)
  return `b:${token}`
}

test('a button works once: pressed ten times, it moves the deal once', async () => {
  const { number } = (await office.deal('anna')).deal
  const anna = office.telegram('anna')
  anna.send(`#${number}`)
  await office.quiet()
  const card = anna.chat.last()
  const data = card.message.reply_markup?.inline_keyboard[0]?.[0]
  assert.ok(data && 'callback_data' in data)
  const presses = Array.from({ length: 10 }, () => anna.pressData(data.callback_data, card))
  await office.quiet()
  assert.equal((await showDeal(office.session('anna'), { number })).deal.version, 2)
  assert.deepEqual(
    presses.map((press) => press.answer()?.text),
    ['Этап: КП отправлено', ...Array.from({ length: 9 }, () => 'Уже сделано. Второй раз эта кнопка не действует.')],
  )
})

test('a token of ours fits into what Telegram gives a button', async () => {
  assert.ok(Buffer.byteLength(await mint('anna', 'deal', { number: 1 })) <= 64)
})

type Attempt = { readonly presser: Person; readonly kind: 'own' | 'foreign' | 'expired' | 'forged' | 'replayed' | 'noise' }

test('forged, foreign, expired, replayed and made-up presses have no effect and are all explained', async () => {
  const attempts = fc.record<Attempt>({
    presser: fc.constantFrom('anna', 'vera', 'admin'),
    kind: fc.constantFrom('own', 'foreign', 'expired', 'forged', 'replayed', 'noise'),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(attempts, { minLength: 20, maxLength: 40 }),
      fc.array(fc.string({ maxLength: 60 })),
      async (list, noise) => {
        const { number } = (await office.deal('anna')).deal
        let effects = 0
        const presses = []
        const used: Record<string, string> = {}
        for (const [index, { presser, kind }] of list.entries()) {
          const user = office.telegram(presser)
          if (user.chat.messages().length === 0) {
            user.send('/start')
            await office.quiet()
          }
          const version = 1 + effects
          const payload = { number, version, stage: effects % 2 === 0 ? 'offer' : 'lead' }
          const other: Person = presser === 'anna' ? 'vera' : 'anna'
          const data = {
            own: () => mint(presser, 'deal.move', payload),
            foreign: () => mint(other, 'deal.move', payload),
            expired: () => mint(presser, 'deal.move', payload, new Date('2020-01-01')),
            forged: async () => `b:${Buffer.from(String(index).padStart(16, 'x')).toString('base64url')}`,
            replayed: async () => used[presser] ?? 'b:none',
            noise: async () => noise[index % Math.max(1, noise.length)] || 'move:1',
          }[kind]
          const token = await data()
          const press = user.pressData(token)
          presses.push(press)
          if (kind === 'own') {
            used[presser] = token
            effects += 1
            await office.quiet()
            assert.match(press.answer()?.text ?? '', /^Этап: /)
          }
        }
        await office.quiet()
        assert.equal((await showDeal(office.session('admin'), { number })).deal.version, 1 + effects)
        assert.ok(presses.every((press) => (press.answer()?.text ?? '') !== ''))
      },
    ),
    { numRuns: 6 },
  )
})

test('a press from another chat than the button’s has no effect', async () => {
  const { number } = (await office.deal('anna')).deal
  const data = await mint('anna', 'deal.move', { number, version: 1, stage: 'offer' })
  office.emulator.group({ id: -100777, title: 'Группа' })
  const anna = office.telegram('anna')
  const inGroup = anna.send('привет', { chat: office.emulator.group({ id: -100777, title: 'Группа' }) })
  const press = anna.pressData(data, inGroup)
  await office.quiet()
  assert.match(press.answer()?.text ?? '', /не ваша кнопка/)
  assert.equal(await eventCount(number), 1)
})

test('a button follows neither the person to another account nor the account to another person', async () => {
  const { number } = (await office.deal('anna')).deal
  const [anna, vera] = [holder('anna'), holder('vera')]
  const move = { action: 'deal.move', payload: { number, version: 1, stage: 'offer' }, expiresAt: new Date('2099-01-01') }
  const em = office.orm.em.fork()
  const [elsewhere] = await keepButtons(em, { ...anna, chatId: vera.chatId }, [move], office.clock.now)
  const [before] = await keepButtons(em, { ...anna, employeeId: vera.employeeId }, [move], office.clock.now)
  for (const token of [elsewhere, before]) {
    const press = office.telegram('anna').pressData(`b:${token}`, somewhere('anna'))
    await office.quiet()
    assert.match(press.answer()?.text ?? '', /не ваша кнопка/)
  }
  assert.equal(await eventCount(number), 1)
})

test('a payload that does not fit its button is our mistake, not an effect', async () => {
  const { number } = (await office.deal('anna')).deal
  const press = office
    .telegram('anna')
    .pressData(await mint('anna', 'deal.move', { number, version: 1, stage: 'offer', extra: true }))
  for (let index = 0; index < 5; index++) {
    await office.quiet()
    office.clock.now = new Date(office.clock.now.getTime() + 120_000)
    office.bot.wake()
    await new Promise((resolve) => setTimeout(resolve, 600))
  }
  await office.quiet()
  assert.match(press.answer()?.text ?? '', /Не получилось, ничего не изменено/)
  assert.equal(await eventCount(number), 1)
})

/** A press of each action, on a deal at its first stage. */
const actions = {
  move: (number: number, version: number) => ['deal.move', { number, version, stage: 'offer' }],
  setStatus: (number: number, version: number) => ['deal.setStatus', { number, version, status: 'paused', reason: 'x' }],
  lose: (number: number, version: number) => ['deal.lose', { number, version, status: 'lost', reason: 'x' }],
} as const satisfies Record<string, (number: number, version: number) => readonly [string, Record<string, unknown>]>

test('what a person may do in the chat is what he may do at all: every role, relation and action', async () => {
  const cases = []
  for (const { owner, presser, action } of everyCase()) {
    const { number, version } = await dealOf(owner)
    const card = await showDeal(office.session(presser), { number }).catch(() => null)
    const [kind, payload] = actions[action](number, version)
    const press = office.telegram(presser).pressData(await mint(presser, kind, payload), somewhere(presser))
    const name = `${presser}, ${action}, a deal of ${owner}`
    cases.push({ number, version, press, allowed: card?.actions.includes(action) ?? false, name })
  }
  await office.quiet()
  for (const { number, version, press, allowed, name } of cases) {
    const done = (await showDeal(office.session('admin'), { number })).deal.version > version
    assert.equal(done, allowed, name)
    assert.equal(press.answer()?.showAlert, !allowed, name)
  }
  assert.equal(cases.length, persons.length * persons.length * 3)
  assert.ok(cases.some(({ allowed }) => allowed) && cases.some(({ allowed }) => !allowed))
})

test('a card shows the keys of what its reader may do, and no others', async () => {
  const labels = { move: 'КП отправлено', setStatus: 'Статус…', lose: 'Проиграна', comment: 'Комментарий' } as const
  for (const owner of persons) {
    const { number } = await dealOf(owner)
    for (const reader of persons) office.telegram(reader).send(`#${number}`)
    await office.quiet()
    for (const reader of persons) {
      const card = await showDeal(office.session(reader), { number }).catch(() => null)
      const user = office.telegram(reader)
      if (!card) assert.match(user.chat.last().message.text ?? '', /Не найдено/)
      else
        for (const [action, label] of Object.entries(labels))
          assert.equal(
            user.chat.buttons(user.chat.last()).flat().includes(label),
            card.actions.includes(action as 'move'),
            `${reader} ${label}`,
          )
    }
  }
})

type Case = { readonly owner: Person; readonly presser: Person; readonly action: keyof typeof actions }

function* everyCase(): Generator<Case> {
  for (const owner of persons)
    for (const presser of persons) for (const action of ['move', 'setStatus', 'lose'] as const) yield { owner, presser, action }
}

async function dealOf(owner: Person): Promise<{ number: number; version: number }> {
  const { number } = (await office.deal('admin')).deal
  if (owner === 'admin') return { number, version: 1 }
  const { deal } = await reassignDeal(office.session('admin'), { number, version: 1, employeeId: employeeId(owner) })
  return deal
}

/** A message of the person's chat for the press to come from. */
function somewhere(person: Person) {
  const user = office.telegram(person)
  if (user.chat.messages().length === 0) user.send('/help')
  return user.chat.last('all')
}
