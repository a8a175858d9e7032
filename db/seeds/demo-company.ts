import { type WorkCalendar, workCalendar } from './demo-calendar.ts'
import { counterpartySeeds } from './demo-counterparties.ts'
import { birthHours } from './demo-course.ts'
import { dealScript } from './demo-life.ts'
import { playDeal } from './demo-play.ts'
import type { PlayedDeal } from './demo-played.ts'
import type { DealScript } from './demo-verbs.ts'

export type DemoTimes = { readonly now: Date; readonly timeZone: string }

export const demoDealCount = 3000
const demoMonths = 18

/**
 * The demo company's deals: what was done to them (`scripts`) and what that left (`deals`), oldest first. Pure: the same `now` and time zone
 * give the same company; another `now` gives one whose newest deals end then.
 */
export function buildDemoDeals(
  { now, timeZone }: DemoTimes,
  count = demoDealCount,
): {
  readonly calendar: WorkCalendar
  readonly scripts: readonly DealScript[]
  readonly deals: readonly PlayedDeal[]
} {
  const calendar = workCalendar(now, timeZone, demoMonths)
  const clients = counterpartySeeds()
  const scripts = birthHours(calendar, count).map((hours, index) => dealScript(index, hours, calendar, clients))
  return { calendar, scripts, deals: scripts.map((script, index) => playDeal(index + 1, script)) }
}
