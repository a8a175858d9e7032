import { selectWaitingApprovals, type WaitingApprovalRow } from '../../../db/queries/approvals.ts'
import { holds } from '../../../shared/domain/conditions.ts'
import type { Session } from '../../session.ts'
import { readFacts } from '../rules/read-facts.ts'

const maxShown = 100

/** Decisions that wait for the caller's role on deals that he sees, the longest waiting first; for a head those of his subtree. */
export async function listApprovals(session: Session): Promise<readonly WaitingApprovalRow[]> {
  const rows = await selectWaitingApprovals(session.em, session.actor, maxShown)
  const open: WaitingApprovalRow[] = []
  for (const row of rows) {
    const isOffered = row.condition === null || holds(row.condition, await readFacts(session, row.dealId, row.runId))
    if (isOffered) open.push(row)
  }
  return open
}
