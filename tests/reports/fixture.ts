import type { FunnelReport, ReportDeals } from '../../api/reports/funnel-report.ts'
import { funnelSentence } from '../../shared/domain/funnel-sentence.ts'
import { funnelEn } from '../../shared/messages/en/funnel.ts'
import { funnelRu } from '../../shared/messages/ru/funnel.ts'
import { createTranslate } from '../../shared/messages/translate.ts'
import type { Locale, StatusRefView } from '../../shared/views/common.ts'
import type { DealRowView } from '../../shared/views/deals.ts'
import type { CohortFunnelView, CohortLayerView, FunnelHeadView, SnapshotFunnelView } from '../../shared/views/funnel.ts'
import type { ReportSliceView } from '../../shared/views/reports.ts'

/** Reports with the figures of the design's pictures. */
const codes = ['new', 'qualification', 'proposal', 'negotiation', 'contract', 'payment', 'delivery', 'support']
const names = {
  ru: ['Новая', 'Квалификация', 'Предложение', 'Переговоры', 'Договор', 'Оплата', 'Исполнение', 'Сопровождение'],
  en: ['New', 'Qualification', 'Proposal', 'Negotiation', 'Contract', 'Payment', 'Delivery', 'Support'],
} as const

/** reached, passed, open, lost, finished, joined, amount in thousands, baseline, median days, median before. */
const figures = [
  [1284, 967, 96, 221, 0, 0, 105_300, 0.793, 2, 2],
  [967, 702, 88, 177, 0, 0, 80_300, 0.788, 5, 5],
  [702, 455, 102, 145, 0, 0, 59_700, 0.768, 7, 6],
  [455, 229, 130, 96, 0, 0, 39_100, 0.785, 19, 12],
  [241, 214, 21, 6, 0, 12, 21_200, 0.943, 6, 7],
  [214, 178, 32, 4, 0, 0, 19_000, 0.978, 9, 9],
  [178, 131, 45, 2, 0, 0, 16_000, 0.945, 24, 25],
  [131, 0, 74, 5, 52, 0, 11_900, null, null, null],
] as const

export function statusOf(index: number, name: string): StatusRefView {
  const code = codes[index] ?? `s${index}`
  return {
    id: index + 1,
    code,
    name,
    rank: (index + 1) * 10,
    phase: 'sale',
    category: 'open',
    isWon: index === 4,
    step: (index % 8) + 1,
  }
}

function layerOf(index: number, name: string): CohortLayerView {
  const row = figures[index % figures.length]!
  const [reached, passed, open, lost, finished, joined, thousands, baseline, median, before] = row
  const minor = (count: number) => Math.round((count * thousands * 100_000) / reached)
  const isBottleneck = index === 3
  return {
    status: statusOf(index, name),
    reached,
    passed,
    open,
    lost,
    finished,
    joined,
    skipped: index === 2 ? 4 : 0,
    through: passed,
    amountMinor: {
      reached: minor(reached),
      passed: minor(passed),
      open: minor(open),
      lost: minor(lost),
      finished: minor(finished),
      through: minor(passed),
      joined: minor(joined),
    },
    conversion: {
      resolved: passed + lost > 0 && passed > 0 ? passed / (passed + lost) : null,
      soFar: passed / Math.max(1, reached - finished),
      cumulative: reached / 1284,
      baseline,
    },
    time: {
      ...stayOf(median === null ? null : median * 24),
      baselineMedianHours: before === null ? null : before * 24,
      deals: reached,
      stillThere: open,
      left: { medianHours: null, p90Hours: null },
      working: { ...stayOf(median === null ? null : median * 8), baselineMedianHours: before === null ? null : before * 8 },
    },
    bottleneck: isBottleneck ? { kinds: ['conversion'], target: 0.785, upperBound: 0.75, impactMinor: 310_000_000 } : null,
  }
}

function stayOf(medianHours: number | null) {
  return { medianHours, p90Hours: null, medianOverHours: null, p90OverHours: null }
}

export const head: FunnelHeadView = {
  period: { from: '2026-01-01', to: '2026-11-14', timeZone: 'Europe/Moscow' },
  asOf: '2026-11-13T09:12:00+03:00',
  currency: 'RUB',
  withoutRate: 0,
  historySince: '2024-09-02T10:00:00+03:00',
  slice: {
    types: [],
    counterparties: [],
    departments: [],
    employees: [],
    attribution: 'current',
    strict: false,
    by: 'count',
    phases: [],
    tags: [],
    fields: [],
  },
}

export function cohortOf(locale: Locale, statusNames: readonly string[] = names[locale]): CohortFunnelView {
  const layers = statusNames.map((name, index) => layerOf(index, name))
  const narrowest = layers[3]?.status.code ?? null
  const spoken = layers.map(({ status, passed, lost, open, time, bottleneck }) => ({
    code: status.code,
    name: status.name,
    passed,
    lost,
    open,
    medianHours: time.medianHours,
    baselineMedianHours: time.baselineMedianHours,
    timeLimitHours: null,
    bottleneck: bottleneck === null ? null : { ...bottleneck, targetSource: 'before' as const },
  }))
  const t = createTranslate(locale, locale === 'ru' ? funnelRu : funnelEn)
  const deals = layers.length === 0 ? 0 : 1284
  return {
    ...head,
    basis: 'cohort',
    layers,
    totals: {
      deals,
      amountMinor: deals === 0 ? 0 : 10_530_000_000,
      won: 241,
      wonAmountMinor: 2_120_000_000,
      lost: 656,
      winRate: 0.27,
    },
    narrowest,
    narrowestTooFew: false,
    chapters: [],
    time: { clock: 'calendar', sampledDeals: null },
    sentence: funnelSentence({ layers: spoken, deals, narrowest, narrowestTooFew: false, currency: 'RUB' }, { locale, t }),
  }
}

export function snapshotOf(locale: Locale): SnapshotFunnelView {
  const layers = names[locale].map((name, index) => {
    const [, , count] = figures[index]!
    const amountMinor = count * 8_600_000
    return {
      status: statusOf(index, name),
      count,
      amountMinor,
      weightedMinor: amountMinor / 2,
      overdue: index === 3 ? 17 : index % 3,
      medianAgeHours: 24 * (4 + index * 2),
    }
  })
  const sum = (key: 'count' | 'amountMinor' | 'weightedMinor' | 'overdue') =>
    layers.reduce((total, layer) => total + layer[key], 0)
  const lost = {
    status: { ...statusOf(8, 'Проиграна'), category: 'lost' as const, step: null },
    count: 656,
    amountMinor: 5_100_000_000,
    weightedMinor: 0,
    overdue: 0,
    medianAgeHours: 2400,
  }
  return {
    ...head,
    basis: 'snapshot',
    layers,
    lost: [lost],
    totals: {
      deals: sum('count'),
      amountMinor: sum('amountMinor'),
      weightedMinor: sum('weightedMinor'),
      overdue: sum('overdue'),
    },
  }
}

const people = ['Игорь Соколов', 'Анна Петрова', 'Дмитрий Орлов', 'Мария Ким']
const peopleFigures = [
  [130, 41, 50, 39],
  [120, 66, 30, 24],
  [110, 63, 28, 19],
  [95, 59, 22, 14],
] as const

/** By employee: each has a quarter of every layer but what he has in the fourth. */
export function slicesOf(): readonly ReportSliceView[] {
  const rows = peopleFigures.map(([reached, passed, open, lost], index) => {
    const parts = { reached, passed, open, lost, finished: 0 }
    const minor = (count: number) => count * 8_593_407
    return {
      id: index + 1,
      word: String(index + 1),
      name: people[index]!,
      deals: 321,
      amountMinor: 2_632_500_000,
      won: 60 + index,
      wonAmountMinor: 530_000_000,
      lost: 164,
      reached: figures.map(([all], layer) => (layer === 3 ? reached : Math.round(all / 4))),
      loud: {
        figures: parts,
        amountMinor: { reached: minor(reached), passed: minor(passed), open: minor(open), lost: minor(lost), finished: 0 },
        resolved: passed / (passed + lost),
        worse: index === 0,
      },
    }
  })
  return (['type', 'department', 'employee'] as const).map((by) => ({ by, rows }))
}

/** Deals that are all in the report itself. */
export function dealsOf(rows: readonly DealRowView[], total = rows.length): ReportDeals {
  const amountMinor = rows.reduce((sum, { amount }) => sum + amount.amountMinor, 0)
  return { rows, listed: rows.length, total, amountMinor, isMixed: false, fields: [] }
}

export function dealOf(index: number, locale: Locale): DealRowView {
  const step = index % 8
  return {
    number: 1001 + index,
    title: `Поставка ${index + 1}`,
    type: { id: 1, code: 'sale', name: 'Продажа' },
    counterparty: index % 7 === 0 ? null : { id: 1, name: 'ООО «Северный лес»' },
    owner: { id: 1, name: people[index % 4]! },
    department: { id: 1, name: 'Продажи Центр' },
    amount: { amountMinor: 8_200_935 + index * 137, currency: 'RUB' },
    baseAmount: { amountMinor: 8_200_935 + index * 137, currency: 'RUB' },
    status: statusOf(step, names[locale][step]!),
    stage: index % 5 === 0 ? null : { id: 1, code: 'talks', name: 'Правки договора' },
    createdAt: '2026-09-01T22:30:00Z',
    statusSince: '2026-10-03T07:00:00Z',
    ageHours: 24 * (index % 60) + 5,
    overdue: index % 9 === 0,
    expectedCloseOn: null,
    fields: [],
    version: 1,
  }
}

export function reportOf(locale: Locale = 'ru', change: Partial<FunnelReport> = {}): FunnelReport {
  return {
    funnel: cohortOf(locale),
    slices: slicesOf(),
    deals: dealsOf(Array.from({ length: 40 }, (_, index) => dealOf(index, locale))),
    organizationName: 'АО «Волга-Пак», отдел продаж',
    preparedBy: 'Елена Власова',
    locale,
    by: 'count',
    pack: null,
    deepLink: 'https://crm.example.ru/funnel?from=2026-01-01&to=2026-11-14',
    ...change,
  }
}
