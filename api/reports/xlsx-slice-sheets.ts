import type ExcelJS from 'exceljs'
import type { CohortFunnelView } from '../../shared/views/funnel.ts'
import type { ReportSliceRowView, ReportSliceView } from '../../shared/views/reports.ts'
import { type FunnelReport, reportText } from './funnel-report.ts'
import { asOfWords, loudLayer, sliceWords } from './report-words.ts'
import { formats, formulaCell, moneyCell, moneyFormat, textCell } from './xlsx-cells.ts'
import { addBars, barTints, type Column, markTotal, setUpPrint, writeColumns, writeHeading } from './xlsx-style.ts'
import { columnLetters } from './xlsx-xml.ts'

/** No currency has smaller parts: what lies below them is the error of binary fractions. */
const mostPerUnit = 10_000

/** A column with what stands in it: of a row, and of the row of totals. */
type SliceColumn = Column & {
  readonly cell: (row: ReportSliceRowView, at: number) => ExcelJS.CellValue
  /** Of all rows together; left out where that says nothing. @param at number of the row of totals */
  readonly total?: 'sum' | ((at: number) => ExcelJS.CellValue)
}

/** The funnel by one slice, the largest first: how many reached each layer, won and lost, and the loud layer once more with its conversion. */
export function writeSliceSheet(sheet: ExcelJS.Worksheet, report: FunnelReport, slice: ReportSliceView): void {
  const { funnel, locale } = report
  if (funnel.basis !== 'cohort') return
  const t = reportText[locale]
  const loud = funnel.layers.find(({ status }) => status.code === loudLayer(funnel))
  const title = t(`slice.${slice.by}`)
  const speaksOf = loud ? [{ text: t('slice.loud', { layer: loud.status.name }) }] : []
  const head = writeHeading(sheet, title, [{ text: `${sliceWords(report)} · ${asOfWords(report)}` }, ...speaksOf])
  const columns = columnsOf(report, funnel, slice)
  writeColumns(sheet, head, columns)
  sheet.views = [{ state: 'frozen', xSplit: 1, ySplit: head, showGridLines: false }]
  setUpPrint(sheet, head, asOfWords(report))
  const { rows } = slice
  if (rows.length === 0) return
  const [first, last] = [head + 1, head + rows.length]
  rows.forEach((row, index) => {
    sheet.getRow(first + index).values = columns.map(({ cell }) => cell(row, first + index))
  })
  const total = sheet.getRow(last + 1)
  total.values = [
    t('total.short'),
    ...columns.slice(1).map((column, index) => {
      if (column.total === undefined) return null
      if (column.total !== 'sum') return column.total(last + 1)
      const letter = columnLetters(index + 2)
      const sum = rows.reduce((value, row) => value + Number(column.cell(row, first) ?? 0), 0)
      return formulaCell(`SUM(${letter}${first}:${letter}${last})`, Math.round(sum * mostPerUnit) / mostPerUnit)
    }),
  ]
  markTotal(total, columns.length)
  addBars(sheet, `B${first}:B${last}`, barTints.reached)
}

function columnsOf({ locale, by }: FunnelReport, funnel: CohortFunnelView, slice: ReportSliceView): readonly SliceColumn[] {
  const t = reportText[locale]
  const money = moneyFormat(funnel.currency)
  const figure = (title: string, of: (row: ReportSliceRowView) => number): SliceColumn => ({
    title,
    // Wide enough for the longest word of the title.
    width: Math.max(12, ...title.split(' ').map((word) => word.length + 3)),
    format: formats.count,
    cell: of,
    total: 'sum',
  })
  const sum = (title: string, of: (row: ReportSliceRowView) => number): SliceColumn => ({
    title,
    width: 20,
    format: money,
    cell: (row) => moneyCell(of(row), funnel.currency),
    total: 'sum',
  })
  const before: SliceColumn[] = [
    { title: t(`column.${slice.by}`), width: 30, isText: true, cell: ({ name }) => textCell(name) },
    figure(t('column.count'), ({ deals }) => deals),
    sum(t('column.amount'), ({ amountMinor }) => amountMinor),
    ...funnel.layers.map(({ status }, place) => figure(textCell(status.name), ({ reached }) => reached[place] ?? 0)),
    figure(t('column.won'), ({ won }) => won),
    figure(t('column.lost'), ({ lost }) => lost),
  ]
  const [won, lost] = [columnLetters(before.length - 1), columnLetters(before.length)]
  const middle: SliceColumn[] = [
    {
      title: t('column.winRate'),
      width: 12,
      format: formats.share,
      cell: (row, at) => shareCell(`${won}${at}`, `${lost}${at}`, row.won, row.lost),
      total: (at) => {
        const all = (of: 'won' | 'lost') => slice.rows.reduce((sum, row) => sum + row[of], 0)
        return shareCell(`${won}${at}`, `${lost}${at}`, all('won'), all('lost'))
      },
    },
    sum(t('column.amountWon'), ({ wonAmountMinor }) => wonAmountMinor),
  ]
  return [...before, ...middle, ...loudColumns(funnel, slice.rows, { t, money, by, from: before.length + middle.length + 1 })]
}

/** The layer that the report speaks of: passed, lost and what they make. @param from number of the first of these columns */
function loudColumns(
  funnel: CohortFunnelView,
  rows: readonly ReportSliceRowView[],
  {
    t,
    money,
    by,
    from,
  }: { readonly t: (typeof reportText)['ru']; readonly money: string; readonly by: FunnelReport['by']; readonly from: number },
): readonly SliceColumn[] {
  if (loudLayer(funnel) === null) return []
  const part = (name: 'passed' | 'lost'): SliceColumn =>
    by === 'amount'
      ? {
          title: t(name === 'passed' ? 'column.amountPassed' : 'column.amountLost'),
          width: 20,
          format: money,
          cell: ({ loud }) => moneyCell(loud?.amountMinor[name] ?? 0, funnel.currency),
          total: 'sum',
        }
      : {
          title: t(`column.layer.${name}`),
          width: 12,
          format: formats.count,
          cell: ({ loud }) => loud?.figures[name] ?? 0,
          total: 'sum',
        }
  const figure = ({ loud }: ReportSliceRowView, part: 'passed' | 'lost') =>
    (by === 'amount' ? loud?.amountMinor : loud?.figures)?.[part] ?? 0
  const [passed, lost] = [columnLetters(from), columnLetters(from + 1)]
  return [
    part('passed'),
    part('lost'),
    {
      title: t('column.conversion'),
      width: 13,
      format: formats.share,
      cell: (row, at) => shareCell(`${passed}${at}`, `${lost}${at}`, figure(row, 'passed'), figure(row, 'lost')),
      total: (at) => {
        const all = (part: 'passed' | 'lost') => rows.reduce((sum, row) => sum + figure(row, part), 0)
        return shareCell(`${passed}${at}`, `${lost}${at}`, all('passed'), all('lost'))
      },
    },
    { title: t('column.worse'), width: 16, isText: true, cell: ({ loud }) => (loud?.worse ? t('worse') : null) },
  ]
}

/** part / (part + other) as a live formula; nothing where nothing is divided. */
function shareCell(partCell: string, otherCell: string, part: number, other: number): ExcelJS.CellValue {
  if (part + other === 0) return null
  return formulaCell(`IF(${partCell}+${otherCell}=0,"",${partCell}/(${partCell}+${otherCell}))`, part / (part + other))
}
