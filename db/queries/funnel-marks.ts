import type { Day } from '../../shared/domain/periods.ts'
import type { Em } from '../orm.ts'
import { type RawBuilder, selectRow, selectRows, sql } from '../sql.ts'
import { inKeptSlice, type KeptSlice } from './funnel-slice.ts'

/** How many deals entered the funnel, were won and were lost, by day: kept, so that it costs the same whatever the number of deals. */

/** What may happen to a deal, as `funnel_mark` numbers it. */
export const markKinds = { created: 1, won: 2, lost: 3 } as const
export type Happened = keyof typeof markKinds

/** `to` is the first day outside. */
export type MarksQuestion = KeptSlice & {
  readonly from: Day
  readonly to: Day
}

/** `department_id, type_id, day, kind, deals, amount_minor`: what is folded, and what changed since. Cut by nothing, the totals are read. @param cut what must be named by each row */
export function marks({ departments, types, from, to }: MarksQuestion, cut: 'department' | 'type' | null): RawBuilder<unknown> {
  const asked = inKeptSlice({ departments, types })
  const foldedDepartments =
    departments.length > 0 ? asked.departments : cut === 'department' ? sql`department_id <> 0` : sql`department_id = 0`
  const foldedTypes = types.length > 0 ? asked.types : cut === 'type' ? sql`type_id <> 0` : sql`type_id = 0`
  const columns = sql`select department_id, type_id, day, kind, deals, amount_minor from funnel_mark where day >= ${from}::date and day < ${to}::date`
  return sql`${columns} and folded and ${foldedDepartments} and ${foldedTypes}
    union all ${columns} and not folded and ${asked.departments} and ${asked.types}`
}

/** Counts all days from the summaries. The transaction must see one moment, and hold the cube. */
export async function countMarks(em: Em): Promise<void> {
  await selectRows(em, sql`select funnel_count_marks()`)
}

/** Adds up what has gathered. The transaction must hold the cube. @returns whether there was anything to do */
export async function foldMarks(em: Em): Promise<boolean> {
  const waiting = await selectRow(em, sql`select 1 from funnel_mark where not folded limit 1`)
  if (waiting) await selectRows(em, sql`select funnel_fold_marks()`)
  return waiting !== null
}
