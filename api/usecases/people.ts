import { ApiToken, LoginSession } from '../../db/entities/access.ts'
import { Department, Employee } from '../../db/entities/organization.ts'
import { TelegramLink } from '../../db/entities/telegram.ts'
import { type DepartmentRow, selectDepartments } from '../../db/queries/dictionaries.ts'
import { type EmployeeRow, type IdCursor, selectEmployeePage } from '../../db/queries/people.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { isAble } from '../../shared/domain/permissions.ts'
import type {
  CreateDepartmentInput,
  CreateEmployeeInput,
  EditDepartmentInput,
  EditEmployeeInput,
  ListEmployeesInput,
} from '../../shared/schemas/directory.ts'
import { type Session, transact } from '../session.ts'
import { hashPassword } from './access.ts'
import { decodeCursor } from './cursor.ts'

export type EmployeePage = {
  readonly rows: readonly EmployeeRow[]
  readonly next: IdCursor | null
  readonly total: number
}

/** Colleagues by name. All employees see each other's name, role and department: deals are handed between them. */
export function listEmployees(session: Session, input: ListEmployeesInput): Promise<EmployeePage> {
  return selectEmployeePage(session.em, { ...input, cursor: decodeCursor(input.cursor, 'id') })
}

/** The department tree, parents first. */
export function listDepartments(session: Session): Promise<DepartmentRow[]> {
  return selectDepartments(session.em)
}

/** Takes an employee on. @returns his id. @throws AppError forbidden, not_found (department), already_exists (login) */
export function createEmployee(session: Session, input: CreateEmployeeInput): Promise<Employee> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    const department = await findDepartment(inside, input.departmentId)
    if (await inside.em.findOne(Employee, { login: input.login })) throw new AppError('already_exists', { what: input.login })
    const employee = inside.em.create(Employee, {
      login: input.login,
      name: input.name,
      position: input.position,
      role: input.role,
      department,
      email: input.email ?? null,
      passwordHash: input.password === undefined ? null : await hashPassword(input.password),
    })
    inside.em.persist(employee)
    await inside.em.flush()
    return employee
  })
}

/**
 * Changes an employee. Deactivating him, changing his role or his password ends every login and, when deactivated, his Telegram link and API tokens.
 * @throws AppError forbidden, not_found, version_stale, conflict when the last administrator would go
 */
export function editEmployee(session: Session, input: EditEmployeeInput): Promise<Employee> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    const employee = await inside.em.findOne(Employee, input.id, { populate: ['department', 'passwordHash'] })
    if (!employee) throw new AppError('not_found')
    if (employee.version !== input.version) throw new AppError('version_stale', { current: { version: employee.version } })
    const roleChanges = input.role !== undefined && input.role !== employee.role
    const leaves = input.active === false && employee.deactivatedAt === null
    if (employee.role === 'admin' && (roleChanges || leaves)) await assertAnotherAdmin(inside, employee)
    if (input.name !== undefined) employee.name = input.name
    if (input.position !== undefined) employee.position = input.position
    if (input.role !== undefined) employee.role = input.role
    if (input.email !== undefined) employee.email = input.email
    if (input.departmentId !== undefined) employee.department = await findDepartment(inside, input.departmentId)
    if (input.active !== undefined) employee.deactivatedAt = input.active ? null : (employee.deactivatedAt ?? inside.now)
    if (input.password !== undefined) employee.passwordHash = await hashPassword(input.password)
    if (roleChanges || leaves || input.password !== undefined)
      await inside.em.nativeUpdate(LoginSession, { employee, revokedAt: null }, { revokedAt: inside.now })
    if (leaves) {
      await inside.em.nativeUpdate(TelegramLink, { employee, endedAt: null }, { endedAt: inside.now })
      await inside.em.nativeUpdate(ApiToken, { employee, revokedAt: null }, { revokedAt: inside.now })
    }
    await inside.em.flush()
    return employee
  })
}

/** Locks the administrators, so that two who end each other take turns. */
async function assertAnotherAdmin(session: Session, leaving: Employee): Promise<void> {
  const admins = await selectRows<{ id: number }>(
    session.em,
    sql`select id from employee where role = 'admin' and deactivated_at is null order by id for update`,
  )
  if (!admins.some((admin) => admin.id !== leaving.id)) throw new AppError('conflict', { what: 'last admin' })
}

/** @throws AppError forbidden, not_found (parent) */
export function createDepartment(session: Session, input: CreateDepartmentInput): Promise<Department> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    const parent = input.parentId == null ? null : await findDepartment(inside, input.parentId)
    const department = inside.em.create(Department, { name: input.name, parent })
    inside.em.persist(department)
    await inside.em.flush()
    return department
  })
}

/** Renames, moves or archives a department. A ring is refused by the database. @throws AppError forbidden, not_found, version_stale, department_cycle */
export function editDepartment(session: Session, input: EditDepartmentInput): Promise<Department> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    const department = await findDepartment(inside, input.id)
    if (department.version !== input.version) throw new AppError('version_stale', { current: { version: department.version } })
    if (input.name !== undefined) department.name = input.name
    if (input.parentId !== undefined)
      department.parent = input.parentId === null ? null : await findDepartment(inside, input.parentId)
    if (input.archived !== undefined) department.archivedAt = input.archived ? (department.archivedAt ?? inside.now) : null
    await inside.em.flush()
    return department
  })
}

async function findDepartment(session: Session, id: number): Promise<Department> {
  const department = await session.em.findOne(Department, id)
  if (!department) throw new AppError('not_found', { what: 'department' })
  return department
}

/** @throws AppError forbidden */
export function assertSettings(session: Session): void {
  if (!isAble(session.actor, 'settings.edit')) throw new AppError('forbidden')
}
