import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import ExcelJS from 'exceljs'
import { presentFunnel } from '../../api/presenters/funnel.ts'
import { makeReport } from '../../api/reports/make-report.ts'
import { stopReports } from '../../api/reports/render.ts'
import { showFunnel } from '../../api/usecases/funnel/show-funnel.ts'
import type { Orm } from '../../db/orm.ts'
import { personSeeds } from '../../db/seeds/demo-people.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { ShowFunnel } from '../../shared/schemas/funnel.ts'
import { freshDatabase, stopBeforeDatabase } from '../support/database.ts'
import { sessionOf } from '../usecases/demo-replay.ts'

/** The workbook and the API say the same to the kopeck, for whoever asks: summary, slices and list. */
const now = new Date('2026-11-20T12:00:00Z')
let orm: Orm
before(async () => {
  orm = await freshDatabase()
  stopBeforeDatabase(stopReports)
  await loadDemoCompany(orm.em.fork(), { now, timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals: 1_300 })
})
const session = (login: string) => sessionOf(orm.em.fork(), personSeeds.find((person) => person.login === login)!.id, now)

async function bookOf(login: string, query: object): Promise<ExcelJS.Workbook> {
  const { bytes } = await makeReport(session(login), ShowFunnel.parse(query), 'xlsx', null)
  const book = new ExcelJS.Workbook()
  await book.xlsx.load(Buffer.from(bytes) as unknown as ArrayBuffer)
  return book
}
function rowOf(sheet: ExcelJS.Worksheet, first: string): ExcelJS.Row {
  for (let number = 1; number <= sheet.rowCount; number++)
    if (sheet.getCell(number, 1).value === first) return sheet.getRow(number)
  throw new Error(`No row of ${first}`)
}
const shownIn = (cell: ExcelJS.Cell): number => Number(cell.formula ? cell.result : cell.value)
const minor = (cell: ExcelJS.Cell): number => Math.round(shownIn(cell) * 100)

/** Numbers of the listed deals, and their sum in kopecks. */
function listIn(book: ExcelJS.Workbook): { readonly numbers: readonly number[]; readonly sumMinor: number } {
  const sheet = book.getWorksheet('Сделки')!
  const numbers: number[] = []
  let sumMinor = 0
  sheet.eachRow((row) => {
    if (typeof row.getCell(1).value !== 'number') return
    numbers.push(Number(row.getCell(1).value))
    sumMinor += minor(row.getCell(9))
  })
  return { numbers, sumMinor }
}

const slices = [
  {},
  { from: '2025-06-01', to: '2026-11-21' },
  { type: 'product_sale' },
  { department: '2' },
  { by: 'amount', strict: '1' },
  { from: '2025-06-01', to: '2026-11-21', attribution: 'event', employee: '9' },
]
for (const login of ['vlasova', 'sokolov'])
  for (const slice of slices)
    test(`a cohort as ${login} sees it: ${JSON.stringify(slice)}`, async () => {
      const query = { ...slice, asOf: now.toISOString() }
      const view = presentFunnel(await showFunnel(session(login), ShowFunnel.parse(query)), session(login))
      assert.ok(view.basis === 'cohort')
      const book = await bookOf(login, query)
      const { numbers, sumMinor } = listIn(book)
      assert.deepEqual(
        [new Set(numbers).size, numbers.length, sumMinor],
        [view.totals.deals, view.totals.deals, view.totals.amountMinor],
      )
      for (const { status, reached, passed, open, finished, lost, amountMinor } of view.layers) {
        const row = rowOf(book.getWorksheet('Воронка')!, status.name)
        const figures = [2, 4, 5, 6, 7].map((column) => shownIn(row.getCell(column)))
        assert.deepEqual(figures, [reached, passed, open, finished, lost], status.name)
        assert.deepEqual(
          [3, 15, 16].map((column) => minor(row.getCell(column))),
          [amountMinor.reached, amountMinor.passed, amountMinor.lost],
        )
      }
      if (view.totals.deals === 0) return
      for (const name of ['По типам', 'По отделам', 'По сотрудникам']) {
        const total = rowOf(book.getWorksheet(name)!, 'Всего')
        const figures: number[] = view.layers.map((_, index) => shownIn(total.getCell(4 + index)))
        assert.deepEqual(
          figures,
          view.layers.map(({ reached }) => reached),
          name,
        )
        assert.deepEqual([shownIn(total.getCell(2)), minor(total.getCell(3))], [view.totals.deals, view.totals.amountMinor], name)
      }
    })

test('a snapshot lists the deals that stand in its layers', async () => {
  const query = { basis: 'snapshot', asOf: now.toISOString() }
  const view = presentFunnel(await showFunnel(session('vlasova'), ShowFunnel.parse(query)), session('vlasova'))
  assert.ok(view.basis === 'snapshot')
  const { numbers, sumMinor } = listIn(await bookOf('vlasova', query))
  assert.deepEqual(
    [numbers.length, sumMinor],
    [view.layers.reduce((sum, { count }) => sum + count, 0), view.layers.reduce((sum, { amountMinor }) => sum + amountMinor, 0)],
  )
})

test('the list is largest first, over its pages too', async () => {
  const book = await bookOf('vlasova', { from: '2020-01-01', to: '2027-01-01', asOf: now.toISOString() })
  const amounts: number[] = []
  book.getWorksheet('Сделки')!.eachRow((row) => typeof row.getCell(1).value === 'number' && amounts.push(minor(row.getCell(9))))
  assert.ok(amounts.length > 1_000, `${amounts.length} deals make more than a page`)
  assert.deepEqual(
    amounts,
    amounts.toSorted((a, b) => b - a),
  )
})
