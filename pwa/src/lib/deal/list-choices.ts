import type { StatusView } from '../../../../shared/views/dictionaries.ts'
import { get } from '../api.ts'
import { type Choice, isSearchedOnServer, loadChoices } from '../choices.ts'
import type { ListKind } from './list-query.ts'

/** Long lists are searched on the server and need a search field. */
export function isLong(kind: ListKind): boolean {
  return kind !== 'status' && isSearchedOnServer(kind)
}

/** What the list may be narrowed to. @throws ApiError */
export async function loadListChoices(kind: ListKind, q: string, signal: AbortSignal): Promise<readonly Choice[]> {
  if (kind !== 'status') return loadChoices(kind, q, signal)
  const { items } = await get<{ items: StatusView[] }>('/api/statuses', {}, { signal })
  return items.filter((status) => !status.archived).map((status) => ({ id: status.code, name: status.name }))
}
