import { type FunnelStatus, ladderOf } from './funnel.ts'
import type { DrawnLayer } from './funnel-drawing.ts'

/** How many deals stand where at one instant (product.md, section 3, "Snapshot"). Neighbouring layers are never divided. */
export type SnapshotRow = {
  readonly statusId: number
  readonly count: number
  readonly amountMinor: number
  readonly weightedMinor: number
  /** Deals beyond the time limit of the status. */
  readonly overdue: number
  readonly medianAgeHours: number | null
}
export type SnapshotFigures = Omit<SnapshotRow, 'statusId'> & { readonly status: FunnelStatus }
export type SnapshotFunnel = {
  readonly layers: readonly SnapshotFigures[]
  readonly lost: readonly SnapshotFigures[]
  /** Over all statuses that are not lost, hidden ones included. */
  readonly totals: {
    readonly deals: number
    readonly amountMinor: number
    readonly weightedMinor: number
    readonly overdue: number
  }
}

/**
 * Puts the rows of the query into funnel order: layers are the shown statuses, also when empty; lost ones stand apart. Deals in a
 * hidden status have no layer, but they are in the totals: nobody disappears.
 */
export function snapshotFunnel(statuses: readonly FunnelStatus[], rows: readonly SnapshotRow[]): SnapshotFunnel {
  const byStatus = new Map(rows.map((row) => [row.statusId, row]))
  const figuresOf = (status: FunnelStatus): SnapshotFigures => {
    const { count = 0, amountMinor = 0, weightedMinor = 0, overdue = 0, medianAgeHours = null } = byStatus.get(status.id) ?? {}
    return { status, count, amountMinor, weightedMinor, overdue, medianAgeHours }
  }
  const ordered = statuses.toSorted((a, b) => a.rank - b.rank || a.id - b.id).map(figuresOf)
  const { lost: lostIds } = ladderOf(statuses)
  const climbing = ordered.filter(({ status }) => !lostIds.has(status.id))
  const sum = (key: 'count' | 'amountMinor' | 'weightedMinor' | 'overdue') =>
    climbing.reduce((total, figures) => total + figures[key], 0)
  return {
    layers: climbing.filter(({ status }) => status.shownInFunnel),
    lost: ordered.filter(({ status, count }) => lostIds.has(status.id) && (status.shownInFunnel || count > 0)),
    totals: {
      deals: sum('count'),
      amountMinor: sum('amountMinor'),
      weightedMinor: sum('weightedMinor'),
      overdue: sum('overdue'),
    },
  }
}

/** Snapshot layers in the shape of `drawFunnel`: every deal is here, nothing goes on, so there are no ribbons and no shares. */
export function snapshotLayersToDraw<Status>(
  layers: readonly { readonly status: Status; readonly count: number; readonly amountMinor: number }[],
): readonly DrawnLayer<Status>[] {
  const here = (value: number) => ({ reached: value, passed: 0, lost: 0, finished: 0, open: value, through: 0, joined: 0 })
  return layers.map(({ status, count, amountMinor }) => ({
    status,
    ...here(count),
    amountMinor: here(amountMinor),
    conversion: { resolved: null, baseline: null },
    bottleneck: null,
  }))
}
