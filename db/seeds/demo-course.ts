import { hoursPerDay, type WorkCalendar } from './demo-calendar.ts'
import { type PersonSeed, person, south } from './demo-people.ts'
import type { StageSeed } from './demo-processes.ts'
import { randomStream } from './demo-random.ts'

/** How business went: when deals began, and where it is stuck. */

/** New deals by month, January first, relative to each other. */
const season = [0.62, 0.95, 1.05, 1.1, 0.85, 1, 0.88, 0.9, 1.1, 1.18, 1.2, 1.15]
const growthPerYear = 0.28

/** The working hours at which `count` deals begin, ascending: more of them in season and every year. */
export function birthHours(calendar: WorkCalendar, count: number): number[] {
  const random = randomStream(7)
  const lastDay = calendar.days.length - 1
  const partOfLast = calendar.nowHours / hoursPerDay - lastDay
  const weights = calendar.days.map(({ month }, index) => {
    const full = season[month - 1]! * (1 + growthPerYear * (index / 250))
    return index === lastDay ? full * partOfLast : full
  })
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const births: number[] = []
  let day = 0
  let before = 0
  for (let index = 0; index < count; index++) {
    const target = ((index + random.next()) / count) * total
    while (day < lastDay && before + weights[day]! <= target) before += weights[day++]!
    const share = Math.min(1, (target - before) / weights[day]!)
    births.push(hoursPerDay * (day + share * (day === lastDay ? partOfLast : 1)))
  }
  return births
}

/** What the bottleneck does to a stay: factors on the share that goes on and on the usual hours. */
export type Jam = { readonly goesOn: number; readonly slowness: number }

const jamBeginsHoursAgo = 1240
const jamFullHoursAgo = 760
const free: Jam = { goesOn: 1, slowness: 1 }

/**
 * Negotiation has been jamming for half a year, at its worst in the last four months: a little everywhere, badly in the south, worst
 * with Maria Kim.
 */
export function jamAt(stage: StageSeed, owner: PersonSeed, hours: number, calendar: WorkCalendar): Jam {
  if (stage.statusCode !== 'negotiation') return free
  const hoursAgo = calendar.nowHours - hours
  const severity = Math.max(0, Math.min(1, (jamBeginsHoursAgo - hoursAgo) / (jamBeginsHoursAgo - jamFullHoursAgo)))
  if (owner.id === person('kim').id) return { goesOn: 1 - 0.76 * severity, slowness: 1 + 1.7 * severity }
  if (owner.departmentId === south.id) return { goesOn: 1 - 0.54 * severity, slowness: 1 + 1 * severity }
  return { goesOn: 1 - 0.12 * severity, slowness: 1 + 0.2 * severity }
}

/** True while negotiations jam for this owner: reasons for losing are then about the contract. */
export function isJammed(jam: Jam): boolean {
  return jam.goesOn < 0.85
}
