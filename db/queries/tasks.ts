import type { Em } from '../orm.ts'
import { type RawBuilder, selectRow, selectRows, sql } from '../sql.ts'
import { type Viewer, visibleDeals } from './visibility.ts'

/** A task with what its line shows, and how the viewer stands to its deal. */
export type TaskRow = {
  readonly id: number
  readonly dealNumber: number
  readonly dealTitle: string
  readonly title: string
  readonly assigneeId: number
  readonly assigneeName: string
  readonly dueAt: Date | null
  readonly state: 'open' | 'done' | 'cancelled'
  readonly origin: 'stage' | 'rule' | 'user'
  readonly closedAt: Date | null
  readonly closedById: number | null
  readonly closedByName: string | null
  readonly version: number
  readonly ownerId: number
  readonly isParticipant: boolean
  readonly inSubtree: boolean
}

export type TaskFilter = {
  readonly assigneeId?: number
  readonly state?: TaskRow['state']
  readonly deal?: number
  readonly id?: number
}

/** Tasks on deals that the viewer sees: open ones first, those due soonest before the others; closed ones newest first. */
export function selectTasks(em: Em, viewer: Viewer, filter: TaskFilter, limit: number): Promise<TaskRow[]> {
  return selectRows<TaskRow>(
    em,
    sql`select task.id, deal.number as "dealNumber", deal.title as "dealTitle", task.title, task.assignee_id as "assigneeId",
      assignee.name as "assigneeName", task.due_at as "dueAt", task.state, task.origin, task.closed_at as "closedAt",
      task.closed_by_id as "closedById", closer.name as "closedByName", task.version, deal.owner_id as "ownerId",
      exists (select 1 from deal_participant dp where dp.deal_id = deal.id and dp.employee_id = ${viewer.id}) as "isParticipant",
      deal.department_id in (select department_subtree(${viewer.departmentId})) as "inSubtree"
    from deal_task task join deal on deal.id = task.deal_id join employee assignee on assignee.id = task.assignee_id
      left join employee closer on closer.id = task.closed_by_id
    where ${conditionOf(viewer, filter)}
    order by task.state = 'open' desc, task.closed_at desc nulls first, task.due_at nulls last, task.id limit ${limit}`,
  )
}

/** How many there are in all. */
export async function countTasks(em: Em, viewer: Viewer, filter: TaskFilter): Promise<number> {
  const row = await selectRow<{ count: number }>(
    em,
    sql`select count(*)::int as count from deal_task task join deal on deal.id = task.deal_id where ${conditionOf(viewer, filter)}`,
  )
  return row?.count ?? 0
}

function conditionOf(viewer: Viewer, { assigneeId, state, deal, id }: TaskFilter): RawBuilder<unknown> {
  const only = (given: unknown, condition: RawBuilder<unknown>) => (given === undefined ? sql`` : sql`and ${condition}`)
  return sql`${visibleDeals(viewer)} ${only(assigneeId, sql`task.assignee_id = ${assigneeId ?? null}`)}
    ${only(state, sql`task.state = ${state ?? null}`)} ${only(deal, sql`deal.number = ${deal ?? null}`)} ${only(id, sql`task.id = ${id ?? null}`)}`
}
