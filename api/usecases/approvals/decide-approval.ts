import { ProcessRun } from '../../../db/entities/deal.ts'
import { Employee } from '../../../db/entities/organization.ts'
import { Stage } from '../../../db/entities/process.ts'
import { StageApproval } from '../../../db/entities/work.ts'
import { selectProcessVersions } from '../../../db/queries/dictionaries.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { waysFrom } from '../../../shared/domain/process.ts'
import { mayApprove } from '../../../shared/domain/work-rights.ts'
import type { DecideApprovalInput } from '../../../shared/schemas/work.ts'
import type { Role } from '../../../shared/views/common.ts'
import type { Session } from '../../session.ts'
import { changeDeal } from '../deals/change-deal.ts'
import type { Change } from '../deals/deal-record.ts'
import type { DealCard } from '../deals/show-deal.ts'
import { readStatuses, refOf } from '../dictionary.ts'

/**
 * Decides on behalf of the role that a gate of the next stage asks for. The newest decision counts, until the run leaves its stage.
 * @returns the card after it.
 * @throws AppError not_found, forbidden, version_stale, deal_lost, process_not_running, approval_not_asked
 */
export function decideApproval(session: Session, input: DecideApprovalInput): Promise<DealCard> {
  return changeDeal(session, input, 'comment', async (change) => {
    const { session: inside, deal } = change
    const statuses = await readStatuses(inside)
    if (statuses.byId(deal.status.id).category === 'lost') throw new AppError('deal_lost')
    const run = await inside.em.findOne(ProcessRun, { deal, id: input.run })
    const version = run && (await selectProcessVersions(inside.em, [run.templateVersion.id]))[0]
    if (!run || !version) throw new AppError('not_found', { what: 'process' })
    if (run.state !== 'running') throw new AppError('process_not_running')
    const way = waysFrom(version, run.stage.id).find(({ stage, kind }) => stage.code === input.stage && kind === 'forward')
    const stage = version.stages.find((candidate) => candidate.id === way?.stage.id)
    if (!stage) throw new AppError('approval_not_asked')
    const asked = stage.gates.flatMap((gate) => (gate.kind === 'approval' ? [gate.role] : []))
    const role = roleFor(change, asked, input.role)
    const { approved, comment } = input
    const approval = inside.em.create(StageApproval, {
      run,
      stage: inside.em.getReference(Stage, stage.id),
      role,
      approved,
      comment,
      employee: inside.em.getReference(Employee, inside.actor.id),
      decidedAt: inside.now,
      stageSince: run.stageSince,
    })
    inside.em.persist(approval)
    return {
      event: { kind: 'approval_given', runId: run.id, stage: refOf(stage), role, approved, comment },
      undoable: false,
    }
  })
}

/** The role that the actor decides for: the one he names, else his own, else the first that he may. @throws AppError approval_not_asked, forbidden */
function roleFor({ session, relation }: Change, asked: readonly Role[], named: Role | undefined): Role {
  if (asked.length === 0 || (named !== undefined && !asked.includes(named))) throw new AppError('approval_not_asked')
  const allowed = asked.filter((role) => mayApprove(session.actor, role, relation))
  const role = named ?? allowed.find((one) => one === session.actor.role) ?? allowed[0]
  if (role === undefined || !allowed.includes(role)) throw new AppError('forbidden')
  return role
}
