import type { ProcessDraft, StageDraft } from '../schemas/process.ts'
import type { Role } from '../views/common.ts'
import type { ProcessFinding } from '../views/processes.ts'
import { type AmountRanges, amountsWhere, intersect, isSameAmounts, noAmount, unite } from './amount-ranges.ts'
import { type Condition, factsIn } from './conditions.ts'
import { type FieldKind, factKindOf } from './facts.ts'
import { amountsOn, isEnd, type Reach, reachOf } from './process-reach.ts'
import type { Gate } from './rules.ts'
import type { Assignee } from './status-rules.ts'

/** What the company has, by code, as far as a draft may name it. */
export type Known = {
  /** Statuses in use: archived ones are not. */
  readonly statuses: ReadonlySet<string>
  readonly documentTypes: ReadonlySet<string>
  /** Document types on which payments may be booked. */
  readonly payableTypes: ReadonlySet<string>
  readonly fields: ReadonlyMap<string, FieldKind>
  /** Active employees. */
  readonly employees: ReadonlySet<number>
  /** Roles that an active employee has. */
  readonly roles: ReadonlySet<Role>
  /** Deal types in use that run this process, with their own fields and documents. */
  readonly dealTypes: readonly DealTypeParts[]
  /** Statuses that the published version gives and no other process does. */
  readonly givenOnlyHere: ReadonlySet<string>
}
export type DealTypeParts = {
  readonly code: string
  readonly fields: ReadonlySet<string>
  readonly documentTypes: ReadonlySet<string>
}

/** What keeps a draft from being written down at all: rows of stages and ways are found by their codes. */
export const structuralFindings: readonly ProcessFinding['kind'][] = ['code_twice', 'way_to_nowhere']

/**
 * All that is wrong with a draft, in the order of its stages. Errors keep it from being published: a deal would get stuck, or could never come to
 * a stage. Amounts that no condition on a way forward lets go on are a warning: somebody may wait for them on purpose. A stage without a way forward ends the process wherever it stands, because several ends (refused, done) are sensible; where it is
 * not the last one it is told as a warning, because then a way has often been forgotten.
 */
export function checkDraft(draft: ProcessDraft, known: Known): readonly ProcessFinding[] {
  if (draft.stages.length === 0) return [error('no_stages', null, null)]
  const reach = reachOf(draft)
  return [
    ...(draft.status === null || known.statuses.has(draft.status) ? [] : [error('status_unknown', null, draft.status)]),
    ...draft.stages.flatMap((stage) => [
      ...checkCodes(draft, stage),
      ...checkReach(draft, stage, reach),
      ...(stage.status === null || known.statuses.has(stage.status) ? [] : [error('status_unknown', stage.code, stage.status)]),
      ...stage.gates.flatMap((gate) => checkGate(gate, stage, known)),
      ...stage.ways.flatMap((way) => checkFacts(way.condition ? factsIn(way.condition) : [], stage, known)),
      ...stage.tasks.flatMap((task) => checkAssignee(task.assignee, stage, known)),
    ]),
    ...statusesGivenByNone(draft, reach, known).map((status) => warning('status_given_by_none', null, status)),
  ].filter((finding, index, all) => all.findIndex((other) => isSameFinding(other, finding)) === index)
}

/** For each stage of the old version that of the new one with the same code, else the only one with the same status; null where none fits. */
export function suggestMapping(old: ProcessDraft, next: ProcessDraft): Readonly<Record<string, string | null>> {
  const statusOf = (draft: ProcessDraft, stage: StageDraft) => stage.status ?? draft.status
  return Object.fromEntries(
    old.stages.map((stage) => {
      if (next.stages.some((other) => other.code === stage.code)) return [stage.code, stage.code]
      const status = statusOf(old, stage)
      const alike = next.stages.filter((other) => status !== null && statusOf(next, other) === status)
      return [stage.code, (alike.length === 1 && alike[0]?.code) || null]
    }),
  )
}

function checkCodes(draft: ProcessDraft, stage: StageDraft): ProcessFinding[] {
  const isTwice = draft.stages.filter((other) => other.code === stage.code).length > 1
  const targets = stage.ways.map((way) => way.to)
  return [
    ...(isTwice ? [error('code_twice', stage.code, null)] : []),
    ...targets.filter((to, index) => targets.indexOf(to) !== index).map((to) => error('code_twice', stage.code, to)),
    ...targets
      .filter((to) => to === stage.code || !draft.stages.some((other) => other.code === to))
      .map((to) => error('way_to_nowhere', stage.code, to)),
  ]
}

/** Of a chain of stages that nobody gets to, only the one where it begins is told. */
function checkReach(draft: ProcessDraft, stage: StageDraft, reach: Reach): ProcessFinding[] {
  if (noneOf(reach.byWays, stage)) return [error('stage_unreachable', stage.code, null)]
  if (noneOf(reach.throughGates, stage)) return checkShut(draft, stage, reach)
  if (isEnd(draft, stage)) return draft.stages.at(-1) === stage ? [] : [warning('stage_without_way_out', stage.code, null)]
  const standing = reach.throughGates.get(stage.code) ?? noAmount
  const later = draft.stages.slice(draft.stages.indexOf(stage) + 1)
  const isOpen = stage.ways.some(
    (way) => later.some((other) => other.code === way.to) && amountsOn(draft, stage, way, standing).length > 0,
  )
  if (!isOpen) return [error('stage_without_way_out', stage.code, null)]
  const conditions = stage.ways.filter((way) => later.some((other) => other.code === way.to)).map(({ condition }) => condition)
  const covered = conditions.map(amountsWhere).reduce(unite, noAmount)
  return isSameAmounts(intersect(standing, covered), standing) ? [] : [warning('branches_leave_gap', stage.code, 'amount')]
}

/** Why nobody comes to a stage that ways lead to: its gates, or that they ask for other amounts than the gates before let through. */
function checkShut(draft: ProcessDraft, stage: StageDraft, reach: Reach): ProcessFinding[] {
  const open = draft.stages
    .filter((from) => !noneOf(reach.throughGates, from))
    .flatMap((from) =>
      from.ways
        .filter((way) => way.to === stage.code)
        .map((way) => intersect(reach.throughGates.get(from.code) ?? noAmount, amountsWhere(way.condition))),
    )
  if (open.length === 0) return []
  const isGate = open.some((amounts) => amounts.length > 0)
  return [isGate ? error('gate_impossible', stage.code, 'amount') : error('stage_unreachable', stage.code, null)]
}

function noneOf(reached: ReadonlyMap<string, AmountRanges>, stage: StageDraft): boolean {
  return (reached.get(stage.code) ?? noAmount).length === 0
}

function checkGate(gate: Gate, stage: StageDraft, known: Known): ProcessFinding[] {
  switch (gate.kind) {
    case 'fields': {
      const findings = checkFacts(gate.facts, stage, known)
      return findings.length > 0
        ? findings
        : gate.facts.flatMap((fact) => checkTypes((type) => hasFact(type, fact), 'fields', stage, known))
    }
    case 'document': {
      const { documentType, goal } = gate
      if (!known.documentTypes.has(documentType)) return [error('document_type_unknown', stage.code, documentType)]
      if (goal === 'paid' && !known.payableTypes.has(documentType)) return [error('gate_impossible', stage.code, 'payment')]
      return checkTypes((type) => type.documentTypes.has(documentType), 'document', stage, known)
    }
    case 'payment':
      return checkTypes((type) => [...type.documentTypes].some((code) => known.payableTypes.has(code)), 'payment', stage, known)
    case 'approval':
      // An administrator may decide for any role (`mayApprove`): in a young company he does.
      return known.roles.has(gate.role) || known.roles.has('admin') ? [] : [error('gate_impossible', stage.code, 'approval')]
    default:
      // The other kinds name nothing that the company could lack.
      return []
  }
}

/** What no deal type with this process has can never be there; what only some have bars the others. */
function checkTypes(
  has: (type: DealTypeParts) => boolean,
  gate: Gate['kind'],
  stage: StageDraft,
  { dealTypes }: Known,
): ProcessFinding[] {
  const having = dealTypes.filter(has)
  if (having.length === dealTypes.length) return []
  return [having.length === 0 ? error('gate_impossible', stage.code, gate) : warning('gate_impossible', stage.code, gate)]
}

/** A fact of a company's own, a field or a document, is there only with deal types that have it. */
function hasFact(type: DealTypeParts, fact: string): boolean {
  const [source, code = ''] = fact.split('.')
  if (source === 'field') return type.fields.has(code)
  return source !== 'document' || type.documentTypes.has(code)
}

function checkFacts(facts: readonly string[], stage: StageDraft, known: Known): ProcessFinding[] {
  return facts.flatMap((fact) => {
    if (factKindOf(fact, known.fields) === undefined) return [error('fact_unknown', stage.code, fact)]
    const documentType = fact.startsWith('document.') ? fact.slice('document.'.length) : null
    if (documentType === null || known.documentTypes.has(documentType)) return []
    return [error('document_type_unknown', stage.code, documentType)]
  })
}

function checkAssignee(assignee: Assignee, stage: StageDraft, known: Known): ProcessFinding[] {
  if (assignee.kind === 'employee' && !known.employees.has(assignee.employeeId))
    return [error('assignee_unknown', stage.code, String(assignee.employeeId))]
  if (assignee.kind === 'role' && !known.roles.has(assignee.role)) return [warning('assignee_unknown', stage.code, assignee.role)]
  return []
}

/**
 * Statuses that a deal of this process never gets: named by the draft itself (as the process's own, by a stage that cannot be reached, in a
 * condition), or given so far by this process alone.
 */
function statusesGivenByNone(draft: ProcessDraft, reach: Reach, known: Known): readonly string[] {
  const reached = draft.stages.filter((stage) => !noneOf(reach.throughGates, stage))
  const given = new Set(reached.map((stage) => stage.status ?? draft.status))
  const named = [
    draft.status,
    ...draft.stages.map((stage) => stage.status),
    ...draft.stages.flatMap((stage) => stage.ways.flatMap((way) => (way.condition ? statusesIn(way.condition) : []))),
  ].filter((status) => status !== null && known.statuses.has(status)) as string[]
  return [...new Set([...named, ...known.givenOnlyHere])].filter((status) => !given.has(status))
}

function statusesIn(condition: Condition): readonly string[] {
  if ('all' in condition) return condition.all.flatMap(statusesIn)
  if ('any' in condition) return condition.any.flatMap(statusesIn)
  const asks = condition.fact === 'status' && (condition.is === 'is' || condition.is === 'oneOf')
  return asks ? [condition.value ?? []].flat().map(String) : []
}

function error(kind: ProcessFinding['kind'], stage: string | null, what: string | null): ProcessFinding {
  return { kind, stage, what, isError: true }
}

function warning(kind: ProcessFinding['kind'], stage: string | null, what: string | null): ProcessFinding {
  return { kind, stage, what, isError: false }
}

function isSameFinding(a: ProcessFinding, b: ProcessFinding): boolean {
  return a.kind === b.kind && a.stage === b.stage && a.what === b.what && a.isError === b.isError
}
