import type { PageView } from '../../../shared/views/common.ts'
import type { CounterpartyView, DealTypeView, DepartmentView, EmployeeView } from '../../../shared/views/dictionaries.ts'
import { get } from './api.ts'
import type { SliceKind as ChoiceKind } from './funnel/slice.ts'

/** One thing that a slice can be set to. `depth` indents sub-departments. */
export type Choice = { readonly id: string; readonly name: string; readonly note?: string; readonly depth?: number }

/** Lists of these kinds are long and searched on the server; the others come whole. */
export function isSearchedOnServer(kind: ChoiceKind): boolean {
  return kind === 'counterparty' || kind === 'employee'
}

const limit = 50

/** What may be chosen. @param q what the person typed, for the kinds searched on the server. @throws ApiError */
export async function loadChoices(kind: ChoiceKind, q: string, signal: AbortSignal): Promise<readonly Choice[]> {
  switch (kind) {
    case 'type': {
      const { items } = await get<{ items: DealTypeView[] }>('/api/deal-types', {}, { signal })
      return items.filter((item) => !item.archived).map((item) => ({ id: item.code, name: item.name }))
    }
    case 'department': {
      const { items } = await get<{ items: DepartmentView[] }>('/api/departments', {}, { signal })
      return items.filter((item) => !item.archived).map((item) => ({ id: String(item.id), name: item.name, depth: item.depth }))
    }
    case 'employee': {
      const { items } = await get<PageView<EmployeeView>>('/api/employees', { q, limit }, { signal })
      return items.map((item) => ({ id: String(item.id), name: item.name, note: item.department?.name ?? '' }))
    }
    case 'counterparty': {
      const { items } = await get<PageView<CounterpartyView>>('/api/counterparties', { q, limit }, { signal })
      return items.map((item) => ({ id: String(item.id), name: item.name, note: item.inn ?? '' }))
    }
  }
}
