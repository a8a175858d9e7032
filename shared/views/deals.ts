import type { DealEventBody } from '../domain/events.ts'
import type { DealAction } from '../domain/permissions.ts'
import type { CodedView, MoneyView, NamedView, StatusRefView } from './common.ts'
import type { ApprovalView, DealDocumentView, FieldValueView, RequirementView } from './processes.ts'

/** One line of `GET /api/deals` and of every drill-down. */
export type DealRowView = {
  readonly number: number
  readonly title: string
  readonly type: CodedView
  readonly counterparty: NamedView | null
  readonly owner: NamedView
  readonly department: NamedView
  readonly amount: MoneyView
  /** The amount in the organisation's currency, as sums count it; null where no rate is known. */
  readonly baseAmount: MoneyView | null
  readonly status: StatusRefView
  /** Stage of the main process; null when the deal has none. */
  readonly stage: CodedView | null
  readonly createdAt: string
  readonly statusSince: string
  /** Calendar hours in the present status, at the time of the answer. */
  readonly ageHours: number
  /** True when `ageHours` exceeds the status's (or the stage's) time limit and the deal is not lost. */
  readonly overdue: boolean
  readonly expectedCloseOn: string | null
  /** In a list: the custom fields that lists show; on a card all, empty ones too. By place. */
  readonly fields: readonly FieldValueView[]
  readonly version: number
}

/** `GET /api/deals`: a page plus the sum over the whole list, in the organisation's currency. */
export type DealListView = {
  readonly items: readonly DealRowView[]
  readonly nextCursor: string | null
  readonly total: number
  readonly amountMinor: number
  readonly currency: string
  /** Deals that the sum leaves out: no rate of their currency is known. */
  readonly withoutRate: number
  /** What people did with them; only of a list of the deals that were worked on. */
  readonly actions?: number
}

/** Why a deal has its status. Shown in words by `describeCause`. */
export type CauseView = {
  readonly kind: 'creation' | 'stage' | 'rule' | 'user' | 'import' | 'undo'
  readonly at: string
  readonly person: NamedView | null
  /** Name of the stage or of the rule that set the status. */
  readonly name: string | null
  readonly reason: string | null
}

export type RunStageView = CodedView & {
  readonly state: 'done' | 'current' | 'ahead'
  readonly status: StatusRefView | null
  readonly enteredAt: string | null
  readonly timeLimitHours: number | null
}

/** A way to a stage; code and name are the stage's. */
export type RunWayView = CodedView & {
  readonly kind: 'forward' | 'back'
  readonly status: StatusRefView | null
  /** What the way itself is called, where it has a name of its own. */
  readonly wayName: string | null
  /** What is missing before it may be gone; empty when it may be. */
  readonly missing: readonly RequirementView[]
  /** The decisions that it asks for. */
  readonly approvals: readonly ApprovalView[]
}

export type ProcessRunView = {
  readonly id: number
  readonly name: string
  readonly isMain: boolean
  readonly versionNumber: number
  readonly state: 'running' | 'finished' | 'cancelled'
  readonly stages: readonly RunStageView[]
  /** Where the deal may go from the current stage; the first is the usual way on. `kind` tells forward from back. */
  readonly next: readonly RunWayView[]
}

/** `GET /api/deals/:number`. `ETag` carries `version`. */
export type DealCardView = DealRowView & {
  readonly description: string
  readonly contact: (NamedView & { readonly phone: string | null; readonly email: string | null }) | null
  readonly participants: readonly NamedView[]
  readonly probabilityPct: number
  readonly timeLimitHours: number | null
  /** True when the status was set by hand and is held: rules do not change it. */
  readonly held: boolean
  readonly lostReason: string | null
  readonly cause: CauseView
  /** The statuses of the deal's own path, in funnel order. `state` is `passed` up to the furthest reached, `current`, or `ahead`. */
  readonly lifeCycle: readonly (StatusRefView & { readonly state: 'passed' | 'current' | 'ahead' })[]
  readonly runs: readonly ProcessRunView[]
  /** Further processes that the caller may start now. */
  readonly startable: readonly CodedView[]
  /** What the caller may do with this deal now. */
  readonly actions: readonly DealAction[]
  /** The last change, while it can be undone by the caller; `until` is an instant. */
  readonly undo: { readonly until: string; readonly eventId: number; readonly body: DealEventBody } | null
  readonly externalId: string | null
  /** In the order they were made. */
  readonly documents: readonly DealDocumentView[]
  /** What the caller may add; empty where he may add nothing. */
  readonly documentTypes: readonly (CodedView & { readonly isPayable: boolean })[]
}

/** One entry of `GET /api/deals/:number/history`, newest first: every event, typed. */
export type DealEventView = {
  readonly id: number
  readonly at: string
  readonly recordedAt: string
  readonly person: NamedView | null
  readonly door: 'web' | 'bot' | 'api' | 'import' | 'system'
  readonly body: DealEventBody
  /** True when undone: kept here, ignored by every figure. */
  readonly voided: boolean
}

/** One stay in a status. */
export type VisitView = {
  readonly id: number
  readonly status: StatusRefView
  readonly enteredAt: string
  readonly leftAt: string | null
  readonly recordedAt: string
  readonly owner: NamedView
  readonly department: NamedView
  readonly amount: MoneyView
  readonly cause: CauseView
  readonly voided: boolean
}

export type DealHistoryView = { readonly visits: readonly VisitView[]; readonly events: readonly DealEventView[] }
