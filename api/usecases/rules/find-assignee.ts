import { Employee } from '../../../db/entities/organization.ts'
import { selectRow, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import type { Assignee } from '../../../shared/domain/status-rules.ts'
import type { Session } from '../../session.ts'

/**
 * The employee that an assignee names for a deal: its owner; the head of its department or of the nearest one above that has one; the
 * first with a role in its department, then above, then anywhere; or one by name. Only people who are still active.
 * @throws AppError assignee_missing when there is nobody, employee_inactive
 */
export async function findAssignee(
  session: Session,
  assignee: Assignee,
  deal: { readonly ownerId: number; readonly departmentId: number },
): Promise<Employee> {
  switch (assignee.kind) {
    case 'owner':
      return activeEmployee(session, deal.ownerId)
    case 'employee':
      return activeEmployee(session, assignee.employeeId)
    case 'department_head':
      return nearestWithRole(session, 'head', deal.departmentId)
    case 'role':
      return nearestWithRole(session, assignee.role, deal.departmentId)
  }
}

async function activeEmployee(session: Session, id: number): Promise<Employee> {
  const employee = await session.em.findOne(Employee, id)
  if (!employee) throw new AppError('assignee_missing')
  if (employee.deactivatedAt !== null) throw new AppError('employee_inactive', { name: employee.name })
  return employee
}

async function nearestWithRole(session: Session, role: string, departmentId: number): Promise<Employee> {
  const found = await selectRow<{ id: number }>(
    session.em,
    sql`with recursive above (id, parent_id, steps) as (
      select id, parent_id, 0 from department where id = ${departmentId}
      union all select d.id, d.parent_id, steps + 1 from department d join above on d.id = above.parent_id where steps < 50
    ) select e.id from employee e left join above on above.id = e.department_id
    where e.role = ${role} and e.deactivated_at is null order by above.steps nulls last, e.id limit 1`,
  )
  if (!found) throw new AppError('assignee_missing')
  return session.em.findOneOrFail(Employee, found.id)
}
