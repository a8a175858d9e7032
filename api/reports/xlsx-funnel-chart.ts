import { drawingColours, rampColours } from '../../shared/domain/funnel-palette.ts'
import type { ReportKey } from '../../shared/messages/ru/report.ts'
import type { FunnelView } from '../../shared/views/funnel.ts'
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

/** By the columns of the flow's table. */
const flowBars = [
  { part: 'advanced', letter: 'D', look: looks.passed },
  { part: 'stillThere', letter: 'E', look: looks.open },
  { part: 'handedOff', letter: 'F', look: { ...looks.open, fill: white } },
  { part: 'movedBack', letter: 'G', look: { ...looks.open, fill: white, hatched: true } },
  { part: 'lost', letter: 'H', look: looks.lost },
] as const

/** The funnel as a native chart over the cells of the summary: one bar a layer, of what became of the deals that reached it. */
export function funnelChart(report: FunnelReport, rows: LayerRows): BarChart {
  const { funnel, locale } = report
  const t = reportText[locale]
  const sums = totalOf(funnel)
  const column = (letter: string) => `$${letter}$${rows.first}:$${letter}$${rows.last}`
  const series = (letter: string, text: string, figures: readonly number[], look: SeriesLook): ChartSeries => ({
    name: { cell: `$${letter}$${rows.head}`, text },
    values: { range: column(letter), figures },
    look,
  })
  return {
    sheet: t('sheet.funnel'),
    title: t(`chart.${funnel.basis}`),
    categories: { range: column('A'), names: funnel.layers.map(({ status }) => textCell(status.name)) },
    total: sums && { range: column('B'), figures: sums },
    series: seriesOf(funnel).map(({ letter, key, figures, look }) => series(letter, t(key), figures, look)),
    ink: plain(ink),
  }
}

/** What the parts of each bar add up to; a snapshot has no parts. */
function totalOf(funnel: FunnelView): readonly number[] | null {
  if (funnel.basis === 'snapshot') return null
  return funnel.basis === 'flow' ? funnel.layers.map(({ entered }) => entered) : funnel.layers.map(({ reached }) => reached)
}

type Bars = { readonly letter: string; readonly key: ReportKey; readonly figures: readonly number[]; readonly look: SeriesLook }

function seriesOf(funnel: FunnelView): readonly Bars[] {
  switch (funnel.basis) {
    case 'cohort':
      return parts.map((part) => ({
        letter: at[part],
        key: `column.${part}` as const,
        figures: funnel.layers.map((layer) => layer[part]),
        look: looks[part],
      }))
    case 'snapshot':
      return [{ letter: 'B', key: 'column.count', figures: funnel.layers.map(({ count }) => count), look: looks.passed }]
    case 'flow':
      return flowBars.map(({ part, letter, look }) => ({
        letter,
        key: `column.${part}` as const,
        figures: funnel.layers.map((layer) => layer[part]),
        look,
      }))
  }
}

/** What the chart is called to who does not see it: its name and the sentence of the funnel. */
export function chartWords(report: FunnelReport): Pick<ChartPlace, 'name' | 'description'> {
  const sentence = sentenceRuns(report)
    .map(({ text }) => text)
    .join('')
  return { name: reportText[report.locale]('chart.name'), description: textCell(sentence) }
}
