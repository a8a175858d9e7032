import { selectCohortIds } from '../../../db/queries/funnel-deals.ts'
import {
  dealsStillThere,
  type StaysRow,
  sampleOfDeals,
  selectLastDealId,
  selectStays,
  type TimesQuestion,
} from '../../../db/queries/funnel-times.ts'
import { selectWorkCalendar, workClock } from '../../../db/queries/work-clock.ts'
import type { RawBuilder } from '../../../db/sql.ts'
import { ladderOf, type Paths } from '../../../shared/domain/funnel.ts'
import { type StatusTimes, statusTimesOf } from '../../../shared/domain/status-times.ts'
import type { Session } from '../../session.ts'
import { type Asked, readPaths } from './ask.ts'
import { latestOf } from './cube/read-sums.ts'

/** Above this many deals a sample is looked at: quantiles of so many are as good as those of all. */
export const mostTimed = 10_000

export type FunnelTimes = {
  /** By status id; of the cohort, and of the twelve months before. */
  readonly times: ReadonlyMap<number, StatusTimes>
  readonly before: ReadonlyMap<number, StatusTimes>
  /** How many deals, of both, were looked at; null: all. */
  readonly sampledDeals: number | null
}

/** How long the cohort's deals stay in each status. @param deals how many there are, with those of the twelve months before */
export async function readTimes(session: Session, asked: Asked, deals: number, paths: Paths): Promise<FunnelTimes> {
  const isSample = deals > mostTimed
  const [calendar, lastId] = await Promise.all([selectWorkCalendar(session.em), isSample ? selectLastDealId(session.em) : null])
  const sample = lastId === null ? null : sampleOfDeals(mostTimed, deals, lastId)
  const { stays: rows, deals: looked } = await selectStays(session.em, await questionOf(session, asked, paths, calendar, sample))
  return {
    times: timesOf(rows.filter((row) => !row.baseline)),
    before: timesOf(rows.filter((row) => row.baseline)),
    sampledDeals: isSample ? looked : null,
  }
}

/** A condition over the alias `deal`: those of the cohort that are still in a status, as the times of the status count them. */
export async function conditionOfStillThere(session: Session, asked: Asked, statusId: number): Promise<RawBuilder<unknown>> {
  const [calendar, paths] = await Promise.all([selectWorkCalendar(session.em), readPaths(session, asked)])
  // Those of the twelve months before are not asked for.
  const own = { ...asked, span: { ...asked.span, baselineFrom: asked.span.from } }
  return dealsStillThere(await questionOf(session, own, paths, calendar, null), statusId)
}

async function questionOf(
  session: Session,
  asked: Asked,
  paths: Paths,
  calendar: Parameters<typeof workClock>[0],
  sample: TimesQuestion['sample'],
): Promise<TimesQuestion> {
  const { slice, span, bits } = asked
  return {
    ...placesOf(asked, paths),
    viewer: session.actor,
    slice,
    span,
    bits,
    clock: workClock(calendar),
    sample,
    ids: await selectCohortIds(session.em, session.actor, slice, { ...span, asOf: latestOf(asked) }, bits, sample),
  }
}

/** Places from 1, as the database counts. A deal without a known path is done only at the end of all layers. */
function placesOf({ funnelStatuses }: Asked, paths: Paths): Pick<TimesQuestion, 'climb' | 'paused' | 'ends' | 'end'> {
  const { places, layers } = ladderOf(funnelStatuses)
  const lastOf = (ids: readonly number[]) => Math.max(-1, ...ids.map((id) => places.get(id) ?? -1)) + 1
  return {
    climb: [...places.keys()].sort((a, b) => places.get(a)! - places.get(b)!),
    paused: funnelStatuses.filter((status) => status.category === 'paused').map((status) => status.id),
    ends: new Map([...paths].filter(([, path]) => path.length > 0).map(([version, path]) => [version, lastOf(path)])),
    end: lastOf(layers.map((layer) => layer.id)),
  }
}

function timesOf(rows: readonly StaysRow[]): Map<number, StatusTimes> {
  const both = (group: readonly StaysRow[], clock: 'seconds' | 'worked') => ({
    left: group.find((row) => !row.here)?.[clock] ?? [],
    here: group.find((row) => row.here)?.[clock] ?? [],
  })
  const groups = Map.groupBy(rows, ({ statusId }) => statusId)
  return new Map([...groups].map(([id, group]) => [id, statusTimesOf(both(group, 'seconds'), both(group, 'worked'))]))
}
