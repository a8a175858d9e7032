import { LockMode } from '@mikro-orm/core'
import { DealEvent } from '../../../db/entities/deal.ts'
import { Employee } from '../../../db/entities/organization.ts'
import { DealTask } from '../../../db/entities/work.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import type { SetTaskStateInput } from '../../../shared/schemas/work.ts'
import { type Session, transact } from '../../session.ts'
import { announceDeal } from '../deals/change-deal.ts'
import { recordEvent } from '../deals/deal-record.ts'
import { undoWindowMs } from '../deals/show-deal.ts'
import { findTask, type Task } from './list-tasks.ts'

/**
 * Closes a task as done or cancelled; or takes that back within ten minutes, and its fact is voided.
 * @throws AppError not_found, forbidden, version_stale, task_not_open, undo_too_late, nothing_to_undo
 */
export async function setTaskState(session: Session, input: SetTaskStateInput): Promise<Task> {
  return transact(session, async (inside) => {
    const seen = await findTask(inside, input.id)
    if (!seen.canClose) throw new AppError('forbidden')
    const task = await inside.em.findOneOrFail(DealTask, input.id, {
      refresh: true,
      lockMode: LockMode.PESSIMISTIC_WRITE,
      populate: ['deal'],
    })
    if (task.version !== input.version) throw new AppError('version_stale', { current: { version: task.version } })
    if (input.state === 'open') await reopen(inside, task)
    else close(inside, task, input.state)
    await inside.em.flush()
    await announceDeal(inside, task.deal)
    return findTask(inside, task.id)
  })
}

function close(session: Session, task: DealTask, state: 'done' | 'cancelled'): void {
  if (task.state !== 'open') throw new AppError('task_not_open')
  task.state = state
  task.closedAt = session.now
  task.closedBy = session.em.getReference(Employee, session.actor.id)
  recordEvent(session, task.deal, { kind: 'task_closed', taskId: task.id, title: task.title, state })
}

async function reopen(session: Session, task: DealTask): Promise<void> {
  const facts = await session.em.find(
    DealEvent,
    { deal: task.deal, kind: 'task_closed', voidedAt: null },
    { orderBy: { id: 'desc' } },
  )
  const fact = facts.find(({ body }) => body.kind === 'task_closed' && body.taskId === task.id)
  if (task.state === 'open' || !fact) throw new AppError('nothing_to_undo')
  if (fact.recordedAt.getTime() + undoWindowMs <= session.now.getTime()) throw new AppError('undo_too_late')
  fact.voidedAt = session.now
  task.state = 'open'
  task.closedAt = null
  task.closedBy = null
}
