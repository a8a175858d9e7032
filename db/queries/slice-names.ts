import type { Em } from '../orm.ts'
import { selectKnownRows, sql } from '../sql.ts'
import type { FunnelSlice } from './funnel-slice.ts'
import { type Viewer, visibleCounterparties } from './visibility.ts'

type Named = { readonly id: number; readonly name: string }
export type SliceNames = {
  readonly types: readonly Named[]
  readonly counterparties: readonly Named[]
  readonly departments: readonly Named[]
  readonly employees: readonly Named[]
}

/** The names of what a slice is cut by, for the heading of the figure. Ids that are unknown or not for the viewer's eyes give no name. */
export async function selectSliceNames(em: Em, viewer: Viewer, slice: FunnelSlice, locale: 'ru' | 'en'): Promise<SliceNames> {
  const named = async (
    table: 'deal_type' | 'counterparty' | 'department' | 'employee',
    ids: readonly number[],
  ): Promise<Named[]> => {
    if (ids.length === 0) return []
    const name = table === 'deal_type' ? sql.ref(`name_${locale}`) : sql.ref('name')
    return selectKnownRows<Named>(
      em,
      sql`select id, ${name} as name from ${sql.table(table)} where id = any(${[...ids]}::int[])
        and ${table === 'counterparty' ? visibleCounterparties(viewer) : sql`true`} order by 2`,
    )
  }
  return {
    types: await named('deal_type', slice.types),
    counterparties: await named('counterparty', slice.counterparties),
    departments: await named('department', slice.departments),
    employees: await named('employee', slice.employees),
  }
}
