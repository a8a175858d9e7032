import { countTasks, selectTasks, type TaskRow } from '../../../db/queries/tasks.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { relationTo } from '../../../shared/domain/permissions.ts'
import { mayCloseTask } from '../../../shared/domain/work-rights.ts'
import type { ListTasksInput } from '../../../shared/schemas/work.ts'
import type { Session } from '../../session.ts'

export type Task = TaskRow & { readonly canClose: boolean }
export type TaskList = { readonly rows: readonly Task[]; readonly total: number }

/** Tasks on deals that the caller sees: open ones by when they are due, then closed ones, newest first. */
export async function listTasks(session: Session, input: ListTasksInput): Promise<TaskList> {
  const filter = {
    ...(input.mine ? { assigneeId: session.actor.id } : {}),
    ...(input.state === undefined ? {} : { state: input.state }),
    ...(input.deal === undefined ? {} : { deal: input.deal }),
  }
  const rows = await selectTasks(session.em, session.actor, filter, input.limit)
  const total = rows.length < input.limit ? rows.length : await countTasks(session.em, session.actor, filter)
  return { rows: rows.map((row) => withRight(session, row)), total }
}

/** One task. @throws AppError not_found, the same for absent ones and those on deals that are not visible */
export async function findTask(session: Session, id: number): Promise<Task> {
  const row = (await selectTasks(session.em, session.actor, { id }, 1))[0]
  if (!row) throw new AppError('not_found')
  return withRight(session, row)
}

function withRight({ actor }: Session, row: TaskRow): Task {
  return { ...row, canClose: mayCloseTask(actor, row, relationTo(actor, row)) }
}
