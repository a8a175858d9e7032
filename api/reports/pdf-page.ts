import { drawingColours } from '../../shared/domain/funnel-palette.ts'
import { type FunnelReport, reportText } from './funnel-report.ts'
import type { FunnelTable, TableRow } from './funnel-table.ts'
import { drawingOf, paintFunnel } from './paint-funnel.ts'
import { paintLegend } from './paint-legend.ts'
import {
  headHeight,
  layoutTable,
  paintTableHead,
  paintTableRow,
  type RowPlace,
  rowHeight,
  type TableLayout,
} from './paint-table.ts'
import { createPdfReport, type PdfReport, type PdfSurface } from './pdf-surface.ts'
import { drawHourglass, drawLogo } from './report-marks.ts'
import {
  asOfWords,
  bindFigures,
  bottleneckCode,
  figureLink,
  historyWords,
  noteWords,
  sentenceRuns,
  sliceWords,
  webLink,
} from './report-words.ts'
import { boxPath, countLines, type Run, textWidth, wrapRuns, writeLine, writeParagraph } from './surface.ts'

const colours = drawingColours.light
export const page = { left: 52, right: 742, width: 690, top: 48, bottom: 1040, footer: 1051 } as const
const rows = { full: 29, tight: 22 } as const

/** Where the next thing goes: the page it goes to and its top. */
export type Cursor = {
  readonly report: FunnelReport
  readonly pdf: PdfReport
  readonly title: string
  readonly pages: PdfSurface[]
  y: number
}

export function surfaceOf({ pages }: Cursor): PdfSurface {
  return pages.at(-1)!
}

export function startPage(cursor: Cursor): void {
  cursor.pages.push(cursor.pdf.addPage())
  cursor.y = page.top
  if (cursor.pages.length === 1) return
  const t = reportText[cursor.report.locale]
  drawLogo(surfaceOf(cursor), page.left, cursor.y, 18)
  const words = `${cursor.title} · ${t('continued')}`
  writeLine(surfaceOf(cursor), page.left + 26, cursor.y, 18, words, { size: 13, weight: 600, colour: colours.ink })
  cursor.y += 34
}

export function paintHead(cursor: Cursor): void {
  const { report } = cursor
  const surface = surfaceOf(cursor)
  const t = reportText[report.locale]
  drawLogo(surface, page.left, cursor.y, 28)
  const product = writeLine(surface, page.left + 38, cursor.y, 28, t('product'), { size: 15, weight: 600, colour: colours.ink })
  const name = { size: 13, weight: 400, colour: colours.ink2, align: 'right' } as const
  const width = page.width - 38 - product - 24
  const place = { x: page.right, top: cursor.y + 5, width, lineHeight: 18 }
  cursor.y += Math.max(28, writeParagraph(surface, place, report.organizationName, name, 3) + 10) + 20
  writeLine(surface, page.left, cursor.y, 34, cursor.title, { size: 28, weight: 600, colour: colours.ink })
  cursor.y += 38
  const slice = { x: page.left, top: cursor.y, width: page.width, lineHeight: 18 }
  cursor.y += writeParagraph(surface, slice, sliceWords(report), { size: 13, weight: 400, colour: colours.ink2 }, 12)
}

/** The one sentence in a frame: amber with the hourglass where there is a bottleneck, grey where there is none. */
export function paintSentence(cursor: Cursor): void {
  const surface = surfaceOf(cursor)
  const isLoud = bottleneckCode(cursor.report.funnel) !== null
  const runs: readonly Run[] = sentenceRuns(cursor.report).map((run) => ({ ...run, text: bindFigures(run.text) }))
  const textX = page.left + (isLoud ? 54 : 18)
  const width = page.right - 18 - textX
  const top = cursor.y + 16
  const height = Math.min(8, wrapRuns(runs, width, 15).length) * 21 + 26
  const frame = boxPath(page.left + 0.75, top, page.width - 1.5, height, 10)
  surface.path(frame, { stroke: isLoud ? colours.signal : colours.line, strokeWidth: 1.5 })
  if (isLoud) drawHourglass(surface, page.left + 17, top + 13, 24)
  const place = { x: textX, top: top + 13, width, lineHeight: 21 }
  writeParagraph(surface, place, runs, { size: 15, weight: 400, colour: colours.ink }, 8)
  cursor.y = top + height + 14
}

/** What the number beside a layer counts. */
const layerParts = { cohort: { part: 'reached' }, flow: { part: 'entered' }, snapshot: {} } as const

/** The drawing, cut between layers where a page ends; a layer leads to its deals. */
export function paintDrawing(cursor: Cursor): void {
  const { report } = cursor
  const drawing = drawingOf(report, 'a4', page.width)
  if (drawing.layers.length === 0) return
  const barX = drawing.layers[0]!.bar.x
  cursor.y += paintLegend(surfaceOf(cursor), report, page.left + barX, cursor.y, page.width - barX) + 8
  for (let from = 0; from < drawing.layers.length; ) {
    const first = drawing.layers[from]!
    const room = page.bottom - cursor.y
    const end = drawing.layers.findIndex(({ bar }, index) => index > from && bar.y + bar.h + 26 - first.bar.y > room)
    const to = end === -1 ? drawing.layers.length : end
    const last = drawing.layers[to - 1]!
    paintFunnel({ surface: surfaceOf(cursor), report, drawing, at: { x: page.left, y: cursor.y - first.bar.y } }, from, to)
    for (const { status, bar } of drawing.layers.slice(from, to)) {
      const href = figureLink(report, report.funnel.layers[status]!.status.code, layerParts[report.funnel.basis])
      if (href !== null) surfaceOf(cursor).link(page.left, cursor.y - first.bar.y + bar.y, page.width, bar.h, href)
    }
    cursor.y += last.bar.y + last.bar.h - first.bar.y + 14
    from = to
    if (from < drawing.layers.length) startPage(cursor)
  }
}

function rowsOf({ rows: own, total }: FunnelTable): readonly TableRow[] {
  return total === null ? own : [...own, total]
}

/** A row whose figures lead to their deals, from anywhere in their cells. */
function paintRow(cursor: Cursor, row: TableRow, layout: TableLayout, place: RowPlace): void {
  const surface = surfaceOf(cursor)
  paintTableRow(surface, row, layout, place)
  row.cells.forEach(({ href }, index) => {
    if (href !== undefined) surface.link(layout.lefts[index]!, place.top, layout.widths[index]!, place.height, href)
  })
}

/** Rows get lower so that the usual funnel stays on one page; else the table goes on, its head repeated. */
export function paintTable(cursor: Cursor, table: FunnelTable, noteHeight: number): void {
  const layout = layoutTable(table, page.left, page.width)
  const all = rowsOf(table)
  const heightAt = (least: number) => headHeight(table, layout) + all.reduce((sum, row) => sum + rowHeight(row, layout, least), 0)
  const room = page.bottom - cursor.y - noteHeight
  if (heightAt(rows.tight) > room) startPage(cursor)
  const least =
    heightAt(rows.tight) > room ? 26 : Math.min(rows.full, rows.tight + Math.floor((room - heightAt(rows.tight)) / all.length))
  cursor.y += paintTableHead(surfaceOf(cursor), table, layout, cursor.y)
  for (const row of all) {
    const height = rowHeight(row, layout, least)
    if (cursor.y + height > page.bottom) {
      startPage(cursor)
      cursor.y += paintTableHead(surfaceOf(cursor), table, layout, cursor.y)
    }
    paintRow(cursor, row, layout, { top: cursor.y, height, kind: row === table.total ? 'total' : 'row' })
    cursor.y += height
  }
}

const noteStyle = { size: 12, weight: 400, colour: colours.ink2 } as const

export function noteHeightOf(cursor: Cursor): number {
  const lines = wrapRuns([{ text: noteWords(cursor.report).join(' '), weight: 400 }], page.width, 12).length
  return 12 + lines * 16 + (webLink(cursor.report.deepLink) === null ? 0 : 20)
}

export function paintNotes(cursor: Cursor): void {
  const { report } = cursor
  if (cursor.y + noteHeightOf(cursor) > page.bottom + 4) startPage(cursor)
  const surface = surfaceOf(cursor)
  cursor.y += 10
  const place = { x: page.left, top: cursor.y, width: page.width, lineHeight: 16 }
  cursor.y += writeParagraph(surface, place, noteWords(report).join(' '), noteStyle)
  const link = webLink(report.deepLink)
  if (link === null) return
  const words = `${reportText[report.locale]('note.link')} `
  const w = writeLine(surface, page.left, cursor.y + 4, 16, words, noteStyle)
  const address = { x: page.left + w, top: cursor.y + 4, width: page.width - w, lineHeight: 16 }
  writeParagraph(surface, address, link, { ...noteStyle, colour: '#3049C9' }, 1)
  surface.link(address.x, address.top, Math.min(address.width, textWidth(link, noteStyle)), 16, link)
  cursor.y += 20
}

export function paintFooters({ report, pages }: Cursor): void {
  const t = reportText[report.locale]
  const style = { size: 11.5, weight: 400, colour: colours.ink2 } as const
  const history = historyWords(report)
  const left = [asOfWords(report), ...(history === null ? [] : [history])].join(' · ')
  pages.forEach((surface, index) => {
    surface.path(`M${page.left} ${page.footer}L${page.right} ${page.footer}`, { stroke: colours.line, strokeWidth: 1 })
    const number = t('page', { page: index + 1, pages: pages.length })
    const w = writeLine(surface, page.right, page.footer + 10, 16, number, { ...style, align: 'right' })
    const place = { x: page.left, top: page.footer + 10, width: page.width - w - 24, lineHeight: 16 }
    writeParagraph(surface, place, `${left} · ${t('preparedBy', { name: report.preparedBy })}`, style, 2)
  })
}

/** Begins a document in the name of the report, with its first page. */
export async function beginPdf(report: FunnelReport, title: string): Promise<Cursor> {
  const pdf = await createPdfReport()
  const t = reportText[report.locale]
  const { document } = pdf
  document.setTitle(`${title} · ${sliceWords(report)}`.toWellFormed(), { showInWindowTitleBar: true })
  document.setSubject(t('subject'))
  document.setAuthor(`${report.organizationName}, ${report.preparedBy}`.toWellFormed())
  document.setCreator(t('product'))
  document.setLanguage(report.locale)
  document.setCreationDate(new Date(report.funnel.asOf))
  document.setModificationDate(new Date(report.funnel.asOf))
  const cursor: Cursor = { report, pdf, title, pages: [], y: 0 }
  startPage(cursor)
  return cursor
}

/** A title above a part of the document; it takes a new page when the part's first `room` u do not fit. */
export function paintTitle(cursor: Cursor, title: string, note: string | null, room: number): void {
  const height = 44 + (note === null ? 0 : countLines(note, page.width, noteStyle) * 16 + 6)
  if (cursor.y + height + room > page.bottom) startPage(cursor)
  else if (cursor.y > page.top + 40) cursor.y += 22
  const surface = surfaceOf(cursor)
  writeLine(surface, page.left, cursor.y, 24, title, { size: 18, weight: 600, colour: colours.ink })
  cursor.y += 30
  if (note === null) return
  cursor.y += writeParagraph(surface, { x: page.left, top: cursor.y, width: page.width, lineHeight: 16 }, note, noteStyle) + 8
}

const longRow = 24
/** A table of so many rows is short: half of it stays together. */
const shortTable = 24

/** What the beginning of a table needs, so that half of a short one, or six rows of a longer one, stand together. */
export function roomFor(table: FunnelTable): number {
  const layout = layoutTable(table, page.left, page.width)
  const all = rowsOf(table)
  const together = all.length > shortTable ? 6 : all.length <= 6 ? all.length : Math.ceil(all.length / 2)
  return headHeight(table, layout) + heightOf(all.slice(0, together), layout)
}

function heightOf(some: readonly TableRow[], layout: TableLayout): number {
  return some.reduce((sum, row) => sum + rowHeight(row, layout, longRow), 0)
}

/** The next page, under the title of the part that goes on there. */
export function goOn(cursor: Cursor, title: string): void {
  startPage(cursor)
  const words = reportText[cursor.report.locale]('pack.goesOn', { title })
  writeLine(surfaceOf(cursor), page.left, cursor.y, 24, words, { size: 18, weight: 600, colour: colours.ink })
  cursor.y += 36
}

/** A table that goes on wherever a page ends, with its title and its head repeated; its last row never stands there alone. */
export function paintLongTable(cursor: Cursor, table: FunnelTable, title: string): void {
  const layout = layoutTable(table, page.left, page.width)
  const all = rowsOf(table)
  cursor.y += paintTableHead(surfaceOf(cursor), table, layout, cursor.y)
  for (const [index, row] of all.entries()) {
    const height = rowHeight(row, layout, longRow)
    const rest = all.length - index === 2 ? heightOf(all.slice(index), layout) : height
    if (cursor.y + rest > page.bottom) {
      goOn(cursor, title)
      cursor.y += paintTableHead(surfaceOf(cursor), table, layout, cursor.y)
    }
    paintRow(cursor, row, layout, { top: cursor.y, height, kind: row === table.total ? 'total' : 'row' })
    cursor.y += height
  }
}

/** A paragraph of plain words, on the next page where it does not fit. */
export function paintWords(cursor: Cursor, text: string): void {
  const style = { size: 13, weight: 400, colour: colours.ink } as const
  const height = countLines(text, page.width, style) * 19
  if (cursor.y + height > page.bottom) startPage(cursor)
  cursor.y +=
    writeParagraph(surfaceOf(cursor), { x: page.left, top: cursor.y, width: page.width, lineHeight: 19 }, text, style) + 6
}
