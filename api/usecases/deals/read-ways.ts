import { type ApprovalRow, selectApprovals } from '../../../db/queries/approvals.ts'
import type { DealCardRow, RunRow } from '../../../db/queries/deals.ts'
import type { ProcessVersionRow, StageRow } from '../../../db/queries/dictionaries.ts'
import type { Facts } from '../../../shared/domain/conditions.ts'
import { relationTo } from '../../../shared/domain/permissions.ts'
import { type Requirement, type WayKind, waysFrom } from '../../../shared/domain/process.ts'
import { unmetGates } from '../../../shared/domain/rules.ts'
import type { Words } from '../../../shared/domain/status-rules.ts'
import { mayApprove } from '../../../shared/domain/work-rights.ts'
import { describeRequirement, type GateWords } from '../../../shared/messages/describe-gate.ts'
import type { ApprovalView, RequirementView } from '../../../shared/views/processes.ts'
import type { Session } from '../../session.ts'
import { readFacts } from '../rules/read-facts.ts'
import { readGateWords } from '../rules/words.ts'

/** A way on from the stage of a run, with what is still missing for it and the decisions that it asks for. */
export type RunWay = {
  readonly stage: StageRow
  readonly kind: WayKind
  readonly names: Words | null
  readonly missing: readonly RequirementView[]
  readonly approvals: readonly ApprovalView[]
}

/**
 * The ways on from each run's stage, as `moveDeal` would judge them now, by the id of the run. Facts, words and approvals are read only for
 * runs whose ways have conditions or gates: other cards cost no query more.
 */
export async function readWays(
  session: Session,
  deal: DealCardRow,
  runs: readonly RunRow[],
  versions: readonly ProcessVersionRow[],
): Promise<ReadonlyMap<number, readonly RunWay[]>> {
  const waysOf = new Map<number, readonly RunWay[]>()
  let words: GateWords | null = null
  let approvals: readonly ApprovalRow[] | null = null
  for (const run of runs) {
    const version = versions.find((candidate) => candidate.id === run.templateVersionId)
    if (!version || run.state === 'cancelled') continue
    const facts = isBarred(version, run.stageId) ? await readFacts(session, deal.id, run.id) : null
    const ways: RunWay[] = []
    for (const { stage, kind, way } of waysFrom(version, run.stageId, facts ?? undefined)) {
      const target = version.stages.find((candidate) => candidate.id === stage.id)
      if (!target) continue
      const unmet = kind === 'forward' && facts ? unmetRequirementsOf(target, facts) : []
      if (unmet.length > 0) words ??= await readGateWords(session)
      if (kind === 'forward' && rolesOf(target).length > 0) approvals ??= await selectApprovals(session.em, deal.id)
      ways.push({
        stage: target,
        kind,
        names: way.names,
        missing: words ? sayMissing(unmet, session, words) : [],
        approvals: kind === 'back' ? [] : rolesOf(target).map((role) => approvalOf(session, deal, run, role, approvals ?? [])),
      })
    }
    waysOf.set(run.id, ways)
  }
  return waysOf
}

/** Does anything about the ways from this stage hang on the deal's facts? */
function isBarred(version: ProcessVersionRow, stageId: number): boolean {
  return waysFrom(version, stageId).some(
    ({ stage, kind, way }) => way.condition !== null || (kind === 'forward' && stage.gates.length > 0),
  )
}

function unmetRequirementsOf(stage: StageRow, facts: Facts): Requirement[] {
  return unmetGates(stage.gates, facts).map((gate) => ({ kind: 'gate', gate }))
}

function sayMissing(unmet: readonly Requirement[], session: Session, words: GateWords): RequirementView[] {
  return unmet.map((requirement) => ({
    kind: requirement.kind === 'gate' ? requirement.gate.kind : requirement.kind,
    text: describeRequirement(requirement, session.locale, words),
    gate: requirement.kind === 'gate' ? requirement.gate : null,
  }))
}

function rolesOf(stage: StageRow) {
  return stage.gates.flatMap((gate) => (gate.kind === 'approval' ? [gate.role] : []))
}

function approvalOf(
  session: Session,
  deal: DealCardRow,
  run: RunRow,
  role: ApprovalView['role'],
  approvals: readonly ApprovalRow[],
): ApprovalView {
  const given = approvals.find((approval) => approval.runId === run.id && approval.role === role)
  return {
    role,
    approved: given?.approved ?? null,
    by: given ? { id: given.employeeId, name: given.employeeName } : null,
    at: given?.decidedAt.toISOString() ?? null,
    comment: given?.comment ?? '',
    canDecide: run.state === 'running' && mayApprove(session.actor, role, relationTo(session.actor, deal)),
  }
}
