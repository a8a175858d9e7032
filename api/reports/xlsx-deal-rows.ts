import type ExcelJS from 'exceljs'
import { type Column, cellLines, lineHeightPt } from './xlsx-style.ts'
import { columnLetters, escapeXml } from './xlsx-xml.ts'

/** Excel counts days from here; a day of it is a whole number. */
const firstDayMs = Date.UTC(1899, 11, 30)
const dayMs = 86_400_000

/**
 * Rows of a sheet as XML, cell by cell: a list of a hundred thousand would not fit into the memory as objects of exceljs.
 * @param first number of the first row. @param styles number of the style of each column, as the workbook has them.
 * @param columns their widths: rows are as high as text that wraps needs, since not every program finds that out when it opens a file
 */
export function sheetRows(
  rows: readonly (readonly ExcelJS.CellValue[])[],
  first: number,
  styles: readonly string[],
  columns: readonly Pick<Column, 'width' | 'wraps'>[],
): string {
  const wrapping = columns.flatMap(({ width, wraps }, index) => (wraps ? [{ index, width }] : []))
  let xml = ''
  rows.forEach((cells, index) => {
    const number = first + index
    const lines = Math.min(mostLines, Math.max(1, ...wrapping.map((column) => linesOf(cells[column.index], column.width))))
    xml += `<row r="${number}"${lines > 1 ? ` ht="${lines * lineHeightPt}" customHeight="1"` : ''}>`
    cells.forEach((value, column) => {
      xml += cellXml(value, `r="${columnLetters(column + 1)}${number}" s="${styles[column] ?? 0}"`)
    })
    xml += '</row>'
  })
  return xml
}

/** A row of Excel is at most 409 points high. */
const mostLines = 27

/** The indent takes two signs of the width. */
function linesOf(value: ExcelJS.CellValue, width: number): number {
  return typeof value === 'string' && value.length > width - 4 ? cellLines(value.slice(0, 2_000), width - 2) : 1
}

/** Text stands in the cell itself and is never read as a formula. */
function cellXml(value: ExcelJS.CellValue, head: string): string {
  if (typeof value === 'number') return `<c ${head}><v>${value}</v></c>`
  if (typeof value === 'string') return `<c ${head} t="inlineStr"><is><t xml:space="preserve">${escapeXml(value)}</t></is></c>`
  if (value instanceof Date) return `<c ${head}><v>${(value.getTime() - firstDayMs) / dayMs}</v></c>`
  return ''
}
