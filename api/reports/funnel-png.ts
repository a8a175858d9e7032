import { renderAsync } from '@resvg/resvg-js'
import { drawingColours } from '../../shared/domain/funnel-palette.ts'
import { formatDateTime, formatInteger, formatMoneyShort, formatPeriod } from '../../shared/messages/format.ts'
import { type FunnelReport, reportText } from './funnel-report.ts'
import { drawingOf, paintFunnel } from './paint-funnel.ts'
import { paintLegend } from './paint-legend.ts'
import { reportFont } from './report-fonts.ts'
import { drawHourglass, drawLogo } from './report-marks.ts'
import { bindFigures, bottleneckCode, sentenceRuns, zoneWords } from './report-words.ts'
import { boxPath, type Surface, wrapRuns, writeLine, writeParagraph } from './surface.ts'
import { createSvgSurface } from './svg-surface.ts'

const colours = drawingColours.light
/** The picture in pixels and in u. */
export const picture = { width: 1080, height: 1350, unitsWide: 440, unitsHigh: 550 } as const
const side = 18

function headWords({ funnel, locale, by }: FunnelReport): string {
  const t = reportText[locale]
  const { types, counterparties, departments, employees } = funnel.slice
  const chosen = [types, counterparties, departments, employees].flat().map(({ name }) => name)
  const slice =
    chosen.length === 0
      ? [t('all.types')]
      : chosen.length > 3
        ? [t('andMore', { names: chosen.slice(0, 3).join(', '), count: chosen.length - 3 })]
        : [chosen.join(', ')]
  const period = funnel.basis !== 'snapshot' ? [formatPeriod(funnel.period.from, funnel.period.to, locale)] : []
  return [...period, ...slice, ...(by === 'amount' ? [t('by.amount')] : [])].join(' · ')
}

/** Paints from the top and tells the height it took. @param width of the picture in u */
function paintPicture(surface: Surface, report: FunnelReport, width: number): number {
  const { funnel, locale } = report
  const inner = width - 2 * side
  const t = reportText[locale]
  let y = 13
  drawLogo(surface, side, y, 22)
  const product = writeLine(surface, side + 30, y, 22, t('product'), { size: 15, weight: 600, colour: colours.ink })
  const slice = { x: width - side, top: y + 2, width: inner - product - 46, lineHeight: 18 }
  const head = writeParagraph(
    surface,
    slice,
    headWords(report),
    { size: 13, weight: 400, colour: colours.ink2, align: 'right' },
    3,
  )
  y += Math.max(22, head + 2) + 9
  y += paintSentence(surface, report, y, inner) + 8
  y += paintLegend(surface, report, side, y, inner) + 4
  const drawing = drawingOf(report, 'bot', inner)
  paintFunnel({ surface, report, drawing, at: { x: side, y } })
  y += drawing.height + 6
  const { deals, amountMinor } = funnel.totals
  const total = {
    count: deals,
    shown: formatInteger(deals, locale),
    amount: formatMoneyShort(amountMinor, funnel.currency, locale),
  }
  const style = { size: 12, weight: 400, colour: colours.ink2 } as const
  writeLine(surface, side, y, 16, bindFigures(t('picture.total', total)), style)
  const at = `${formatDateTime(funnel.asOf, funnel.period.timeZone, locale)} (${zoneWords(report)})`
  writeLine(surface, width - side, y, 16, t('picture.asOf', { at }), { ...style, align: 'right' })
  return y + 16 + 9
}

function paintSentence(surface: Surface, report: FunnelReport, top: number, width: number): number {
  const isLoud = bottleneckCode(report.funnel) !== null
  const runs = sentenceRuns(report).map((run) => ({ ...run, text: bindFigures(run.text) }))
  const textX = side + (isLoud ? 44 : 12)
  const textWidth = side + width - 12 - textX
  const lines = Math.min(5, wrapRuns(runs, textWidth, 13).length)
  const height = lines * 17 + 14
  surface.path(boxPath(side, top, width, height, 14), isLoud ? { fill: colours.signalTint } : { fill: '#EEF0F4' })
  if (isLoud) drawHourglass(surface, side + 12, top + 7, 20)
  const place = { x: textX, top: top + 7, width: textWidth, lineHeight: 17 }
  writeParagraph(surface, place, runs, { size: 13, weight: 400, colour: colours.ink }, 5)
  return height
}

/** The SVG of the picture: where there is more than fits, the sheet grows and everything on it gets smaller in the same measure. */
export function funnelSvg(report: FunnelReport): string {
  const { unitsWide, unitsHigh } = picture
  let zoom = 1
  for (let attempt = 0; attempt < 12; attempt++) {
    const surface = createSvgSurface(unitsWide * zoom, unitsHigh * zoom)
    const height = paintPicture(surface, report, unitsWide * zoom)
    if (height <= unitsHigh * zoom + 0.5) return surface.finish()
    zoom = Math.max(zoom * 1.02, height / unitsHigh)
  }
  const surface = createSvgSurface(unitsWide * zoom, unitsHigh * zoom)
  paintPicture(surface, report, unitsWide * zoom)
  return surface.finish()
}

/** The funnel as a picture for a chat: PNG, 1080 by 1350 pixels, light, on white. */
export async function funnelPng(report: FunnelReport): Promise<Uint8Array> {
  const image = await renderAsync(funnelSvg(report), {
    fitTo: { mode: 'width', value: picture.width },
    background: '#FFFFFF',
    font: { fontFiles: [reportFont(400).path, reportFont(600).path], loadSystemFonts: false, defaultFontFamily: 'Inter' },
  })
  return image.asPng()
}
