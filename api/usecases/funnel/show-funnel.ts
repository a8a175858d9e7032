import { selectCohort, selectQueues, selectSnapshot } from '../../../db/queries/funnel.ts'
import { selectHistorySince } from '../../../db/queries/funnel-charts.ts'
import { countWithoutRate } from '../../../db/queries/funnel-money.ts'
import { type SliceNames, selectSliceNames } from '../../../db/queries/slice-names.ts'
import { type BottleneckReport, findBottlenecks, type WeekFlow } from '../../../shared/domain/funnel-bottleneck.ts'
import { type CohortFunnel, cohortFunnel } from '../../../shared/domain/funnel-cohort.ts'
import { type SnapshotFunnel, snapshotFunnel } from '../../../shared/domain/funnel-snapshot.ts'
import type { FunnelQuery } from '../../../shared/schemas/funnel.ts'
import type { Session } from '../../session.ts'
import type { StatusDictionary } from '../dictionary.ts'
import { type Asked, ask, isInView, readPaths, toDealClass } from './ask.ts'
import { computeFlow, type FlowFigures } from './compute-flow.ts'
import { type SlicedField, sayFields } from './say-fields.ts'

export type StayFigures = { readonly medianHours: number; readonly p90Hours: number }
type FunnelHead = {
  readonly asked: Asked
  readonly historySince: Date | null
  readonly names: SliceNames
  readonly withoutRate: number
  readonly fields: readonly SlicedField[]
}

export type ShownCohort = FunnelHead & {
  readonly basis: 'cohort'
  readonly funnel: CohortFunnel
  /** Resolved conversion over the preceding twelve months by status id. */
  readonly baseline: ReadonlyMap<number, { readonly resolved: number | null; readonly byAmount: number | null }>
  readonly stays: ReadonlyMap<number, StayFigures>
  readonly baselineStays: ReadonlyMap<number, StayFigures>
  readonly bottlenecks: BottleneckReport
}
export type ShownSnapshot = FunnelHead & { readonly basis: 'snapshot'; readonly snapshot: SnapshotFunnel }
export type ShownFlow = FunnelHead & { readonly basis: 'flow' } & FlowFigures
export type ShownFunnel = ShownCohort | ShownSnapshot | ShownFlow

/**
 * The funnel of the deals that the actor sees (product.md, section 3).
 * @param dictionary instead of the one in force: what would be, if it were so
 * @throws AppError not_found, input_invalid
 */
export async function showFunnel(session: Session, query: FunnelQuery, dictionary?: StatusDictionary): Promise<ShownFunnel> {
  const asked = await ask(session, query, dictionary)
  const { em, actor, locale } = session
  const { slice, span, bits, funnelStatuses } = asked
  // The longest first: the others are answered beside it.
  const [figures, historySince, names, withoutRate, fields] = await Promise.all([
    query.basis === 'snapshot'
      ? selectSnapshot(em, actor, slice, span.asOf, bits, session.organization.workCalendar != null)
      : query.basis === 'flow'
        ? computeFlow(session, asked)
        : computeCohort(session, asked),
    selectHistorySince(em, actor),
    selectSliceNames(em, actor, slice, locale),
    countWithoutRate(em, actor, slice, query.basis === 'snapshot' ? { asOf: span.asOf } : span, bits),
    sayFields(session, query.fields),
  ])
  const head: FunnelHead = { asked, historySince, names, withoutRate, fields }
  const inView = funnelStatuses.filter((status) => isInView(asked, status))
  if ('funnel' in figures) return { ...head, basis: 'cohort', ...figures }
  if ('flow' in figures) return { ...head, basis: 'flow', ...figures }
  return { ...head, basis: 'snapshot', snapshot: snapshotFunnel(inView, figures) }
}

async function computeCohort(session: Session, asked: Asked): Promise<Omit<ShownCohort, keyof FunnelHead | 'basis'>> {
  const { em, actor } = session
  const { slice, span, bits, funnelStatuses: statuses } = asked
  const { strict } = asked.query
  const [{ classes: rows, stays: stayRows }, queues, paths] = await Promise.all([
    selectCohort(em, actor, slice, span, bits),
    selectQueues(em, actor, slice, span, bits),
    readPaths(session, asked),
  ])
  const cohortOf = (baseline: boolean) =>
    cohortFunnel({
      statuses,
      paths,
      strict,
      classes: rows.filter((row) => row.baseline === baseline).map((row) => toDealClass(row, bits)),
    })
  const staysOf = (baseline: boolean) =>
    new Map(stayRows.filter((row) => row.baseline === baseline).map((row) => [row.statusId, row]))
  const [funnel, before] = [cohortOf(false), cohortOf(true)]
  const [stays, baselineStays] = [staysOf(false), staysOf(true)]
  const { won, wonAmountMinor } = funnel.totals
  return {
    funnel,
    baseline: new Map(
      before.layers.map((layer) => [
        layer.status.id,
        { resolved: layer.conversion.resolved, byAmount: layer.conversionByAmount.resolved },
      ]),
    ),
    stays,
    baselineStays,
    bottlenecks: findBottlenecks({
      layers: funnel.layers,
      baselineLayers: before.layers,
      medianHours: mediansOf(stays),
      baselineMedianHours: mediansOf(baselineStays),
      weeks: weeksOf(queues),
      averageWonMinor: won === 0 ? null : wonAmountMinor / won,
    }),
  }
}

function mediansOf(stays: ReadonlyMap<number, StayFigures>): Map<number, number> {
  return new Map([...stays].map(([id, stay]) => [id, stay.medianHours]))
}

/** Three weeks, oldest first; a week in which nothing moved counts as zeros. */
function weeksOf(queues: Awaited<ReturnType<typeof selectQueues>>): Map<number, WeekFlow[]> {
  const weeks = new Map<number, WeekFlow[]>()
  for (const { statusId, week, arrivals, departures } of queues) {
    const flow = weeks.get(statusId) ?? Array.from({ length: 3 }, () => ({ arrivals: 0, departures: 0 }))
    flow[2 - week] = { arrivals, departures }
    weeks.set(statusId, flow)
  }
  return weeks
}
