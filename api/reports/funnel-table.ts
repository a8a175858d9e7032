import {
  formatDays,
  formatInteger,
  formatMoneyShort,
  formatRate,
  formatShare,
  pointsBetween,
} from '../../shared/messages/format.ts'
import type { Locale } from '../../shared/views/common.ts'
import type { CohortFunnelView, CohortLayerView, FlowFunnelView, SnapshotFunnelView } from '../../shared/views/funnel.ts'
import { type FunnelReport, reportText } from './funnel-report.ts'
import { bottleneckCode, resolvedConversion } from './report-words.ts'

/** The table below the drawing, as texts. The first column is the status and stands left, the others right. */
export type FunnelTable = {
  readonly columns: readonly { readonly title: string; readonly share: number }[]
  readonly rows: readonly TableRow[]
  readonly total: TableRow | null
}
/** A cell may carry a second, paler text in brackets. */
export type TableCell = { readonly text: string; readonly aside?: string }
export type TableRow = { readonly cells: readonly TableCell[]; readonly loud: boolean }

export const cell = (text: string): TableCell => ({ text })

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

function cohortTable(funnel: CohortFunnelView, locale: Locale): FunnelTable {
  const t = reportText[locale]
  const { layers, totals, currency } = funnel
  const hasFinished = layers.some(({ finished }) => finished > 0)
  const loud = bottleneckCode(funnel)
  const count = (value: number) => cell(formatInteger(value, locale))
  const sum = (part: 'open' | 'finished' | 'lost') => layers.reduce((total, layer) => total + layer[part], 0)
  const money = (minor: number) => cell(formatMoneyShort(minor, currency, locale))
  const finishedCell = (value: number) => (hasFinished ? [count(value)] : [])
  const column = (key: 'reached' | 'passed' | 'open' | 'finished' | 'lost' | 'conversion' | 'points' | 'median', share = 60) => ({
    title: t(`column.${key}`),
    share,
  })
  return {
    columns: [
      { title: t('column.status'), share: 122 },
      column('reached', 56),
      { title: t('column.amount'), share: 82 },
      column('passed', 52),
      column('open', 44),
      ...(hasFinished ? [column('finished', 75)] : []),
      column('lost', 75),
      column('conversion', 77),
      column('points', 41),
      column('median', 66),
    ],
    rows: layers.map((layer, index) => ({
      loud: layer.status.code === loud,
      cells: [
        cell(`${index + 1}. ${layer.status.name}`),
        count(layer.reached),
        money(layer.amountMinor.reached),
        count(layer.passed),
        count(layer.open),
        ...finishedCell(layer.finished),
        count(layer.lost),
        cell(formatShare(resolvedConversion(funnel, index), locale)),
        cell(changeText(resolvedConversion(funnel, index), layer.conversion.baseline, locale)),
        medianCell(layer, locale),
      ],
    })),
    total: {
      loud: false,
      cells: [
        cell(t('total')),
        count(totals.deals),
        money(totals.amountMinor),
        cell(''),
        count(sum('open')),
        ...finishedCell(sum('finished')),
        count(sum('lost')),
        cell(formatShare(layers.at(-1)?.conversion.cumulative ?? null, locale)),
        cell(''),
        cell(''),
      ],
    },
  }
}

function snapshotTable({ layers, totals, currency }: SnapshotFunnelView, locale: Locale): FunnelTable {
  const t = reportText[locale]
  const money = (minor: number) => cell(formatMoneyShort(minor, currency, locale))
  const count = (value: number) => cell(formatInteger(value, locale))
  const columns = ['count', 'amount', 'weighted', 'overdue', 'age'] as const
  return {
    columns: [{ title: t('column.status'), share: 220 }, ...columns.map((key) => ({ title: t(`column.${key}`), share: 94 }))],
    rows: layers.map((layer, index) => ({
      loud: false,
      cells: [
        cell(`${index + 1}. ${layer.status.name}`),
        count(layer.count),
        money(layer.amountMinor),
        money(layer.weightedMinor),
        count(layer.overdue),
        cell(formatDays(layer.medianAgeHours, locale)),
      ],
    })),
    total: {
      loud: false,
      cells: [
        cell(t('total')),
        count(totals.deals),
        money(totals.amountMinor),
        money(totals.weightedMinor),
        count(totals.overdue),
        cell(''),
      ],
    },
  }
}

function flowTable({ layers, totals, currency }: FlowFunnelView, locale: Locale): FunnelTable {
  const t = reportText[locale]
  const count = (value: number) => cell(formatInteger(value, locale))
  const parts = ['advanced', 'stillThere', 'handedOff', 'movedBack', 'lost'] as const
  return {
    columns: [
      { title: t('column.status'), share: 130 },
      { title: t('column.entered'), share: 60 },
      { title: t('column.amount'), share: 90 },
      ...parts.map((part) => ({ title: t(`column.${part}`), share: 76 })),
      { title: t('column.pingPong'), share: 66 },
    ],
    rows: layers.map((layer, index) => ({
      loud: false,
      cells: [
        cell(`${index + 1}. ${layer.status.name}`),
        count(layer.entered),
        cell(formatMoneyShort(layer.amountMinor.entered, currency, locale)),
        ...parts.map((part) => count(layer[part])),
        cell(formatRate(layer.pingPong, locale)),
      ],
    })),
    total: {
      loud: false,
      cells: [
        cell(t('total')),
        count(totals.deals),
        cell(formatMoneyShort(totals.amountMinor, currency, locale)),
        ...parts.map(() => cell('')),
        cell(''),
      ],
    },
  }
}

/** The table of the printed page: every figure is the view's. The total of a column is the sum of what stands above. */
export function funnelTable({ funnel, locale }: FunnelReport): FunnelTable {
  switch (funnel.basis) {
    case 'cohort':
      return cohortTable(funnel, locale)
    case 'snapshot':
      return snapshotTable(funnel, locale)
    case 'flow':
      return flowTable(funnel, locale)
  }
}
