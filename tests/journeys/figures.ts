import ExcelJS from 'exceljs'
import type { Page } from 'playwright-core'
import { plain } from './program.ts'

/** One row of the funnel as its reader sees it. */
export type SeenRow = { readonly name: string; readonly figure: string; readonly aside: string; readonly parts: string }

/** The rows of the app's drawing, texts as shown. */
export async function readCohortRows(page: Page): Promise<SeenRow[]> {
  await page.locator('.frow').first().waitFor()
  const rows = await page.locator('.frow').evaluateAll((found) =>
    found.map((row) => {
      const text = (selector: string) => row.querySelector(selector)?.textContent ?? ''
      return { name: text('.fname'), figure: text('.fn'), aside: text('.fsum'), parts: text('.line > .visually-hidden') }
    }),
  )
  return rows.map(({ name, figure, aside, parts }) => ({
    name: plain(name),
    figure: plain(figure),
    aside: plain(aside),
    parts: plain(parts),
  }))
}

export async function readSnapshotRows(page: Page): Promise<Omit<SeenRow, 'parts'>[]> {
  await page.locator('ol.rows .count').first().waitFor()
  const rows = await page.locator('ol.rows li').evaluateAll((found) =>
    found.map((row) => {
      const text = (selector: string) => row.querySelector(selector)?.textContent ?? ''
      return { name: text('.name'), figure: text('.count'), aside: text('.sum') }
    }),
  )
  return rows.map(({ name, figure, aside }) => ({ name: plain(name), figure: plain(figure), aside: plain(aside) }))
}

/** The first sheet's rows by their first cell, formulas as their results. */
export async function readWorkbook(
  bytes: ArrayBuffer,
): Promise<{ summary: Map<string, unknown[]>; sheets: string[]; book: ExcelJS.Workbook }> {
  const book = new ExcelJS.Workbook()
  await book.xlsx.load(bytes)
  const summary = new Map<string, unknown[]>()
  book.worksheets[0]!.eachRow((row) => {
    const cells = Array.from({ length: 16 }, (_, index) => {
      const cell = row.getCell(index + 1)
      return cell.formula ? cell.result : cell.value
    })
    if (typeof cells[0] === 'string' && typeof cells[1] === 'number') summary.set(cells[0], cells)
  })
  return { summary, sheets: book.worksheets.map(({ name }) => name), book }
}
