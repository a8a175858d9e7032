import type { Em } from '../orm.ts'
import { type RawBuilder, selectRows, sql } from '../sql.ts'
import { facts, maskColumns, visitedText } from './funnel-facts.ts'
import type { FunnelSlice, StatusBits } from './funnel-slice.ts'
import { cutBy } from './slice-keys.ts'
import { type Viewer, visibleDeals } from './visibility.ts'

/**
 * The one query behind every funnel figure and the list that makes it up. Deals of a cohort are grouped into classes (path, statuses visited,
 * status now); `shared/domain/funnel` computes on classes, and says which classes a figure is made of, so a list cannot differ from its figure.
 */

/** Instants; `from` and `to` half-open, `baselineFrom` the start of the twelve months before. */
export type FunnelSpan = { readonly baselineFrom: Date; readonly from: Date; readonly to: Date; readonly asOf: Date }

export type ClassRow = {
  readonly baseline: boolean
  readonly path: number
  /** A text of 0 and 1, a place per status of `StatusBits.ids`. */
  readonly visited: string
  readonly current: number
  readonly count: number
  readonly amountMinor: number
}

/** The cohort and the baseline cohort (entries in the twelve months before) as classes. */
export function selectCohort(
  em: Em,
  viewer: Viewer,
  slice: FunnelSlice,
  span: FunnelSpan,
  bits: StatusBits,
): Promise<ClassRow[]> {
  return selectRows<ClassRow>(
    em,
    sql`select anchor < ${span.from} as baseline, path, ${visitedText(bits)} as visited, current, count(*)::int as count, sum(amount_minor)::bigint as "amountMinor"
    from (${facts(viewer, slice, { ...span, from: span.baselineFrom }, bits)}) as both_cohorts group by baseline, path, ${sql.join(maskColumns(bits))}, current`,
  )
}

export type MemberRow = Omit<ClassRow, 'baseline'> & { readonly dealIds: readonly number[] }

/** The cohort's classes with the deals of each, for the lists behind figures. */
export function selectCohortMembers(
  em: Em,
  viewer: Viewer,
  slice: FunnelSlice,
  span: FunnelSpan,
  bits: StatusBits,
): Promise<MemberRow[]> {
  return selectRows(
    em,
    sql`select path, ${visitedText(bits)} as visited, current, count(*)::int as count, sum(amount_minor)::bigint as "amountMinor",
      jsonb_agg(deal_id) as "dealIds"
    from (${facts(viewer, slice, span, bits)}) as facts group by path, ${sql.join(maskColumns(bits))}, current`,
  )
}

/** `m`, or how it is called: every status's id beside the id it counts as. */
export function mergedStatuses(bits: StatusBits, name = 'm'): RawBuilder<unknown> {
  return sql`unnest(${[...bits.resolved.keys()]}::int[], ${[...bits.resolved.values()]}::int[]) as ${sql.ref(name)} (id, to_id)`
}

export type SplitKey = 'type' | 'counterparty' | 'department' | 'employee'
export type SplitClassRow = Omit<ClassRow, 'baseline'> & { readonly key: number | null; readonly name: string | null }

/** The cohort's classes, cut by one slice. */
export function selectSplitClasses(
  em: Em,
  viewer: Viewer,
  slice: FunnelSlice,
  span: FunnelSpan,
  bits: StatusBits,
  by: SplitKey,
  locale: 'ru' | 'en',
): Promise<SplitClassRow[]> {
  const cut = cutBy(slice, bits, by, locale)
  return selectRows<SplitClassRow>(
    em,
    sql`select ${cut.key} as key, ${cut.name} as name, path, ${visitedText(bits)} as visited, current, count(*)::int as count,
      sum(facts.amount_minor)::bigint as "amountMinor"
    from (${facts(viewer, slice, span, bits)}) as facts join deal on deal.id = facts.deal_id ${cut.join} group by 1, 2, 3, 4, 5`,
  )
}

/** A condition over the alias `deal`: these deals, as far as they are visible. */
export function dealsWithIds(viewer: Viewer, ids: readonly number[]): RawBuilder<unknown> {
  return sql`${visibleDeals(viewer)} and deal.id = any(${[...ids]}::bigint[])`
}
