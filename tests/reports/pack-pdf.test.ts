import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { PDFDict, PDFDocument, PDFName, PDFString } from 'pdf-lib'
import { presentFunnel } from '../../api/presenters/funnel.ts'
import { presentForecast } from '../../api/presenters/outcomes.ts'
import { presentSlices } from '../../api/presenters/reports.ts'
import { makeReport } from '../../api/reports/make-report.ts'
import { moneyColumn } from '../../api/reports/money-column.ts'
import { stopReports } from '../../api/reports/render.ts'
import { listDeals } from '../../api/usecases/deals/list-deals.ts'
import { listFunnelDeals } from '../../api/usecases/funnel/drill-down.ts'
import { showForecast } from '../../api/usecases/funnel/show-forecast.ts'
import { showFunnel } from '../../api/usecases/funnel/show-funnel.ts'
import { sliceFunnel } from '../../api/usecases/reports/slice-funnel.ts'
import type { Orm } from '../../db/orm.ts'
import { personSeeds } from '../../db/seeds/demo-people.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { formatInteger, formatShare } from '../../shared/messages/format.ts'
import { ListDeals } from '../../shared/schemas/deals.ts'
import { ListFunnelDeals, ShowFunnel } from '../../shared/schemas/funnel.ts'
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
    /** As one unit of a table has it. */
    const inUnit = (...amounts: readonly number[]) => {
      const column = moneyColumn(amounts, 'RUB', 'ru')
      return (minor: number) => plain(column.say(minor))
    }
    const ofLayers = inUnit(funnel.totals.amountMinor, ...funnel.layers.flatMap((layer) => Object.values(layer.amountMinor)))
    for (const [index, { status, reached, amountMinor, passed }] of funnel.layers.entries()) {
      const start = `${index + 1}. ${status.name} ${count(reached)} ${ofLayers(amountMinor.reached)} ${count(passed)}`
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
      const sumOf = (key: 'amountMinor' | 'wonAmountMinor') => rows.reduce((sum, row) => sum + row[key], 0)
      const own = rows.slice(0, 30).flatMap((row) => [row.amountMinor, row.wonAmountMinor])
      const ofRows = inUnit(sumOf('amountMinor'), sumOf('wonAmountMinor'), ...own)
      for (const { name, deals, amountMinor, won } of rows.slice(0, 30)) {
        const start = `${name} ${count(deals)} ${ofRows(amountMinor)} ${count(won)}`
        assert.ok(
          lines.some((line) => line.startsWith(start)),
          start,
        )
      }
    }
    const { won, lost } = funnel.totals
    assert.ok(lines.some((line) => line.includes(plain(formatShare(won + lost === 0 ? null : won / (won + lost), 'ru')))))
    const { buckets, types, totalMinor } = presentForecast(await showForecast(asker, ShowForecast.parse({})), asker)
    const { won: wonNow, expected } = buckets
    const ofForecast = inUnit(
      ...[wonNow.amountMinor, expected.amountMinor, expected.weightedMinor, totalMinor],
      ...types.flatMap((row) => [row.won.amountMinor, row.expected.amountMinor, row.expected.weightedMinor, row.totalMinor]),
    )
    assert.ok(lines.some((line) => line.startsWith('Всего') && line.endsWith(ofForecast(totalMinor))))
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

const snapshot = ShowFunnel.parse({ basis: 'snapshot', type: 'service' })

test('the link on a snapshot leads to its moment, by the clocks of the organisation', async (context) => {
  if (skipWithout(context, 'pdftotext')) return
  const linkOf = async (asked: typeof query) => {
    const { bytes } = await makeReport(session('vlasova'), asked, 'pdf', 'http://crm.example.com')
    return new URL(/http:\/\/crm\S+/.exec(await readPdfText(bytes))![0]).searchParams
  }
  assert.deepEqual(Object.fromEntries(await linkOf(snapshot)), { asOf: '2026-11-20T15:00', basis: 'snapshot', type: 'service' })
  // A period without a moment goes on: the link shows it as it is by then.
  const { asOf: _asOf, ...open } = query
  assert.deepEqual(Object.fromEntries(await linkOf(open)), { from: '2026-01-01', to: '2026-11-21' })
  assert.equal((await linkOf(query)).get('asOf'), '2026-11-20T15:00')
})

/** Addresses that a PDF leads to. */
async function linksOf(bytes: Uint8Array): Promise<readonly URL[]> {
  const { context } = await PDFDocument.load(bytes)
  const dictionaries = context.enumerateIndirectObjects().flatMap(([, object]) => (object instanceof PDFDict ? [object] : []))
  const actions = dictionaries.flatMap((one) => one.lookupMaybe(PDFName.of('A'), PDFDict) ?? [])
  return actions.map((action) => new URL(action.lookup(PDFName.of('URI'), PDFString).asString()))
}

/** The question of a list as the app asks it: moments by the clocks of the organisation. */
function questionAt({ searchParams }: URL): Record<string, string> {
  const words = Object.fromEntries(searchParams)
  return { ...words, ...(words['asOf'] === undefined ? {} : { asOf: `${words['asOf']}:00+03:00` }) }
}

test('the figures of the tables lead to exactly their deals, as they were then', async () => {
  const asker = session('vlasova')
  for (const basis of ['cohort', 'flow', 'snapshot'] as const) {
    const asked = { ...query, basis }
    const view = presentFunnel(await showFunnel(asker, asked), asker)
    const { bytes } = await makeReport(asker, asked, 'pdf', 'http://crm.example.com')
    let followed = 0
    for (const link of await linksOf(bytes)) {
      const [, place] = /^\/funnel\/([^~]+)$/.exec(link.pathname) ?? []
      if (!place) continue
      const words = questionAt(link)
      const { total } = await listFunnelDeals(session('vlasova'), ListFunnelDeals.parse({ ...words, layer: place, limit: 1 }))
      const layer = view.layers.find(({ status }) => status.code === place)! as unknown as Record<string, number>
      assert.equal(total, layer[words['part'] ?? 'count'], `${basis} ${link}`)
      followed++
    }
    assert.ok(followed > 20, `${basis}: ${followed} links`)
  }
})

test('the figures of a pack lead on: layers before, types, people, forecast and deals', async () => {
  const links = await linksOf((await packFor('vlasova')).bytes)
  const isLed = (words: RegExp) =>
    assert.ok(
      links.some(({ href }) => words.test(href)),
      String(words),
    )
  for (const words of [
    /\/funnel\/proposal\?from=2025-.*asOf=.*part=reached/,
    /\/funnel\/~all\?.*type=service/,
    /\/funnel\/~deals\/cohortLost\?from=2026-01-01&to=2026-11-21$/,
    /\/funnel\/~deals\/cohortWon\?.*employee=\d/,
    /\/funnel\/~deals\/expected\?.*ofType=/,
    /\/funnel\/proposal\?.*basis=snapshot.*part=overdue/,
    /crm\.example\.com\/deals\/\d+$/,
  ])
    isLed(words)
  const ofType = links.find(({ pathname, searchParams }) => pathname.endsWith('~all') && searchParams.get('type') === 'service')!
  const [row] = await sliceFunnel(session('vlasova'), query, 'type').then((rows) => rows.filter(({ word }) => word === 'service'))
  const { total } = await listFunnelDeals(session('vlasova'), ListFunnelDeals.parse({ ...questionAt(ofType), limit: 1 }))
  assert.equal(total, row!.funnel.totals.deals)
})
