import type { Facts } from '../domain/conditions.ts'
import type { FieldKind } from '../domain/facts.ts'
import type { Gate } from '../domain/rules.ts'
import type { Assignee, RuleAction, RuleEvent, Words } from '../domain/status-rules.ts'
import type { ProcessDraft, RuleBody } from '../schemas/process.ts'
import type { CodedView, MoneyView, NamedView, Role, StatusRefView } from './common.ts'

/** Something wrong with a draft, before it is published; `stage` is a code. Said in words by `describeFinding`. */
export type ProcessFinding = {
  readonly kind:
    | 'no_stages'
    | 'stage_unreachable'
    | 'stage_without_way_out'
    | 'branches_leave_gap'
    | 'way_to_nowhere'
    | 'code_twice'
    | 'gate_impossible'
    | 'status_unknown'
    | 'status_given_by_none'
    | 'fact_unknown'
    | 'document_type_unknown'
    | 'assignee_unknown'
  readonly stage: string | null
  /** Code of the status, stage, fact, document type or kind of gate meant. */
  readonly what: string | null
  /** Errors keep a draft from being published; warnings do not. */
  readonly isError: boolean
}

/** One line of `GET /api/process-templates?all=1`; without `all`, see `ProcessTemplateView`. */
export type ProcessTemplateCardView = CodedView & {
  readonly names: Words
  readonly version: number
  readonly archived: boolean
  /** The newest published version; null before the first. */
  readonly published: { readonly number: number; readonly publishedAt: string; readonly body: ProcessDraft } | null
  readonly draft: { readonly number: number; readonly body: ProcessDraft; readonly findings: readonly ProcessFinding[] } | null
  /** Running processes by version, oldest first. */
  readonly running: readonly { readonly number: number; readonly runs: number; readonly stages: readonly CodedView[] }[]
  readonly dealTypes: readonly CodedView[]
}

/** `POST /api/process-templates/:code/migration`. */
export type MigrationView = {
  /** Runs that were moved, or would be. */
  readonly moved: number
  /** Stages with running deals that have no stage to go to: those stay on their version. */
  readonly unmapped: readonly CodedView[]
  readonly dryRun: boolean
  /** Every stage of the old version; of its runs, `statusChanges` change the status of their deal. */
  readonly stages: readonly {
    readonly from: CodedView
    readonly to: CodedView | null
    readonly runs: number
    readonly statusChanges: number
  }[]
}

/** `GET /api/rules`: `{ items }`, by position. */
export type RuleView = RuleBody & {
  readonly id: number
  readonly code: string
  readonly position: number
  readonly archived: boolean
  readonly version: number
  /** The rule as one sentence in the caller's language. */
  readonly sentence: string
  readonly firedCount: number
  /** Firings of which something failed and was not mended since. */
  readonly failedCount: number
  readonly lastFiredAt: string | null
}

/** `GET /api/rules/firings?failed=`: a page, newest first. */
export type RuleFiringView = {
  readonly id: number
  readonly at: string
  readonly rule: CodedView
  readonly deal: { readonly number: number; readonly title: string }
  readonly event: RuleEvent
  readonly seen: Facts
  readonly outcomes: readonly {
    readonly action: RuleAction['kind']
    readonly outcome: 'done' | 'held' | 'skipped' | 'waiting' | 'failed'
    /** What went wrong, in words. */
    readonly problem: string | null
  }[]
  readonly attempts: number
  /** When it is tried again by itself; null when it is not. */
  readonly retryAt: string | null
}

/** What may be asked of deals, for editors: `GET /api/facts`. */
export type FactView = {
  readonly key: string
  readonly name: string
  readonly kind: 'text' | 'number' | 'money' | 'day' | 'choice' | 'choices' | 'flag'
  /** What may be chosen; null where it is searched for by name (clients, employees) or free. */
  readonly choices: readonly { readonly value: string; readonly name: string }[] | null
  readonly source: string | null
}

/** `GET /api/deal-types/:code`. */
export type CustomFieldView = CodedView & {
  readonly id: number
  readonly names: Words
  readonly kind: FieldKind
  readonly options: readonly { readonly code: string; readonly ru: string; readonly en: string }[]
  readonly isRequired: boolean
  readonly inList: boolean
  readonly inFilter: boolean
  readonly position: number
  readonly archived: boolean
  readonly version: number
}

/** A custom field of a deal with its value, as the card shows it. */
export type FieldValueView = {
  readonly code: string
  readonly name: string
  readonly kind: FieldKind
  readonly isRequired: boolean
  readonly value: string | number | boolean | readonly string[] | null
  /** The value in words: `12 мая 2026`, `150 000 ₽`, names of choices. */
  readonly text: string
}

/** What is missing for a way on, in words; empty when it may be gone. */
export type RequirementView = { readonly kind: Gate['kind'] | 'no_way'; readonly text: string; readonly gate: Gate | null }

/** `GET /api/tasks` and the tasks on a card. */
export type TaskView = {
  readonly id: number
  readonly deal: { readonly number: number; readonly title: string }
  readonly title: string
  readonly assignee: NamedView
  readonly dueAt: string | null
  readonly overdue: boolean
  readonly state: 'open' | 'done' | 'cancelled'
  readonly origin: 'stage' | 'rule' | 'user'
  readonly closedAt: string | null
  readonly closedBy: NamedView | null
  readonly canClose: boolean
  readonly version: number
}

/** A decision asked for by a gate, and its answer. */
export type ApprovalView = {
  readonly role: Role
  readonly approved: boolean | null
  readonly by: NamedView | null
  readonly at: string | null
  readonly comment: string
  /** May the caller decide? */
  readonly canDecide: boolean
}

/** `GET /api/tasks`. */
export type TaskListView = { readonly items: readonly TaskView[]; readonly total: number }

/** `GET /api/approvals`: `{ items }`, the longest waiting first. */
export type WaitingApprovalView = {
  readonly deal: {
    readonly number: number
    readonly title: string
    readonly version: number
    readonly counterparty: string | null
    readonly owner: NamedView
    readonly amount: MoneyView
  }
  readonly run: NamedView
  /** The stage that the decision opens. */
  readonly stage: CodedView
  readonly role: Role
  /** Since when the deal stands before it. */
  readonly since: string
}

/** `GET /api/document-types`. */
export type DocumentTypeView = CodedView & {
  readonly id: number
  readonly names: Words
  readonly isPayable: boolean
  readonly archived: boolean
  readonly version: number
}

/** What the caller may do with a document besides taking it to another state. */
export type DocumentDeed = 'edit' | 'attach' | 'pay' | 'voidPayment'

/** `GET /api/documents`: a page, newest first, over all deals that the caller sees. */
export type DocumentListView = {
  readonly items: readonly (DealDocumentView & { readonly deal: { readonly number: number; readonly title: string } })[]
  readonly nextCursor: string | null
  readonly total: number
}

/** A document of a deal. */
export type DealDocumentView = {
  readonly id: number
  readonly type: CodedView
  readonly number: string
  readonly datedOn: string
  readonly amount: MoneyView | null
  readonly paid: MoneyView
  readonly isPayable: boolean
  readonly state: 'draft' | 'on_approval' | 'approved' | 'rejected' | 'signed' | 'void'
  /** States the caller may set now. */
  readonly next: readonly DealDocumentView['state'][]
  readonly actions: readonly DocumentDeed[]
  readonly file: { readonly id: number; readonly name: string; readonly sizeBytes: number } | null
  readonly payments: readonly {
    readonly id: number
    readonly amount: MoneyView
    readonly paidOn: string
    readonly by: NamedView | null
    readonly comment: string
    readonly voided: boolean
  }[]
  readonly version: number
}

/** `GET /api/deal-types/:code`. */
export type DealTypeCardView = CodedView & {
  readonly names: Words
  readonly icon: string
  readonly processTemplate: CodedView | null
  /** Processes that may run beside the main one. */
  readonly furtherProcesses: readonly CodedView[]
  readonly documentTypes: readonly CodedView[]
  /** Who gets a new deal when nobody is named. */
  readonly ownerRule: { readonly kind: 'creator' } | Assignee
  /** Of a rule that names an employee. */
  readonly ownerName: string | null
  /** By place, archived ones too. */
  readonly fields: readonly CustomFieldView[]
  readonly archived: boolean
  readonly version: number
}

/** `POST /api/rules/preview`: the past of real deals, played by the present setup and by the tried one. Nothing is written. */
export type RulePreviewView = {
  /** Deals of the period. */
  readonly total: number
  /** Deals played: all of them, or one part. */
  readonly deals: number
  /** What to give as `after` for the next part; null after the last. */
  readonly next: number | null
  /** Deals whose way, or whose status or stage at the end, would be another, or that would have been held back. */
  readonly differing: number
  /** The first of them, by the sum at stake. */
  readonly items: readonly PreviewDealView[]
  /** The cohort's layers in both plays. */
  readonly layers: readonly { readonly status: StatusRefView; readonly before: PreviewFigures; readonly after: PreviewFigures }[]
  /** Real moves that the draft would not have let through. */
  readonly refused: number
  /** Real moves into stages that the draft does not have: they could not be played. */
  readonly gone: readonly { readonly code: string; readonly name: string; readonly moves: number }[]
  /** What the play could not know, by name: decisions nobody was asked for, tasks nobody was given, facts whose history is not kept. */
  readonly unknown: readonly { readonly kind: 'fact' | 'approval' | 'tasks'; readonly name: string; readonly deals: number }[]
}
export type PreviewDealView = {
  readonly number: number
  readonly title: string
  readonly amount: MoneyView
  /** Statuses in the order they were entered. */
  readonly before: readonly StatusRefView[]
  readonly after: readonly StatusRefView[]
  /** Name of the stage at the end; null without a process. */
  readonly stage: { readonly before: string | null; readonly after: string | null }
  /** What the draft would have held back, from when on, and what was missing in words; the same once. */
  readonly refused: readonly {
    readonly at: string
    readonly from: string
    readonly to: string
    readonly why: readonly string[]
  }[]
}
/** Deals, and what those that reached the layer are worth. */
export type PreviewFigures = Readonly<Record<'reached' | 'passed' | 'lost' | 'open' | 'finished' | 'reachedMinor', number>>

/** `GET /api/deals/:number/outlook`: why the deal has its status, to the values a rule saw, and what would move it on. */
export type OutlookView = {
  readonly because: { readonly event: string; readonly seen: readonly { readonly name: string; readonly text: string }[] } | null
  readonly ahead: readonly { readonly code: string; readonly name: string; readonly sentence: string }[]
}

/** `GET /api/calendar`. */
export type WorkCalendarView = {
  /** Whether limits of stages and statuses count working hours; else calendar hours. */
  readonly limitsInWorkingTime: boolean
  /** ISO week days, 1 = Monday. */
  readonly workDays: readonly number[]
  /** `HH:MM` in the organisation's time zone. */
  readonly from: string
  readonly to: string
  /** Days that differ from their week day. */
  readonly days: readonly { readonly day: string; readonly isWorking: boolean; readonly name: string }[]
  readonly version: number
}
