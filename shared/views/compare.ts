import type { StatusRefView } from './common.ts'
import type { CohortFunnelView, FlowFunnelView, SnapshotFunnelView, SplitBy } from './funnel.ts'

/** Whether a difference is more than chance, at 95 %; see shared/domain/funnel-compare.ts. */
export type VerdictView = 'real' | 'chance' | 'few' | 'same'
export type DifferenceView = { readonly now: number | null; readonly before: number | null; readonly change: number | null }
export type JudgedDifferenceView = DifferenceView & { readonly verdict: VerdictView }

/** What a figure's list is asked for, beside the question: `GET /api/funnel/compare/deals?…same…&side=&layer=&part=&key=`. */
export type ComparedDealsRef = {
  readonly side: 'now' | 'before'
  readonly layer?: string
  readonly part: string
  readonly key?: number
}
/** A piece of a sentence; figures that have a list say which. */
export type SaidPiece = { readonly text: string; readonly opens: ComparedDealsRef | null }

/** Why the total changed, in words. Contributions add up to the change. */
export type ExplanationView = {
  readonly of: 'won' | 'amount' | 'share' | 'count'
  readonly change: number | null
  readonly verdict: VerdictView | null
  /** The change itself and whether it could be chance, then the layers. */
  readonly layers: readonly SaidPiece[]
  /** The largest contributions of the slice's values. */
  readonly slices: readonly SaidPiece[]
}

/** What two snapshots or two flows are explained by. */
export type CountedMeasure = 'count' | 'amount'

/** Sides whose days, or moment, begin before anything is known. Nothing is concluded then: verdicts say `few` and are not to be shown. */
export type MissingHistoryView = { readonly sides: readonly ('now' | 'before')[]; readonly since: string }

type SidesView<Funnel> = {
  readonly against: 'previous' | 'year' | 'other'
  readonly aged: 'alike' | 'now'
  /** What the difference is taken apart by: as asked, unless that is what the sides differ by; null: by nothing. */
  readonly split: SplitBy | null
  readonly missingHistory: MissingHistoryView | null
  readonly now: Funnel
  readonly before: Funnel
  readonly explanations: readonly ExplanationView[]
}

/** How deals pass. */
export type CohortCompareView = SidesView<CohortFunnelView> & {
  readonly basis: 'cohort'
  readonly layers: readonly {
    readonly status: StatusRefView
    readonly count: JudgedDifferenceView
    readonly amountMinor: DifferenceView
    /** Resolved, 0..1; `change` times 100 are percentage points. */
    readonly conversion: JudgedDifferenceView
  }[]
  readonly totals: {
    readonly deals: JudgedDifferenceView
    readonly amountMinor: DifferenceView
    readonly won: JudgedDifferenceView
    readonly wonAmountMinor: DifferenceView
    readonly wonShare: JudgedDifferenceView
  }
}

/** How many stand where, or what happened. No chance is in how many stand: deals of two moments are partly the same ones. */
export type CountedCompareView = (
  | (SidesView<SnapshotFunnelView> & { readonly basis: 'snapshot' })
  | (SidesView<FlowFunnelView> & { readonly basis: 'flow' })
) & {
  /** Deals that stand in the layer, or entered it. */
  readonly layers: readonly {
    readonly status: StatusRefView
    readonly count: DifferenceView | JudgedDifferenceView
    readonly amountMinor: DifferenceView
  }[]
  readonly totals: { readonly deals: DifferenceView | JudgedDifferenceView; readonly amountMinor: DifferenceView }
}

/** `GET /api/funnel/compare`. */
export type CompareView = CohortCompareView | CountedCompareView
