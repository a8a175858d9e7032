import type ExcelJS from 'exceljs'
import { pointsBetween } from '../../shared/messages/format.ts'
import type { CohortFunnelView, CohortLayerView, FlowFunnelView, SnapshotFunnelView } from '../../shared/views/funnel.ts'
import { type FunnelReport, reportText } from './funnel-report.ts'
import { asOfWords, bottleneckCode, resolvedConversion, sentenceRuns, sliceWords, titleWords } from './report-words.ts'
import { formats, formulaCell, moneyCell, moneyFormat, textCell } from './xlsx-cells.ts'
import type { ChartPlace } from './xlsx-chart.ts'
import {
  addBars,
  barTints,
  type Column,
  markBottleneck,
  markTotal,
  setUpPrint,
  writeColumns,
  writeHeading,
} from './xlsx-style.ts'

/** Numbers of the rows: of the names of columns, of the first and the last layer. */
export type LayerRows = { readonly head: number; readonly first: number; readonly last: number }

/** Letters of the cohort's columns; formulas and the chart speak of them. */
export const at = {
  reached: 'B',
  passed: 'D',
  open: 'E',
  finished: 'F',
  lost: 'G',
  conversion: 'H',
  before: 'I',
  amountPassed: 'O',
  amountLost: 'P',
} as const

/** From column D on. */
const flowColumns = ['advanced', 'stillThere', 'handedOff', 'movedBack', 'lost'] as const

function columnsOf({ funnel, locale }: FunnelReport): readonly Column[] {
  const t = reportText[locale]
  const money = moneyFormat(funnel.currency)
  const status = { title: t('column.status'), width: 26, isText: true }
  if (funnel.basis === 'snapshot') {
    return [
      status,
      { title: t('column.count'), width: 12, format: formats.count },
      { title: t('column.amount'), width: 22, format: money },
      { title: t('column.weighted'), width: 22, format: money },
      { title: t('column.overdue'), width: 13, format: formats.count },
      { title: t('column.age'), width: 14, format: formats.days },
    ]
  }
  if (funnel.basis === 'flow')
    return [
      status,
      { title: t('column.entered'), width: 12, format: formats.count },
      { title: t('column.amountEntered'), width: 22, format: money },
      ...flowColumns.map((part) => ({ title: t(`column.${part}`), width: 14, format: formats.count })),
      { title: t('column.entries'), width: 12, format: formats.count },
      { title: t('column.pingPong'), width: 14, format: '0.00' },
    ]
  const count = (key: 'reached' | 'passed' | 'open' | 'finished' | 'lost' | 'joined' | 'skipped', width = 12) => ({
    title: t(`column.${key}`),
    width,
    format: formats.count,
  })
  return [
    status,
    count('reached'),
    { title: t('column.amount'), width: 22, format: money },
    count('passed'),
    count('open'),
    count('finished'),
    count('lost'),
    { title: t('column.conversion'), width: 13, format: formats.share },
    { title: t('column.before'), width: 9, format: formats.share },
    { title: t('column.points'), width: 8, format: formats.points },
    { title: t('column.median'), width: 12, format: formats.days },
    { title: t('column.medianBefore'), width: 12, format: formats.days },
    count('joined'),
    count('skipped'),
    { title: t('column.amountPassed'), width: 22, format: money },
    { title: t('column.amountLost'), width: 22, format: money },
  ]
}

/** passed / (passed + lost), of deals or of money, as the report is; empty where nothing is resolved. */
function conversionFormula(row: number, by: FunnelReport['by']): string {
  const [passed, lost] = by === 'count' ? [at.passed + row, at.lost + row] : [at.amountPassed + row, at.amountLost + row]
  return `IF(${passed}+${lost}=0,"",${passed}/(${passed}+${lost}))`
}

function writeLayer(row: ExcelJS.Row, layer: CohortLayerView, resolved: number | null, { by, funnel }: FunnelReport): void {
  const { conversion, time, amountMinor } = layer
  const days = (hours: number | null) => (hours === null ? null : hours / 24)
  const [now, before] = [at.conversion + row.number, at.before + row.number]
  const points = pointsBetween(resolved, conversion.baseline)
  row.values = [
    textCell(layer.status.name),
    // Reached is always the sum of its parts.
    formulaCell(`SUM(${at.passed}${row.number}:${at.lost}${row.number})`, layer.reached),
    moneyCell(amountMinor.reached, funnel.currency),
    layer.passed,
    layer.open,
    layer.finished,
    layer.lost,
    resolved === null ? null : formulaCell(conversionFormula(row.number, by), resolved),
    conversion.baseline,
    points === null ? null : formulaCell(`ROUND((${now}-${before})*100,0)`, points),
    days(time.medianHours),
    days(time.baselineMedianHours),
    layer.joined,
    layer.skipped,
    moneyCell(amountMinor.passed, funnel.currency),
    moneyCell(amountMinor.lost, funnel.currency),
  ]
}

function writeCohort(sheet: ExcelJS.Worksheet, funnel: CohortFunnelView, report: FunnelReport, first: number): number {
  const { layers } = funnel
  const loud = bottleneckCode(funnel)
  layers.forEach((layer, index) => {
    const row = sheet.getRow(first + index)
    writeLayer(row, layer, resolvedConversion(funnel, index), report)
    if (layer.status.code !== loud) return
    const cell = row.getCell(8)
    markBottleneck(cell)
    cell.numFmt = '"▼ "0%'
  })
  const last = first + layers.length - 1
  const total = sheet.getRow(last + 1)
  const sum = (letter: string, value: number) => formulaCell(`SUM(${letter}${first}:${letter}${last})`, value)
  const all = (part: 'open' | 'finished' | 'lost') => layers.reduce((value, layer) => value + layer[part], 0)
  // A deal is reached in many layers but stands in one: what adds up is open, finished and lost.
  total.values = [
    textCell(reportText[report.locale]('total')),
    funnel.totals.deals,
    moneyCell(funnel.totals.amountMinor, funnel.currency),
    null,
    sum(at.open, all('open')),
    sum(at.finished, all('finished')),
    sum(at.lost, all('lost')),
    layers.at(-1)!.conversion.cumulative,
  ]
  addBars(sheet, `${at.reached}${first}:${at.reached}${last}`, barTints.reached)
  addBars(sheet, `${at.open}${first}:${at.open}${last}`, barTints.open)
  addBars(sheet, `${at.lost}${first}:${at.lost}${last}`, barTints.lost)
  return last + 1
}

function writeSnapshot(sheet: ExcelJS.Worksheet, funnel: SnapshotFunnelView, report: FunnelReport, first: number): number {
  const { layers, totals } = funnel
  layers.forEach((layer, index) => {
    sheet.getRow(first + index).values = [
      textCell(layer.status.name),
      layer.count,
      moneyCell(layer.amountMinor, funnel.currency),
      moneyCell(layer.weightedMinor, funnel.currency),
      layer.overdue,
      layer.medianAgeHours === null ? null : layer.medianAgeHours / 24,
    ]
  })
  const last = first + layers.length - 1
  // Deals in statuses that are not drawn count in the view's total too: the sum is of what stands above.
  const shown = (key: 'count' | 'amountMinor' | 'weightedMinor' | 'overdue') =>
    layers.reduce((value, layer) => value + layer[key], 0)
  const sum = (letter: string, value: number) => formulaCell(`SUM(${letter}${first}:${letter}${last})`, value)
  sheet.getRow(last + 1).values = [
    textCell(reportText[report.locale]('total')),
    shown('count') === totals.deals ? sum('B', totals.deals) : totals.deals,
    shown('amountMinor') === totals.amountMinor
      ? sum('C', moneyCell(totals.amountMinor, funnel.currency))
      : moneyCell(totals.amountMinor, funnel.currency),
    shown('weightedMinor') === totals.weightedMinor
      ? sum('D', moneyCell(totals.weightedMinor, funnel.currency))
      : moneyCell(totals.weightedMinor, funnel.currency),
    shown('overdue') === totals.overdue ? sum('E', totals.overdue) : totals.overdue,
  ]
  addBars(sheet, `B${first}:B${last}`, barTints.reached)
  return last + 1
}

function writeFlow(sheet: ExcelJS.Worksheet, funnel: FlowFunnelView, report: FunnelReport, first: number): number {
  funnel.layers.forEach((layer, index) => {
    const row = first + index
    sheet.getRow(row).values = [
      textCell(layer.status.name),
      // Entered is always the sum of what became of them.
      formulaCell(`SUM(D${row}:H${row})`, layer.entered),
      moneyCell(layer.amountMinor.entered, funnel.currency),
      ...flowColumns.map((part) => layer[part]),
      layer.entries,
      layer.pingPong === null ? null : formulaCell(`IF(B${row}=0,"",I${row}/B${row}-1)`, layer.pingPong),
    ]
  })
  const last = first + funnel.layers.length - 1
  // A deal may enter several statuses: the total counts it once, so that only entries add up.
  sheet.getRow(last + 1).values = [
    textCell(reportText[report.locale]('total')),
    funnel.totals.deals,
    moneyCell(funnel.totals.amountMinor, funnel.currency),
    ...flowColumns.map(() => null),
    formulaCell(`SUM(I${first}:I${last})`, funnel.totals.entries),
  ]
  addBars(sheet, `B${first}:B${last}`, barTints.reached)
  addBars(sheet, `H${first}:H${last}`, barTints.lost)
  return last + 1
}

function writeLayers(sheet: ExcelJS.Worksheet, report: FunnelReport, first: number): number {
  const { funnel } = report
  switch (funnel.basis) {
    case 'cohort':
      return writeCohort(sheet, funnel, report, first)
    case 'snapshot':
      return writeSnapshot(sheet, funnel, report, first)
    case 'flow':
      return writeFlow(sheet, funnel, report, first)
  }
}

/** The summary: figures of the view, conversions and totals as formulas that carry their results. @returns the rows of the layers */
export function writeFunnelSheet(sheet: ExcelJS.Worksheet, report: FunnelReport): LayerRows | null {
  const { funnel } = report
  const head = writeHeading(sheet, titleWords(report), [
    { text: `${sliceWords(report)} · ${asOfWords(report)}` },
    {
      text: sentenceRuns(report)
        .map(({ text }) => text)
        .join(''),
      isLoud: bottleneckCode(funnel) !== null,
    },
  ])
  const columns = columnsOf(report)
  writeColumns(sheet, head, columns)
  sheet.properties.defaultRowHeight = 20
  sheet.views = [{ state: 'frozen', xSplit: 1, ySplit: head, showGridLines: false }]
  setUpPrint(sheet, head, `${report.organizationName} · ${asOfWords(report)}`)
  if (funnel.layers.length === 0) return null
  const totalRow = writeLayers(sheet, report, head + 1)
  markTotal(sheet.getRow(totalRow), columns.length)
  // The sums that only the formulas need stay off the paper, unless the conversion is of them.
  const chart = chartPlace(report, totalRow).to
  if (funnel.basis === 'cohort') sheet.pageSetup.printArea = `A$1:${report.by === 'amount' ? at.amountLost : 'N'}$${chart.row}`
  // Table and chart on one sheet of paper.
  sheet.pageSetup.fitToHeight = 1
  return { head, first: head + 1, last: totalRow - 1 }
}

/** Below the table, with a row of distance; two rows of the sheet for each bar. */
export function chartPlace({ funnel }: FunnelReport, totalRow: number): Pick<ChartPlace, 'from' | 'to'> {
  const column = funnel.basis === 'snapshot' ? 6 : 9
  return { from: { column: 0, row: totalRow + 1 }, to: { column, row: totalRow + 7 + funnel.layers.length * 2 } }
}
