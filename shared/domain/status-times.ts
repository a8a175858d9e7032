import { type Stays, stayQuantiles } from './kaplan-meier.ts'

/**
 * How long deals stay in a status (product.md, section 3, "Time in status"): the sum of a deal's visits; a deal that is still there counts as
 * staying at least as long. Pauses belong to no status: while a deal is paused its clock stands, and it has not left where it was before.
 */
export type TimeFigures = {
  readonly medianHours: number | null
  readonly p90Hours: number | null
  /** Where a quantile cannot be told yet: it is more than this. */
  readonly medianOverHours: number | null
  readonly p90OverHours: number | null
}
export type StatusTimes = TimeFigures & {
  /** Deals that have been there, and those of them that still are. */
  readonly deals: number
  readonly stillThere: number
  /** Quantiles of those that have left, alone. */
  readonly left: { readonly medianHours: number | null; readonly p90Hours: number | null }
  /** The same in working hours of the company's calendar. */
  readonly working: TimeFigures
}

const toHours = (seconds: number | null) => (seconds === null ? null : seconds / 3600)

function figuresOf(stays: Stays): TimeFigures {
  const [median, p90] = stayQuantiles(stays, [0.5, 0.9])
  return {
    medianHours: toHours(median!.time),
    p90Hours: toHours(p90!.time),
    medianOverHours: toHours(median!.over),
    p90OverHours: toHours(p90!.over),
  }
}

function leftFigures(left: readonly number[]): StatusTimes['left'] {
  const { medianHours, p90Hours } = figuresOf({ left, here: [] })
  return { medianHours, p90Hours }
}

/** @param calendar,working seconds of the same deals, by both clocks */
export function statusTimesOf(calendar: Stays, working: Stays): StatusTimes {
  return {
    ...figuresOf(calendar),
    deals: calendar.left.length + calendar.here.length,
    stillThere: calendar.here.length,
    left: leftFigures(calendar.left),
    working: figuresOf(working),
  }
}
