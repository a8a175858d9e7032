import type { NamedView, Phase, StatusRefView } from './common.ts'

/** The parts that a layer's reached deals fall into; `reached` is their sum. */
export type FunnelPart = 'reached' | 'passed' | 'lost' | 'open' | 'finished'
export type PartFigures = { readonly [Part in FunnelPart]: number }

export type BottleneckKind = 'conversion' | 'time' | 'queue'

export type BottleneckView = {
  readonly kinds: readonly BottleneckKind[]
  /** Share 0..1 that the layer is held against: set by the administrator, else the preceding 12 months. */
  readonly target: number | null
  /** Wilson 95 % upper bound of the resolved conversion, 0..1. */
  readonly upperBound: number | null
  /** Money at stake, minor units; 0 when it cannot be told. */
  readonly impactMinor: number
}

/** How long deals stay, in hours: quantiles by the estimate of Kaplan and Meier, null where they cannot be told. */
export type StayView = {
  readonly medianHours: number | null
  readonly p90Hours: number | null
  /** Where the quantile cannot be told yet though deals have been there: it is more than this. */
  readonly medianOverHours: number | null
  readonly p90OverHours: number | null
}

/** Visits summed per deal, without pauses; deals still there are taken in. Nothing of a layer that is a pause. */
export type LayerTimeView = StayView & {
  /** Over the preceding 12 months, same slices. */
  readonly baselineMedianHours: number | null
  /** Deals that the figures are of, and those of them that still stand here. */
  readonly deals: number
  readonly stillThere: number
  /** Of those that have left, alone. */
  readonly left: { readonly medianHours: number | null; readonly p90Hours: number | null }
  /** In working hours of the company's calendar. */
  readonly working: StayView & { readonly baselineMedianHours: number | null }
}

export type CohortLayerView = {
  readonly status: StatusRefView
  readonly reached: number
  readonly passed: number
  readonly lost: number
  readonly finished: number
  readonly open: number
  /** On the path, passed, but never really visited. */
  readonly skipped: number
  /** Passed here and reached the next shown layer. */
  readonly through: number
  /** Reached here, though the shown layer above does not have them. */
  readonly joined: number
  readonly amountMinor: PartFigures & { readonly through: number; readonly joined: number }
  /** Shares 0..1, null where nothing is divided. `baseline` is the resolved conversion over the preceding 12 months, same slices. */
  readonly conversion: {
    readonly resolved: number | null
    readonly soFar: number | null
    readonly cumulative: number | null
    readonly baseline: number | null
  }
  readonly time: LayerTimeView
  readonly bottleneck: BottleneckView | null
}

/** What the figure was made of; printed on every report. Names are in the caller's language. */
export type SliceView = {
  readonly types: readonly NamedView[]
  readonly counterparties: readonly NamedView[]
  readonly departments: readonly NamedView[]
  readonly employees: readonly NamedView[]
  readonly attribution: 'current' | 'event'
  readonly strict: boolean
  readonly by: 'count' | 'amount'
  /** Chapters shown; empty: all. */
  readonly phases: readonly Phase[]
  readonly tags: readonly string[]
  /** Custom fields that the deals are cut by, in words. */
  readonly fields: readonly { readonly code: string; readonly name: string; readonly value: string }[]
}

export type FunnelHeadView = {
  readonly period: { readonly from: string; readonly to: string; readonly timeZone: string }
  readonly asOf: string
  /** The organisation's, in which all money of the figure is. */
  readonly currency: string
  /** Deals that are counted, but whose money every sum leaves out: no rate of their currency is known. */
  readonly withoutRate: number
  /** Instant of the oldest known status change, null when there is none. */
  readonly historySince: string | null
  readonly slice: SliceView
}

/** The layers of one phase together: entered = passed + lost + finished + open. */
export type ChapterView = {
  readonly phase: Phase
  /** Codes of its layers, in order. */
  readonly layers: readonly string[]
  readonly entered: number
  /** Came further than all its layers. */
  readonly passed: number
  readonly lost: number
  readonly finished: number
  readonly open: number
  readonly amountMinor: {
    readonly entered: number
    readonly passed: number
    readonly lost: number
    readonly finished: number
    readonly open: number
  }
  /** Shares 0..1 of those that passed or were lost, by the measure asked for; null where nothing is divided. */
  readonly conversion: { readonly resolved: number | null; readonly baseline: number | null }
}

/** `GET /api/funnel?basis=cohort`. */
export type CohortFunnelView = FunnelHeadView & {
  readonly basis: 'cohort'
  readonly layers: readonly CohortLayerView[]
  /** The phases that have layers, in order; also those that are not shown. */
  readonly chapters: readonly ChapterView[]
  readonly totals: {
    readonly deals: number
    readonly amountMinor: number
    readonly won: number
    readonly wonAmountMinor: number
    readonly lost: number
    readonly winRate: number | null
  }
  /** Code of the layer with the lowest resolved conversion, null when no layer has any. */
  readonly narrowest: string | null
  /** True when the narrowest layer has fewer than 20 resolved deals. */
  readonly narrowestTooFew: boolean
  readonly time: {
    /** The clock that limits and time bottlenecks go by. */
    readonly clock: 'calendar' | 'working'
    /** Times were taken from so many deals, chosen at random once and for all; null: from all. */
    readonly sampledDeals: number | null
  }
  readonly sentence: string
}

export type SnapshotLayerView = {
  readonly status: StatusRefView
  readonly count: number
  readonly amountMinor: number
  readonly weightedMinor: number
  readonly overdue: number
  readonly medianAgeHours: number | null
}

/** `GET /api/funnel?basis=snapshot`. */
export type SnapshotFunnelView = FunnelHeadView & {
  readonly basis: 'snapshot'
  readonly layers: readonly SnapshotLayerView[]
  readonly lost: readonly SnapshotLayerView[]
  readonly totals: {
    readonly deals: number
    readonly amountMinor: number
    readonly weightedMinor: number
    readonly overdue: number
  }
}

/** `entered` is the sum of the other five; see shared/domain/funnel-flow.ts. */
export type FlowPart = 'entered' | 'advanced' | 'lost' | 'movedBack' | 'handedOff' | 'stillThere'
export type FlowPartFigures = { readonly [Part in FlowPart]: number }

export type FlowLayerView = FlowPartFigures & {
  readonly status: StatusRefView
  /** Entries in the period, repeated ones too. */
  readonly entries: number
  /** Entries per deal minus one; null where nobody entered. */
  readonly pingPong: number | null
  readonly amountMinor: FlowPartFigures
}

/** `GET /api/funnel?basis=flow`. */
export type FlowFunnelView = FunnelHeadView & {
  readonly basis: 'flow'
  readonly layers: readonly FlowLayerView[]
  readonly totals: {
    /** Deals with any entry, each once. */
    readonly deals: number
    readonly amountMinor: number
    readonly entries: number
  }
}

export type FunnelView = CohortFunnelView | SnapshotFunnelView | FlowFunnelView

export type SplitBy = 'type' | 'counterparty' | 'department' | 'employee'

/** `GET /api/funnel/split?…same…&layer=&by=`: one layer cut by one slice, worst conversion first. The rows add up to the layer. */
export type FunnelSplitView = {
  readonly by: SplitBy
  readonly layer: StatusRefView
  readonly rows: readonly (NamedView & {
    readonly figures: PartFigures
    readonly amountMinor: PartFigures
    readonly resolved: number | null
    /** Wilson upper bound of the row lies below the layer's resolved conversion. */
    readonly worse: boolean
  })[]
}

/** `GET /api/funnel/trend?…same…`: per week (ISO weeks, Monday, organisation's time zone), by event time. */
export type FunnelTrendView = {
  readonly weeks: readonly {
    readonly from: string
    readonly created: number
    readonly won: number
    readonly lost: number
    readonly wonAmountMinor: number
  }[]
}

/** `GET /api/funnel/departments?…same…`: won in the period by department, beside the same period a year earlier. */
export type DepartmentBarsView = {
  readonly rows: readonly (NamedView & {
    readonly won: number
    readonly wonAmountMinor: number
    readonly lastYearAmountMinor: number
  })[]
  readonly currency: string
}

/** `GET /api/funnel/activity?…same…`: recorded actions of people per day of the organisation's time zone. */
export type ActivityView = { readonly days: readonly { readonly day: string; readonly actions: number }[] }
