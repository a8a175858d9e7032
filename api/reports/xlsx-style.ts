import type ExcelJS from 'exceljs'
import { drawingColours } from '../../shared/domain/funnel-palette.ts'
import { textCell } from './xlsx-cells.ts'

const colours = drawingColours.light
const argb = (hex: string) => ({ argb: `FF${hex.slice(1)}` })
const typeface = { name: 'Calibri', family: 2, size: 11 } as const
const solid = (hex: string): ExcelJS.Fill => ({ type: 'pattern', pattern: 'solid', fgColor: argb(hex) })

/** Light tints of the data bars: they lie under figures and must not hide them. */
export const barTints = { reached: 'FFB3D2DF', open: 'FFB8C5E1', lost: 'FFF0CCD9' } as const

export type Column = {
  readonly title: string
  readonly width: number
  readonly format?: string
  readonly isText?: boolean
  /** Long text goes on below instead of being cut. */
  readonly wraps?: boolean
}

/** Height of a line in points, as the rows of a sheet have it. */
export const lineHeightPt = 15

/** Lines that text takes in a column so many signs wide; rather one too many than one too few. */
export function cellLines(text: string, width: number): number {
  const room = Math.max(1, Math.floor(width * 0.95))
  let [lines, used] = [1, 0]
  for (const word of text.split(' ')) {
    const length = word.length
    if (used > 0 && used + 1 + length > room) [lines, used] = [lines + 1, 0]
    used += (used > 0 ? 1 : 0) + length
    while (used > room) [lines, used] = [lines + 1, used - room]
  }
  return lines
}

/** Title, slice and sentence above a table. @returns number of the next free row */
export function writeHeading(
  sheet: ExcelJS.Worksheet,
  title: string,
  lines: readonly { readonly text: string; readonly isLoud?: boolean }[],
): number {
  sheet.getCell(1, 1).value = textCell(title)
  sheet.getCell(1, 1).font = { ...typeface, size: 16, bold: true, color: argb(colours.ink) }
  sheet.getRow(1).height = 26
  lines.forEach(({ text, isLoud = false }, index) => {
    const cell = sheet.getCell(index + 2, 1)
    cell.value = textCell(text)
    cell.font = isLoud ? { ...typeface, bold: true, color: argb(colours.signal) } : { ...typeface, color: argb(colours.ink2) }
  })
  return lines.length + 3
}

/** Names the columns in a row, with widths and formats. */
export function writeColumns(sheet: ExcelJS.Worksheet, rowNumber: number, columns: readonly Column[]): void {
  const row = sheet.getRow(rowNumber)
  row.height = 30
  columns.forEach(({ title, width, format, isText, wraps }, index) => {
    const column = sheet.getColumn(index + 1)
    column.width = width
    if (format) column.numFmt = format
    // Text beside a column of figures keeps its distance.
    if (isText && index > 0) column.alignment = { horizontal: 'left', indent: 1, ...(wraps ? { wrapText: true } : {}) }
    const cell = row.getCell(index + 1)
    cell.value = textCell(title)
    cell.numFmt = '@'
    cell.font = { ...typeface, bold: true, color: argb(colours.ink) }
    cell.fill = solid('#EEF0F4')
    cell.border = { bottom: { style: 'medium', color: argb(colours.ink) } }
    cell.alignment = {
      horizontal: isText ? 'left' : 'right',
      indent: isText && index > 0 ? 1 : 0,
      vertical: 'middle',
      wrapText: true,
    }
  })
}

/** The one loud cell: tint, border, weight. */
export function markBottleneck(cell: ExcelJS.Cell): void {
  const side = { style: 'medium', color: argb(colours.signalLine) } as const
  cell.fill = solid(colours.signalTint)
  cell.border = { top: side, left: side, bottom: side, right: side }
  cell.font = { ...typeface, bold: true, color: argb(colours.signal) }
}

export function markTotal(row: ExcelJS.Row, columnCount: number): void {
  for (let index = 1; index <= columnCount; index++) {
    row.getCell(index).font = { ...typeface, bold: true, color: argb(colours.ink) }
    row.getCell(index).border = { top: { style: 'thin', color: argb(colours.ink) } }
  }
}

/** Bars from 0 to the largest figure of the column. @param range `B6:B13` */
export function addBars(sheet: ExcelJS.Worksheet, range: string, tint: string): void {
  const rule = {
    type: 'dataBar',
    priority: 1,
    gradient: false,
    cfvo: [{ type: 'num', value: 0 }, { type: 'max' }],
    color: { argb: tint },
  }
  // The types of exceljs leave out the colour that its writer asks for.
  sheet.addConditionalFormatting({ ref: range, rules: [rule as unknown as ExcelJS.DataBarRuleType] })
}

/** On paper: across, as wide as the page, the head on every page. */
export function setUpPrint(sheet: ExcelJS.Worksheet, headRow: number, footer: string): void {
  sheet.pageSetup = {
    ...sheet.pageSetup,
    paperSize: 9,
    orientation: 'landscape',
    fitToPage: true,
    fitToWidth: 1,
    fitToHeight: 0,
    printTitlesRow: `${headRow}:${headRow}`,
  }
  // An ampersand begins a code in a footer, two are one.
  sheet.headerFooter.oddFooter = `&L${footer.replaceAll('&', '&&').slice(0, 200)}&R&P / &N`
}
