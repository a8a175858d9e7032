import { type Gate, type GateInput, type GateKind, gateForms } from '../../../../shared/domain/rules.ts'
import type { ProcessDraft, StageDraft } from '../../../../shared/schemas/process.ts'
import { isAssigneeComplete, isConditionComplete } from './condition-edit.ts'
import { nameOf } from './draft-edit.ts'

/** What is not filled in yet, and keeps a draft from being saved; `stage` is a code, null: the process itself. */
export type DraftProblem = { readonly kind: 'name' | 'gate' | 'condition' | 'task' | 'assignee'; readonly stage: string | null }

/** A gate as a table of its parts, since the editor knows kinds of gates by `gateForms` alone. */
export type GateParts = Readonly<Record<string, unknown>> & { readonly kind: GateKind }

export function formOf(kind: GateKind): readonly (readonly [part: string, input: GateInput])[] {
  return Object.entries(gateForms[kind] as Readonly<Record<string, GateInput>>)
}

const blankParts: Readonly<Record<GateInput, unknown>> = {
  facts: [],
  money: null,
  documentType: '',
  documentGoal: 'signed',
  role: 'head',
  hours: null,
}

/** A gate of a kind with nothing filled in. @param documentType taken where one is asked for */
export function blankGate(kind: GateKind, documentType = ''): Gate {
  const parts = formOf(kind).map(([part, input]) => [part, input === 'documentType' ? documentType : blankParts[input]])
  return { kind, ...Object.fromEntries(parts) } as Gate
}

/** True when every part of a gate is given; of several sums one is enough, and they must not fall. */
export function isGateComplete(gate: Gate): boolean {
  const parts = gate as unknown as GateParts
  const form = formOf(gate.kind)
  const sums = form.filter(([, input]) => input === 'money').map(([part]) => parts[part] as number | null)
  const given = sums.filter((sum) => sum !== null)
  if (sums.length > 0 && (given.length === 0 || given.some((sum, index) => index > 0 && sum < given[index - 1]!))) return false
  return form.every(([part, input]) => {
    const value = parts[part]
    return input === 'money' || (Array.isArray(value) ? value.length > 0 : value !== null && value !== '')
  })
}

export function problemsOf(draft: ProcessDraft): readonly DraftProblem[] {
  const own: DraftProblem[] = nameOf(draft.names, 'ru') ? [] : [{ kind: 'name', stage: null }]
  return [...own, ...draft.stages.flatMap(stageProblems)]
}

function stageProblems(stage: StageDraft): DraftProblem[] {
  const kinds: DraftProblem['kind'][] = [
    ...(nameOf(stage.names, 'ru') ? [] : (['name'] as const)),
    ...(stage.gates.every(isGateComplete) ? [] : (['gate'] as const)),
    ...(stage.ways.every((way) => !way.condition || isConditionComplete(way.condition)) ? [] : (['condition'] as const)),
    ...(stage.tasks.every((task) => nameOf(task.title, 'ru')) ? [] : (['task'] as const)),
    ...(stage.tasks.every((task) => isAssigneeComplete(task.assignee)) ? [] : (['assignee'] as const)),
  ]
  return kinds.map((kind) => ({ kind, stage: stage.code }))
}
