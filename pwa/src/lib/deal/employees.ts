import type { PageView } from '../../../../shared/views/common.ts'
import type { DepartmentView, EmployeeView } from '../../../../shared/views/dictionaries.ts'
import { get } from '../api.ts'
import type { Choice } from '../choices.ts'
import { session } from '../session.svelte.ts'

/** Active employees whose name matches, with their departments. @throws ApiError */
export async function loadEmployees(q: string, signal: AbortSignal): Promise<readonly Choice[]> {
  return (await findActive(q, signal)).map(choiceOf)
}

/** Those of them who may be given a deal: by a head, only people of his own department and below. @throws ApiError */
export async function loadOwners(q: string, signal: AbortSignal): Promise<readonly Choice[]> {
  const employees = await findActive(q, signal)
  const root = session.current?.employee.department
  if (session.role !== 'head' || !root) return employees.map(choiceOf)
  const { items } = await get<{ items: DepartmentView[] }>('/api/departments', {}, { signal })
  const within = subtreeOf(root.id, items)
  return employees.filter((employee) => employee.department !== null && within.has(employee.department.id)).map(choiceOf)
}

/** @param departments parents before children, as the API gives them. */
function subtreeOf(rootId: number, departments: readonly DepartmentView[]): ReadonlySet<number> {
  const within = new Set([rootId])
  for (const { id, parentId } of departments) if (parentId !== null && within.has(parentId)) within.add(id)
  return within
}

async function findActive(q: string, signal: AbortSignal): Promise<readonly EmployeeView[]> {
  return (await get<PageView<EmployeeView>>('/api/employees', { q, limit: 200, active: 1 }, { signal })).items
}

function choiceOf(employee: EmployeeView): Choice {
  return { id: String(employee.id), name: employee.name, note: employee.department?.name ?? '' }
}
