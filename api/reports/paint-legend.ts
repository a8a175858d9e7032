import type { BarPart } from '../../shared/domain/funnel-bars.ts'
import { drawingColours, rampColours } from '../../shared/domain/funnel-palette.ts'
import type { ReportKey } from '../../shared/messages/ru/report.ts'
import type { FunnelView } from '../../shared/views/funnel.ts'
import { type FunnelReport, reportText } from './funnel-report.ts'
import { paintSegment } from './paint-funnel.ts'
import { type Surface, textWidth, writeLine } from './surface.ts'

const swatch = { w: 16, h: 10, radiusLeft: 2, radiusRight: 2 } as const

/** The words are those of the screen: deals of a flow are told of at the end of its period, not of now. */
const partsOf = {
  cohort: [
    ['passed', 'legend.passed'],
    ['open', 'legend.open'],
    ['lost', 'legend.lost'],
  ],
  snapshot: [['open', 'legend.standing']],
  flow: [
    ['passed', 'legend.advanced'],
    ['open', 'legend.stillThere'],
    ['handedOff', 'legend.handedOff'],
    ['movedBack', 'legend.movedBack'],
    ['lost', 'legend.lost'],
  ],
} as const satisfies Readonly<Record<FunnelView['basis'], readonly (readonly [BarPart, ReportKey])[]>>

/** What the parts of a bar are, and what the percentage is; wraps within `width`. @returns its height */
export function paintLegend(surface: Surface, report: FunnelReport, x: number, top: number, width: number): number {
  const t = reportText[report.locale]
  const parts = partsOf[report.funnel.basis]
  const items: { readonly part: BarPart | null; readonly text: string }[] = [
    ...parts.map(([part, key]) => ({ part, text: t(key) })),
    ...(report.funnel.basis === 'cohort'
      ? [{ part: null, text: t(report.by === 'amount' ? 'legend.percentAmount' : 'legend.percent') }]
      : []),
  ]
  const indentOf = (part: unknown) => (part === null ? 0 : 22)
  const widthAt = (size: number) =>
    items.reduce((sum, { part, text }) => sum + indentOf(part) + textWidth(text, { size, weight: 400 }) + 12, -12)
  const size = [12, 11.5, 11, 10.5].find((size) => widthAt(size) <= width) ?? 12
  const style = { size, weight: 400, colour: drawingColours.light.ink2 } as const
  let [left, y] = [x, top]
  for (const { part, text } of items) {
    const w = indentOf(part) + textWidth(text, style)
    if (left > x && left + w > x + width) [left, y] = [x, y + 16]
    if (part !== null) paintSegment(surface, { x: left, y: y + 3, ...swatch, part }, rampColours(4, 'light'))
    writeLine(surface, left + indentOf(part), y, 16, text, style)
    left += w + 12
  }
  return y + 16 - top
}
