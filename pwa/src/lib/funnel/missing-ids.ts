import type { SliceView } from '../../../../shared/views/funnel.ts'
import type { Slice, SliceKind } from './slice.ts'

const namesOf = { type: 'types', counterparty: 'counterparties', department: 'departments', employee: 'employees' } as const

/** Ids that the slice asks for and the answer does not name. Types are asked for by code and named by id: those are told only when none is named. */
export function missingIds(slice: Slice, view: SliceView, kind: SliceKind): readonly string[] {
  const named = view[namesOf[kind]]
  if (kind === 'type') return named.length === 0 ? slice.ids.type : []
  return slice.ids[kind].filter((id) => !named.some((one) => String(one.id) === id))
}
