import type { Query } from '../query.ts'

/** What the list of deals is narrowed by, as the address bar holds it. */
export type ListKind = 'type' | 'status' | 'department' | 'employee' | 'counterparty'
export type ListSort = 'recent' | 'created' | 'amount' | 'waiting' | 'number'
export type ListState = {
  readonly q: string
  /** Codes of types and statuses, ids of the rest. */
  readonly ids: Readonly<Record<ListKind, readonly string[]>>
  readonly mine: boolean
  readonly overdue: boolean
  readonly open: boolean
  readonly sort: ListSort
  /** How many pages are shown. */
  readonly pages: number
}

export const listKinds: readonly ListKind[] = ['type', 'status', 'department', 'employee', 'counterparty']
export const listSorts: readonly ListSort[] = ['recent', 'waiting', 'amount', 'created', 'number']
const pageSize = 50
const maxPages = 40

/** Reads an address; what cannot be read falls back to the usual. */
export function readList(params: Pick<URLSearchParams, 'get'>): ListState {
  const idsOf = (kind: ListKind): readonly string[] => (params.get(kind) ?? '').split(',').filter((id) => /^[\w-]+$/.test(id))
  const pages = Number(params.get('pages') ?? 1)
  return {
    q: (params.get('q') ?? '').slice(0, 200),
    ids: {
      type: idsOf('type'),
      status: idsOf('status'),
      department: idsOf('department'),
      employee: idsOf('employee'),
      counterparty: idsOf('counterparty'),
    },
    mine: params.get('mine') === '1',
    overdue: params.get('overdue') === '1',
    open: params.get('open') === '1',
    sort: listSorts.find((sort) => sort === params.get('sort')) ?? 'recent',
    pages: Number.isInteger(pages) ? Math.min(Math.max(pages, 1), maxPages) : 1,
  }
}

/** The same as parameters of the address; null takes one away. */
export function writeList(state: ListState): Record<string, string | null> {
  const ids = Object.fromEntries(listKinds.map((kind) => [kind, state.ids[kind].join(',') || null]))
  return {
    ...ids,
    q: state.q || null,
    mine: state.mine ? '1' : null,
    overdue: state.overdue ? '1' : null,
    open: state.open ? '1' : null,
    sort: state.sort === 'recent' ? null : state.sort,
    pages: state.pages > 1 ? String(state.pages) : null,
  }
}

/** The query of `GET /api/deals`. */
export function listQuery(state: ListState): Query {
  const { pages: _pages, sort: _sort, ...rest } = writeList(state)
  return { ...rest, sort: state.sort, limit: pageSize }
}

/** How many of the kinds are set. */
export function countFilters(state: ListState, kinds: readonly ListKind[]): number {
  return kinds.filter((kind) => state.ids[kind].length > 0).length
}

export function isNarrowed(state: ListState): boolean {
  return state.q !== '' || state.mine || state.overdue || state.open || countFilters(state, listKinds) > 0
}

/** All that narrows is taken away; the order stays. */
export function clearedList(state: ListState): ListState {
  const none = { type: [], status: [], department: [], employee: [], counterparty: [] }
  return { ...state, q: '', ids: none, mine: false, overdue: false, open: false, pages: 1 }
}
