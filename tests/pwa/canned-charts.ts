import type { ActivityView, DepartmentBarsView, FunnelTrendView } from '../../shared/views/funnel.ts'

/** Invented answers for the charts below the funnel. */
export function cannedTrend(): FunnelTrendView {
  const created = [24, 27, 31, 29, 33, 30, 26, 28, 32, 35, 31, 29, 34]
  return {
    weeks: created.map((count, index) => ({
      from: new Date(Date.UTC(2026, 7, 17 + index * 7)).toISOString().slice(0, 10),
      created: count,
      won: 4 + (index % 4),
      lost: 12 + (index % 5) + Math.floor(index / 2),
      wonAmountMinor: 100_000_000,
    })),
  }
}

export function cannedDepartments(): DepartmentBarsView {
  const rows = [
    ['Продажи Центр', 8.4, 7.1],
    ['Продажи Юг', 5.6, 6.9],
    ['Проекты', 4.7, 4],
    ['Сервис', 2.5, 2.2],
  ] as const
  return {
    rows: rows.map(([name, won, before], index) => ({
      id: index + 1,
      name,
      won: 40 - index * 9,
      wonAmountMinor: won * 1e8,
      lastYearAmountMinor: before * 1e8,
    })),
    currency: 'RUB',
  }
}

export function cannedActivity(): ActivityView {
  const days = Array.from({ length: 90 }, (_, index) => {
    const date = new Date(Date.UTC(2026, 7, 16 + index))
    const weekend = date.getUTCDay() % 6 === 0
    return { day: date.toISOString().slice(0, 10), actions: weekend ? index % 3 : 8 + ((index * 7) % 33) }
  })
  return { days }
}
