import assert from 'node:assert/strict'
import { test } from 'node:test'
import ExcelJS from 'exceljs'
import fc from 'fast-check'
import type { FunnelReport } from '../../api/reports/funnel-report.ts'
import { funnelXlsx } from '../../api/reports/funnel-xlsx.ts'
import type { FieldValueView } from '../../shared/views/processes.ts'
import { cohortOf, dealOf, reportOf, snapshotOf, splitOf } from './fixture.ts'
import { recalculate, skipWithout } from './tools.ts'

async function open(bytes: Uint8Array): Promise<ExcelJS.Workbook> {
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.load(Buffer.from(bytes) as unknown as ArrayBuffer)
  return workbook
}

const make = async (report: FunnelReport) => open(await funnelXlsx(report))

/** The row whose first cell is this text. */
function rowOf(sheet: ExcelJS.Worksheet, first: string | number): ExcelJS.Row {
  for (let number = 1; number <= sheet.rowCount; number++) {
    if (sheet.getCell(number, 1).value === first) return sheet.getRow(number)
  }
  throw new Error(`No row of ${first}`)
}

const shownIn = (cell: ExcelJS.Cell): unknown => (cell.formula ? cell.result : cell.value)
const near = (one: unknown, other: number) => assert.ok(Math.abs(Number(one) - other) < 1e-9, `${String(one)} is not ${other}`)

for (const [locale, sheets] of [
  ['ru', ['Воронка', 'По сотрудникам', 'Сделки', 'Как считаем']],
  ['en', ['Funnel', 'By employee', 'Deals', 'How we count']],
] as const) {
  test(`the summary carries the view's figures, its conversions and totals are formulas (${locale})`, async () => {
    const workbook = await make(reportOf(locale))
    assert.deepEqual(
      workbook.worksheets.map(({ name }) => name),
      sheets,
    )
    const sheet = workbook.worksheets[0]!
    const { layers } = cohortOf(locale)
    for (const [index, layer] of layers.entries()) {
      const row = rowOf(sheet, layer.status.name)
      const { reached, passed, open, finished, lost, conversion } = layer
      assert.deepEqual(
        [2, 4, 5, 6, 7].map((column) => row.getCell(column).value),
        [reached, passed, open, finished, lost],
      )
      near(row.getCell(3).value, layer.amountMinor.reached / 100)
      if (index === 7) assert.equal(row.getCell(8).value, null)
      else {
        const [p, l] = [`D${row.number}`, `G${row.number}`]
        assert.equal(row.getCell(8).formula, `IF(${p}+${l}=0,"",${p}/(${p}+${l}))`)
        near(row.getCell(8).result, conversion.resolved!)
      }
    }
    const total = rowOf(sheet, locale === 'ru' ? 'Всего сделок' : 'All deals')
    assert.match(total.getCell(7).formula, /^SUM\(G\d+:G\d+\)$/)
    assert.deepEqual(
      [2, 5, 6, 7].map((column) => shownIn(total.getCell(column))),
      [1284, 588, 52, 656],
    )
  })
}

test('by amount the conversion is of the money', async () => {
  const { layers } = cohortOf('ru')
  const funnel = {
    ...cohortOf('ru'),
    layers: layers.map((layer) => {
      const { passed, lost } = layer.amountMinor
      return { ...layer, conversion: { ...layer.conversion, resolved: passed === 0 ? null : passed / (passed + lost) } }
    }),
  }
  const cell = rowOf((await make(reportOf('ru', { by: 'amount', funnel }))).worksheets[0]!, 'Договор').getCell(8)
  assert.match(cell.formula, /O\d+\/\(O\d+\+P\d+\)/)
})

test('only the bottleneck is loud: its conversion has a mark, a tint and a border', async () => {
  const sheet = (await make(reportOf('ru'))).worksheets[0]!
  const loud = rowOf(sheet, 'Переговоры').getCell(8)
  assert.ok(loud.numFmt.includes('▼'))
  assert.equal(loud.border.left?.style, 'medium')
  assert.ok(!rowOf(sheet, 'Оплата').getCell(8).numFmt.includes('▼'))
})

test('the deals add up to the figure, have filters, a frozen head, money and real dates in the time of the organisation', async () => {
  const report = reportOf('ru')
  const sheet = (await make(report)).worksheets[2]!
  const head = rowOf(sheet, '№')
  const amounts = report.deals.rows.map((_, index) => Math.round(Number(sheet.getCell(head.number + 1 + index, 9).value) * 100))
  const sumMinor = report.deals.rows.reduce((sum, { amount }) => sum + amount.amountMinor, 0)
  assert.equal(
    amounts.reduce((sum, amount) => sum + amount, 0),
    sumMinor,
  )
  near(sheet.getCell(head.number - 1, 9).result, sumMinor / 100)
  const row = sheet.getRow(head.number + 2)
  assert.deepEqual(
    [1, 2, 3, 5, 7, 12].map((column) => row.getCell(column).value),
    [1002, 'Поставка 2', 'ООО «Северный лес»', 'Квалификация', 'Анна Петрова', 1],
  )
  assert.equal(row.getCell(9).numFmt, '#,##0.00 "₽"')
  // 1 September 22:30 UTC is 2 September 01:30 in Moscow.
  assert.equal((row.getCell(10).value as Date).toISOString(), '2026-09-02T01:30:00.000Z')
  const last = head.number + report.deals.rows.length
  assert.equal(sheet.autoFilter as unknown as string, `A${head.number}:L${last}`)
  const [view] = sheet.views
  assert.ok(view?.state === 'frozen' && view.ySplit === head.number)
  assert.equal(sheet.pageSetup.orientation, 'landscape')
  assert.equal(sheet.pageSetup.printTitlesRow, `${head.number}:${head.number}`)
})

test('a list that was cut says of how many it is', async () => {
  const report = reportOf('ru', { deals: { rows: [dealOf(0, 'ru')], total: 60_000 } })
  const sheet = (await make(report)).worksheets[2]!
  assert.match(String(sheet.getCell(3, 1).value), /первые 1 из 60\s000/)
})

test('people add up to the layer', async () => {
  const sheet = (await make(reportOf('ru'))).worksheets[1]!
  const total = rowOf(sheet, 'Всего')
  assert.deepEqual(
    [2, 4, 5, 7].map((column) => total.getCell(column).result),
    [455, 229, 130, 96],
  )
  near(rowOf(sheet, 'Игорь Соколов').getCell(8).result, splitOf('ru').rows[0]!.resolved!)
})

test('a snapshot has counts, sums, weights, lateness and age, without shares', async () => {
  const sheet = (await make(reportOf('ru', { funnel: snapshotOf('ru'), split: null }))).worksheets[0]!
  assert.deepEqual((rowOf(sheet, 'Переговоры').values as unknown[]).slice(1), ['Переговоры', 130, 11_180_000, 5_590_000, 17, 10])
  assert.deepEqual(
    [2, 5].map((column) => rowOf(sheet, 'Всего сделок').getCell(column).result),
    [588, 24],
  )
})

test('what people wrote is text: never a formula, never a link, no control signs, within the limit of a cell', async () => {
  const nasty = [
    '=1+1',
    '+7 495',
    '-2',
    '@SUM(A1)',
    '=HYPERLINK("http://x","y")',
    '\u0000\u0007=cmd|1',
    'Ж'.repeat(40_000),
    '_x0041_',
    '\ud800',
  ]
  const rows = nasty.map((title, index) => ({ ...dealOf(index, 'ru'), title }))
  const report = reportOf('ru', {
    funnel: cohortOf('ru', nasty),
    deals: { rows, total: rows.length },
    organizationName: '=A1',
    preparedBy: '&"=1',
  })
  const workbook = await make(report)
  const sheet = workbook.worksheets[2]!
  const head = rowOf(sheet, '№').number
  const titles = nasty.map((_, index) => sheet.getCell(head + 1 + index, 2).value)
  assert.deepEqual(titles.slice(0, 5), nasty.slice(0, 5))
  assert.equal(titles[5], '=cmd|1')
  assert.equal(String(titles[6]).length, 32_767)
  for (const one of workbook.worksheets) {
    one.eachRow((row) =>
      row.eachCell((cell) => {
        if (cell.formula) assert.match(cell.formula, /^(IF|SUM|ROUND|SUBTOTAL)\(/)
        assert.equal(cell.hyperlink, undefined)
      }),
    )
  }
})

test('recalculated by LibreOffice, every formula gives the result that it carries', async (context) => {
  if (skipWithout(context, 'soffice')) return
  const bytes = await funnelXlsx(reportOf('ru'))
  const [ours, theirs] = [await open(bytes), await open(await recalculate(bytes))]
  let formulas = 0
  for (const [index, sheet] of ours.worksheets.entries()) {
    sheet.eachRow((row) =>
      row.eachCell((cell) => {
        if (!cell.formula) return
        formulas++
        near(shownIn(theirs.worksheets[index]!.getCell(cell.address)), Number(cell.result))
      }),
    )
  }
  assert.ok(formulas > 20, `${formulas} formulas`)
})

test('whatever things are called, a workbook is made that can be read again', async () => {
  const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 200 }))
  await fc.assert(
    fc.asyncProperty(fc.array(name, { maxLength: 12 }), name, async (names, title) => {
      const rows = [{ ...dealOf(0, 'ru'), title }]
      const workbook = await make(
        reportOf('ru', { funnel: cohortOf('ru', names), deals: { rows, total: 1 }, organizationName: title }),
      )
      assert.equal(workbook.worksheets.length, 4)
    }),
    { numRuns: 10 },
  )
})

test('the deals have a column for each custom field that lists show: figures and days as such, text never a formula', async () => {
  const field = (code: string, kind: FieldValueView['kind'], value: FieldValueView['value'], text: string): FieldValueView => ({
    code,
    name: `Поле ${code}`,
    kind,
    isRequired: false,
    value,
    text,
  })
  const rows = [
    dealOf(0, 'ru'),
    {
      ...dealOf(1, 'ru'),
      fields: [
        field('weight', 'number', 1250.5, '1250,5'),
        field('price', 'money', 120_050, '1 200,50 ₽'),
        field('ready', 'day', '2026-12-01', '1 дек 2026'),
        field('note', 'text', '=1+1', '=1+1'),
        field('urgent', 'flag', true, 'да'),
      ],
    },
  ]
  const workbook = await make(reportOf('ru', { deals: { rows, total: 2 } }))
  const sheet = workbook.getWorksheet('Сделки')!
  const head = rowOf(sheet, '№')
  const titles = (head.values as string[]).slice(13)
  assert.deepEqual(titles, ['Поле weight', 'Поле price', 'Поле ready', 'Поле note', 'Поле urgent'])
  const cells = (row: number) => [13, 14, 15, 16, 17].map((column) => sheet.getCell(head.number + row, column).value)
  assert.deepEqual(cells(1), [null, null, null, null, null])
  assert.deepEqual(cells(2), [1250.5, 1200.5, new Date('2026-12-01T00:00:00Z'), '=1+1', 'да'])
})
