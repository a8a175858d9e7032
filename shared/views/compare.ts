import type { StatusRefView } from './common.ts'
import type { CohortFunnelView, SplitBy } from './funnel.ts'

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
  readonly of: 'won' | 'amount' | 'share'
  readonly change: number | null
  readonly verdict: VerdictView | null
  /** The change itself and whether it could be chance, then the layers. */
  readonly layers: readonly SaidPiece[]
  /** The largest contributions of the slice's values. */
  readonly slices: readonly SaidPiece[]
}

/** `GET /api/funnel/compare`. */
export type CompareView = {
  readonly against: 'previous' | 'year' | 'other'
  readonly aged: 'alike' | 'now'
  readonly split: SplitBy
  readonly now: CohortFunnelView
  readonly before: CohortFunnelView
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
  readonly explanations: readonly ExplanationView[]
}
