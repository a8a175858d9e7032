import type { Role } from '../views/common.ts'
import type { CyclePeriod } from './cycles.ts'
import type { DocumentState } from './facts.ts'
import type { Day } from './periods.ts'
import type { RuleActionKind, Words } from './status-rules.ts'

/**
 * What happened to a deal, as typed facts (product.md, section 1 "deal events").
 * Bodies carry codes and names as they were, so that history reads the same after a dictionary changes.
 */
export type EventRef = { readonly id: number; readonly name: string }
export type StatusRef = { readonly code: string; readonly name: { readonly ru: string; readonly en: string } }
export type StageRef = StatusRef

export type DealEventBody =
  | { readonly kind: 'deal_created'; readonly status: StatusRef }
  | { readonly kind: 'deal_imported'; readonly batchId: number; readonly status: StatusRef }
  | {
      readonly kind: 'stage_entered'
      readonly runId: number
      readonly from: StageRef | null
      readonly to: StageRef
      readonly comment?: string
      /** The run was moved to another version of its process, by numbers. */
      readonly versions?: { readonly from: number; readonly to: number }
    }
  | {
      readonly kind: 'status_changed'
      readonly from: StatusRef | null
      readonly to: StatusRef
      readonly cause: VisitCause
      /** Set by hand and held. */
      readonly held?: true
    }
  | { readonly kind: 'status_held'; readonly status: StatusRef; readonly reason: string }
  | { readonly kind: 'hold_lifted'; readonly status: StatusRef }
  | { readonly kind: 'deal_lost'; readonly from: StatusRef; readonly to: StatusRef; readonly reason: string }
  | { readonly kind: 'deal_reopened'; readonly from: StatusRef; readonly to: StatusRef; readonly reason: string }
  | {
      readonly kind: 'deal_reassigned'
      readonly from: EventRef
      readonly to: EventRef
      readonly department: EventRef
      readonly comment?: string
    }
  | { readonly kind: 'participants_changed'; readonly added: readonly EventRef[]; readonly removed: readonly EventRef[] }
  | { readonly kind: 'deal_edited'; readonly changes: readonly FieldChange[] }
  | { readonly kind: 'comment_added'; readonly text: string }
  | { readonly kind: 'process_started'; readonly runId: number; readonly template: StatusRef }
  | { readonly kind: 'process_finished'; readonly runId: number; readonly template: StatusRef }
  | { readonly kind: 'process_cancelled'; readonly runId: number; readonly template: StatusRef; readonly reason?: string }
  | { readonly kind: 'task_created'; readonly taskId: number; readonly title: string; readonly assignee: EventRef }
  | { readonly kind: 'task_closed'; readonly taskId: number; readonly title: string; readonly state: 'done' | 'cancelled' }
  | {
      readonly kind: 'approval_given'
      readonly runId: number
      readonly stage: StageRef
      readonly role: Role
      readonly approved: boolean
      readonly comment: string
    }
  | {
      readonly kind: 'document_changed'
      readonly documentId: number
      readonly type: StatusRef
      readonly number: string
      readonly state: DocumentState
      /** Set where fields changed and the state did not. */
      readonly changes?: readonly FieldChange[]
      readonly comment?: string
    }
  | {
      readonly kind: 'payment_recorded'
      readonly documentId: number
      readonly type: StatusRef
      readonly number: string
      readonly amountMinor: number
      /** Where it is not the organisation's. */
      readonly currency?: string
      readonly voided: boolean
      /** Whether the document is paid in full with it. */
      readonly isFull?: boolean
    }
  | {
      readonly kind: 'rule_fired'
      readonly rule: { readonly id: number; readonly name: Words }
      readonly actions: readonly RuleActionKind[]
      /** What it tells people, when it does. */
      readonly notice?: Words
    }
  /**
   * A limit ran out (`days` null), nothing had changed for so many days, a period began, or a date drew near (`names` null: of the expected
   * close); written only where a rule answers.
   */
  | {
      readonly kind: 'time_passed'
      readonly days: number | null
      readonly began?: CyclePeriod
      readonly near?: { readonly names: Words | null; readonly on: Day }
    }
  | { readonly kind: 'deal_linked'; readonly deal: { readonly number: number; readonly title: string } }
  | { readonly kind: 'change_undone'; readonly eventId: number; readonly undone: DealEventKind }

export type DealEventKind = DealEventBody['kind']

/** Values are shown as they are; money fields carry minor units in `amountMinor`. */
export type FieldChange = {
  readonly field: string
  readonly before: string | number | null
  readonly after: string | number | null
  /** Of an amount: the currencies, where one of them is not the organisation's. */
  readonly currencies?: { readonly before: string; readonly after: string }
  /** Of a custom field: its name, and what was said of its values then. */
  readonly names?: Words
  readonly said?: { readonly before: Words | null; readonly after: Words | null }
}

/** Why a visit began: stored on the visit and in the `status_changed` event. */
export type VisitCause =
  | { readonly kind: 'creation' }
  | { readonly kind: 'stage'; readonly stage: StageRef }
  | { readonly kind: 'rule'; readonly rule: { readonly id: number; readonly name: Words }; readonly eventId: number }
  | { readonly kind: 'user'; readonly reason: string }
  | { readonly kind: 'import'; readonly batchId: number }
  | { readonly kind: 'undo'; readonly eventId: number }
