import type { Condition } from '../../shared/domain/conditions.ts'
import type { Role } from '../../shared/views/common.ts'
import type { Em } from '../orm.ts'
import { selectKnownRows, selectRows, sql } from '../sql.ts'
import type { Names } from './dictionaries.ts'
import { type Viewer, visibleDeals } from './visibility.ts'

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

/** A decision asked of the viewer's role. */
export type WaitingApprovalRow = {
  readonly dealId: number
  readonly dealNumber: number
  readonly dealTitle: string
  readonly dealVersion: number
  readonly ownerId: number
  readonly ownerName: string
  readonly counterpartyName: string | null
  readonly amountMinor: number
  readonly currency: string
  readonly runId: number
  readonly processNames: Names
  readonly stageId: number
  readonly stageCode: string
  readonly stageNames: Names
  readonly role: Role
  /** Since when the run stands before it. */
  readonly since: Date
  /** When the way to it is offered; null: always. */
  readonly condition: Condition | null
}

/** What waits for the viewer's role: gates of the stages ahead without a decision during the present stay. A head is asked within his subtree. */
export function selectWaitingApprovals(em: Em, viewer: Viewer, limit: number): Promise<WaitingApprovalRow[]> {
  const inSubtree =
    viewer.role === 'head'
      ? sql`and (deal.owner_id = ${viewer.id} or deal.department_id in (select department_subtree(${viewer.departmentId})))`
      : sql``
  return selectRows<WaitingApprovalRow>(
    em,
    sql`select deal.id as "dealId", deal.number as "dealNumber", deal.title as "dealTitle", deal.version as "dealVersion",
      deal.owner_id as "ownerId", owner.name as "ownerName", counterparty.name as "counterpartyName", deal.amount_minor as "amountMinor",
      deal.currency, run.id as "runId", jsonb_build_object('ru', template.name_ru, 'en', template.name_en) as "processNames",
      target.id as "stageId", target.code as "stageCode", jsonb_build_object('ru', target.name_ru, 'en', target.name_en) as "stageNames",
      ${viewer.role}::text as role, run.stage_since as since, way.condition
    from stage target join stage_transition way on way.to_stage_id = target.id
      join stage present on present.id = way.from_stage_id and present.position < target.position
      join process_run run on run.stage_id = present.id and run.state = 'running'
      join deal on deal.id = run.deal_id join status on status.id = deal.status_id and status.category <> 'lost'
      join process_template_version version on version.id = run.template_version_id join process_template template on template.id = version.template_id
      join employee owner on owner.id = deal.owner_id left join counterparty on counterparty.id = deal.counterparty_id
    where target.gates @> ${JSON.stringify([{ kind: 'approval', role: viewer.role }])}::jsonb and ${visibleDeals(viewer)} ${inSubtree}
      and not exists (select 1 from stage_approval a where a.run_id = run.id and a.stage_since = run.stage_since and a.role = ${viewer.role})
    order by run.stage_since, deal.id, target.position limit ${limit}`,
  )
}
