import { formatDays, formatInteger, formatMoneyShort, formatReference, formatShare } from '../../shared/messages/format.ts'
import type { CohortCompareView } from '../../shared/views/compare.ts'
import type { CohortFunnelView } from '../../shared/views/funnel.ts'
import type { ReportSliceView } from '../../shared/views/reports.ts'
import { type FunnelReport, type ReportPack, reportText } from './funnel-report.ts'
import { cell, changeText, type FunnelTable } from './funnel-table.ts'
import { moneyColumn } from './money-column.ts'
import { bottleneckCode, dealLink, figureLink, loudLayer, momentWords, outcomeLink } from './report-words.ts'

type Words = Pick<FunnelReport, 'locale' | 'deepLink' | 'funnel'> &
  Partial<Pick<FunnelReport, 'by'>> & { readonly currency: string }
const nbsp = '\u00a0'

function count(value: number | null, { locale }: Words, href: string | null = null) {
  return cell(value === null ? '—' : formatInteger(value, locale), value ? href : null)
}

/** `▲ 12 %` of a figure against the one before; a dash where nothing is divided. */
export function relativeChange(now: number | null, before: number | null, { locale }: Pick<Words, 'locale'>): string {
  if (now === null || before === null || before === 0) return '—'
  const share = now / before - 1
  if (Math.abs(share) < 0.005) return '0'
  return `${share > 0 ? '▲' : '▼'}${nbsp}${formatShare(Math.abs(share), locale)}`
}

/** Layer by layer beside the period before; whether a difference of conversions is more than chance stands last. */
export function comparisonTable({ layers, missingHistory, before }: CohortCompareView, words: Words): FunnelTable {
  const listOf = (code: string, side: Readonly<Record<string, string>>) => figureLink(words, code, { part: 'reached', ...side })
  const earlier = { from: before.period.from, to: before.period.to, asOf: momentWords(before.asOf, before.period.timeZone) }
  const t = reportText[words.locale]
  const isOfMoney = words.by === 'amount'
  const amounts = layers.flatMap(({ amountMinor }) => [amountMinor.now, amountMinor.before])
  const sums = moneyColumn(amounts, words.currency, words.locale)
  const reachedOf = (layer: (typeof layers)[number]) => (isOfMoney ? layer.amountMinor : layer.count)
  const figure = (value: number | null, href: string | null) =>
    isOfMoney ? cell(sums.say(value), value ? href : null) : count(value, words, href)
  return {
    columns: [
      { title: t('column.status'), share: 150 },
      { title: isOfMoney ? sums.title(t('column.reached')) : t('column.reached'), share: 62 },
      { title: t('column.before'), share: 62 },
      { title: t('pack.change'), share: 74 },
      { title: t('column.conversion'), share: 76 },
      { title: t('column.before'), share: 62 },
      { title: t('column.points'), share: 54 },
      { title: t('pack.verdict'), share: 110 },
    ],
    rows: layers.map((layer, index) => {
      const { status, conversion } = layer
      const reached = reachedOf(layer)
      return {
        loud: false,
        cells: [
          cell(`${index + 1}. ${status.name}`),
          figure(reached.now, listOf(status.code, {})),
          figure(reached.before, listOf(status.code, earlier)),
          cell(relativeChange(reached.now, reached.before, words)),
          cell(formatShare(conversion.now, words.locale)),
          cell(formatShare(conversion.before, words.locale)),
          cell(changeText(conversion.now, conversion.before, words.locale)),
          cell(
            missingHistory || conversion.now === null || conversion.before === null ? '—' : t(`verdict.${conversion.verdict}`),
          ),
        ],
      }
    }),
    total: null,
  }
}

/** How long deals take in each layer, and those that stand there now. */
export function timeTable(funnel: CohortFunnelView, { standing }: ReportPack, words: Words): FunnelTable {
  const t = reportText[words.locale]
  const loud = bottleneckCode(funnel)
  const stand = new Map(standing.layers.map((layer) => [layer.status.code, layer]))
  const now = { basis: 'snapshot', from: null, to: null }
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
      const layer = stand.get(status.code)
      return {
        loud: status.code === loud,
        cells: [
          cell(`${index + 1}. ${status.name}`),
          days(time.medianHours),
          days(time.p90Hours),
          days(time.baselineMedianHours),
          count(layer?.count ?? 0, words, figureLink(words, status.code, now)),
          count(layer?.overdue ?? 0, words, figureLink(words, status.code, { ...now, part: 'overdue' })),
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
  const [amount, amountWon] = [sum((row) => row.amountMinor), sum((row) => row.wonAmountMinor)]
  const amounts = rows.slice(0, mostRows).flatMap((row) => [row.amountMinor, row.wonAmountMinor])
  const sums = moneyColumn([amount, amountWon, ...amounts], words.currency, words.locale)
  const money = (minor: number, href: string | null = null) => cell(sums.say(minor), minor > 0 ? href : null)
  const listOf = (row: (typeof rows)[number], place: string) =>
    row.word === '0'
      ? null
      : place === '~all'
        ? figureLink(words, place, { [by]: row.word })
        : outcomeLink(words, place, { [by]: row.word })
  const measure = (parts: { readonly passed: number; readonly lost: number } | undefined) =>
    share(parts?.passed ?? 0, parts?.lost ?? 0)
  return {
    columns: [
      { title: t(`column.${by}`), share: 170 },
      { title: t('column.count'), share: 62 },
      { title: sums.title(t('column.amount')), share: 88 },
      { title: t('column.won'), share: 74 },
      { title: sums.title(t('column.amountWon')), share: 92 },
      { title: t('column.lost'), share: 80 },
      { title: t('column.winRate'), share: 74 },
      ...(loud ? [{ title: t('pack.passes', { layer: loud.status.name }), share: 120 }] : []),
    ],
    rows: rows.slice(0, mostRows).map((row) => ({
      loud: false,
      cells: [
        cell(row.name),
        count(row.deals, words, listOf(row, '~all')),
        money(row.amountMinor, listOf(row, '~all')),
        count(row.won, words, listOf(row, 'cohortWon')),
        money(row.wonAmountMinor, listOf(row, 'cohortWon')),
        count(row.lost, words, listOf(row, 'cohortLost')),
        share(row.won, row.lost),
        ...(loud
          ? [
              {
                ...measure(words.by === 'amount' ? row.loud?.amountMinor : row.loud?.figures),
                ...(row.loud?.worse ? { aside: '▼' } : {}),
              },
            ]
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
        money(amount),
        count(
          sum(({ won }) => won),
          words,
        ),
        money(amountWon),
        count(
          sum(({ lost }) => lost),
          words,
        ),
        share(
          sum(({ won }) => won),
          sum(({ lost }) => lost),
        ),
        ...(loud ? [measure(words.by === 'amount' ? loud.amountMinor : loud)] : []),
      ],
    },
  }
}

/** What the period is likely to bring, type by type. */
export function forecastTable({ forecast }: ReportPack, words: Words): FunnelTable {
  const t = reportText[words.locale]
  const { won, expected } = forecast.buckets
  const own = forecast.types.flatMap((row) => [
    row.won.amountMinor,
    row.expected.amountMinor,
    row.expected.weightedMinor,
    row.totalMinor,
  ])
  const all = [won.amountMinor, expected.amountMinor, expected.weightedMinor, forecast.totalMinor]
  const sums = moneyColumn([...own, ...all], words.currency, words.locale)
  const money = (minor: number | null, href: string | null = null) => cell(sums.say(minor), minor ? href : null)
  const listOf = (bucket: string, type: string | null = null) => outcomeLink(words, bucket, { forecast: 'quarter', ofType: type })
  return {
    columns: [
      { title: t('column.type'), share: 170 },
      { title: sums.title(t('pack.wonAlready')), share: 110 },
      { title: sums.title(t('pack.expected')), share: 110 },
      { title: sums.title(t('pack.expectedWeighted')), share: 130 },
      { title: sums.title(t('pack.forecastTotal')), share: 110 },
    ],
    rows: forecast.types.map(({ type, won: own, expected: open, totalMinor }) => ({
      loud: false,
      cells: [
        cell(type.name),
        money(own.amountMinor, listOf('won', type.code)),
        money(open.amountMinor, listOf('expected', type.code)),
        money(open.weightedMinor, listOf('expected', type.code)),
        money(totalMinor, listOf('forecast', type.code)),
      ],
    })),
    total: {
      loud: false,
      cells: [
        cell(t('total.short')),
        money(won.amountMinor, listOf('won')),
        money(expected.amountMinor, listOf('expected')),
        money(expected.weightedMinor, listOf('expected')),
        money(forecast.totalMinor, listOf('forecast')),
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
        cell(
          [
            `${formatReference(deal.number, words.locale)} ${deal.title}`,
            ...(deal.counterparty ? [deal.counterparty.name] : []),
          ].join(', '),
          dealLink(words, deal.number),
        ),
        cell(deal.status.name),
        cell(deal.owner.name),
        cell(formatMoneyShort(deal.amount.amountMinor, deal.amount.currency, words.locale)),
        count(Math.floor(deal.ageHours / 24), words),
      ],
    })),
    total: null,
  }
}
