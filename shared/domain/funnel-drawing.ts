import type { PartFigures } from '../views/funnel.ts'
import { type Box, roundUnit, type Segment, segmentsOf } from './funnel-bars.ts'
import { primaryBottleneck } from './funnel-bottleneck.ts'
import { rampPlace } from './funnel-palette.ts'

/**
 * One geometry of the funnel for SVG in the app, vectors in the PDF and the picture (design/look, section 5; product.md wins).
 * Pure numbers in the unit u, origin at the top left of the funnel, y downwards; texts and colours are the renderer's.
 */
export type DrawingMode = 'stacked' | 'wide' | 'a4' | 'bot'

type LayerMeasure = PartFigures & {
  readonly through: number
  readonly joined: number
  readonly handedOff?: number
  readonly movedBack?: number
}

/** What a layer must have to be drawn; a `CohortLayerView` has it. */
export type DrawnLayer<Status> = LayerMeasure & {
  readonly status: Status
  /** Place 1..8 on the ramp that was chosen for it; left out: by the order. */
  readonly colour?: number | undefined
  readonly amountMinor: LayerMeasure
  readonly conversion: { readonly resolved: number | null; readonly baseline: number | null }
  readonly bottleneck: { readonly kinds: readonly string[]; readonly impactMinor: number } | null
}

/** The step between this layer and the next, on the ribbon. `textX` is the left edge of its words, `pill` frames the bottleneck. */
export type Connector = Box & {
  readonly textX: number
  readonly resolved: number | null
  readonly baseline: number | null
  /** Exactly one connector at most: the bottleneck. */
  readonly loud: boolean
  readonly pill: Omit<Box, 'w'>
}

/** A 4 u corner cut from the top of the bar where the deals begin that the layer above does not have. */
export type JoinedNotch = { readonly joined: number; readonly points: readonly (readonly [number, number])[] }

export type LayerDrawing<Status> = {
  readonly status: Status
  /** 1..8 on the ramp, with fractions: for `rampColours`. */
  readonly place: number
  readonly reached: number
  readonly amountMinor: number
  readonly nameBox: Box
  /** Number and sum stand at the right edge of their boxes. */
  readonly numberBox: Box
  readonly sumBox: Box
  readonly bar: Box
  readonly segments: readonly Segment[]
  /** The pale band to the next bar, `through` wide; null where nothing goes on. */
  readonly ribbon: Box | null
  readonly connector: Connector | null
  readonly joinedNotch: JoinedNotch | null
  readonly isBottleneck: boolean
}

export type FunnelDrawing<Status> = {
  readonly mode: DrawingMode
  readonly width: number
  readonly height: number
  /** u per deal, or per minor unit: one scale for all bars. 0 when nothing was reached. */
  readonly scale: number
  readonly layers: readonly LayerDrawing<Status>[]
}

/** Heights in u. Where `name` is 0 the name stands beside the bar. A4: 1 u = 0.75 pt; bot: 440 u = 1080 px. */
export const drawingModes = {
  stacked: { name: 22, gap: 3, bar: 16, connector: 26, pill: 24 },
  bot: { name: 18, gap: 1, bar: 13, connector: 18, pill: 18 },
  wide: { name: 0, gap: 0, bar: 22, connector: 26, pill: 20 },
  a4: { name: 0, gap: 0, bar: 22, connector: 26, pill: 20 },
} as const satisfies Readonly<Record<DrawingMode, Readonly<Record<string, number>>>>

const columns = { name: 120, number: 44, sum: 88, between: 12, indent: 6 } as const
const notchSize = 4

type Frame = { readonly mode: DrawingMode; readonly width: number; readonly barX: number; readonly barWidth: number }

function frameOf(mode: DrawingMode, width: number): Frame {
  if (drawingModes[mode].name > 0) return { mode, width, barX: 0, barWidth: width }
  const barX = columns.name + columns.between
  const barWidth = width - barX - columns.number - columns.sum - 2 * columns.between
  return { mode, width, barX, barWidth: Math.max(1, barWidth) }
}

function textBoxes({ mode, width, barX }: Frame, top: number): Pick<LayerDrawing<unknown>, 'nameBox' | 'numberBox' | 'sumBox'> {
  const size = drawingModes[mode]
  const isStacked = size.name > 0
  const h = isStacked ? size.name : size.bar
  const sumX = width - columns.sum
  const numberX = sumX - columns.between - columns.number
  const nameX = isStacked ? columns.indent : 0
  const nameWidth = isStacked ? numberX - columns.indent - nameX : barX - columns.between
  return {
    nameBox: { x: nameX, y: top, w: roundUnit(nameWidth), h },
    numberBox: { x: roundUnit(numberX), y: top, w: columns.number, h },
    sumBox: { x: roundUnit(sumX), y: top, w: columns.sum, h },
  }
}

function connectorBelow(frame: Frame, bottom: number, layer: DrawnLayer<unknown>, loud: boolean): Connector {
  const { connector: h, pill } = drawingModes[frame.mode]
  const { resolved, baseline } = layer.conversion
  const box = { x: frame.barX, y: bottom, w: roundUnit(frame.barWidth), h }
  return {
    ...box,
    textX: frame.barX + columns.indent,
    resolved,
    baseline,
    loud,
    pill: { x: frame.barX, y: bottom + (h - pill) / 2, h: pill },
  }
}

function notchOn(bar: Box, above: LayerMeasure | null, joined: number, scale: number): JoinedNotch | null {
  if (!above || joined <= 0) return null
  const x = roundUnit(bar.x + above.through * scale)
  return {
    joined,
    points: [
      [x, bar.y],
      [roundUnit(x + notchSize), bar.y],
      [x, bar.y + notchSize],
    ],
  }
}

type DrawingInput<Status> = {
  readonly layers: readonly DrawnLayer<Status>[]
  readonly mode: DrawingMode
  readonly width: number
  readonly by: 'count' | 'amount'
}
type Plan<Status> = DrawingInput<Status> & {
  readonly frame: Frame
  readonly measures: readonly LayerMeasure[]
  readonly scale: number
  readonly loudest: DrawnLayer<Status> | null
}

function rowHeightOf(mode: DrawingMode): number {
  return drawingModes[mode].name + drawingModes[mode].gap + drawingModes[mode].bar
}

function drawLayer<Status>({ layers, mode, frame, measures, scale, loudest }: Plan<Status>, index: number): LayerDrawing<Status> {
  const size = drawingModes[mode]
  const layer = layers[index]!
  const measure = measures[index]!
  const top = index * (rowHeightOf(mode) + size.connector)
  const bar = { x: frame.barX, y: top + size.name + size.gap, w: roundUnit(measure.reached * scale), h: size.bar }
  const bottom = bar.y + bar.h
  const isLast = index === layers.length - 1
  const ribbon = { x: bar.x, y: bottom, w: roundUnit(measure.through * scale), h: size.connector + size.name + size.gap }
  const isBottleneck = layer === loudest
  return {
    status: layer.status,
    place: layer.colour ?? rampPlace(index, layers.length),
    reached: layer.reached,
    amountMinor: layer.amountMinor.reached,
    ...textBoxes(frame, top),
    bar,
    segments: segmentsOf(measure, scale, bar),
    ribbon: isLast || measure.through <= 0 ? null : ribbon,
    connector: isLast ? null : connectorBelow(frame, bottom, layer, isBottleneck),
    joinedNotch: notchOn(bar, measures[index - 1] ?? null, layer.joined, scale),
    isBottleneck,
  }
}

/**
 * Lays the funnel out. The scale is the bar column over the largest reached figure (a later layer may be larger than the first,
 * thanks to deals that joined), the same for all bars; solid + tint + hatch are passed and finished + open + lost.
 * @param width of the whole drawing in u. @param by decides the widths; texts show deals and money in both cases.
 */
export function drawFunnel<Status>(input: DrawingInput<Status>): FunnelDrawing<Status> {
  const { layers, mode, width, by } = input
  const frame = frameOf(mode, width)
  const measures: readonly LayerMeasure[] = layers.map((layer) => (by === 'count' ? layer : layer.amountMinor))
  const largest = Math.max(0, ...measures.map((measure) => measure.reached))
  const scale = largest > 0 ? frame.barWidth / largest : 0
  const plan = { ...input, frame, measures, scale, loudest: primaryBottleneck(layers) }
  const height = layers.length === 0 ? 0 : layers.length * rowHeightOf(mode) + (layers.length - 1) * drawingModes[mode].connector
  return { mode, width, height, scale, layers: layers.map((_, index) => drawLayer(plan, index)) }
}
