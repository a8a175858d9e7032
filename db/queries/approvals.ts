import type { Role } from '../../shared/views/common.ts'
import type { Em } from '../orm.ts'
import { selectKnownRows, sql } from '../sql.ts'

export type ApprovalRow = {
  readonly runId: number
  readonly role: Role
  readonly approved: boolean
  readonly comment: string
  readonly employeeId: number
  readonly employeeName: string
  readonly decidedAt: Date
}

/** The newest decision of each role on each run of a deal, during the run's present stay. */
export function selectApprovals(em: Em, dealId: number): Promise<ApprovalRow[]> {
  return selectKnownRows<ApprovalRow>(
    em,
    sql`select distinct on (a.run_id, a.role) a.run_id as "runId", a.role, a.approved, a.comment, a.employee_id as "employeeId",
      e.name as "employeeName", a.decided_at as "decidedAt"
    from stage_approval a join process_run run on run.id = a.run_id and run.stage_since = a.stage_since join employee e on e.id = a.employee_id
    where run.deal_id = ${dealId} order by a.run_id, a.role, a.id desc`,
  )
}
