import { drawingColours } from '../../shared/domain/funnel-palette.ts'
import { formatInteger, formatMoneyShort, formatPeriod, formatPoints, formatShare } from '../../shared/messages/format.ts'
import type { CohortFunnelView } from '../../shared/views/funnel.ts'
import { type FunnelReport, type ReportPack, reportText } from './funnel-report.ts'
import { type FunnelTable, funnelTable } from './funnel-table.ts'
import { comparisonTable, forecastTable, relativeChange, sliceTable, stuckTable, timeTable } from './pack-tables.ts'
import {
  beginPdf,
  type Cursor,
  goOn,
  page,
  paintDrawing,
  paintFooters,
  paintHead,
  paintLongTable,
  paintNotes,
  paintSentence,
  paintTitle,
  paintWords,
  roomFor,
  startPage,
  surfaceOf,
} from './pdf-page.ts'
import { figureLink, outcomeLink } from './report-words.ts'
import { boxPath, writeLine } from './surface.ts'

const colours = drawingColours.light
const tile = { height: 78, gap: 12, inRow: 3 } as const

type Tile = { readonly label: string; readonly figure: string; readonly before: string; readonly href: string | null }

/**
 * The funnel for a meeting: several A4 pages in the look of the one-page report. The summary with what has changed, the layers beside the period
 * before, time, the slices, what the quarter will bring, and the largest deals that stand too long. Every figure is a view's.
 */
export async function packPdf(report: FunnelReport): Promise<Uint8Array> {
  const { funnel, pack, locale } = report
  if (funnel.basis !== 'cohort' || pack === null) throw new Error('a pack is of a cohort')
  const t = reportText[locale]
  const words = { ...report, currency: funnel.currency }
  const cursor = await beginPdf(report, t('pack.title'))
  paintHead(cursor)
  paintSentence(cursor)
  paintTiles(cursor, tilesOf(funnel, pack, report))
  paintDrawing(cursor)
  startPage(cursor)
  if (funnel.layers.length > 0) {
    paintTitled(cursor, t('pack.layers'), null, funnelTable(report))
    paintNotes(cursor)
  }
  paintComparison(cursor, pack, words)
  paintTitled(cursor, t('pack.time'), t('pack.timeNote'), timeTable(funnel, pack, words))
  for (const slice of report.slices) paintTitled(cursor, t(`slice.${slice.by}`), null, sliceTable(slice, funnel, words))
  paintForecast(cursor, pack, words)
  paintStuck(cursor, pack, words)
  paintFooters(cursor)
  return cursor.pdf.document.save()
}

function paintTitled(cursor: Cursor, title: string, note: string | null, table: FunnelTable): void {
  paintTitle(cursor, title, note, roomFor(table))
  paintLongTable(cursor, table, title)
}

type Words = Parameters<typeof comparisonTable>[1]

function tilesOf({ currency }: CohortFunnelView, { comparison }: ReportPack, report: FunnelReport): readonly Tile[] {
  const { locale } = report
  const t = reportText[locale]
  const { now, before } = comparison
  const count = (value: number) => formatInteger(value, locale)
  const money = (minor: number) => formatMoneyShort(minor, currency, locale)
  const [all, won, lost] = [figureLink(report, '~all'), outcomeLink(report, 'cohortWon'), outcomeLink(report, 'cohortLost')]
  const tileOf = (
    label: string,
    say: (value: number) => string,
    of: (view: CohortFunnelView) => number,
    href: string | null,
  ): Tile => {
    const [present, past] = [of(now), of(before)]
    return {
      label,
      figure: say(present),
      before: t('pack.was', { figure: say(past), change: relativeChange(present, past, { locale }) }),
      href,
    }
  }
  const [rate, rateBefore] = [now.totals.winRate, before.totals.winRate]
  return [
    tileOf(t('pack.deals'), count, ({ totals }) => totals.deals, all),
    tileOf(t('column.won'), count, ({ totals }) => totals.won, won),
    {
      label: t('column.winRate'),
      figure: formatShare(rate, locale),
      before: t('pack.was', { figure: formatShare(rateBefore, locale), change: formatPoints(rate, rateBefore, locale) ?? '—' }),
      href: won,
    },
    tileOf(t('column.amount'), money, ({ totals }) => totals.amountMinor, all),
    tileOf(t('column.amountWon'), money, ({ totals }) => totals.wonAmountMinor, won),
    tileOf(t('column.lost'), count, ({ totals }) => totals.lost, lost),
  ]
}

function paintTiles(cursor: Cursor, tiles: readonly Tile[]): void {
  const surface = surfaceOf(cursor)
  const width = (page.width - tile.gap * (tile.inRow - 1)) / tile.inRow
  tiles.forEach(({ label, figure, before, href }, index) => {
    const x = page.left + (index % tile.inRow) * (width + tile.gap)
    const y = cursor.y + Math.floor(index / tile.inRow) * (tile.height + tile.gap)
    surface.path(boxPath(x + 0.5, y + 0.5, width - 1, tile.height - 1, 10), { stroke: colours.line, strokeWidth: 1 })
    writeLine(surface, x + 14, y + 9, 16, label, { size: 12, weight: 400, colour: colours.ink2 })
    writeLine(surface, x + 14, y + 26, 28, figure, { size: 22, weight: 600, colour: colours.ink })
    writeLine(surface, x + 14, y + 55, 16, before, { size: 12, weight: 400, colour: colours.ink2 })
    if (href !== null) surface.link(x, y, width, tile.height, href)
  })
  cursor.y += Math.ceil(tiles.length / tile.inRow) * (tile.height + tile.gap) + 8
}

function paintComparison(cursor: Cursor, { comparison }: ReportPack, words: Words): void {
  const t = reportText[words.locale]
  const { period } = comparison.before
  const note = t('pack.comparisonNote', { period: formatPeriod(period.from, period.to, words.locale) })
  const table = comparisonTable(comparison, words)
  paintTitle(cursor, t('pack.comparison'), note, roomFor(table))
  for (const { layers, slices } of comparison.explanations.slice(0, 1))
    for (const pieces of [layers, slices]) if (pieces.length > 0) paintWords(cursor, pieces.map(({ text }) => text).join(''))
  cursor.y += 6
  if (comparison.layers.length === 0) return
  if (cursor.y + roomFor(table) > page.bottom) goOn(cursor, t('pack.comparison'))
  paintLongTable(cursor, table, t('pack.comparison'))
}

function paintForecast(cursor: Cursor, pack: ReportPack, words: Words): void {
  const t = reportText[words.locale]
  const { period, buckets } = pack.forecast
  const money = (minor: number) => formatMoneyShort(minor, words.currency, words.locale)
  const title = t('pack.forecast', { period: formatPeriod(period.from, period.to, words.locale) })
  paintTitled(cursor, title, t('pack.forecastNote'), forecastTable(pack, words))
  cursor.y += 8
  const { overdue } = buckets
  if (overdue.deals > 0)
    paintWords(cursor, t('pack.forecastOverdue', { count: overdue.deals, amount: money(overdue.amountMinor) }))
}

function paintStuck(cursor: Cursor, pack: ReportPack, words: Words): void {
  const t = reportText[words.locale]
  const { rows, total, amountMinor } = pack.stuck
  const note =
    total === 0
      ? t('pack.stuckNone')
      : t('pack.stuckNote', {
          count: total,
          amount: formatMoneyShort(amountMinor, words.currency, words.locale),
          shown: rows.length,
        })
  if (total === 0) paintTitle(cursor, t('pack.stuck'), note, 0)
  else paintTitled(cursor, t('pack.stuck'), note, stuckTable(pack, words))
}
