import type { StatusRefView } from './common.ts'
import type { FunnelHeadView } from './funnel.ts'

export type WayView = {
  /** Codes; null: the deal began, or stands still. */
  readonly from: string | null
  readonly to: string | null
  readonly kind: 'entry' | 'stands' | 'forward' | 'back' | 'lost' | 'reopened' | 'paused' | 'resumed'
  readonly deals: number
  /** More than the deals where some took it again. */
  readonly times: number
  /** Deals that did. */
  readonly again: number
  readonly amountMinor: number
  /** From entering `from` to leaving it this way. */
  readonly medianHours: number | null
  /** Deals that went past a status of their own process, and those whose process has no such way. */
  readonly skipping: number
  readonly outside: number
}

/** `GET /api/funnel/paths`: the ways that the cohort's deals really took, the most travelled first. */
export type PathsView = FunnelHeadView & {
  readonly deals: number
  readonly nodes: readonly { readonly status: StatusRefView; readonly entries: number; readonly standing: number }[]
  readonly ways: readonly WayView[]
  /** Offered by the deals' processes, taken by none. */
  readonly untaken: readonly { readonly from: StatusRefView; readonly to: StatusRefView }[]
}
