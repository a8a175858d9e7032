import type { CodedView, NamedView, Role, StatusRefView } from './common.ts'
import type { FunnelView } from './funnel.ts'

/** `GET /api/statuses`: `{ items: StatusView[] }`, in funnel order, lost ones last. */
export type StatusView = StatusRefView & {
  readonly names: { readonly ru: string; readonly en: string }
  readonly shownInFunnel: boolean
  readonly probabilityPct: number
  readonly timeLimitHours: number | null
  readonly targetConversionPct: number | null
  readonly archived: boolean
  /** What it counts as since it was merged; null when it was not. */
  readonly mergedInto: CodedView | null
  readonly version: number
}

/** `POST /api/statuses/preview`: today's funnel as it is and as it would be. */
export type StatusPreviewView = {
  readonly before: FunnelView
  readonly after: FunnelView
  readonly changes: readonly LayerChangeView[]
}

/** A layer in which the two differ: one that goes or comes, one that changed its place, one whose figures change. */
export type LayerChangeView = {
  readonly status: StatusRefView
  readonly kind: 'gone' | 'new' | 'moved' | 'same_place'
  /** Figures of the funnel's view that differ; `resolved` is the resolved conversion, 0..1. */
  readonly figures: readonly { readonly name: PreviewFigure; readonly before: number | null; readonly after: number | null }[]
}
export type PreviewFigure =
  | 'reached'
  | 'passed'
  | 'lost'
  | 'open'
  | 'finished'
  | 'joined'
  | 'resolved'
  | 'count'
  | 'amountMinor'
  | 'weightedMinor'
  | 'overdue'

export type StageView = CodedView & {
  readonly position: number
  readonly status: StatusRefView | null
  readonly timeLimitHours: number | null
  /** Codes of the stages that may follow. */
  readonly next: readonly string[]
}

/** `GET /api/process-templates`: `{ items }`. */
export type ProcessTemplateView = CodedView & {
  readonly versionNumber: number
  readonly stages: readonly StageView[]
}

/** `GET /api/deal-types`: `{ items }`. */
export type DealTypeView = CodedView & {
  readonly icon: string
  readonly processTemplate: CodedView | null
  readonly archived: boolean
  readonly version: number
}

/** `GET /api/departments`: `{ items }`, parents before children. */
export type DepartmentView = NamedView & {
  readonly parentId: number | null
  readonly depth: number
  readonly archived: boolean
  readonly version: number
}

/** `GET /api/employees?q=&limit=&cursor=`: a page. */
export type EmployeeView = NamedView & {
  readonly login: string
  readonly email: string | null
  readonly role: Role
  readonly department: NamedView | null
  readonly active: boolean
  readonly version: number
}

/** `GET /api/counterparties?q=&limit=&cursor=`: a page. */
export type CounterpartyView = NamedView & {
  readonly inn: string | null
  readonly kpp: string | null
  readonly address: string | null
  readonly phone: string | null
  readonly email: string | null
  /** Deals the caller may see. */
  readonly dealCount: number
  readonly version: number
}

export type ContactView = NamedView & {
  readonly position: string | null
  readonly phone: string | null
  readonly email: string | null
}

/** `GET /api/counterparties/:id`. */
export type CounterpartyCardView = CounterpartyView & { readonly contacts: readonly ContactView[] }

/** `GET /api/audit`: a page, newest first. `before` and `after` hold only the columns that changed. */
export type AuditView = {
  readonly id: number
  readonly at: string
  readonly actor: NamedView | null
  readonly door: string
  readonly entity: string
  readonly entityId: string
  readonly action: 'insert' | 'update' | 'delete'
  readonly before: Record<string, unknown> | null
  readonly after: Record<string, unknown> | null
}
