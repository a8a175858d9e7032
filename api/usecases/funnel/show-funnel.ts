import type { QueueRow } from '../../../db/queries/funnel-queues.ts'
import { selectSnapshot } from '../../../db/queries/funnel-standing.ts'
import type { SliceNames } from '../../../db/queries/slice-names.ts'
import {
  type BottleneckInput,
  type BottleneckReport,
  findBottlenecks,
  type WeekFlow,
} from '../../../shared/domain/funnel-bottleneck.ts'
import { type ChapterFigures, type CohortFunnel, chaptersOfSums, funnelOfSums } from '../../../shared/domain/funnel-cohort.ts'
import { type SnapshotFunnel, type SnapshotRow, snapshotFunnel } from '../../../shared/domain/funnel-snapshot.ts'
import type { StatusTimes, TimeFigures } from '../../../shared/domain/status-times.ts'
import type { FunnelQuery } from '../../../shared/schemas/funnel.ts'
import type { Phase } from '../../../shared/views/common.ts'
import type { Session } from '../../session.ts'
import type { StatusDictionary } from '../dictionary.ts'
import { type Asked, ask, isInView, standingQuestion } from './ask.ts'
import { computeFlow, type FlowFigures } from './compute-flow.ts'
import { readKeptSlice } from './cube/read-kept.ts'
import { type AskedSums, readSums } from './cube/read-sums.ts'
import { readHistorySince } from './history-since.ts'
import { nameSlice } from './name-slice.ts'
import { type Pace, readPace } from './read-pace.ts'
import type { FunnelTimes } from './read-times.ts'
import { type SlicedField, sayFields } from './say-fields.ts'
import { readWithoutRate } from './without-rate.ts'

export type FunnelHead = {
  readonly asked: Asked
  readonly historySince: Date | null
  readonly names: SliceNames
  readonly withoutRate: number
  readonly fields: readonly SlicedField[]
}

export type ShownCohort = FunnelHead & {
  readonly basis: 'cohort'
  readonly funnel: CohortFunnel
  readonly chapters: readonly ChapterFigures[]
  readonly chaptersBefore: ReadonlyMap<Phase, ChapterFigures>
  /** Resolved conversion over the preceding twelve months by status id. */
  readonly baseline: ReadonlyMap<number, { readonly resolved: number | null; readonly byAmount: number | null }>
  readonly stays: FunnelTimes
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
  const { funnelStatuses } = asked
  // The longest first: the others are answered beside it.
  const [figures, historySince, names, withoutRate, fields] = await Promise.all([
    query.basis === 'snapshot'
      ? computeSnapshot(session, asked)
      : query.basis === 'flow'
        ? computeFlow(session, asked)
        : computeCohort(session, asked),
    readHistorySince(session),
    nameSlice(session, asked),
    readWithoutRate(session, asked),
    sayFields(session, query.fields),
  ])
  const head: FunnelHead = { asked, historySince, names, withoutRate, fields }
  const inView = funnelStatuses.filter((status) => isInView(asked, status))
  if ('funnel' in figures) return { ...head, basis: 'cohort', ...figures }
  if ('flow' in figures) return { ...head, basis: 'flow', ...figures }
  return { ...head, basis: 'snapshot', snapshot: snapshotFunnel(inView, figures) }
}

async function computeSnapshot(session: Session, asked: Asked): Promise<readonly SnapshotRow[]> {
  const question = standingQuestion(session, asked)
  const kept = question.isPresent ? await readKeptSlice(session, asked) : null
  return selectSnapshot(session.em, question, session.organization.workCalendar, kept)
}

type CohortFigures = Omit<ShownCohort, keyof FunnelHead | 'basis'>
/** What follows from the sums alone. */
type Counted = Pick<CohortFigures, 'funnel' | 'chapters' | 'chaptersBefore' | 'baseline'> & {
  readonly before: CohortFunnel
  readonly deals: number
  readonly figures: string
}

const counted = new WeakMap<AskedSums, Counted>()
const shown = new WeakMap<Pace, WeakMap<Counted, { readonly view: string; readonly figures: CohortFigures }>>()

/** Every figure, once for as long as sums and pace are the same. */
async function computeCohort(session: Session, asked: Asked): Promise<CohortFigures> {
  const sums = await readSums(session, asked)
  const known = counted.get(sums) ?? countOf(asked, sums)
  counted.set(sums, known)
  const pace = await readPace(session, asked, known)
  const inWorkingTime = session.organization.workCalendar != null
  const view = JSON.stringify([asked.query.phase, inWorkingTime])
  const ofPace = shown.get(pace) ?? new WeakMap()
  shown.set(pace, ofPace)
  const found = ofPace.get(known)
  if (found?.view === view) return found.figures
  const figures = figuresWith(asked, known, pace, inWorkingTime)
  ofPace.set(known, { view, figures })
  return figures
}

function countOf({ funnelStatuses: statuses }: Asked, sums: AskedSums): Counted {
  const [funnel, before] = [funnelOfSums(statuses, sums.own), funnelOfSums(statuses, sums.before)]
  return {
    funnel,
    before,
    deals: funnel.totals.deals + before.totals.deals,
    figures: figuresOf([funnel, before]),
    chapters: chaptersOfSums(statuses, sums.own),
    chaptersBefore: new Map(chaptersOfSums(statuses, sums.before).map((chapter) => [chapter.phase, chapter])),
    baseline: new Map(
      before.layers.map((layer) => [
        layer.status.id,
        { resolved: layer.conversion.resolved, byAmount: layer.conversionByAmount.resolved },
      ]),
    ),
  }
}

function figuresWith(
  asked: Asked,
  { funnel, before, chapters, chaptersBefore, baseline }: Counted,
  { stays, queues }: Pace,
  inWorkingTime: boolean,
): CohortFigures {
  const { won, wonAmountMinor } = funnel.totals
  return {
    funnel,
    chapters,
    chaptersBefore,
    baseline,
    stays,
    bottlenecks: findBottlenecks({
      layers: funnel.layers,
      baselineLayers: before.layers,
      ...mediansOf(stays, inWorkingTime),
      weeks: weeksOf(queues),
      isInView: (status) => isInView(asked, status),
      averageWonMinor: won === 0 ? null : wonAmountMinor / won,
    }),
  }
}

function figuresOf(funnels: readonly CohortFunnel[]): string {
  return JSON.stringify(
    funnels.map(({ totals, layers }) => [totals, layers.map(({ reached, passed, lost, open }) => [reached, passed, lost, open])]),
  )
}

/** By the clock of the limits. A median that cannot be told yet is at least so long; of the twelve months before it proves nothing. */
function mediansOf(
  { times, before }: FunnelTimes,
  inWorkingTime: boolean,
): Pick<BottleneckInput, 'medianHours' | 'baselineMedianHours'> {
  const pick = (all: ReadonlyMap<number, StatusTimes>, read: (figures: TimeFigures) => number | null) =>
    new Map(
      [...all].flatMap(([id, figures]) => {
        const hours = read(inWorkingTime ? figures.working : figures)
        return hours === null ? [] : [[id, hours] as const]
      }),
    )
  return {
    medianHours: pick(times, ({ medianHours, medianOverHours }) => medianHours ?? medianOverHours),
    baselineMedianHours: pick(before, ({ medianHours }) => medianHours),
  }
}

/** Three weeks, oldest first; a week in which nothing moved counts as zeros. */
function weeksOf(queues: readonly QueueRow[]): Map<number, WeekFlow[]> {
  const weeks = new Map<number, WeekFlow[]>()
  for (const { statusId, week, arrivals, departures } of queues) {
    const flow = weeks.get(statusId) ?? Array.from({ length: 3 }, () => ({ arrivals: 0, departures: 0 }))
    flow[2 - week] = { arrivals, departures }
    weeks.set(statusId, flow)
  }
  return weeks
}
