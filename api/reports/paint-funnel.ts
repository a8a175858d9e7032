import { type BarPart, type Box, hatchLines, type Segment } from '../../shared/domain/funnel-bars.ts'
import { type DrawnLayer, drawFunnel, type FunnelDrawing, type LayerDrawing } from '../../shared/domain/funnel-drawing.ts'
import { flowLayersToDraw } from '../../shared/domain/funnel-flow.ts'
import { drawingColours, type RampColours, rampColours } from '../../shared/domain/funnel-palette.ts'
import { connectorWords, joinedWords } from '../../shared/domain/funnel-sentence.ts'
import { snapshotLayersToDraw } from '../../shared/domain/funnel-snapshot.ts'
import { formatAge, formatInteger, formatMoneyShort } from '../../shared/messages/format.ts'
import type { StatusRefView } from '../../shared/views/common.ts'
import type { FunnelView } from '../../shared/views/funnel.ts'
import { type FunnelReport, funnelText, reportText } from './funnel-report.ts'
import { drawHourglass } from './report-marks.ts'
import { flowRowWords } from './report-words.ts'
import { boxPath, countLines, type Surface, textWidth, wordsFit, writeLine, writeParagraph } from './surface.ts'

const colours = drawingColours.light
const textSizes = { name: 15, number: 15, sum: 13, share: 13, change: 12, loudShare: 15 } as const

/** The geometry of a report's funnel: the page or the picture decides mode and width in u. */
export function drawingOf({ funnel, by }: FunnelReport, mode: 'a4' | 'bot', width: number): FunnelDrawing<number> {
  const layers = layersOf(funnel)
  return drawFunnel({
    layers: layers.map((layer, index) => ({ ...layer, status: index, colour: layer.status.colour })),
    mode,
    width,
    by,
  })
}

function layersOf(funnel: FunnelView): readonly DrawnLayer<StatusRefView>[] {
  switch (funnel.basis) {
    case 'cohort':
      return funnel.layers
    case 'snapshot':
      return snapshotLayersToDraw(funnel.layers)
    case 'flow':
      return flowLayersToDraw(funnel.layers)
  }
}

type Origin = { readonly x: number; readonly y: number }
type Painting = {
  readonly surface: Surface
  readonly report: FunnelReport
  readonly drawing: FunnelDrawing<number>
  readonly at: Origin
}

/**
 * Paints the layers `from` to `to` (the last not included); the origin is where the whole drawing begins, so that a part of it may go to
 * another page. Ribbons first, texts on top.
 */
export function paintFunnel(painting: Painting, from = 0, to = painting.drawing.layers.length): void {
  const layers = painting.drawing.layers.slice(from, to)
  layers.forEach((layer, index) => {
    if (layer.ribbon && index < layers.length - 1) paintRibbon(painting, layer)
  })
  for (const layer of layers) paintBar(painting, layer)
  layers.forEach((layer, index) => {
    paintRowTexts(painting, layer)
    if (index < layers.length - 1) paintConnector(painting, layer)
  })
}

function moved(box: Box, { x, y }: Origin): Box {
  return { x: box.x + x, y: box.y + y, w: box.w, h: box.h }
}

function paintRibbon({ surface, at }: Painting, layer: LayerDrawing<number>): void {
  const { x, y, w, h } = moved(layer.ribbon!, at)
  surface.path(boxPath(x, y, w, h, 0), { fill: rampColours(layer.place, 'light').ribbon })
}

/** A part of a bar: passed and finished solid, here pale, handed off empty, moved back and lost hatched, with a border. Borders lie inside. */
export function paintSegment(
  surface: Surface,
  segment: Box & Pick<Segment, 'part' | 'radiusLeft' | 'radiusRight'>,
  ramp: RampColours,
): void {
  const { x, y, w, h, part, radiusLeft, radiusRight } = segment
  if (isSolid(part)) {
    surface.path(boxPath(x, y, w, h, radiusLeft, radiusRight), { fill: ramp.bar })
    return
  }
  const line = part === 'lost' ? colours.lost : ramp.bar
  const fill = part === 'open' ? ramp.here : colours.surface
  // Too thin for a border on both sides: the colour of the border alone.
  if (w < 2.5) {
    surface.path(boxPath(x, y, w, h, Math.min(1, radiusLeft)), { fill: line })
    return
  }
  surface.path(boxPath(x + 0.5, y + 0.5, w - 1, h - 1, radiusLeft - 0.5, radiusRight - 0.5), { fill })
  if (part === 'lost' || part === 'movedBack') {
    const hatch = hatchLines({ x: x + 0.75, y: y + 0.75, w: w - 1.5, h: h - 1.5 })
    // What went back leans the other way: the two are told apart without colour too.
    const turned = (value: number) => (part === 'movedBack' ? 2 * y + h - value : value)
    const d = hatch.map(({ x1, y1, x2, y2 }) => `M${x1} ${turned(y1)}L${x2} ${turned(y2)}`).join('')
    if (d !== '') surface.path(d, { stroke: line, strokeWidth: 1.5 })
  }
  surface.path(boxPath(x + 0.5, y + 0.5, w - 1, h - 1, radiusLeft - 0.5, radiusRight - 0.5), { stroke: line, strokeWidth: 1 })
}

function isSolid(part: BarPart): boolean {
  return part === 'passed' || part === 'finished'
}

function paintBar({ surface, at }: Painting, layer: LayerDrawing<number>): void {
  const ramp = rampColours(layer.place, 'light')
  for (const segment of layer.segments) paintSegment(surface, { ...segment, ...moved(segment, at) }, ramp)
  if (!layer.joinedNotch) return
  const [first, ...others] = layer.joinedNotch.points.map(([x, y]) => `${x + at.x} ${y + at.y}`)
  surface.path(`M${first}${others.map((point) => `L${point}`).join('')}Z`, { fill: colours.surface })
}

/** Name, number and sum. A name too long for its place gets smaller and takes more lines, into the space of the connector. */
function paintRowTexts({ surface, report, at, drawing }: Painting, layer: LayerDrawing<number>): void {
  const { funnel, locale } = report
  const name = funnel.layers[layer.status]!.status.name
  paintName(surface, moved(layer.nameBox, at), name, drawing.mode === 'a4')
  const number = moved(layer.numberBox, at)
  const sum = moved(layer.sumBox, at)
  const money = formatMoneyShort(layer.amountMinor, funnel.currency, locale)
  const isOfMoney = report.by === 'amount'
  writeFigure(surface, number, formatInteger(layer.reached, locale), !isOfMoney)
  writeFigure(surface, sum, money, isOfMoney)
}

/** The measure that the bars are of stands out. A figure wider than its place gets smaller, never cut. */
function writeFigure(surface: Surface, box: Box, text: string, isMain: boolean): void {
  const style = isMain
    ? ({ size: textSizes.number, weight: 600, colour: colours.ink } as const)
    : ({ size: textSizes.sum, weight: 400, colour: colours.ink2 } as const)
  const full = textWidth(text, { ...style, tabular: true })
  const size = full > box.w ? (style.size * box.w) / full : style.size
  writeLine(surface, box.x + box.w, box.y, box.h, text, { ...style, size, align: 'right', tabular: true })
}

const nameSizes = [15, 14, 13, 12, 10.5, 9] as const

function paintName(surface: Surface, box: Box, name: string, mayGrow: boolean): void {
  const style = { weight: 400, colour: colours.ink } as const
  const room = mayGrow ? box.h + 22 : box.h
  const linesAt = (size: number) => Math.max(1, Math.floor(room / (size * 1.18)))
  const countAt = (size: number) => countLines(name, box.w, { size, weight: 400 })
  const fitting = nameSizes.filter((size) => countAt(size) <= linesAt(size))
  const size = fitting.find((size) => wordsFit(name, box.w, { size, weight: 400 })) ?? fitting[0] ?? 9
  const lines = Math.min(linesAt(size), countAt(size))
  const lineHeight = lines === 1 ? box.h : size * 1.18
  writeParagraph(surface, { x: box.x, top: box.y, width: box.w, lineHeight }, name, { ...style, size }, lines)
}

function paintConnector(painting: Painting, layer: LayerDrawing<number>): void {
  const { surface, report, at } = painting
  const connector = layer.connector
  if (!connector) return
  const { y, h } = moved(connector, at)
  const x = connector.textX + at.x
  if (report.funnel.basis !== 'cohort') {
    paintStanding(painting, layer.status, x, y, h)
    return
  }
  const speech = { locale: report.locale, t: funnelText[report.locale] }
  const words = connectorWords(connector, speech)
  const end = connector.loud ? paintPill(painting, layer, words) : paintShare(surface, x, y, h, words)
  const below = report.funnel.layers[layer.status + 1]
  const joined = below ? joinedWords(below.joined, speech) : null
  if (joined) writeLine(surface, end + 10, y, h, joined, { size: textSizes.change, weight: 400, colour: colours.ink2 })
}

type Words = ReturnType<typeof connectorWords>

/** @returns where the words end */
function paintShare(surface: Surface, x: number, y: number, h: number, { share, change }: Words): number {
  const first = writeLine(surface, x, y, h, share, { size: textSizes.share, weight: 600, colour: colours.ink })
  if (!change) return x + first
  return (
    x + first + 8 + writeLine(surface, x + first + 8, y, h, change, { size: textSizes.change, weight: 400, colour: colours.ink2 })
  )
}

/** The pill of the bottleneck: filled in the picture, an outline on paper. @returns where it ends */
function paintPill({ surface, at, drawing }: Painting, layer: LayerDrawing<number>, words: Words): number {
  const pill = layer.connector!.pill
  const [x, y] = [pill.x + at.x, pill.y + at.y]
  const parts = [
    { text: words.share, size: textSizes.loudShare, weight: 600, gap: 8 },
    { text: words.change ?? '', size: textSizes.share, weight: 400, gap: 8 },
    { text: words.mark ?? '', size: textSizes.share, weight: 600, gap: 0 },
  ] as const
  const shown = parts.filter(({ text }) => text !== '')
  const width = 28 + shown.reduce((sum, part) => sum + textWidth(part.text, part) + part.gap, 0) + 10
  const fill = drawing.mode === 'bot' ? { fill: colours.signalTint } : { fill: colours.surface }
  // Where the pill fills its row, half a unit of air keeps it off the bars.
  const air = pill.h === layer.connector!.h ? 1 : 0.5
  const outline = boxPath(x + 0.5, y + air, width - 1, pill.h - 2 * air, 0, 8)
  surface.path(outline, { ...fill, stroke: colours.signalLine, strokeWidth: 1 })
  drawHourglass(surface, x + 6, y + (pill.h - 14) / 2, 14)
  let left = x + 28
  for (const { text, size, weight, gap } of shown) {
    left += writeLine(surface, left, y, pill.h, text, { size, weight, colour: colours.signal }) + gap
  }
  return x + width
}

/** Below the bar of a snapshot, where nothing passes, stand how many are late and how long they have stood; below that of a flow, its parts. */
function paintStanding({ surface, report }: Painting, index: number, x: number, y: number, h: number): void {
  const { funnel, locale } = report
  if (funnel.basis === 'cohort') return
  const style = { size: textSizes.change, weight: 400, colour: colours.ink2 } as const
  if (funnel.basis === 'flow') {
    writeLine(
      surface,
      x,
      y,
      h,
      flowRowWords(funnel.layers[index]!, locale, report.by === 'amount' ? funnel.currency : null),
      style,
    )
    return
  }
  const t = reportText[locale]
  const { overdue, medianAgeHours, count } = funnel.layers[index]!
  if (count === 0) return
  const parts = [
    ...(overdue > 0 ? [t('snapshot.overdue', { shown: formatInteger(overdue, locale) })] : []),
    ...(medianAgeHours === null ? [] : [t('snapshot.age', { age: formatAge(medianAgeHours, locale) })]),
  ]
  writeLine(surface, x, y, h, parts.join(' · '), style)
}
