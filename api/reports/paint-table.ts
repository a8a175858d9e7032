import { drawingColours } from '../../shared/domain/funnel-palette.ts'
import type { FunnelTable, TableRow } from './funnel-table.ts'
import { boxPath, countLines, type Surface, textWidth, writeLine, writeParagraph } from './surface.ts'

const colours = drawingColours.light
const headStyle = { size: 11.5, weight: 400, colour: colours.ink2 } as const
const bodySize = 12.5
const lineHeight = 15
const inset = 4
const mostLines = 6

/** The columns of a table in u: each with its right edge. */
export type TableLayout = {
  readonly x: number
  readonly width: number
  readonly lefts: readonly number[]
  readonly widths: readonly number[]
}

export function layoutTable({ columns }: FunnelTable, x: number, width: number): TableLayout {
  const whole = columns.reduce((sum, { share }) => sum + share, 0)
  const widths = columns.map(({ share }) => (share * width) / whole)
  const lefts = widths.map((_, index) => x + widths.slice(0, index).reduce((sum, w) => sum + w, 0))
  return { x, width, lefts, widths }
}

function line(surface: Surface, { x, width }: TableLayout, y: number, colour: string): void {
  surface.path(`M${x} ${y}L${x + width} ${y}`, { stroke: colour, strokeWidth: 1 })
}

/** @returns height of the head, rule included */
export function paintTableHead(surface: Surface, table: FunnelTable, layout: TableLayout, top: number): number {
  const titles = table.columns.map(({ title }, index) => ({
    title,
    lines: countLines(title, layout.widths[index]! - 5, headStyle),
  }))
  const most = Math.max(...titles.map(({ lines }) => lines))
  titles.forEach(({ title, lines }, index) => {
    const [left, w] = [layout.lefts[index]!, layout.widths[index]!]
    const place = { top: top + (most - lines) * lineHeight, width: w - 5, lineHeight }
    const isLast = index === titles.length - 1
    if (index === 0) writeParagraph(surface, { ...place, x: left + inset }, title, headStyle)
    else writeParagraph(surface, { ...place, x: left + w - (isLast ? inset : 0) }, title, { ...headStyle, align: 'right' })
  })
  const height = most * lineHeight + 6
  line(surface, layout, top + height, colours.ink)
  return height
}

function nameLines(row: TableRow, layout: TableLayout, isBold: boolean): number {
  const style = { size: bodySize, weight: isBold ? 600 : 400 } as const
  return Math.max(1, Math.min(mostLines, countLines(row.cells[0]!.text, layout.widths[0]! - inset - 2, style)))
}

/** @param least height of a row with one line. @returns height that the row takes */
export function rowHeight(row: TableRow, layout: TableLayout, least: number): number {
  return least + (nameLines(row, layout, row.loud) - 1) * lineHeight
}

type RowPlace = { readonly top: number; readonly height: number; readonly kind: 'row' | 'total' }

/** Writes one row; the bottleneck's stands out by tint, rules and weight. */
export function paintTableRow(surface: Surface, row: TableRow, layout: TableLayout, { top, height, kind }: RowPlace): void {
  const weight = row.loud || kind === 'total' ? 600 : 400
  if (row.loud) surface.path(boxPath(layout.x, top, layout.width, height, 0), { fill: colours.signalTint })
  if (row.loud) line(surface, layout, top, colours.signalLine)
  if (kind === 'row') line(surface, layout, top + height, row.loud ? colours.signalLine : colours.line)
  const style = { size: bodySize, weight, colour: colours.ink } as const
  const lines = nameLines(row, layout, weight === 600)
  const nameTop = top + (height - lines * lineHeight) / 2
  const place = { x: layout.x + inset, top: nameTop, width: layout.widths[0]! - inset - 2, lineHeight }
  writeParagraph(surface, place, row.cells[0]!.text, style, mostLines)
  const figure = { ...style, align: 'right', tabular: true } as const
  row.cells.forEach(({ text, aside }, index) => {
    if (index === 0) return
    let right = layout.lefts[index]! + layout.widths[index]! - (index === row.cells.length - 1 ? inset : 0)
    const room = layout.widths[index]! - 6
    const asideWidth = aside ? textWidth(` ${aside}`, figure) : 0
    // Sums of other currencies may be wide: the figure gets smaller, never cut.
    const full = textWidth(text, figure) + asideWidth
    const size = full > room ? Math.max(7, (bodySize * room) / full) : bodySize
    if (aside) {
      writeLine(surface, right, top, height, aside, { ...figure, size, colour: row.loud ? colours.ink2 : colours.ink3 })
      right -= (asideWidth * size) / bodySize
    }
    writeLine(surface, right, top, height, text, { ...figure, size })
  })
}
