import { calendarPeriod, type ForecastPeriodKind, forecastPeriods } from '../../../../shared/domain/forecast-history.ts'
import { velocityDays } from '../../../../shared/domain/win-rate.ts'
import { periodOf, readDay, type Slice, writeSlice } from '../funnel/slice.ts'

/** What the figures of outcomes are asked about: the funnel's slices, and a period that fits the figure. */
export const buckets = [
  'won',
  'expected',
  'overdue',
  'undated',
  'outside',
  'wonThenLost',
  'forecast',
  'eventWon',
  'eventLost',
  'stale',
  'cohortWon',
  'cohortLost',
  'rates',
  'open',
  'paceWon',
  'paceLost',
  'pace',
] as const
export type Bucket = (typeof buckets)[number]
export const days = velocityDays

type Query = Readonly<Record<string, string | null | undefined>>

/** The slices alone: outcomes know neither layers nor a past moment. */
export function sliceOf(slice: Slice): Query {
  const alien = new Set(['period', 'from', 'to', 'asOf', 'basis', 'by', 'strict', 'phase'])
  return Object.fromEntries(Object.entries(writeSlice(slice)).filter(([key]) => !alien.has(key)))
}

/** The forecast's own period stands in the address: `?forecast=month`. */
export function readForecastPeriod(params: Pick<URLSearchParams, 'get'>): ForecastPeriodKind {
  return forecastPeriods.find((kind) => kind === params.get('forecast')) ?? 'quarter'
}

export function forecastQuery(slice: Slice, of: ForecastPeriodKind, today: string): Query {
  return { ...sliceOf(slice), ...calendarPeriod(of, today) }
}

export function periodQuery(slice: Slice, today: string): Query {
  return { ...sliceOf(slice), ...periodOf(slice, today) }
}

/** What of a figure alone a list is of, as the address has it. `day`: of another period of the forecast than the present one. */
export function readNarrowing(params: Pick<URLSearchParams, 'get'>) {
  return {
    type: params.get('ofType'),
    status: params.get('ofStatus'),
    byHand: params.get('byHand') === '1',
    day: readDay(params.get('day')),
  }
}

/** The query of the list behind a figure: that of the figure itself. */
export function bucketQuery(
  bucket: Bucket,
  slice: Slice,
  of: ForecastPeriodKind,
  today: string,
  { type, status, byHand, day }: ReturnType<typeof readNarrowing>,
): Query {
  const own = /^(event|cohort|rates)/.test(bucket)
    ? periodQuery(slice, today)
    : /^(pace|open|stale)/.test(bucket)
      ? sliceOf(slice)
      : forecastQuery(slice, of, day ?? today)
  const expected = bucket === 'expected' ? { status, byHand: byHand ? '1' : null } : {}
  return { ...own, ...expected, ...(type === null ? {} : { type }) }
}
