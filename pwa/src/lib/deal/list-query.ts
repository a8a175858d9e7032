import type { Query } from '../query.ts'

/** What the list of deals is narrowed by, as the address bar holds it. */
export type ListKind = 'type' | 'status' | 'department' | 'employee' | 'counterparty'
export type ListSort = 'recent' | 'created' | 'amount' | 'waiting' | 'number'
export type ListState = {
  readonly q: string
  /** Codes of types and statuses, ids of the rest. */
  readonly ids: Readonly<Record<ListKind, readonly string[]>>
  /** Custom fields of the one type chosen: code -> what they are to hold. */
  readonly fields: Readonly<Record<string, string>>
  readonly mine: boolean
  /** Those of all others: chosen where such deals are counted, as the two below. */
  readonly others: boolean
  readonly overdue: boolean
  readonly open: boolean
  /** Codes. */
  readonly currencies: readonly string[]
  /** Only those that sums leave out. */
  readonly withoutRate: boolean
  readonly sort: ListSort
  /** How many pages are shown. */
  readonly pages: number
}

export const listKinds: readonly ListKind[] = ['type', 'status', 'department', 'employee', 'counterparty']
export const listSorts: readonly ListSort[] = ['recent', 'waiting', 'amount', 'created', 'number']
const pageSize = 50
const maxPages = 40

/** Reads an address; what cannot be read falls back to the usual. */
export function readList(params: Pick<URLSearchParams, 'get' | 'keys'>): ListState {
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
    fields: readFields(params),
    mine: params.get('mine') === '1',
    others: params.get('others') === '1',
    overdue: params.get('overdue') === '1',
    open: params.get('open') === '1',
    currencies: (params.get('currency') ?? '').split(',').filter((code) => /^[A-Z]{3}$/.test(code)),
    withoutRate: params.get('withoutRate') === '1',
    sort: listSorts.find((sort) => sort === params.get('sort')) ?? 'recent',
    pages: Number.isInteger(pages) ? Math.min(Math.max(pages, 1), maxPages) : 1,
  }
}

const fieldPrefix = 'field.'

function readFields(params: Pick<URLSearchParams, 'get' | 'keys'>): Readonly<Record<string, string>> {
  const keys = [...params.keys()].filter((key) => /^field\.[a-z0-9][\w-]*$/i.test(key))
  const entries = keys.map((key) => [key.slice(fieldPrefix.length), (params.get(key) ?? '').slice(0, 1000)] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== ''))
}

/** The same as parameters of the address; null takes one away. @param before the state left: its fields go unless they stay */
export function writeList(state: ListState, before: ListState = state): Record<string, string | null> {
  const fields = Object.keys({ ...before.fields, ...state.fields }).map((code) => [
    `${fieldPrefix}${code}`,
    state.fields[code] || null,
  ])
  const ids = Object.fromEntries(listKinds.map((kind) => [kind, state.ids[kind].join(',') || null]))
  return {
    ...ids,
    ...Object.fromEntries(fields),
    q: state.q || null,
    mine: state.mine ? '1' : null,
    others: state.others ? '1' : null,
    overdue: state.overdue ? '1' : null,
    open: state.open ? '1' : null,
    currency: state.currencies.join(',') || null,
    withoutRate: state.withoutRate ? '1' : null,
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
  return (
    state.q !== '' ||
    Object.keys(state.fields).length > 0 ||
    state.mine ||
    state.others ||
    state.overdue ||
    state.open ||
    state.withoutRate ||
    state.currencies.length > 0 ||
    countFilters(state, listKinds) > 0
  )
}

/** All that narrows is taken away; the order stays. */
export function clearedList(state: ListState): ListState {
  const none = { type: [], status: [], department: [], employee: [], counterparty: [] }
  const off = { mine: false, others: false, overdue: false, open: false, withoutRate: false }
  return { ...state, q: '', ids: none, fields: {}, currencies: [], ...off, pages: 1 }
}
