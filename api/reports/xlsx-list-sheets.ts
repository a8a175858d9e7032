import type ExcelJS from 'exceljs'
import { formatDate, formatInteger, formatMoney } from '../../shared/messages/format.ts'
import type { ReportKey } from '../../shared/messages/ru/report.ts'
import type { DealRowView } from '../../shared/views/deals.ts'
import { type FunnelReport, reportText } from './funnel-report.ts'
import { asOfWords, noteWords, sliceWords, webLink } from './report-words.ts'
import { createDateCell, formats, formulaCell, moneyCell, moneyFormat, textCell } from './xlsx-cells.ts'
import { fieldCells, fieldColumns } from './xlsx-field-columns.ts'
import { addBars, barTints, type Column, markTotal, setUpPrint, writeColumns, writeHeading } from './xlsx-style.ts'

/** The layer of the bottleneck by employee, the worst first; conversions and totals are formulas. */
export function writeSplitSheet(sheet: ExcelJS.Worksheet, report: FunnelReport): void {
  const { split, locale, funnel, by } = report
  const t = reportText[locale]
  const title = split === null ? t('split.none') : t('split.title', { layer: split.layer.name })
  const head = writeHeading(sheet, title, [{ text: `${sliceWords(report)} · ${asOfWords(report)}` }])
  const money = moneyFormat(funnel.currency)
  const figure = (key: 'reached' | 'passed' | 'open' | 'finished' | 'lost') => ({
    title: t(`column.${key}`),
    width: 12,
    format: formats.count,
  })
  writeColumns(sheet, head, [
    { title: t('column.employee'), width: 30, isText: true },
    figure('reached'),
    { title: t('column.amount'), width: 22, format: money },
    figure('passed'),
    figure('open'),
    figure('finished'),
    figure('lost'),
    { title: t('column.conversion'), width: 13, format: formats.share },
    { title: t('column.worse'), width: 16, isText: true },
    { title: t('column.amountPassed'), width: 22, format: money },
    { title: t('column.amountLost'), width: 22, format: money },
  ])
  sheet.views = [{ state: 'frozen', xSplit: 1, ySplit: head, showGridLines: false }]
  setUpPrint(sheet, head, asOfWords(report))
  if (split === null || split.rows.length === 0) return
  const first = head + 1
  const last = head + split.rows.length
  split.rows.forEach(({ name, figures, amountMinor, resolved, worse }, index) => {
    const row = first + index
    const [passed, lost] = by === 'count' ? [`D${row}`, `G${row}`] : [`J${row}`, `K${row}`]
    sheet.getRow(row).values = [
      textCell(name),
      figures.reached,
      moneyCell(amountMinor.reached),
      figures.passed,
      figures.open,
      figures.finished,
      figures.lost,
      resolved === null ? null : formulaCell(`IF(${passed}+${lost}=0,"",${passed}/(${passed}+${lost}))`, resolved),
      worse ? t('worse') : null,
      moneyCell(amountMinor.passed),
      moneyCell(amountMinor.lost),
    ]
  })
  const sum = (letter: string, value: number) => formulaCell(`SUM(${letter}${first}:${letter}${last})`, value)
  const all = (part: 'reached' | 'passed' | 'open' | 'finished' | 'lost') =>
    split.rows.reduce((value, row) => value + row.figures[part], 0)
  const amount = split.rows.reduce((value, row) => value + row.amountMinor.reached, 0)
  sheet.getRow(last + 1).values = [
    t('total.short'),
    sum('B', all('reached')),
    sum('C', moneyCell(amount)),
    sum('D', all('passed')),
    sum('E', all('open')),
    sum('F', all('finished')),
    sum('G', all('lost')),
  ]
  markTotal(sheet.getRow(last + 1), 11)
  addBars(sheet, `B${first}:B${last}`, barTints.reached)
}

function dealColumns({ funnel, locale }: FunnelReport): readonly Column[] {
  const t = reportText[locale]
  const text = (key: 'title' | 'client' | 'type' | 'status' | 'stage' | 'owner' | 'department', width: number) => ({
    title: t(`column.${key}`),
    width,
    isText: true,
  })
  return [
    { title: t('column.number'), width: 9, format: '0' },
    text('title', 34),
    text('client', 30),
    text('type', 18),
    text('status', 18),
    text('stage', 20),
    text('owner', 22),
    text('department', 20),
    { title: t('column.amount'), width: 20, format: moneyFormat(funnel.currency) },
    { title: t('column.created'), width: 17, format: formats.moment[locale] },
    { title: t('column.since'), width: 17, format: formats.moment[locale] },
    { title: t('column.days'), width: 11, format: formats.count },
  ]
}

function dealCells(deal: DealRowView, momentOf: (instant: string) => Date): ExcelJS.CellValue[] {
  return [
    deal.number,
    textCell(deal.title),
    deal.counterparty === null ? null : textCell(deal.counterparty.name),
    textCell(deal.type.name),
    textCell(deal.status.name),
    deal.stage === null ? null : textCell(deal.stage.name),
    textCell(deal.owner.name),
    textCell(deal.department.name),
    moneyCell(deal.amount.amountMinor),
    momentOf(deal.createdAt),
    momentOf(deal.statusSince),
    Math.floor(deal.ageHours / 24),
  ]
}

/** Every deal behind the figure, with filters; the sum above the head follows the filter. */
export function writeDealsSheet(sheet: ExcelJS.Worksheet, report: FunnelReport): void {
  const { deals, locale, funnel } = report
  const t = reportText[locale]
  const sumMinor = deals.rows.reduce((value, { amount }) => value + amount.amountMinor, 0)
  const shown = formatInteger(deals.rows.length, locale)
  const title = t('deals.title', { count: deals.rows.length, shown, amount: formatMoney(sumMinor, funnel.currency, locale) })
  const cut =
    deals.rows.length < deals.total ? [{ text: t('deals.cut', { shown, total: formatInteger(deals.total, locale) }) }] : []
  const head = writeHeading(sheet, title, [{ text: `${sliceWords(report)} · ${asOfWords(report)}` }, ...cut])
  const custom = fieldColumns(deals.rows, funnel.currency, locale)
  const columns = [...dealColumns(report), ...custom.map(({ column }) => column)]
  writeColumns(sheet, head, columns)
  sheet.views = [{ state: 'frozen', xSplit: 2, ySplit: head, showGridLines: false }]
  setUpPrint(sheet, head, asOfWords(report))
  const last = head + Math.max(1, deals.rows.length)
  sheet.autoFilter = { from: { row: head, column: 1 }, to: { row: last, column: columns.length } }
  const momentOf = createDateCell(funnel.period.timeZone)
  // Each cell is born with a copy of its column's style, and each copy is written out and compared; one for all is known at once.
  const styles = columns.map((_, index) => sheet.getColumn(index + 1).style as ExcelJS.Style)
  for (const deal of deals.rows) {
    sheet.addRow([...dealCells(deal, momentOf), ...fieldCells(deal, custom)]).eachCell((cell, column) => {
      cell.style = styles[column - 1]!
    })
  }
  const sum = sheet.getCell(head - 1, 9)
  sum.value = formulaCell(`SUBTOTAL(109,I${head + 1}:I${last})`, moneyCell(sumMinor))
  sum.font = { name: 'Calibri', size: 11, bold: true }
}

const terms = ['reached', 'passed', 'open', 'finished', 'lost', 'conversion', 'bottleneck'] as const

/** What the figures mean and what they were made of, in words. */
export function writeHowSheet(sheet: ExcelJS.Worksheet, report: FunnelReport): void {
  const { funnel, locale } = report
  const t = reportText[locale]
  const { period, historySince } = funnel
  const link = webLink(report.deepLink)
  const lines: readonly (readonly [ReportKey, string])[] = [
    ['how.organization', report.organizationName],
    ['how.prepared', report.preparedBy],
    ['how.slice', sliceWords(report)],
    ['how.asOf', asOfWords(report)],
    ...(historySince === null ? [] : [['how.history', formatDate(historySince, period.timeZone, locale)] as const]),
    ['how.basis', t(`how.basis.${funnel.basis}`)],
    ...(funnel.basis === 'cohort' ? terms.map((term) => [`how.${term}`, t(`how.${term}Text`)] as const) : []),
    ...noteWords(report).map((note) => ['sheet.how', note] as const),
    ...(link === null ? [] : [['how.link', link] as const]),
  ]
  sheet.getColumn(1).width = 20
  sheet.getColumn(2).width = 110
  lines.forEach(([key, text], index) => {
    const row = sheet.getRow(index + 1)
    row.values = [key === 'sheet.how' ? null : t(key), textCell(text)]
    row.getCell(1).font = { name: 'Calibri', size: 11, bold: true }
    row.alignment = { vertical: 'top', wrapText: true }
  })
  sheet.views = [{ showGridLines: false }]
  setUpPrint(sheet, 1, asOfWords(report))
}
