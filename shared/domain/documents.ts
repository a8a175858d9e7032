import type { Role } from '../views/common.ts'
import { type DocumentState, documentStates } from './facts.ts'
import type { PermissionActor, Relation } from './permissions.ts'

/**
 * The documents of a deal: which state may follow which, who may bring it about, and what payments make of the amount
 * (product.md, sections 1 and 4).
 */

/** What is done to documents, by whom the table below says. */
export type DocumentAction = 'write' | 'submit' | 'decide' | 'sign' | 'void' | 'pay'

const everything: readonly DocumentAction[] = ['write', 'submit', 'decide', 'sign', 'void', 'pay']
/** Whoever works on a deal draws its papers up and hands them in. */
const working: readonly DocumentAction[] = ['write', 'submit']
const owning: readonly DocumentAction[] = [...working, 'sign', 'void', 'pay']
const deciding: readonly DocumentAction[] = ['decide']
const nothing: readonly DocumentAction[] = []

const documentActions: { readonly [R in Role]: { readonly [Rel in Relation]: readonly DocumentAction[] } } = {
  admin: { own: everything, participant: everything, subtree: everything, other: everything },
  executive: { own: everything, participant: deciding, subtree: deciding, other: nothing },
  head: { own: everything, participant: working, subtree: everything, other: nothing },
  manager: { own: owning, participant: working, subtree: nothing, other: nothing },
  field: { own: owning, participant: working, subtree: nothing, other: nothing },
}

/** May the actor do this with the documents of a deal that he stands to as `relation`? Never throws. */
export function canWithDocuments(actor: PermissionActor, action: DocumentAction, relation: Relation): boolean {
  return documentActions[actor.role][relation].includes(action)
}

/** The rights that a step takes, all of them. */
type Step = readonly DocumentAction[]

/**
 * Which state may follow which, and what each step takes. A draft goes on approval or, where the person may decide, straight on;
 * what was refused goes back to draft. What is void stays void.
 */
const steps: { readonly [From in DocumentState]: { readonly [To in DocumentState]?: Step } } = {
  draft: { on_approval: ['submit'], approved: ['decide'], signed: ['decide', 'sign'], void: ['write'] },
  on_approval: { approved: ['decide'], rejected: ['decide'], void: ['void'] },
  approved: { signed: ['sign'], void: ['void'] },
  rejected: { draft: ['write'], void: ['write'] },
  signed: { void: ['void'] },
  void: {},
}

/** May this state follow that one, whoever does it? */
export function mayFollow(from: DocumentState, to: DocumentState): boolean {
  return steps[from][to] !== undefined
}

/** May the actor take the step? It takes every right that the step names. False where there is no such step. */
export function canTakeStep(actor: PermissionActor, relation: Relation, from: DocumentState, to: DocumentState): boolean {
  return steps[from][to]?.every((action) => canWithDocuments(actor, action, relation)) ?? false
}

/** Is there any state from which the actor may take a document to this one? */
export function canEverTakeTo(actor: PermissionActor, relation: Relation, to: DocumentState): boolean {
  return documentStates.some((from) => canTakeStep(actor, relation, from, to))
}

/** The states that the actor may set now, the way on first and `void` last. */
export function nextStates(actor: PermissionActor, relation: Relation, from: DocumentState): readonly DocumentState[] {
  return documentStates.filter((to) => canTakeStep(actor, relation, from, to))
}

/** Number, day and amount are those of a draft; once it is handed in they stand. */
export function isEditable(state: DocumentState): boolean {
  return state === 'draft'
}

/** A file may be exchanged in a draft; later it may only be added where there is none, such as the signed copy. */
export function mayAttach(state: DocumentState, hasFile: boolean): boolean {
  return isEditable(state) || (!hasFile && state !== 'void' && state !== 'rejected')
}

/** Money may come whatever the paper's state, but not on a paper that no longer counts. */
export function takesPayments(state: DocumentState): boolean {
  return state !== 'void' && state !== 'rejected'
}

export type PaymentLevel = 'none' | 'part' | 'full' | 'over'

/** How far the payments cover the amount, in minor units; nothing is ever fully paid without a payment. */
export function paymentLevel(amountMinor: number, paidMinor: number): PaymentLevel {
  if (paidMinor === 0) return 'none'
  if (paidMinor < amountMinor) return 'part'
  return paidMinor === amountMinor ? 'full' : 'over'
}

/** Is all paid? The `isFull` of the event that rules hear. */
export function isPaidInFull(amountMinor: number, paidMinor: number): boolean {
  return paidMinor > 0 && paidMinor >= amountMinor
}

/** What the payments come to, without those that were taken back. */
export function sumPayments(payments: readonly { readonly amountMinor: number; readonly voided: boolean }[]): number {
  return payments.reduce((sum, payment) => (payment.voided ? sum : sum + payment.amountMinor), 0)
}
