import { drawingColours } from '../../shared/domain/funnel-palette.ts'
import type { FunnelTable, TableRow } from './funnel-table.ts'
import { boxPath, countLines, type Measured, type Surface, textWidth, writeLine, writeParagraph } from './surface.ts'

const colours = drawingColours.light
const headStyle = { size: 11.5, weight: 400, colour: colours.ink2 } as const
const bodySize = 12.5
const lineHeight = 15
const inset = 4
const mostLines = 6
/** Air between neighbouring columns: without it a count and a sum are read as one number. */
const gaps = [14, 11, 8] as const
/** A column takes no more than this from the others, however long what stands in it. */
const mostNeeded = 175
/** The first column keeps so much for names. */
const leastForNames = 110

/** The columns of a table in u: each with its right edge. */
export type TableLayout = {
  readonly x: number
  readonly width: number
  readonly gap: number
  readonly lefts: readonly number[]
  readonly widths: readonly number[]
}

/** Columns share the width; those whose words or figures need more take it from those that have some to spare. */
export function layoutTable(table: FunnelTable, x: number, width: number): TableLayout {
  const { columns } = table
  const whole = columns.reduce((sum, { share }) => sum + share, 0)
  const shared = columns.map(({ share }) => (share * width) / whole)
  const needsAt = (gap: number) => columns.map((_, index) => needOf(table, index, gap))
  const gap = gaps.find((one) => total(needsAt(one)) <= width) ?? gaps.at(-1)!
  const needs = needsAt(gap)
  const lacks = shared.map((w, index) => Math.max(0, needs[index]! - w))
  const spares = shared.map((w, index) => Math.max(0, w - needs[index]!))
  const given = Math.min(total(lacks), total(spares))
  const part = (of: number, list: readonly number[]) => (given === 0 ? 0 : (of * given) / total(list))
  const widths = shared.map((w, index) => w + part(lacks[index]!, lacks) - part(spares[index]!, spares))
  const lefts = widths.map((_, index) => x + total(widths.slice(0, index)))
  return { x, width, gap, lefts, widths }
}

function total(list: readonly number[]): number {
  return list.reduce((sum, value) => sum + value, 0)
}

/** What keeps every word of the head and every figure whole, air included. */
function needOf({ columns, rows, total }: FunnelTable, index: number, gap: number): number {
  const words = (text: string, style: Measured) => Math.max(0, ...text.split(' ').map((word) => textWidth(word, style)))
  const head = words(columns[index]!.title, headStyle)
  const all = total === null ? rows : [...rows, total]
  const cells = all.map((row) => {
    const { text, aside } = row.cells[index]!
    const style = { size: bodySize, weight: row.loud || row === total ? 600 : 400, tabular: index > 0 } as const
    return index === 0 ? words(text.replace(/^(\d+\.) /, '$1\u00a0'), style) : textWidth(aside ? `${text} ${aside}` : text, style)
  })
  const own = Math.min(mostNeeded, Math.max(head, ...cells)) + gap + (index === columns.length - 1 ? inset : 0)
  return index === 0 ? Math.max(own, leastForNames) : own
}

function line(surface: Surface, { x, width }: TableLayout, y: number, colour: string): void {
  surface.path(`M${x} ${y}L${x + width} ${y}`, { stroke: colour, strokeWidth: 1 })
}

type HeadLines = { readonly title: string; readonly room: number; readonly lines: number }

function headLines({ columns }: FunnelTable, { widths, gap }: TableLayout): readonly HeadLines[] {
  return columns.map(({ title }, index) => {
    const room = widths[index]! - gap - (index === columns.length - 1 ? inset : 0)
    return { title, room, lines: countLines(title, room, headStyle) }
  })
}

/** Height of the head, rule included. */
export function headHeight(table: FunnelTable, layout: TableLayout): number {
  return Math.max(...headLines(table, layout).map(({ lines }) => lines)) * lineHeight + 6
}

/** @returns its height */
export function paintTableHead(surface: Surface, table: FunnelTable, layout: TableLayout, top: number): number {
  const titles = headLines(table, layout)
  const most = Math.max(...titles.map(({ lines }) => lines))
  titles.forEach(({ title, room, lines }, index) => {
    const [left, w] = [layout.lefts[index]!, layout.widths[index]!]
    const place = { top: top + (most - lines) * lineHeight, width: room, lineHeight }
    const isLast = index === titles.length - 1
    if (index === 0) writeParagraph(surface, { ...place, x: left + inset }, title, headStyle)
    else writeParagraph(surface, { ...place, x: left + w - (isLast ? inset : 0) }, title, { ...headStyle, align: 'right' })
  })
  const height = headHeight(table, layout)
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

export type RowPlace = { readonly top: number; readonly height: number; readonly kind: 'row' | 'total' }

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
    const outer = index === row.cells.length - 1 ? inset : 0
    let right = layout.lefts[index]! + layout.widths[index]! - outer
    const room = layout.widths[index]! - layout.gap - outer
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
