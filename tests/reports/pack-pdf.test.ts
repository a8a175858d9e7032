import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { presentFunnel } from '../../api/presenters/funnel.ts'
import { presentSlices } from '../../api/presenters/reports.ts'
import { makeReport } from '../../api/reports/make-report.ts'
import { stopReports } from '../../api/reports/render.ts'
import { listDeals } from '../../api/usecases/deals/list-deals.ts'
import { showForecast } from '../../api/usecases/funnel/show-forecast.ts'
import { showFunnel } from '../../api/usecases/funnel/show-funnel.ts'
import { sliceFunnel } from '../../api/usecases/reports/slice-funnel.ts'
import type { Orm } from '../../db/orm.ts'
import { personSeeds } from '../../db/seeds/demo-people.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { formatInteger, formatMoneyShort, formatShare } from '../../shared/messages/format.ts'
import { ListDeals } from '../../shared/schemas/deals.ts'
import { ShowFunnel } from '../../shared/schemas/funnel.ts'
import { ShowForecast } from '../../shared/schemas/outcomes.ts'
import { freshDatabase, stopBeforeDatabase } from '../support/database.ts'
import { sessionOf } from '../usecases/demo-replay.ts'
import { countInk, readPdfInfo, readPdfText, renderPage, skipWithout } from './tools.ts'

/** The pack is made of what the API answers, for whoever asks. */
const now = new Date('2026-11-20T12:00:00Z')
const query = ShowFunnel.parse({ from: '2026-01-01', to: '2026-11-21', asOf: now.toISOString() })
const personOf = (login: string) => personSeeds.find((person) => person.login === login)!.id

let orm: Orm
before(async () => {
  orm = await freshDatabase()
  stopBeforeDatabase(stopReports)
  await loadDemoCompany(orm.em.fork(), { now, timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals: 300 })
})
const session = (login: string, locale: 'ru' | 'en' = 'ru') => ({ ...sessionOf(orm.em.fork(), personOf(login), now), locale })
const packFor = (login: string, locale: 'ru' | 'en' = 'ru') =>
  makeReport(session(login, locale), query, 'pack', 'http://crm.example.com')
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

for (const login of ['vlasova', 'sokolov'])
  test(`every figure of the pack is the API's, as ${login} sees it`, async (context) => {
    if (skipWithout(context, 'pdftotext')) return
    const lines = (await readPdfText((await packFor(login)).bytes)).split('\n').map((line) => line.replace(/\s+/g, ' ').trim())
    const asker = session(login)
    const funnel = presentFunnel(await showFunnel(asker, query), asker)
    assert.ok(funnel.basis === 'cohort')
    const count = (value: number) => plain(formatInteger(value, 'ru'))
    const money = (minor: number) => plain(formatMoneyShort(minor, 'RUB', 'ru'))
    for (const [index, { status, reached, amountMinor, passed }] of funnel.layers.entries()) {
      const start = `${index + 1}. ${status.name} ${count(reached)} ${money(amountMinor.reached)} ${count(passed)}`
      assert.ok(
        lines.some((line) => line.startsWith(start)),
        start,
      )
    }
    for (const by of ['type', 'department', 'employee'] as const) {
      const { rows } = presentSlices(await sliceFunnel(asker, query, by), by, funnel, funnel.narrowest)
      assert.equal(
        rows.reduce((sum, { deals }) => sum + deals, 0),
        funnel.totals.deals,
        by,
      )
      for (const { name, deals, amountMinor, won } of rows.slice(0, 30)) {
        const start = `${name} ${count(deals)} ${money(amountMinor)} ${count(won)}`
        assert.ok(
          lines.some((line) => line.startsWith(start)),
          start,
        )
      }
    }
    const { won, lost } = funnel.totals
    assert.ok(lines.some((line) => line.includes(plain(formatShare(won + lost === 0 ? null : won / (won + lost), 'ru')))))
    const { forecast } = await showForecast(asker, ShowForecast.parse({}))
    assert.ok(lines.some((line) => line.startsWith('Всего') && line.endsWith(money(forecast.totalMinor))))
    const stuck = await listDeals(asker, ListDeals.parse({ overdue: '1', open: '1', sort: 'amount', limit: 25 }))
    const printed = lines.filter((line) => /^№ \d+ /.test(line))
    assert.deepEqual(
      printed.map((line) => Number(/^№ (\d+)/.exec(line)![1])),
      stuck.rows.map(({ number }) => number),
    )
  })

test('the pack has several numbered A4 pages, in the reader’s language', async (context) => {
  if (skipWithout(context, 'pdfinfo')) return
  for (const [locale, title, last] of [
    ['ru', 'Отчёт для руководства', /Стр\. (\d+) из (\d+)/g],
    ['en', 'Management report', /Page (\d+) of (\d+)/g],
  ] as const) {
    const { name, bytes } = await packFor('vlasova', locale)
    assert.ok(name.startsWith(title) && name.endsWith('.pdf'), name)
    const info = await readPdfInfo(bytes)
    const pages = Number(/Pages:\s+(\d+)/.exec(info)![1])
    assert.ok(pages >= 3, info)
    assert.match(info, /Page size:\s+595\.\d+ x 841\.\d+ pts \(A4\)/)
    const numbers = [...(await readPdfText(bytes)).matchAll(last)].map(([, page, of]) => [Number(page), Number(of)])
    assert.deepEqual(
      numbers,
      Array.from({ length: pages }, (_, index) => [index + 1, pages]),
    )
  }
})

test('in black and white every page has ink, inside its margins', async (context) => {
  if (skipWithout(context, 'pdftoppm')) return
  const { bytes } = await packFor('vlasova')
  const pages = Number(/Pages:\s+(\d+)/.exec(await readPdfInfo(bytes))![1])
  for (let page = 1; page <= pages; page++) {
    const grey = await renderPage(bytes, page)
    assert.ok(countInk(grey, { x: 52, y: 40, w: 680, h: 1040 }) > 3_000, `page ${page}`)
    for (const x of [0, 760]) assert.equal(countInk(grey, { x, y: 0, w: 33, h: 1120 }), 0, `page ${page}: margin at ${x}`)
  }
})

test('a reader without deals gets a pack that says so', async (context) => {
  if (skipWithout(context, 'pdftotext')) return
  const empty = ShowFunnel.parse({ from: '2010-01-01', to: '2010-02-01', counterparty: '1' })
  const { bytes } = await makeReport(session('vlasova'), empty, 'pack', null)
  assert.match(await readPdfText(bytes), /За этот период по этому срезу сделок нет/)
})
