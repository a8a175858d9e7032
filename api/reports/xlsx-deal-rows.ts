import type ExcelJS from 'exceljs'
import { columnLetters, escapeXml } from './xlsx-xml.ts'

/** Excel counts days from here; a day of it is a whole number. */
const firstDayMs = Date.UTC(1899, 11, 30)
const dayMs = 86_400_000

/**
 * Rows of a sheet as XML, cell by cell: a list of a hundred thousand would not fit into the memory as objects of exceljs.
 * @param first number of the first row. @param styles number of the style of each column, as the workbook has them
 */
export function sheetRows(rows: readonly (readonly ExcelJS.CellValue[])[], first: number, styles: readonly string[]): string {
  let xml = ''
  rows.forEach((cells, index) => {
    const number = first + index
    xml += `<row r="${number}">`
    cells.forEach((value, column) => {
      xml += cellXml(value, `r="${columnLetters(column + 1)}${number}" s="${styles[column] ?? 0}"`)
    })
    xml += '</row>'
  })
  return xml
}

/** Text stands in the cell itself and is never read as a formula. */
function cellXml(value: ExcelJS.CellValue, head: string): string {
  if (typeof value === 'number') return `<c ${head}><v>${value}</v></c>`
  if (typeof value === 'string') return `<c ${head} t="inlineStr"><is><t xml:space="preserve">${escapeXml(value)}</t></is></c>`
  if (value instanceof Date) return `<c ${head}><v>${(value.getTime() - firstDayMs) / dayMs}</v></c>`
  return ''
}
