import type { WaitingApprovalRow } from '../../db/queries/approvals.ts'
import type { TaskListView, TaskView, WaitingApprovalView } from '../../shared/views/processes.ts'
import type { Task, TaskList } from '../usecases/tasks/list-tasks.ts'
import type { Reader } from './deals.ts'

export function presentTask(task: Task, reader: Pick<Reader, 'now'>): TaskView {
  return {
    id: task.id,
    deal: { number: task.dealNumber, title: task.dealTitle },
    title: task.title,
    assignee: { id: task.assigneeId, name: task.assigneeName },
    dueAt: task.dueAt?.toISOString() ?? null,
    overdue: task.state === 'open' && task.dueAt !== null && task.dueAt < reader.now,
    state: task.state,
    origin: task.origin,
    closedAt: task.closedAt?.toISOString() ?? null,
    closedBy: task.closedById === null ? null : { id: task.closedById, name: task.closedByName ?? '' },
    canClose: task.canClose,
    version: task.version,
  }
}

export function presentTasks(list: TaskList, reader: Pick<Reader, 'now'>): TaskListView {
  return { items: list.rows.map((row) => presentTask(row, reader)), total: list.total }
}

export function presentApprovals(
  rows: readonly WaitingApprovalRow[],
  { locale }: Pick<Reader, 'locale'>,
): { readonly items: readonly WaitingApprovalView[] } {
  return {
    items: rows.map((row) => ({
      deal: {
        number: row.dealNumber,
        title: row.dealTitle,
        version: row.dealVersion,
        counterparty: row.counterpartyName,
        owner: { id: row.ownerId, name: row.ownerName },
        amount: { amountMinor: row.amountMinor, currency: row.currency },
      },
      run: { id: row.runId, name: row.processNames[locale] },
      stage: { id: row.stageId, code: row.stageCode, name: row.stageNames[locale] },
      role: row.role,
      since: row.since.toISOString(),
    })),
  }
}
