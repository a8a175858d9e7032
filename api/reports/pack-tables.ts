import { formatDays, formatInteger, formatMoneyShort, formatShare } from '../../shared/messages/format.ts'
import type { CompareView } from '../../shared/views/compare.ts'
import type { CohortFunnelView } from '../../shared/views/funnel.ts'
import type { ReportSliceView } from '../../shared/views/reports.ts'
import { type FunnelReport, type ReportPack, reportText } from './funnel-report.ts'
import { cell, changeText, type FunnelTable } from './funnel-table.ts'
import { bottleneckCode, loudLayer } from './report-words.ts'

type Words = Pick<FunnelReport, 'locale'> & { readonly currency: string }
const nbsp = '\u00a0'

function count(value: number | null, { locale }: Words) {
  return cell(value === null ? '—' : formatInteger(value, locale))
}
function money(minor: number | null, { locale, currency }: Words) {
  return cell(minor === null ? '—' : formatMoneyShort(minor, currency, locale))
}

/** `▲ 12 %` of a figure against the one before; a dash where nothing is divided. */
export function relativeChange(now: number | null, before: number | null, { locale }: Pick<Words, 'locale'>): string {
  if (now === null || before === null || before === 0) return '—'
  const share = now / before - 1
  if (Math.abs(share) < 0.005) return '0'
  return `${share > 0 ? '▲' : '▼'}${nbsp}${formatShare(Math.abs(share), locale)}`
}

/** Layer by layer beside the period before; whether a difference of conversions is more than chance stands last. */
export function comparisonTable({ layers }: CompareView, words: Words): FunnelTable {
  const t = reportText[words.locale]
  return {
    columns: [
      { title: t('column.status'), share: 150 },
      { title: t('column.reached'), share: 62 },
      { title: t('column.before'), share: 62 },
      { title: t('pack.change'), share: 74 },
      { title: t('column.conversion'), share: 76 },
      { title: t('column.before'), share: 62 },
      { title: t('column.points'), share: 54 },
      { title: t('pack.verdict'), share: 110 },
    ],
    rows: layers.map(({ status, count: reached, conversion }, index) => ({
      loud: false,
      cells: [
        cell(`${index + 1}. ${status.name}`),
        count(reached.now, words),
        count(reached.before, words),
        cell(relativeChange(reached.now, reached.before, words)),
        cell(formatShare(conversion.now, words.locale)),
        cell(formatShare(conversion.before, words.locale)),
        cell(changeText(conversion.now, conversion.before, words.locale)),
        cell(conversion.now === null || conversion.before === null ? '—' : t(`verdict.${conversion.verdict}`)),
      ],
    })),
    total: null,
  }
}

/** How long deals take in each layer, and those that stand there now. */
export function timeTable(funnel: CohortFunnelView, { standing }: ReportPack, words: Words): FunnelTable {
  const t = reportText[words.locale]
  const loud = bottleneckCode(funnel)
  const now = new Map(standing.layers.map((layer) => [layer.status.code, layer]))
  const days = (hours: number | null) => cell(formatDays(hours, words.locale))
  return {
    columns: [
      { title: t('column.status'), share: 160 },
      { title: t('column.median'), share: 76 },
      { title: t('pack.p90'), share: 84 },
      { title: t('column.medianBefore'), share: 80 },
      { title: t('pack.standing'), share: 80 },
      { title: t('column.overdue'), share: 90 },
      { title: t('column.age'), share: 84 },
    ],
    rows: funnel.layers.map(({ status, time }, index) => {
      const layer = now.get(status.code)
      return {
        loud: status.code === loud,
        cells: [
          cell(`${index + 1}. ${status.name}`),
          days(time.medianHours),
          days(time.p90Hours),
          days(time.baselineMedianHours),
          count(layer?.count ?? 0, words),
          count(layer?.overdue ?? 0, words),
          days(layer?.medianAgeHours ?? null),
        ],
      }
    }),
    total: null,
  }
}

/** More rows than these are read in the workbook. */
const mostRows = 30

/** The funnel by one slice, the largest first; the rows that are not shown are counted together. */
export function sliceTable({ by, rows }: ReportSliceView, funnel: CohortFunnelView, words: Words): FunnelTable {
  const t = reportText[words.locale]
  const loud = funnel.layers.find(({ status }) => status.code === loudLayer(funnel))
  const share = (part: number, other: number) =>
    cell(formatShare(part + other === 0 ? null : part / (part + other), words.locale))
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0)
  return {
    columns: [
      { title: t(`column.${by}`), share: 170 },
      { title: t('column.count'), share: 62 },
      { title: t('column.amount'), share: 88 },
      { title: t('column.won'), share: 74 },
      { title: t('column.amountWon'), share: 92 },
      { title: t('column.lost'), share: 80 },
      { title: t('column.winRate'), share: 74 },
      ...(loud ? [{ title: t('pack.passes', { layer: loud.status.name }), share: 120 }] : []),
    ],
    rows: rows.slice(0, mostRows).map((row) => ({
      loud: false,
      cells: [
        cell(row.name),
        count(row.deals, words),
        money(row.amountMinor, words),
        count(row.won, words),
        money(row.wonAmountMinor, words),
        count(row.lost, words),
        share(row.won, row.lost),
        ...(loud
          ? [{ text: formatShare(row.loud?.resolved ?? null, words.locale), ...(row.loud?.worse ? { aside: '▼' } : {}) }]
          : []),
      ],
    })),
    total: {
      loud: false,
      cells: [
        cell(rows.length > mostRows ? t('pack.totalOf', { count: rows.length }) : t('total.short')),
        count(
          sum(({ deals }) => deals),
          words,
        ),
        money(
          sum(({ amountMinor }) => amountMinor),
          words,
        ),
        count(
          sum(({ won }) => won),
          words,
        ),
        money(
          sum(({ wonAmountMinor }) => wonAmountMinor),
          words,
        ),
        count(
          sum(({ lost }) => lost),
          words,
        ),
        share(
          sum(({ won }) => won),
          sum(({ lost }) => lost),
        ),
        ...(loud
          ? [cell(formatShare(loud.passed + loud.lost === 0 ? null : loud.passed / (loud.passed + loud.lost), words.locale))]
          : []),
      ],
    },
  }
}

/** What the period is likely to bring, type by type. */
export function forecastTable({ forecast }: ReportPack, words: Words): FunnelTable {
  const t = reportText[words.locale]
  const { won, expected } = forecast.buckets
  return {
    columns: [
      { title: t('column.type'), share: 170 },
      { title: t('pack.wonAlready'), share: 110 },
      { title: t('pack.expected'), share: 110 },
      { title: t('pack.expectedWeighted'), share: 130 },
      { title: t('pack.forecastTotal'), share: 110 },
    ],
    rows: forecast.types.map(({ type, won: own, expected: open, totalMinor }) => ({
      loud: false,
      cells: [
        cell(type.name),
        money(own.amountMinor, words),
        money(open.amountMinor, words),
        money(open.weightedMinor, words),
        money(totalMinor, words),
      ],
    })),
    total: {
      loud: false,
      cells: [
        cell(t('total.short')),
        money(won.amountMinor, words),
        money(expected.amountMinor, words),
        money(expected.weightedMinor, words),
        money(forecast.totalMinor, words),
      ],
    },
  }
}

/** The largest of the deals that have stood too long. */
export function stuckTable({ stuck }: ReportPack, words: Words): FunnelTable {
  const t = reportText[words.locale]
  return {
    columns: [
      { title: t('pack.deal'), share: 290 },
      { title: t('column.status'), share: 110 },
      { title: t('column.owner'), share: 120 },
      { title: t('column.amount'), share: 90 },
      { title: t('column.days'), share: 70 },
    ],
    rows: stuck.rows.map((deal) => ({
      loud: false,
      cells: [
        cell([`№${nbsp}${deal.number} ${deal.title}`, ...(deal.counterparty ? [deal.counterparty.name] : [])].join(', ')),
        cell(deal.status.name),
        cell(deal.owner.name),
        cell(formatMoneyShort(deal.amount.amountMinor, deal.amount.currency, words.locale)),
        count(Math.floor(deal.ageHours / 24), words),
      ],
    })),
    total: null,
  }
}
