import { selectSplitClasses } from '../../../db/queries/funnel.ts'
import { type CohortFunnel, cohortFunnel } from '../../../shared/domain/funnel-cohort.ts'
import type { FunnelQuery } from '../../../shared/schemas/funnel.ts'
import type { ReportSlice } from '../../../shared/views/reports.ts'
import type { Session } from '../../session.ts'
import { ask, readPaths, toDealClass } from '../funnel/ask.ts'

/** The funnel of one slice value; `id` 0 and no name: deals that have none. */
export type SlicedFunnel = { readonly id: number; readonly name: string | null; readonly funnel: CohortFunnel }

/**
 * A cohort's funnel once more for each type, department or employee that has deals in it: of the funnel's own classes, so that the rows add up to it.
 * @throws AppError not_found, input_invalid
 */
export async function sliceFunnel(session: Session, query: FunnelQuery, by: ReportSlice): Promise<readonly SlicedFunnel[]> {
  const asked = await ask(session, { ...query, basis: 'cohort' })
  const { slice, span, bits, funnelStatuses: statuses } = asked
  const [rows, paths] = await Promise.all([
    selectSplitClasses(session.em, session.actor, slice, span, bits, by, session.locale),
    readPaths(session, asked),
  ])
  const sliced = [...Map.groupBy(rows, ({ key }) => key ?? 0)].map(([id, own]): SlicedFunnel => {
    const classes = own.map((row) => toDealClass(row, bits))
    return { id, name: own[0]?.name ?? null, funnel: cohortFunnel({ statuses, paths, strict: query.strict, classes }) }
  })
  return sliced.sort((a, b) => b.funnel.totals.deals - a.funnel.totals.deals || a.id - b.id)
}
