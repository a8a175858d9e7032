import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { loseDeal } from '../../api/usecases/deals/lose-deal.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { type Office, openOffice } from './office.ts'

let office: Office
before(async () => {
  office = await openOffice()
  for (let index = 0; index < 9; index++) {
    const { number } = (await office.deal('anna')).deal
    if (index < 6) await moveDeal(office.session('admin'), { number, version: 1, stage: 'offer' })
    if (index < 2) await loseDeal(office.session('admin'), { number, version: 2, status: 'lost', reason: 'Дорого' })
  }
})
afterEach(() => assert.deepEqual(office.emulator.violations, []))

const lastText = (user: ReturnType<Office['telegram']>) => user.chat.last().message.text ?? user.chat.last().message.caption ?? ''
async function made() {
  await office.quiet()
  await office.quiet()
}
async function get(basis: string) {
  const elena = office.telegram('elena')
  elena.send('/report')
  await office.quiet()
  elena.press(basis)
  await office.quiet()
  return elena
}

test('a report of the flow says what became of the deals of each status, and leads to those that stayed', async () => {
  const elena = await get('Поток')
  assert.deepEqual(elena.chat.buttons()[0], ['Проходят', '✓ Поток', 'Стоят'])
  elena.press('Получить')
  await made()
  const asked = office.reports.asked.at(-1)?.query
  assert.deepEqual([asked?.basis, asked?.from], ['flow', '2026-01-01'])
  assert.match(
    lastText(elena),
    /^За период в статусы входили 9.сделок, всего 15.входов\.\nНовая: дальше.6 · остались.3\nПредложение: остались.4 · проиграны.2\n/,
  )
  const report = elena.chat.last()
  const [[key = ''] = [], [lost = ''] = []] = elena.chat.buttons(report)
  assert.match(key, /^Предложение: остались.4$/)
  elena.press(key)
  await office.quiet()
  assert.match(lastText(elena), /Предложение: остались здесь · 4 ·/)
  assert.match(lost, /^Предложение: проиграны.2$/)
  elena.press(lost, report)
  await office.quiet()
  assert.match(lastText(elena), /Предложение: проиграны · 2 ·/)
})

test('a report of where deals stand has no period, and leads to the layer that most are in', async () => {
  const elena = await get('Стоят')
  assert.ok(
    !elena.chat
      .buttons()
      .flat()
      .some((label) => /Квартал/.test(label)),
  )
  elena.press('Получить')
  await made()
  assert.equal(office.reports.asked.at(-1)?.query.basis, 'snapshot')
  assert.match(lastText(elena), /^Сейчас в воронке 7.сделок на .*\nНовая: 3 · 5,58.млн.₽\nПредложение: 4 · 7,44.млн.₽\nна 13.ноя/)
  elena.press('Предложение: стоят\u00a04')
  await office.quiet()
  assert.match(lastText(elena), /Предложение: стоят здесь · 4 ·/)
})

test('the basis is repeated with the rest, as the last time; keys from before there was a choice are of the cohort', async () => {
  const elena = office.telegram('elena')
  elena.send('/report')
  await office.quiet()
  assert.equal(elena.chat.buttons()[0]?.[2], '✓ Стоят')
  assert.deepEqual(elena.chat.buttons().at(-1), ['↻ Как в прошлый раз'])
  await selectRows(office.orm.em.fork(), sql`update bot_button set payload = payload - 'basis' where action = 'report.make'`)
  elena.press('Как в прошлый раз')
  await made()
  assert.equal(office.reports.asked.at(-1)?.query.basis, 'cohort')
  assert.match(lastText(elena), /9 сделок · .* · выиграно 0 · проиграно 2/)
})
