import type { OutcomeBucket } from '../domain/forecast.ts'
import type { ForecastPeriodKind } from '../domain/forecast-history.ts'
import type { WinRateKind } from '../domain/win-rate.ts'
import type { CodedView, StatusRefView } from './common.ts'
import type { SliceView } from './funnel.ts'

/** All money below is minor units of `currency`, the base currency; deals without a rate are counted, and their money is left out. */
export type CountedView = { readonly deals: number; readonly amountMinor: number }

type OutcomeHeadView = {
  readonly period: { readonly from: string; readonly to: string; readonly timeZone: string }
  readonly asOf: string
  readonly currency: string
  readonly slice: Pick<SliceView, 'types' | 'counterparties' | 'departments' | 'employees' | 'attribution'>
  /** Deals of the figure whose money is missing. */
  readonly withoutRate: number
}

export type BucketView = CountedView & {
  /** Amount × probability. */
  readonly weightedMinor: number
}

/** `GET /api/funnel/forecast`. Every bucket's deals: `GET /api/funnel/buckets/<bucket>/deals` with the same query. */
export type ForecastView = OutcomeHeadView & {
  /** Won in the period + expected in it × probability. */
  readonly totalMinor: number
  readonly buckets: Readonly<Record<OutcomeBucket, BucketView>>
  readonly types: readonly {
    readonly type: CodedView
    readonly won: CountedView
    readonly expected: BucketView
    readonly totalMinor: number
  }[]
  /** The probabilities that the expected deals count at, where nobody gave one by hand. `probability` is a share 0..1. */
  readonly probabilities: readonly {
    readonly type: CodedView
    readonly status: StatusRefView
    readonly expected: CountedView
    readonly probability: number
    readonly defaultPct: number
    readonly wins: number
    readonly resolved: number
  }[]
  readonly byHand: BucketView
  /** Day on which the probabilities were learned; null: not yet, the defaults are used. */
  readonly learnedOn: string | null
}

export type ForecastCopyView = {
  /** Monday of the week. */
  readonly week: string
  readonly wonMinor: number
  readonly weightedMinor: number
  readonly totalMinor: number
  readonly overdueMinor: number
}

/** `GET /api/funnel/forecast/history?…same…&of=month|quarter|year`: frozen copies, and how near they came. */
export type ForecastHistoryView = {
  readonly of: ForecastPeriodKind
  readonly currency: string
  /** Copies are kept of the company, of one type and of one department, for those who see all of it. */
  readonly isKept: boolean
  /** The period under way. */
  readonly current: { readonly from: string; readonly to: string; readonly copies: readonly ForecastCopyView[] }
  /** Periods that have ended, the newest first, where any copy was made; `error` = (forecast − came) / came, null when nothing came. */
  readonly past: readonly {
    readonly from: string
    readonly to: string
    readonly came: CountedView
    readonly made: readonly {
      readonly weeksBefore: number
      readonly week: string
      readonly totalMinor: number
      readonly error: number | null
    }[]
  }[]
}

/** `GET /api/funnel/win-rates`. Buckets: `eventWon`, `eventLost`, `stale`, `cohortWon`, `cohortLost`. */
export type WinRatesView = OutcomeHeadView & {
  readonly rates: readonly {
    readonly kind: WinRateKind
    readonly won: CountedView
    readonly lost: CountedView
    /** Open deals beyond twice their limit; nothing but in the kind `stale`. */
    readonly stale: CountedView
    readonly byCount: number | null
    readonly byAmount: number | null
  }[]
}

/** `GET /api/funnel/velocity`; `period` is the days that make the pace. Buckets: `open`, `paceWon`, `paceLost`, with `type` for one of the types. */
export type VelocityView = OutcomeHeadView & {
  readonly days: number
  /** Sum over the types that have a figure; null when none has. */
  readonly perDayMinor: number | null
  readonly types: readonly {
    readonly type: CodedView
    readonly open: CountedView
    readonly won: CountedView
    readonly lost: CountedView
    readonly winRate: number | null
    readonly averageWonMinor: number | null
    readonly medianDays: number | null
    readonly perDayMinor: number | null
  }[]
}
