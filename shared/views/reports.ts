import type { NamedView } from './common.ts'
import type { PartFigures } from './funnel.ts'

export type ReportSlice = 'type' | 'department' | 'employee'

/** A cohort funnel cut by one slice: a row for each value that has deals, the largest first; the rows add up to the funnel. */
export type ReportSliceView = {
  readonly by: ReportSlice
  readonly rows: readonly ReportSliceRowView[]
}

export type ReportSliceRowView = NamedView & {
  readonly deals: number
  readonly amountMinor: number
  readonly won: number
  readonly wonAmountMinor: number
  readonly lost: number
  /** Of each layer of the funnel, in its order: the deals that reached it. */
  readonly reached: readonly number[]
  /** Of the layer that the report speaks of (the bottleneck, else the narrowest); null where there is none. */
  readonly loud: {
    readonly figures: PartFigures
    readonly amountMinor: PartFigures
    /** Share 0..1, null where nothing is resolved. */
    readonly resolved: number | null
    /** The Wilson upper bound of it lies below the layer's. */
    readonly worse: boolean
  } | null
}
