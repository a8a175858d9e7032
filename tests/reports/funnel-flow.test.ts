import assert from 'node:assert/strict'
import { test } from 'node:test'
import ExcelJS from 'exceljs'
import { funnelSvg } from '../../api/reports/funnel-png.ts'
import type { FunnelReport } from '../../api/reports/funnel-report.ts'
import { funnelTable } from '../../api/reports/funnel-table.ts'
import { funnelXlsx } from '../../api/reports/funnel-xlsx.ts'
import { sliceWords } from '../../api/reports/report-words.ts'
import type { FlowFunnelView } from '../../shared/views/funnel.ts'
import { head, reportOf, statusOf } from './fixture.ts'

/** The report of a flow: the figures of the view in the table, the workbook and the picture. */
const parts = ['advanced', 'stillThere', 'handedOff', 'movedBack', 'lost'] as const
const rows = [
  [60, 20, 3, 7, 10, 130],
  [0, 0, 0, 0, 0, 0],
  [5, 40, 0, 0, 15, 60],
] as const
const flow: FlowFunnelView = {
  basis: 'flow',
  ...head,
  slice: { ...head.slice, phases: ['sale'], tags: ['vip'], fields: [{ code: 'region', name: 'Регион', value: 'Юг' }] },
  layers: rows.map(([advanced, stillThere, handedOff, movedBack, lost, entries], index) => {
    const entered = advanced + stillThere + handedOff + movedBack + lost
    const figures = { entered, advanced, stillThere, handedOff, movedBack, lost }
    return {
      status: statusOf(index, `Слой ${index + 1}`),
      ...figures,
      entries,
      pingPong: entered === 0 ? null : entries / entered - 1,
      amountMinor: Object.fromEntries(Object.entries(figures).map(([part, count]) => [part, count * 100_00])) as typeof figures,
    }
  }),
  totals: { deals: 140, amountMinor: 14_000_00, entries: 190 },
}
const report = (locale: 'ru' | 'en'): FunnelReport => reportOf(locale, { funnel: flow, slices: [] })

test('the table has a column for each outcome, and nothing is divided by nothing', () => {
  const { rows: lines, columns, total } = funnelTable(report('ru'))
  assert.equal(columns.length, 9)
  assert.deepEqual(
    lines[0]!.cells.map(({ text }) => text),
    ['1. Слой 1', '100', '10,0', '60', '20', '3', '7', '10', '0,3'],
  )
  assert.equal(lines[1]!.cells.at(-1)!.text, '—')
  assert.equal(total?.cells[1]?.text, '140')
})

test('by amount what became of the deals is told in money', () => {
  const { rows: lines, columns } = funnelTable({ ...report('ru'), by: 'amount' })
  assert.deepEqual(
    lines[0]!.cells.map(({ text }) => text),
    ['1. Слой 1', '10,0', '100', '6,0', '2,0', '0,3', '0,7', '1,0', '0,3'],
  )
  assert.equal(columns[3]!.title, 'Дальше, тыс.\u00a0₽')
  const svg = funnelSvg({ ...report('ru'), by: 'amount' }).replaceAll('\u00a0', ' ')
  assert.ok(svg.includes('дальше 6 000 ₽ · остались 2 000 ₽'), svg)
})

test('the workbook adds up entries by formulas that carry the view’s figures', async () => {
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.load(Buffer.from(await funnelXlsx(report('en'))) as unknown as ArrayBuffer)
  const sheet = workbook.worksheets[0]!
  const found = flow.layers.map((layer) => {
    for (let number = 1; number <= sheet.rowCount; number++)
      if (sheet.getCell(number, 1).value === layer.status.name) return sheet.getRow(number)
    throw new Error(layer.status.name)
  })
  for (const [index, layer] of flow.layers.entries()) {
    const row = found[index]!
    assert.equal(row.getCell(2).formula, `SUM(D${row.number}:H${row.number})`)
    assert.equal(row.getCell(2).result, layer.entered)
    assert.deepEqual(
      parts.map((_, place) => row.getCell(4 + place).value),
      parts.map((part) => layer[part]),
    )
  }
})

test('the picture says below each bar what became of the deals, without parts that are nothing', () => {
  const svg = funnelSvg(report('ru')).replaceAll('\u00a0', ' ')
  assert.ok(svg.includes('дальше 60 · остались 20 · переданы 3 · назад 7 · проиграны 10'))
  assert.ok(!svg.includes('NaN'))
  // A closed period has no now.
  assert.ok(svg.includes('пошли дальше') && svg.includes('остались') && !svg.includes('сейчас здесь'))
})

test('chapters, tags and fields are said among the slices', () => {
  assert.ok(sliceWords(report('ru')).endsWith('глава: продажа · метка: vip · Регион: Юг'), sliceWords(report('ru')))
})
