import { type CohortFunnel, cohortFunnel } from '../../../shared/domain/funnel-cohort.ts'
import type { FunnelQuery } from '../../../shared/schemas/funnel.ts'
import type { ReportSlice } from '../../../shared/views/reports.ts'
import type { Session } from '../../session.ts'
import { ask, readPaths } from '../funnel/ask.ts'
import { readSplitClasses } from '../funnel/cube/split-classes.ts'
import { readFunnelDictionary } from '../funnel/kept-dictionary.ts'

/** The funnel of one slice value, `word` in an address; `id` 0 and no name: deals that have none. */
export type SlicedFunnel = {
  readonly id: number
  readonly word: string
  readonly name: string | null
  readonly funnel: CohortFunnel
}

/**
 * A cohort's funnel once more for each type, department or employee that has deals in it: of the funnel's own classes, so that the rows add up to it.
 * @throws AppError not_found, input_invalid
 */
export async function sliceFunnel(session: Session, query: FunnelQuery, by: ReportSlice): Promise<readonly SlicedFunnel[]> {
  const asked = await ask(session, { ...query, basis: 'cohort' })
  const statuses = asked.funnelStatuses
  const [rows, paths, { types }] = await Promise.all([
    readSplitClasses(session, asked, by),
    readPaths(session, asked),
    readFunnelDictionary(session),
  ])
  const wordOf = (id: number) => (by === 'type' ? (types.find((type) => type.id === id)?.code ?? '') : String(id))
  const sliced = [...Map.groupBy(rows, ({ key }) => key ?? 0)].map(([id, own]): SlicedFunnel => {
    const funnel = cohortFunnel({ statuses, paths, strict: query.strict, classes: own })
    return { id, word: wordOf(id), name: own[0]?.name ?? null, funnel }
  })
  return sliced.sort((a, b) => b.funnel.totals.deals - a.funnel.totals.deals || a.id - b.id)
}
