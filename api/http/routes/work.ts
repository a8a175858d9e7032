import {
  CancelProcess,
  CreateTask,
  DecideApproval,
  ListApprovals,
  ListTasks,
  SetTaskState,
  StartProcess,
} from '../../../shared/schemas/work.ts'
import type { DealCardView } from '../../../shared/views/deals.ts'
import type { TaskView } from '../../../shared/views/processes.ts'
import { presentDealCard } from '../../presenters/deals.ts'
import { presentApprovals, presentTask, presentTasks } from '../../presenters/work.ts'
import { decideApproval } from '../../usecases/approvals/decide-approval.ts'
import { listApprovals } from '../../usecases/approvals/list-approvals.ts'
import { cancelProcess, startProcess } from '../../usecases/deals/further-runs.ts'
import { createTask } from '../../usecases/tasks/create-task.ts'
import { listTasks } from '../../usecases/tasks/list-tasks.ts'
import { setTaskState } from '../../usecases/tasks/set-task-state.ts'
import { endpoint, type Route } from '../endpoint.ts'

const version = (view: DealCardView | TaskView) => view.version

/** Working with the processes on a deal: tasks, approvals, further runs. */
export const workRoutes: readonly Route[] = [
  endpoint('GET', '/tasks', ListTasks, listTasks, presentTasks, { summary: 'Tasks on deals the caller sees' }),
  endpoint('POST', '/deals/:number/tasks', CreateTask, createTask, presentTask, {
    summary: 'Give a task on a deal',
    status: 201,
    version,
  }),
  endpoint('PUT', '/tasks/:id/state', SetTaskState, setTaskState, presentTask, {
    summary: 'Close a task, or take that back within ten minutes',
    version,
  }),
  endpoint('GET', '/approvals', ListApprovals, listApprovals, presentApprovals, {
    summary: 'Decisions that wait for the caller’s role',
  }),
  endpoint('PUT', '/deals/:number/approvals', DecideApproval, decideApproval, presentDealCard, {
    summary: 'Approve or reject the way to a stage',
    version,
  }),
  endpoint('POST', '/deals/:number/runs', StartProcess, startProcess, presentDealCard, {
    summary: 'Start a further process on a deal',
    status: 201,
    version,
  }),
  endpoint('DELETE', '/deals/:number/runs/:run', CancelProcess, cancelProcess, presentDealCard, {
    summary: 'Cancel a further process',
    version,
  }),
]
