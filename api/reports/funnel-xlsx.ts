import ExcelJS from 'exceljs'
import { type DealPages, type FunnelReport, reportText } from './funnel-report.ts'
import { textCell } from './xlsx-cells.ts'
import { sheetRows } from './xlsx-deal-rows.ts'
import { chartWords, funnelChart } from './xlsx-funnel-chart.ts'
import { chartPlace, writeFunnelSheet } from './xlsx-funnel-sheet.ts'
import { type DealSheet, writeDealsSheet, writeHowSheet } from './xlsx-list-sheets.ts'
import { completeWorkbook, type SheetList } from './xlsx-package.ts'
import { writeSliceSheet } from './xlsx-slice-sheets.ts'

/**
 * The funnel as a workbook: summary with live formulas and a native chart over them, the funnel by type, department and employee, the deals as a
 * table, how it is counted. Names of sheets are ours and valid; what people wrote stands in cells as plain text only.
 * @param pages further deals of the list; any number of them passes through a bounded memory
 */
export async function funnelXlsx(report: FunnelReport, pages: DealPages = noPages()): Promise<Uint8Array> {
  const t = reportText[report.locale]
  const workbook = new ExcelJS.Workbook()
  workbook.title = t('title')
  workbook.subject = t('subject')
  workbook.creator = textCell(report.preparedBy)
  workbook.company = textCell(report.organizationName)
  workbook.created = new Date(report.funnel.asOf)
  workbook.modified = workbook.created
  // Programs that calculate do so when they open the file; the others show the results that it carries.
  workbook.calcProperties.fullCalcOnLoad = true
  const summary = workbook.addWorksheet(t('sheet.funnel'))
  const layers = writeFunnelSheet(summary, report)
  for (const slice of report.slices) writeSliceSheet(workbook.addWorksheet(t(`sheet.${slice.by}`)), report, slice)
  const list = workbook.addWorksheet(t('sheet.deals'))
  const dealSheet = writeDealsSheet(list, report)
  writeHowSheet(workbook.addWorksheet(t('sheet.how')), report)
  const book = new Uint8Array(await workbook.xlsx.writeBuffer({ zip: { compression: 'STORE' } }))
  return completeWorkbook(book, {
    chart: layers && {
      sheet: summary.id,
      chart: funnelChart(report, layers),
      place: { ...chartPlace(report, layers.last + 1), ...chartWords(report) },
    },
    list: { sheet: list.id, patternRow: dealSheet.patternRow, rows: (styles) => rowsOf(report, pages, dealSheet, styles) },
    at: workbook.created,
  })
}

async function* rowsOf(
  report: FunnelReport,
  pages: DealPages,
  { patternRow, cellsOf, columns }: DealSheet,
  styles: readonly string[],
): ReturnType<SheetList['rows']> {
  let next = patternRow
  const write = (deals: FunnelReport['deals']['rows']) => {
    const xml = sheetRows(deals.map(cellsOf), next, styles, columns)
    next += deals.length
    return { xml, count: deals.length }
  }
  yield write(report.deals.rows)
  for await (const page of pages) yield write(page)
}

async function* noPages(): DealPages {}
