import type { PageView } from '../../../../shared/views/common.ts'
import type { EmployeeView } from '../../../../shared/views/dictionaries.ts'
import { get } from '../api.ts'
import type { Choice } from '../funnel/choices.ts'

/** Active employees whose name matches, with their departments. @throws ApiError */
export async function loadEmployees(q: string, signal: AbortSignal): Promise<readonly Choice[]> {
  const page = await get<PageView<EmployeeView>>('/api/employees', { q, limit: 50, active: 1 }, { signal })
  return page.items.map((employee) => ({ id: String(employee.id), name: employee.name, note: employee.department?.name ?? '' }))
}
