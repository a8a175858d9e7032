import type ExcelJS from 'exceljs'
import { formatDate, formatInteger, formatMoney } from '../../shared/messages/format.ts'
import type { ReportKey } from '../../shared/messages/ru/report.ts'
import type { DealRowView } from '../../shared/views/deals.ts'
import { type FunnelReport, reportText } from './funnel-report.ts'
import { asOfWords, noteWords, sliceWords, webLink } from './report-words.ts'
import { createDateCell, formats, formulaCell, moneyCell, moneyFormat, textCell } from './xlsx-cells.ts'
import { fieldCells, fieldColumns } from './xlsx-field-columns.ts'
import { type Column, cellLines, lineHeightPt, setUpPrint, writeColumns, writeHeading } from './xlsx-style.ts'

function dealColumns({ funnel, locale, deals }: FunnelReport): readonly Column[] {
  const t = reportText[locale]
  const text = (key: 'title' | 'client' | 'type' | 'status' | 'stage' | 'owner' | 'department', width: number) => ({
    title: t(`column.${key}`),
    width,
    isText: true,
    wraps: true,
  })
  return [
    { title: t('column.number'), width: 9, format: '0' },
    text('title', 44),
    text('client', 36),
    text('type', 20),
    text('status', 20),
    text('stage', 20),
    text('owner', 24),
    text('department', 24),
    { title: t('column.amount'), width: 20, format: moneyFormat(funnel.currency) },
    { title: t('column.created'), width: 17, format: formats.moment[locale] },
    { title: t('column.since'), width: 17, format: formats.moment[locale] },
    { title: t('column.days'), width: 11, format: formats.count },
    ...(deals.isMixed
      ? [
          { title: t('column.agreed'), width: 18, format: formats.anyMoney },
          { title: t('column.currency'), width: 10, isText: true },
        ]
      : []),
  ]
}

function dealCells(deal: DealRowView, isMixed: boolean, momentOf: (instant: string) => Date): ExcelJS.CellValue[] {
  return [
    deal.number,
    textCell(deal.title),
    deal.counterparty === null ? null : textCell(deal.counterparty.name),
    textCell(deal.type.name),
    textCell(deal.status.name),
    deal.stage === null ? null : textCell(deal.stage.name),
    textCell(deal.owner.name),
    textCell(deal.department.name),
    // Without a rate the cell stays empty, and the sum says so by leaving the deal out.
    deal.baseAmount === null ? null : moneyCell(deal.baseAmount.amountMinor, deal.baseAmount.currency),
    momentOf(deal.createdAt),
    momentOf(deal.statusSince),
    Math.floor(deal.ageHours / 24),
    ...(isMixed ? [moneyCell(deal.amount.amountMinor, deal.amount.currency), deal.amount.currency] : []),
  ]
}

/** Where the list of deals begins, and what a deal's cells are. */
export type DealSheet = {
  /** Number of the row that shows the styles of the columns; the deals take its place. */
  readonly patternRow: number
  readonly columns: readonly Column[]
  readonly cellsOf: (deal: DealRowView) => readonly ExcelJS.CellValue[]
}

/** The list's head: a table made to be filtered and pivoted, with one row as a pattern. The sum above it follows the filter. */
export function writeDealsSheet(sheet: ExcelJS.Worksheet, report: FunnelReport): DealSheet {
  const { deals, locale, funnel } = report
  const t = reportText[locale]
  const shown = formatInteger(deals.listed, locale)
  const title = t('deals.title', {
    count: deals.total,
    shown: formatInteger(deals.total, locale),
    amount: formatMoney(deals.amountMinor, funnel.currency, locale),
  })
  const cut = deals.listed < deals.total ? [{ text: t('deals.cut', { shown, total: formatInteger(deals.total, locale) }) }] : []
  const head = writeHeading(sheet, title, [{ text: `${sliceWords(report)} · ${asOfWords(report)}` }, ...cut])
  const custom = fieldColumns(deals.fields, funnel.currency, locale)
  const columns = withOwnTitles([...dealColumns(report), ...custom.map(({ column }) => column)])
  sheet.addTable({
    name: 'Deals',
    ref: `A${head}`,
    headerRow: true,
    style: { theme: 'TableStyleLight1', showRowStripes: false },
    columns: columns.map(({ title: name }) => ({ name, filterButton: true })),
    rows: [columns.map(() => 0)],
  })
  writeColumns(sheet, head, columns)
  sheet.views = [{ state: 'frozen', xSplit: 2, ySplit: head, showGridLines: false }]
  setUpPrint(sheet, head, asOfWords(report))
  columns.forEach((_, index) => {
    const { style } = sheet.getColumn(index + 1)
    // Beside a name of several lines the rest stands on the first of them.
    sheet.getCell(head + 1, index + 1).style = { ...style, alignment: { ...style.alignment, vertical: 'top' } } as ExcelJS.Style
  })
  const sum = sheet.getCell(head - 1, 9)
  // What is listed: the sum of a list that was cut is not known before it is read.
  const sumMinor = deals.listed < deals.total ? null : moneyCell(deals.amountMinor, funnel.currency)
  sum.value = formulaCell(`SUBTOTAL(109,I${head + 1}:I${head + Math.max(1, deals.listed)})`, sumMinor)
  sum.font = { name: 'Calibri', size: 11, bold: true }
  const momentOf = createDateCell(funnel.period.timeZone)
  return {
    patternRow: head + 1,
    columns,
    cellsOf: (deal) => [...dealCells(deal, deals.isMixed, momentOf), ...fieldCells(deal, custom, funnel.currency)],
  }
}

/** Columns of a table are told apart by their titles, whatever case they are in. */
function withOwnTitles(columns: readonly Column[]): readonly Column[] {
  const taken = new Set<string>()
  return columns.map((column) => {
    const plain = column.title.trim().slice(0, 200) || '—'
    let title = plain
    for (let number = 2; taken.has(title.toLowerCase()); number++) title = `${plain} ${number}`
    taken.add(title.toLowerCase())
    return { ...column, title }
  })
}

const howWidth = 110
/** Excel's own limit of a row. */
const mostHeightPt = 409
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
  sheet.getColumn(2).width = howWidth
  lines.forEach(([key, text], index) => {
    const row = sheet.getRow(index + 1)
    row.values = [key === 'sheet.how' ? null : t(key), textCell(text)]
    row.getCell(1).font = { name: 'Calibri', size: 11, bold: true }
    row.alignment = { vertical: 'top', wrapText: true }
    row.height = Math.min(mostHeightPt, cellLines(text, howWidth) * lineHeightPt + 4)
  })
  sheet.views = [{ showGridLines: false }]
  setUpPrint(sheet, 1, asOfWords(report))
}
