import assert from 'node:assert/strict'
import { test } from 'node:test'
import ExcelJS from 'exceljs'
import fc from 'fast-check'
import { strFromU8, unzipSync } from 'fflate'
import type { FunnelReport } from '../../api/reports/funnel-report.ts'
import { funnelXlsx } from '../../api/reports/funnel-xlsx.ts'
import { minorDigits } from '../../shared/domain/money.ts'
import type { FieldValueView } from '../../shared/views/processes.ts'
import { cohortOf, dealOf, dealsOf, reportOf, slicesOf, snapshotOf } from './fixture.ts'
import { recalculate, saveAgain, skipWithout } from './tools.ts'

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
  ['ru', ['Воронка', 'По типам', 'По отделам', 'По сотрудникам', 'Сделки', 'Как считаем']],
  ['en', ['Funnel', 'By type', 'By department', 'By employee', 'Deals', 'How we count']],
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
        [2, 4, 5, 6, 7].map((column) => shownIn(row.getCell(column))),
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
  const sheet = (await make(report)).getWorksheet('Сделки')!
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
  const [table] = (sheet.model as unknown as { tables: unknown }).tables as { tableRef: string; columns: { name: string }[] }[]
  assert.equal(table!.tableRef, `A${head.number}:L${last}`)
  assert.deepEqual(
    table!.columns.map(({ name }) => name),
    (head.values as string[]).slice(1),
  )
  const [view] = sheet.views
  assert.ok(view?.state === 'frozen' && view.ySplit === head.number)
  assert.equal(sheet.pageSetup.orientation, 'landscape')
  assert.equal(sheet.pageSetup.printTitlesRow, `${head.number}:${head.number}`)
})

test('a list that was cut says of how many it is', async () => {
  const report = reportOf('ru', { deals: dealsOf([dealOf(0, 'ru')], 60_000) })
  const sheet = (await make(report)).getWorksheet('Сделки')!
  assert.match(String(sheet.getCell(3, 1).value), /первые 1 из 60\s000/)
})

test('types, departments and people add up: their totals and shares are formulas', async () => {
  const workbook = await make(reportOf('ru'))
  for (const name of ['По типам', 'По отделам', 'По сотрудникам']) {
    const sheet = workbook.getWorksheet(name)!
    const total = rowOf(sheet, 'Всего')
    // Deals, those in the fourth layer, passed and lost in it.
    assert.deepEqual(
      [2, 7, 16, 17].map((column) => total.getCell(column).result),
      [4 * 321, 455, 229, 96],
    )
    const row = rowOf(sheet, 'Игорь Соколов')
    assert.match(row.getCell(18).formula, /^IF\(P\d+\+Q\d+=0,"",P\d+\/\(P\d+\+Q\d+\)\)$/)
    near(row.getCell(18).result, slicesOf()[2]!.rows[0]!.loud!.resolved!)
    near(row.getCell(14).result, 60 / (60 + 164))
    near(total.getCell(14).result, 246 / (246 + 4 * 164))
    near(total.getCell(18).result, 229 / (229 + 96))
    assert.equal(
      total.getCell(18).formula,
      `IF(P${total.number}+Q${total.number}=0,"",P${total.number}/(P${total.number}+Q${total.number}))`,
    )
    assert.equal(row.getCell(19).value, 'ниже слоя')
  }
})

test('a snapshot has counts, sums, weights, lateness and age, without shares', async () => {
  const sheet = (await make(reportOf('ru', { funnel: snapshotOf('ru'), slices: [] }))).worksheets[0]!
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
    deals: dealsOf(rows),
    organizationName: '=A1',
    preparedBy: '&"=1',
  })
  const workbook = await make(report)
  const sheet = workbook.getWorksheet('Сделки')!
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
        reportOf('ru', { funnel: cohortOf('ru', names), deals: dealsOf(rows), organizationName: title }),
      )
      assert.equal(workbook.worksheets.length, 6)
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
  const workbook = await make(reportOf('ru', { deals: { ...dealsOf(rows), fields: rows[1]!.fields } }))
  const sheet = workbook.getWorksheet('Сделки')!
  const head = rowOf(sheet, '№')
  const titles = (head.values as string[]).slice(13)
  assert.deepEqual(titles, ['Поле weight', 'Поле price', 'Поле ready', 'Поле note', 'Поле urgent'])
  const cells = (row: number) => [13, 14, 15, 16, 17].map((column) => sheet.getCell(head.number + row, column).value)
  assert.deepEqual(cells(1), [null, null, null, null, null])
  assert.deepEqual(cells(2), [1250.5, 1200.5, new Date('2026-12-01T00:00:00Z'), '=1+1', 'да'])
})

const partOf = (bytes: Uint8Array, name: string) => {
  const part = unzipSync(bytes, { filter: (file) => file.name === name })[name]
  return part && strFromU8(part)
}
/** Ranges that the chart's figures are read from, in the order of its series. */
const rangesOf = (chart: string) => [...chart.matchAll(/<c:val><c:numRef><c:f>([^<]+)<\/c:f>/g)].map(([, range]) => range!)

for (const [name, report, letters] of [
  ['of a cohort', reportOf('ru'), ['D', 'E', 'F', 'G', 'B']],
  ['of a snapshot', reportOf('ru', { funnel: snapshotOf('ru'), slices: [] }), ['B']],
] as const)
  test(`the chart ${name} is a native one: its series are the cells of the summary, with what stands in them`, async () => {
    const bytes = await funnelXlsx(report)
    const [sheet, chart] = [(await open(bytes)).worksheets[0]!, partOf(bytes, 'xl/charts/chart1.xml')!]
    const first = rowOf(sheet, 'Новая').number
    const ranges = letters.map((letter) => `'Воронка'!$${letter}$${first}:$${letter}$${first + 7}`)
    assert.deepEqual(rangesOf(chart), ranges)
    const cached = [...chart.matchAll(/<c:numCache>.*?<\/c:numCache>/g)].map(([cache]) =>
      [...cache.matchAll(/<c:v>([^<]+)<\/c:v>/g)].map(([, figure]) => Number(figure)),
    )
    const cells = letters.map((letter) =>
      Array.from({ length: 8 }, (_, row) => shownIn(sheet.getCell(`${letter}${first + row}`))),
    )
    assert.deepEqual(cached, cells)
    assert.match(chart, letters.length > 1 ? /<c:grouping val="stacked"\/>/ : /<c:grouping val="clustered"\/>/)
    assert.match(chart, letters.length > 1 ? /<a:t>Воронка, сделок дошло<\/a:t>/ : /<a:t>Воронка, сделок стоит<\/a:t>/)
    // The sheet leads to the drawing, the drawing to the chart, and the package knows both.
    assert.match(partOf(bytes, 'xl/worksheets/sheet1.xml')!, /<drawing r:id="rIdChart"\/>/)
    assert.match(partOf(bytes, 'xl/drawings/_rels/drawing1.xml.rels')!, /Target="..\/charts\/chart1.xml"/)
    assert.match(partOf(bytes, '[Content_Types].xml')!, /PartName="\/xl\/charts\/chart1.xml"/)
  })

test('LibreOffice opens the chart as a chart: what it saves again has the same series over the same cells', async (context) => {
  if (skipWithout(context, 'soffice')) return
  const bytes = await funnelXlsx(reportOf('ru'))
  const saved = partOf(await saveAgain(bytes), 'xl/charts/chart1.xml')!
  const plain = (range: string) => range.replaceAll("'", '')
  assert.deepEqual(rangesOf(saved).map(plain), rangesOf(partOf(bytes, 'xl/charts/chart1.xml')!).map(plain))
})

test('the figure of a whole bar stands at its end, that of a part only where there is room for it', async () => {
  const chart = partOf(await funnelXlsx(reportOf('ru')), 'xl/charts/chart1.xml')!
  const series = chart.split('<c:ser>').slice(1)
  const formatsOf = series.map((one) => /<c:dLbls><c:numFmt formatCode="([^"]+)"/.exec(one)![1])
  // Six of a hundred of the longest bar, 1,284.
  assert.deepEqual(formatsOf, [...Array(4).fill('[&lt;78]&quot;&quot;;#,##0'), '[&lt;1]&quot;&quot;;#,##0'])
  const total = series.at(-1)!
  assert.match(total, /<c:tx><c:v> <\/c:v><\/c:tx><c:spPr><a:noFill\/><a:ln><a:noFill\/><\/a:ln><\/c:spPr>/)
  assert.match(total, /<c:dLblPos val="outEnd"\/>/)
  // Without colour: solid, pale with a border, hatched.
  assert.deepEqual(
    series.slice(0, 4).map((one) => /prst="(\w+)"/.exec(one)?.[1] ?? 'solid'),
    ['solid', 'solid', 'solid', 'wdUpDiag'],
  )
})

test('text of several lines makes its row higher: names of deals, and how it is counted', async () => {
  const long = 'Поставка упаковочного оборудования и пусконаладка на площадке заказчика, вторая очередь'
  const rows = [dealOf(0, 'ru'), { ...dealOf(1, 'ru'), title: long }]
  const workbook = await make(reportOf('ru', { deals: dealsOf(rows) }))
  const list = workbook.getWorksheet('Сделки')!
  const head = rowOf(list, '№').number
  assert.equal(list.getRow(head + 2).height, 45)
  assert.ok(!(list.getRow(head + 1).height > 15))
  assert.equal(list.getCell(head + 2, 2).alignment.wrapText, true)
  const how = workbook.getWorksheet('Как считаем')!
  for (let number = 1; number <= how.rowCount; number++) {
    const signs = String(how.getCell(number, 2).value).length
    assert.ok(how.getRow(number).height >= Math.ceil(signs / 110) * 15, `${number}: ${how.getRow(number).height}`)
  }
})

test('an empty funnel makes a workbook without a chart', async () => {
  const bytes = await funnelXlsx(reportOf('ru', { funnel: cohortOf('ru', []), slices: [], deals: dealsOf([]) }))
  assert.equal(partOf(bytes, 'xl/charts/chart1.xml'), undefined)
  assert.equal((await open(bytes)).worksheets.length, 3)
})

test('columns of the table that share a name are told apart', async () => {
  const fields = ['сумма', 'Сумма'].map((name, index) => ({ code: `f${index}`, name, kind: 'text' as const }))
  const sheet = (await make(reportOf('ru', { deals: { ...dealsOf([dealOf(0, 'ru')]), fields } }))).getWorksheet('Сделки')!
  assert.deepEqual((rowOf(sheet, '№').values as string[]).slice(13), ['сумма 2', 'Сумма 3'])
})

test('deals in other currencies count at what they come to, beside what was agreed; without a rate at nothing', async () => {
  const deal = dealOf(0, 'ru')
  const rows = [
    { ...deal, amount: { amountMinor: 1_000_00, currency: 'USD' }, baseAmount: { amountMinor: 90_000_00, currency: 'RUB' } },
    { ...deal, amount: { amountMinor: 500_00, currency: 'XAU' }, baseAmount: null },
  ]
  const sheet = (await make(reportOf('ru', { deals: { ...dealsOf(rows), amountMinor: 90_000_00, isMixed: true } }))).getWorksheet(
    'Сделки',
  )!
  const head = rowOf(sheet, '№')
  assert.deepEqual((head.values as string[]).slice(13), ['Сумма по договору', 'Валюта'])
  const cells = (row: number) => [9, 13, 14].map((column) => sheet.getCell(head.number + row, column).value)
  assert.deepEqual(
    [cells(1), cells(2)],
    [
      [90_000, 1_000, 'USD'],
      [null, 500, 'XAU'],
    ],
  )
  assert.equal(sheet.getCell(head.number - 1, 9).result, 90_000)
})

test('money stands in whole units of its currency: 0, 2, 3 or 4 decimals, in every sheet, with a format that shows them', async () => {
  const formatOf = { JPY: '#,##0', RUB: '#,##0.00', KWD: '#,##0.000', CLF: '#,##0.0000' } as const
  for (const [currency, format] of Object.entries(formatOf)) {
    const unit = 10 ** minorDigits(currency)
    const field = { code: 'budget', name: 'Бюджет', kind: 'money', value: 123_457, text: '' } as FieldValueView
    const deal = {
      ...dealOf(0, 'ru'),
      amount: { amountMinor: 7_654_321, currency },
      baseAmount: { amountMinor: 7_654_321, currency },
      fields: [field],
    }
    const deals = { ...dealsOf([deal]), isMixed: true, amountMinor: 7_654_321, fields: [field] }
    const slices = slicesOf()
    const report = reportOf('ru', { funnel: { ...cohortOf('ru'), currency }, deals, slices })
    const workbook = await make(report)
    const [summary, byType] = workbook.worksheets
    const first = rowOf(summary!, cohortOf('ru').layers[0]!.status.name).getCell(3)
    near(first.value, cohortOf('ru').layers[0]!.amountMinor.reached / unit)
    assert.ok(first.numFmt.startsWith(`${format} "`), `${currency}: ${first.numFmt}`)
    const { name, amountMinor } = slices[0]!.rows[0]!
    near(rowOf(byType!, name).getCell(3).value, amountMinor / unit)
    const total = rowOf(byType!, 'Всего').getCell(3)
    near(shownIn(total), slices[0]!.rows.reduce((sum, row) => sum + row.amountMinor, 0) / unit)
    const list = rowOf(workbook.getWorksheet('Сделки')!, deal.number)
    near(list.getCell(9).value, 7_654_321 / unit)
    near(list.getCell(13).value, 7_654_321 / unit)
    near(list.getCell(15).value, 123_457 / unit)
    assert.ok(list.getCell(15).numFmt.startsWith(`${format} "`))
  }
})
