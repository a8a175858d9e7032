import { DealParticipant } from '../../../db/entities/deal.ts'
import { Department, Employee } from '../../../db/entities/organization.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import type { ReassignDealInput, SetParticipantsInput } from '../../../shared/schemas/deals.ts'
import type { Session } from '../../session.ts'
import { changeDeal } from './change-deal.ts'
import { ownerFor } from './create-deal.ts'
import type { DealCard } from './show-deal.ts'

/**
 * Gives a deal to another employee; its department becomes the new owner's. Past visits keep theirs.
 * @throws AppError not_found, forbidden, version_stale, employee_inactive, reassign_outside, conflict when he has it already
 */
export function reassignDeal(session: Session, input: ReassignDealInput): Promise<DealCard> {
  return changeDeal(session, input, 'reassign', async ({ session: inside, deal }) => {
    const from = await inside.em.findOneOrFail(Employee, deal.owner.id)
    const to = await ownerFor(inside, input.employeeId)
    if (to.id === from.id) return null
    const department = await inside.em.findOneOrFail(Department, to.department.id)
    deal.owner = to
    deal.department = department
    return {
      event: {
        kind: 'deal_reassigned',
        from: { id: from.id, name: from.name },
        to: { id: to.id, name: to.name },
        department: { id: department.id, name: department.name },
        ...(input.comment ? { comment: input.comment } : {}),
      },
      undoable: true,
    }
  })
}

/**
 * Sets who takes part in a deal, and so sees it.
 * @throws AppError not_found, forbidden, version_stale, employee_inactive
 */
export function setParticipants(session: Session, input: SetParticipantsInput): Promise<DealCard> {
  return changeDeal(session, input, 'invite', async ({ session: inside, deal }) => {
    const wanted = await inside.em.find(Employee, { id: { $in: input.employeeIds } })
    if (wanted.length !== new Set(input.employeeIds).size) throw new AppError('not_found', { what: 'employee' })
    const inactive = wanted.find((employee) => employee.deactivatedAt !== null)
    if (inactive) throw new AppError('employee_inactive', { name: inactive.name })
    const present = await inside.em.find(DealParticipant, { deal }, { populate: ['employee'] })
    const removed = present.filter((row) => !wanted.some((employee) => employee.id === row.employee.id))
    const added = wanted.filter((employee) => !present.some((row) => row.employee.id === employee.id))
    if (removed.length === 0 && added.length === 0) return null
    for (const row of removed) inside.em.remove(row)
    for (const employee of added) inside.em.persist(inside.em.create(DealParticipant, { deal, employee }))
    const refs = (people: readonly Employee[]) => people.map(({ id, name }) => ({ id, name }))
    return {
      event: { kind: 'participants_changed', added: refs(added), removed: refs(removed.map((row) => row.employee)) },
      undoable: false,
    }
  })
}
