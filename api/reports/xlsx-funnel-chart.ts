import { drawingColours, rampColours } from '../../shared/domain/funnel-palette.ts'
import { type FunnelReport, reportText } from './funnel-report.ts'
import { sentenceRuns } from './report-words.ts'
import { textCell } from './xlsx-cells.ts'
import type { BarChart, ChartPlace, ChartSeries, SeriesLook } from './xlsx-chart.ts'
import { at, type LayerRows } from './xlsx-funnel-sheet.ts'

const plain = (hex: string) => hex.slice(1)
const { bar, here } = rampColours(4, 'light')
const { ink, lost } = drawingColours.light
const white = 'FFFFFF'
const looks = {
  passed: { fill: plain(bar), line: plain(bar), label: white },
  open: { fill: plain(here), line: plain(bar), label: plain(ink) },
  finished: { fill: plain(rampColours(7, 'light').bar), line: plain(rampColours(7, 'light').bar), label: white },
  lost: { fill: plain(lost), line: plain(lost), label: plain(ink), hatched: true },
} as const satisfies Readonly<Record<string, SeriesLook>>
const parts = ['passed', 'open', 'finished', 'lost'] as const

/** The funnel as a native chart over the cells of the summary: one bar a layer, of what became of the deals that reached it. */
export function funnelChart(report: FunnelReport, rows: LayerRows): BarChart {
  const { funnel, locale } = report
  const t = reportText[locale]
  const column = (letter: string) => `$${letter}$${rows.first}:$${letter}$${rows.last}`
  const series = (letter: string, text: string, figures: readonly number[], look: SeriesLook): ChartSeries => ({
    name: { cell: `$${letter}$${rows.head}`, text },
    values: { range: column(letter), figures },
    look,
  })
  return {
    sheet: t('sheet.funnel'),
    categories: { range: column('A'), names: funnel.layers.map(({ status }) => textCell(status.name)) },
    series:
      funnel.basis === 'cohort'
        ? parts.map((part) =>
            series(
              at[part],
              t(`column.${part}`),
              funnel.layers.map((layer) => layer[part]),
              looks[part],
            ),
          )
        : [
            series(
              'B',
              t('column.count'),
              funnel.layers.map(({ count }) => count),
              looks.passed,
            ),
          ],
    ink: plain(ink),
  }
}

/** What the chart is called to who does not see it: its name and the sentence of the funnel. */
export function chartWords(report: FunnelReport): Pick<ChartPlace, 'name' | 'description'> {
  const sentence = sentenceRuns(report)
    .map(({ text }) => text)
    .join('')
  return { name: reportText[report.locale]('chart.name'), description: textCell(sentence) }
}
