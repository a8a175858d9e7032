import type { Department, Employee } from '../../db/entities/organization.ts'
import type { CounterpartyRow, EmployeeRow } from '../../db/queries/people.ts'
import type { PageView } from '../../shared/views/common.ts'
import type {
  AuditView,
  CounterpartyCardView,
  CounterpartyView,
  DepartmentView,
  EmployeeView,
} from '../../shared/views/dictionaries.ts'
import type { CounterpartyCard, CounterpartyPage } from '../usecases/counterparties.ts'
import { encodeCursor } from '../usecases/cursor.ts'
import type { EmployeePage } from '../usecases/people.ts'
import type { AuditPage } from '../usecases/settings.ts'

export function presentEmployeePage(page: EmployeePage): PageView<EmployeeView> {
  return { items: page.rows.map(presentEmployeeRow), nextCursor: encodeCursor(page.next), total: page.total }
}

function presentEmployeeRow(row: EmployeeRow): EmployeeView {
  const { id, name, login, email, role, active, version } = row
  return { id, name, login, email, role, department: { id: row.departmentId, name: row.departmentName }, active, version }
}

export function presentEmployee(employee: Employee): EmployeeView {
  const { id, name, login, email, role, version, department, deactivatedAt } = employee
  return {
    id,
    name,
    login,
    email: email ?? null,
    role,
    department: { id: department.id, name: department.name },
    active: deactivatedAt == null,
    version,
  }
}

export function presentDepartment(department: Department): DepartmentView {
  const { id, name, parent, archivedAt, version } = department
  return { id, name, parentId: parent?.id ?? null, depth: 0, archived: archivedAt != null, version }
}

export function presentCounterpartyPage(page: CounterpartyPage): PageView<CounterpartyView> {
  return { items: page.rows.map(presentCounterparty), nextCursor: encodeCursor(page.next), total: page.total }
}

function presentCounterparty({
  id,
  name,
  inn,
  kpp,
  address,
  phone,
  email,
  dealCount,
  version,
}: CounterpartyRow): CounterpartyView {
  return { id, name, inn, kpp, address, phone, email, dealCount, version }
}

export function presentCounterpartyCard({ counterparty, contacts }: CounterpartyCard): CounterpartyCardView {
  return {
    ...presentCounterparty(counterparty),
    contacts: contacts.map(({ id, name, position, phone, email }) => ({ id, name, position, phone, email })),
  }
}

export function presentAuditPage(page: AuditPage): PageView<AuditView> {
  return {
    items: page.rows.map(({ id, at, actorId, actorName, door, entity, entityId, action, before, after }) => ({
      id,
      at: at.toISOString(),
      actor: actorId === null ? null : { id: actorId, name: actorName ?? '' },
      door,
      entity,
      entityId,
      action,
      before,
      after,
    })),
    nextCursor: encodeCursor(page.next),
    total: page.total,
  }
}
