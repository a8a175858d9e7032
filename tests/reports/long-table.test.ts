import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cell, type FunnelTable } from '../../api/reports/funnel-table.ts'
import { beginPdf, page, paintFooters, paintLongTable, paintTitle, roomFor } from '../../api/reports/pdf-page.ts'
import { reportOf } from './fixture.ts'
import { readPdfText, skipWithout } from './tools.ts'

/** Tables of the pack where a page ends. */
const tableOf = (rows: number): FunnelTable => ({
  columns: [
    { title: 'Сотрудник', share: 200 },
    { title: 'Сделок', share: 60 },
  ],
  rows: Array.from({ length: rows }, (_, index) => ({ loud: false, cells: [cell(`Строка-${index + 1}`), cell(String(index))] })),
  total: { loud: false, cells: [cell('Всего'), cell('9')] },
})

async function pagesWith(table: FunnelTable, left: number): Promise<readonly string[]> {
  const cursor = await beginPdf(reportOf('ru'), 'Пакет')
  cursor.y = page.bottom - left
  paintTitle(cursor, 'По сотрудникам', null, roomFor(table))
  paintLongTable(cursor, table, 'По сотрудникам')
  paintFooters(cursor)
  return (await readPdfText(await cursor.pdf.document.save())).split('\f').slice(0, -1)
}
const rowsOn = (text: string) => [...text.matchAll(/Строка-/g)].length

test('a table that goes on has its title and its head on the next page too', async (context) => {
  if (skipWithout(context, 'pdftotext')) return
  const pages = await pagesWith(tableOf(80), 700)
  assert.equal(pages.length, 3)
  for (const text of pages.slice(1)) assert.match(text, /По сотрудникам \(продолжение\)\s+Сотрудник\s+Сделок/)
  assert.equal(
    pages.reduce((sum, text) => sum + rowsOn(text), 0),
    80,
  )
})

test('of a short table at least half stands with its title, else it begins on the next page', async (context) => {
  if (skipWithout(context, 'pdftotext')) return
  for (let left = 60; left < 420; left += 72) {
    const pages = await pagesWith(tableOf(12), left)
    const first = pages.findIndex((text) => text.includes('По сотрудникам'))
    assert.ok(rowsOn(pages[first]!) >= 6, `${left}: ${rowsOn(pages[first]!)} rows`)
    // The total never stands alone.
    const last = pages.find((text) => text.includes('Всего'))!
    assert.ok(rowsOn(last) >= 1, `${left}: the total alone`)
  }
})
