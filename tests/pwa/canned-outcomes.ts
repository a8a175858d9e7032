import { forecastBuckets } from '../../shared/domain/forecast.ts'
import type { ForecastHistoryView, ForecastView, VelocityView, WinRatesView } from '../../shared/views/outcomes.ts'
import { cannedStatus } from './canned-funnel.ts'

/** Forecast, win rates and velocity as the API would answer. */
type Lang = 'ru' | 'en'
const counted = (deals: number, amountMinor: number) => ({ deals, amountMinor })
const type = (lang: Lang) => ({ id: 1, code: 'sale', name: { ru: 'Продажа', en: 'Sale' }[lang] })
const head = {
  period: { from: '2026-10-01', to: '2027-01-01', timeZone: 'Europe/Moscow' },
  asOf: '2026-11-13T09:12:00+03:00',
  currency: 'RUB',
  slice: { types: [], counterparties: [], departments: [], employees: [], attribution: 'current' },
  withoutRate: 0,
} as const

export function cannedForecast(lang: Lang): ForecastView {
  const buckets = Object.fromEntries(
    forecastBuckets.map((bucket, index) => [bucket, { ...counted(12 - index, 900_000_000), weightedMinor: 600_000_000 }]),
  ) as ForecastView['buckets']
  return {
    ...head,
    totalMinor: 1_500_000_000,
    buckets,
    types: [{ type: type(lang), won: counted(12, 900_000_000), expected: buckets.expected, totalMinor: 1_500_000_000 }],
    probabilities: [
      {
        type: type(lang),
        status: cannedStatus(3, lang),
        expected: counted(11, 900_000_000),
        probability: 0.67,
        defaultPct: 60,
        wins: 48,
        resolved: 70,
      },
    ],
    byHand: { ...counted(0, 0), weightedMinor: 0 },
    learnedOn: '2026-11-13',
  }
}

export function cannedForecastHistory(): ForecastHistoryView {
  const copies = ['2026-10-05', '2026-10-12', '2026-10-19'].map((week, index) => ({
    week,
    wonMinor: 100_000_000 * index,
    weightedMinor: 700_000_000,
    totalMinor: 700_000_000 + 100_000_000 * index,
    overdueMinor: 0,
  }))
  const made = [{ weeksBefore: 4, week: '2026-08-31', totalMinor: 900_000_000, error: -0.1 }]
  const past = [{ from: '2026-07-01', to: '2026-10-01', came: counted(40, 1_000_000_000), made }]
  return { of: 'quarter', currency: 'RUB', isKept: true, current: { from: '2026-10-01', to: '2027-01-01', copies }, past }
}

export function cannedWinRates(): WinRatesView {
  const parts = { won: counted(214, 900_000_000), lost: counted(130, 600_000_000), byCount: 0.62, byAmount: 0.6 }
  const rates = (['event', 'stale', 'cohort'] as const).map((kind) => ({ kind, ...parts, stale: counted(0, 0) }))
  return { ...head, rates }
}

export function cannedVelocity(lang: Lang): VelocityView {
  const row = {
    type: type(lang),
    open: counted(120, 900_000_000),
    won: counted(100, 700_000_000),
    lost: counted(60, 300_000_000),
    winRate: 0.625,
    averageWonMinor: 7_000_000,
    medianDays: 35,
    perDayMinor: 15_000_000,
  }
  return { ...head, days: 180, perDayMinor: 15_000_000, types: [row] }
}
