import { formatDays, formatInteger, formatRate, formatShare, pointsBetween } from '../../shared/messages/format.ts'
import type { Locale } from '../../shared/views/common.ts'
import type {
  CohortFunnelView,
  CohortLayerView,
  FlowFunnelView,
  FlowLayerView,
  SnapshotFunnelView,
} from '../../shared/views/funnel.ts'
import { type FunnelReport, reportText } from './funnel-report.ts'
import { moneyColumn } from './money-column.ts'
import { bottleneckCode, figureLink, resolvedConversion } from './report-words.ts'

/** The table below the drawing, as texts. The first column is the status and stands left, the others right. */
export type FunnelTable = {
  readonly columns: readonly { readonly title: string; readonly share: number }[]
  readonly rows: readonly TableRow[]
  readonly total: TableRow | null
}
/** A cell may carry a second, paler text in brackets, and the address of the deals that it counts. */
export type TableCell = { readonly text: string; readonly aside?: string; readonly href?: string }
export type TableRow = { readonly cells: readonly TableCell[]; readonly loud: boolean }

export const cell = (text: string, href: string | null = null): TableCell => (href === null ? { text } : { text, href })

export function changeText(resolved: number | null, baseline: number | null, locale: Locale): string {
  const points = pointsBetween(resolved, baseline)
  if (points === null) return '—'
  if (points === 0) return '0'
  return `${points > 0 ? '▲' : '▼'}\u00a0${formatInteger(Math.abs(points), locale)}`
}

function medianCell({ time }: CohortLayerView, locale: Locale): TableCell {
  const text = formatDays(time.medianHours, locale)
  return time.baselineMedianHours === null ? { text } : { text, aside: `(${formatDays(time.baselineMedianHours, locale)})` }
}

type By = FunnelReport['by']

/** The parts stand in the measure that the conversion is of, so that they give it: deals, or money. */
function cohortTable(funnel: CohortFunnelView, report: FunnelReport): FunnelTable {
  const { locale, by } = report
  const t = reportText[locale]
  const { layers, totals, currency } = funnel
  const hasFinished = layers.some(({ finished }) => finished > 0)
  const loud = bottleneckCode(funnel)
  const sums = moneyColumn(
    [totals.amountMinor, ...layers.flatMap(({ amountMinor }) => Object.values(amountMinor))],
    currency,
    locale,
  )
  const count = (value: number, href: string | null = null) => cell(formatInteger(value, locale), value > 0 ? href : null)
  const money = (minor: number, href: string | null = null) => cell(sums.say(minor), href)
  const listOf = ({ status }: CohortLayerView, part: string) => figureLink(report, status.code, { part })
  const figure = (layer: CohortLayerView, part: 'passed' | 'open' | 'finished' | 'lost') => {
    const href = layer[part] > 0 ? listOf(layer, part) : null
    return by === 'amount' ? money(layer.amountMinor[part], href) : count(layer[part], href)
  }
  const all = figureLink(report, '~all')
  const sum = (part: 'open' | 'finished' | 'lost') =>
    layers.reduce((total, layer) => total + (by === 'amount' ? layer.amountMinor : layer)[part], 0)
  const total = (part: 'open' | 'finished' | 'lost') => (by === 'amount' ? money : count)(sum(part))
  const inMoney = (name: string) => (by === 'amount' ? sums.title(name) : name)
  const first = {
    reached: inMoney(t('column.reached')),
    other: by === 'amount' ? t('column.count') : sums.title(t('column.amount')),
  }
  return {
    columns: [
      { title: t('column.status'), share: 122 },
      { title: first.reached, share: 60 },
      { title: first.other, share: 64 },
      { title: inMoney(t('column.passed')), share: 60 },
      { title: inMoney(t('column.open')), share: 54 },
      ...(hasFinished ? [{ title: inMoney(t('column.finished')), share: 78 }] : []),
      { title: inMoney(t('column.lost')), share: 78 },
      { title: t('column.conversion'), share: 78 },
      { title: t('column.points'), share: 46 },
      { title: t('column.median'), share: 66 },
    ],
    rows: layers.map((layer, index) => ({
      loud: layer.status.code === loud,
      cells: [
        cell(`${index + 1}. ${layer.status.name}`),
        ...inOrder(
          by,
          count(layer.reached, listOf(layer, 'reached')),
          money(layer.amountMinor.reached, listOf(layer, 'reached')),
        ),
        figure(layer, 'passed'),
        figure(layer, 'open'),
        ...(hasFinished ? [figure(layer, 'finished')] : []),
        figure(layer, 'lost'),
        cell(formatShare(resolvedConversion(funnel, index), locale)),
        cell(changeText(resolvedConversion(funnel, index), layer.conversion.baseline, locale)),
        medianCell(layer, locale),
      ],
    })),
    total: {
      loud: false,
      cells: [
        cell(t('total')),
        ...inOrder(by, count(totals.deals, all), money(totals.amountMinor, all)),
        cell(''),
        total('open'),
        ...(hasFinished ? [total('finished')] : []),
        total('lost'),
        cell(formatShare(layers.at(-1)?.conversion.cumulative ?? null, locale)),
        cell(''),
        cell(''),
      ],
    },
  }
}

/** The measure that the report is of stands first. */
function inOrder(by: By, count: TableCell, money: TableCell): readonly [TableCell, TableCell] {
  return by === 'amount' ? [money, count] : [count, money]
}

function snapshotTable({ layers, totals, currency }: SnapshotFunnelView, report: FunnelReport): FunnelTable {
  const { locale } = report
  const t = reportText[locale]
  const amounts = [totals, ...layers].flatMap(({ amountMinor, weightedMinor }) => [amountMinor, weightedMinor])
  const sums = moneyColumn(amounts, currency, locale)
  const money = (minor: number, href: string | null = null) => cell(sums.say(minor), href)
  const count = (value: number, href: string | null) => cell(formatInteger(value, locale), value > 0 ? href : null)
  const all = figureLink(report, '~all')
  const titles = [
    t('column.count'),
    sums.title(t('column.amount')),
    sums.title(t('column.weighted')),
    t('column.overdue'),
    t('column.age'),
  ]
  return {
    columns: [{ title: t('column.status'), share: 220 }, ...titles.map((title) => ({ title, share: 94 }))],
    rows: layers.map((layer, index) => ({
      loud: false,
      cells: [
        cell(`${index + 1}. ${layer.status.name}`),
        count(layer.count, figureLink(report, layer.status.code)),
        money(layer.amountMinor, figureLink(report, layer.status.code)),
        money(layer.weightedMinor, figureLink(report, layer.status.code)),
        count(layer.overdue, figureLink(report, layer.status.code, { part: 'overdue' })),
        cell(formatDays(layer.medianAgeHours, locale)),
      ],
    })),
    total: {
      loud: false,
      cells: [
        cell(t('total')),
        count(totals.deals, all),
        money(totals.amountMinor, all),
        money(totals.weightedMinor, all),
        count(totals.overdue, null),
        cell(''),
      ],
    },
  }
}

function flowTable({ layers, totals, currency }: FlowFunnelView, report: FunnelReport): FunnelTable {
  const { locale, by } = report
  const t = reportText[locale]
  const sums = moneyColumn(
    [totals.amountMinor, ...layers.flatMap(({ amountMinor }) => Object.values(amountMinor))],
    currency,
    locale,
  )
  const count = (value: number, href: string | null) => cell(formatInteger(value, locale), value > 0 ? href : null)
  const money = (minor: number, href: string | null) => cell(sums.say(minor), href)
  const listOf = ({ status }: FlowLayerView, part: string) => figureLink(report, status.code, { part })
  const all = figureLink(report, '~all')
  const parts = ['advanced', 'stillThere', 'handedOff', 'movedBack', 'lost'] as const
  const inMoney = (name: string) => (by === 'amount' ? sums.title(name) : name)
  return {
    columns: [
      { title: t('column.status'), share: 130 },
      { title: inMoney(t('column.entered')), share: 66 },
      { title: by === 'amount' ? t('column.count') : sums.title(t('column.amount')), share: 76 },
      ...parts.map((part) => ({ title: inMoney(t(`column.${part}`)), share: 76 })),
      { title: t('column.pingPong'), share: 66 },
    ],
    rows: layers.map((layer, index) => ({
      loud: false,
      cells: [
        cell(`${index + 1}. ${layer.status.name}`),
        ...inOrder(
          by,
          count(layer.entered, listOf(layer, 'entered')),
          money(layer.amountMinor.entered, listOf(layer, 'entered')),
        ),
        ...parts.map((part) => {
          const href = layer[part] > 0 ? listOf(layer, part) : null
          return by === 'amount' ? money(layer.amountMinor[part], href) : count(layer[part], href)
        }),
        cell(formatRate(layer.pingPong, locale)),
      ],
    })),
    total: {
      loud: false,
      cells: [
        cell(t('total')),
        ...inOrder(by, count(totals.deals, all), money(totals.amountMinor, all)),
        ...parts.map(() => cell('')),
        cell(''),
      ],
    },
  }
}

/** The table of the printed page: every figure is the view's. The total of a column is the sum of what stands above. */
export function funnelTable(report: FunnelReport): FunnelTable {
  const { funnel } = report
  switch (funnel.basis) {
    case 'cohort':
      return cohortTable(funnel, report)
    case 'snapshot':
      return snapshotTable(funnel, report)
    case 'flow':
      return flowTable(funnel, report)
  }
}
