import { Employee } from '../../../db/entities/organization.ts'
import type { OwnerRule } from '../../../db/entities/process.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import type { Session } from '../../session.ts'
import { findAssignee } from '../rules/find-assignee.ts'

/**
 * Whose a new deal of a type is when nobody was named: by the type's rule, seen from the creator's department. Where the rule finds
 * nobody who is active, the creator's: a deal is never lost for a gap in the staff.
 */
export async function defaultOwner(session: Session, rule: OwnerRule): Promise<Employee> {
  const { id, departmentId } = session.actor
  if (rule.kind === 'creator') return session.em.findOneOrFail(Employee, id)
  try {
    return await findAssignee(session, rule, { ownerId: id, departmentId })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return session.em.findOneOrFail(Employee, id)
  }
}
