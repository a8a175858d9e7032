import type { Role } from '../views/common.ts'
import type { Facts } from './conditions.ts'
import { type DocumentState, documentStates } from './facts.ts'
import type { ProcessStage, ProcessVersion } from './process.ts'

/**
 * The built-in rule, and the gates of stages (product.md, section 2). The company's own rules are in `status-rules.ts`.
 * A new kind of gate is added here, in `shared/schemas/process.ts` and in the two catalogues `messages/{ru,en}/process.ts`.
 */

/**
 * The built-in rule: entering a stage sets the stage's status, or the process's where the stage has none.
 * A held status stays. Where several processes run on a deal, the latest event wins; but a further process only takes the deal forward:
 * a status of the same or a lower rank, or one that is lost, is the main process's to give.
 * @param rankOf given for a further process: the rank of a status by id, null when it is lost
 * @returns the id of the status to enter, or null when the deal keeps the one it has.
 */
export function statusForStage(
  version: ProcessVersion,
  stage: ProcessStage,
  deal: { readonly statusId: number; readonly statusHeld: boolean },
  rankOf?: (statusId: number) => number | null,
): number | null {
  const statusId = stage.statusId ?? version.statusId
  if (statusId === null || deal.statusHeld || statusId === deal.statusId) return null
  return rankOf && !isAhead(rankOf(statusId), rankOf(deal.statusId)) ? null : statusId
}

function isAhead(target: number | null, present: number | null): boolean {
  return target !== null && present !== null && target > present
}

/** What must hold before a stage may be entered on a way forward; ways back are always open. */
export type Gate =
  /** Facts that must be filled in: keys of `facts.ts`, custom fields as `field.<code>`. */
  | { readonly kind: 'fields'; readonly facts: readonly string[] }
  /** Both ends count; null leaves an end open. */
  | { readonly kind: 'amount'; readonly fromMinor: number | null; readonly toMinor: number | null }
  | { readonly kind: 'document'; readonly documentType: string; readonly goal: DocumentGoal }
  /** Payments on the deal's documents, together. */
  | { readonly kind: 'payment'; readonly atLeastMinor: number }
  | { readonly kind: 'tasks' }
  | { readonly kind: 'approval'; readonly role: Role }
  | { readonly kind: 'requisites' }
  /** Time that must have been spent in the stage before. */
  | { readonly kind: 'time'; readonly hours: number }
export type GateKind = Gate['kind']
export type DocumentGoal = 'approved' | 'signed' | 'paid'

/** What an editor asks for, by the kind of thing; it draws each kind of gate from this table alone. */
export type GateInput = 'facts' | 'money' | 'documentType' | 'documentGoal' | 'role' | 'hours'
export const gateForms: {
  readonly [K in GateKind]: Readonly<Record<Exclude<keyof Extract<Gate, { kind: K }>, 'kind'>, GateInput>>
} = {
  fields: { facts: 'facts' },
  amount: { fromMinor: 'money', toMinor: 'money' },
  document: { documentType: 'documentType', goal: 'documentGoal' },
  payment: { atLeastMinor: 'money' },
  tasks: {},
  approval: { role: 'role' },
  requisites: {},
  time: { hours: 'hours' },
}
export const gateKinds = Object.keys(gateForms) as readonly GateKind[]

/** The gates that these facts do not pass, in their order; a gate on fields names only those that are missing. */
export function unmetGates(gates: readonly Gate[], facts: Facts): readonly Gate[] {
  return gates.flatMap((gate): readonly Gate[] => {
    if (gate.kind !== 'fields') return passes(gate, facts) ? [] : [gate]
    const missing = gate.facts.filter((fact) => !isFilled(facts, fact))
    return missing.length > 0 ? [{ ...gate, facts: missing }] : []
  })
}

/** @param facts as `facts.ts` declares them, and `approval.<role>`, `document.<type>`, `paid.<type>`, `openTasks`, `hoursInStage`. */
function passes(gate: Exclude<Gate, { kind: 'fields' }>, facts: Facts): boolean {
  switch (gate.kind) {
    case 'amount': {
      const amount = Number(facts['amount'] ?? 0)
      return amount >= (gate.fromMinor ?? 0) && amount <= (gate.toMinor ?? Number.POSITIVE_INFINITY)
    }
    case 'document':
      return gate.goal === 'paid'
        ? facts[`paid.${gate.documentType}`] === true
        : hasCome(facts[`document.${gate.documentType}`], gate.goal)
    case 'payment':
      return Number(facts['paidAmount'] ?? 0) >= gate.atLeastMinor
    case 'tasks':
      return Number(facts['openTasks'] ?? 0) === 0
    case 'approval':
      return facts[`approval.${gate.role}`] === true
    case 'requisites':
      return facts['requisitesComplete'] === true
    case 'time':
      return Number(facts['hoursInStage'] ?? 0) >= gate.hours
  }
}

function isFilled(facts: Facts, fact: string): boolean {
  const value = facts[fact] ?? null
  return value !== null && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0)
}

/** Has a document come at least as far? Rejected and void ones have not. */
function hasCome(state: unknown, goal: DocumentState): boolean {
  if (state === 'rejected' || state === 'void') return false
  return documentStates.indexOf(state as DocumentState) >= documentStates.indexOf(goal)
}
