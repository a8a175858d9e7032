import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { IntlMessageFormat } from 'intl-messageformat'
import { notifyDealEvent } from '../../api/usecases/chat/notify-deal-event.ts'
import { commentDeal } from '../../api/usecases/deals/comment-deal.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { botEn } from '../../shared/messages/en/bot.ts'
import { type BotKey, botRu } from '../../shared/messages/ru/bot.ts'
import { type Office, openOffice } from './office.ts'

let office: Office
before(async () => {
  office = await openOffice()
  await makeNamesLong(office)
})

const catalogues = { ru: botRu, en: botEn } as const
const named = {
  stage: ['name_ru', 'name_en'],
  status: ['name_ru', 'name_en'],
  deal_type: ['name_ru', 'name_en'],
  process_template: ['name_ru', 'name_en'],
  employee: ['name'],
  department: ['name'],
  counterparty: ['name'],
}

/** As long as the columns allow, with all that markup could trip over, and more statuses than anybody has. */
async function makeNamesLong({ orm }: Office): Promise<void> {
  const em = orm.em.fork()
  const long = `<b>&"'</b>👩‍👩‍👧 ${'Щ'.repeat(220)}`
  await selectRows(em, sql`alter table stage disable trigger stage_immutable`)
  for (const [table, columns] of Object.entries(named))
    for (const column of columns)
      await selectRows(em, sql`update ${sql.table(table)} set ${sql.ref(column)} = ${long} || ' ' || id`)
  await selectRows(
    em,
    sql`insert into status (code, name_ru, name_en, rank, phase, category)
    select 's' || i, ${long} || i, ${long} || i, 100 + i, 'support', 'open' from generate_series(1, 20) i`,
  )
}

/** What Anna does: writes a text, or presses the key with a label, or the key at a place. */
const walk: readonly (string | { readonly key: BotKey } | { readonly at: number })[] = [
  '/start',
  '/help',
  '/app',
  '/settings',
  '/deals',
  { at: 1 },
  { key: 'key.stages' },
  { key: 'key.backToCard' },
  { key: 'key.statuses' },
  { at: 0 },
  { key: 'key.otherReason' },
  { key: 'key.cancel' },
  { key: 'key.lose' },
  { at: 0 },
  { key: 'reason.lose.price' },
  { key: 'key.history' },
  { key: 'key.backToCard' },
  { key: 'key.reopen' },
  { key: 'key.otherReason' },
  'x'.repeat(1000),
  { key: 'key.comment' },
  'x'.repeat(4000),
  'y'.repeat(4096),
  `/find ${'<&>'.repeat(60)}`,
  '/new',
  { at: 0 },
  'z'.repeat(300),
  '<b>',
  { at: 0 },
  '99 млрд',
  '/report',
  { at: 4 },
  { at: 1 },
  { at: -1 },
  '/report',
  { key: 'report.format.pdf' },
  '/unlink',
  { key: 'key.cancel' },
  '/deal',
  '/deal 99999999',
  '/deals',
  { key: 'key.next' },
  { key: 'key.overdue' },
]

for (const locale of ['ru', 'en'] as const) {
  test(`with the longest names every screen stays within the limits of Telegram, ${locale}`, { timeout: 60_000 }, async () => {
    await selectRows(office.orm.em.fork(), sql`update employee set locale = ${locale}`)
    const amountMinor = 900_719_925_474_099
    for (let index = 0; index < 7; index++) await office.deal('anna', { title: `<i>&${'Ъ'.repeat(290)}${index}`, amountMinor })
    const anna = office.telegram('anna')
    for (const step of walk) {
      if (typeof step === 'string') anna.send(step)
      else anna.press(labelOf(anna.chat.buttons(anna.chat.last()).flat(), step, locale), anna.chat.last())
      await office.quiet()
    }
    const { deal } = await office.deal('anna', { title: '&'.repeat(300) })
    for (let index = 0; index < 9; index++)
      await commentDeal(office.session('vera'), { number: deal.number, text: '<'.repeat(4000) })
    const event = { id: locale === 'ru' ? 1 : 2, body: { kind: 'comment_added', text: '&'.repeat(4000) } as const }
    await notifyDealEvent(office.session('vera'), deal, event)
    office.bot.wake()
    await office.quiet()
    assert.match(anna.chat.last().message.text ?? '', /&&&…/)
    assert.deepEqual(office.emulator.violations, [])
    const waiting = await selectRows(office.orm.em.fork(), sql`select last_error from outbox_message where sent_at is null`)
    assert.deepEqual(waiting, [])
  })
}

function labelOf(
  labels: readonly string[],
  step: { readonly key: BotKey } | { readonly at: number },
  locale: 'ru' | 'en',
): string {
  const found = 'at' in step ? labels.at(step.at) : labels.find((label) => label === catalogues[locale][step.key])
  assert.ok(found, `${JSON.stringify(step)} is not among ${labels.join(' | ')}`)
  return found
}

test('every text of the bot reads in both languages, whatever the number', () => {
  for (const [locale, catalogue] of Object.entries(catalogues)) {
    for (const [key, text] of Object.entries(catalogue)) {
      for (const count of [0, 1, 2, 5, 21]) {
        const names = [...text.matchAll(/\{(\w+)/g)].map((match) => [match[1], count])
        const said = String(new IntlMessageFormat(text, locale, undefined, { ignoreTag: true }).format(Object.fromEntries(names)))
        assert.ok(said.length > 0 && !said.includes('undefined'), `${locale} ${key}`)
      }
    }
  }
})

test('answers to presses fit where they are shown: 200 characters', () => {
  const answers = (Object.keys(botRu) as BotKey[]).filter((key) =>
    /^(button\.|failed|stranger|dialog\.asked|report\.making|fill\.over|fill\.passed)/.test(key),
  )
  for (const key of answers) assert.ok(botRu[key].length <= 200 && botEn[key].length <= 200, key)
})
