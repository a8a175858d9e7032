import { Employee } from '../../../db/entities/organization.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { can } from '../../../shared/domain/permissions.ts'
import type { CreateTaskInput } from '../../../shared/schemas/work.ts'
import { type Session, transact } from '../../session.ts'
import { announceDeal, lockDeal } from '../deals/change-deal.ts'
import { giveTask, seesDeal } from './give-task.ts'
import { findTask, type Task } from './list-tasks.ts'

/**
 * Gives a task on a deal by hand, to oneself or another. Who does not see the deal is invited by it, which takes the right to invite.
 * Needs no version: it changes nothing that people may conflict over.
 * @throws AppError not_found (deal, employee), forbidden, employee_inactive
 */
export async function createTask(session: Session, input: CreateTaskInput): Promise<Task> {
  return transact(session, async (inside) => {
    const { deal, relation } = await lockDeal(inside, input.number, 'comment')
    const assignee = await inside.em.findOne(Employee, input.assigneeId ?? inside.actor.id)
    if (!assignee) throw new AppError('not_found', { what: 'employee' })
    if (assignee.deactivatedAt !== null) throw new AppError('employee_inactive', { name: assignee.name })
    if (!can(inside.actor, 'invite', relation) && !(await seesDeal(inside, assignee, deal.id))) throw new AppError('forbidden')
    const dueAt = input.dueAt ? new Date(input.dueAt) : null
    const { task } = await giveTask(inside, deal, { title: input.title, assignee, dueAt, origin: 'user', run: null, stage: null })
    await inside.em.flush()
    await announceDeal(inside, deal)
    return findTask(inside, task.id)
  })
}
