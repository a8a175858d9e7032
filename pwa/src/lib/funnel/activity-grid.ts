import { addDays } from '../../../../shared/domain/periods.ts'
import type { ActivityView } from '../../../../shared/views/funnel.ts'

export type ActivityCell = { readonly day: string; readonly actions: number; readonly level: 0 | 1 | 2 | 3 | 4 } | null
/** Weeks as columns, Monday first; null where the day lies outside the data. */
export type ActivityGrid = { readonly weeks: readonly (readonly ActivityCell[])[]; readonly most: number; readonly total: number }

const weekday = (day: string): number => (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7

type Level = NonNullable<ActivityCell>['level']

/**
 * Tells the level of a day: 0 for nothing, else the quarter of the busy days that it falls into, so that one very busy day does not level the others.
 * As busy as the busiest is always 4, which is what the legend says.
 * @param counts actions of all days shown
 */
export function levelsOf(counts: readonly number[]): (actions: number) => Level {
  const busy = counts.filter((count) => count > 0).sort((one, other) => one - other)
  const most = busy.at(-1) ?? 0
  const limits = [0.25, 0.5, 0.75].map((share) => busy[Math.ceil(share * busy.length) - 1] ?? 0)
  return (actions) => {
    if (actions <= 0) return 0
    return actions >= most ? 4 : ((1 + limits.filter((limit) => actions > limit).length) as Level)
  }
}

/** The nearest day with actions that lies whole steps from a day; null where none does. @param days all of the grid, in order; @param step in days */
export function nextWorked(days: readonly NonNullable<ActivityCell>[], from: string, step: number): string | null {
  const at = days.findIndex(({ day }) => day === from)
  for (let next = at + step; next >= 0 && next < days.length; next += step) {
    const cell = days[next]
    if (cell && cell.actions > 0) return cell.day
  }
  return null
}

/** Lays the last `maxWeeks` weeks of the data out as columns. */
export function layActivity(view: ActivityView, maxWeeks: number): ActivityGrid {
  const byDay = new Map(view.days.map((entry) => [entry.day, entry.actions]))
  const days = [...byDay.keys()].sort()
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return { weeks: [], most: 0, total: 0 }
  const lastMonday = addDays(last, -weekday(last))
  const firstMonday = addDays(first, -weekday(first))
  const oldest = addDays(lastMonday, -7 * (maxWeeks - 1))
  const starts: string[] = []
  const start = [firstMonday, oldest].sort().at(-1) as string
  for (let monday = start; monday <= lastMonday; monday = addDays(monday, 7)) starts.push(monday)
  const shown = days.filter((day) => day >= (starts[0] as string))
  const most = Math.max(0, ...shown.map((day) => byDay.get(day) ?? 0))
  const levelOf = levelsOf(shown.map((day) => byDay.get(day) ?? 0))
  const weeks = starts.map((monday) =>
    Array.from({ length: 7 }, (_, index): ActivityCell => {
      const day = addDays(monday, index)
      const actions = byDay.get(day) ?? 0
      return day < first || day > last ? null : { day, actions, level: levelOf(actions) }
    }),
  )
  return { weeks, most, total: shown.reduce((sum, day) => sum + (byDay.get(day) ?? 0), 0) }
}
