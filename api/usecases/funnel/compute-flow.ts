import {
  dealsThatLeft,
  isFlowKept,
  type LeftMarks,
  type MarksQuestion,
  selectMarkSums,
  selectTracedSums,
  type TracedDeals,
} from '../../../db/queries/flow-marks.ts'
import { dealsThatWent, type FlowQuestion, selectFlowWays } from '../../../db/queries/funnel-flow.ts'
import type { RawBuilder } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { countMarks, type MarkSum, marksOfPart, marksOfPhases } from '../../../shared/domain/flow-marks.ts'
import { phaseOrder } from '../../../shared/domain/funnel-chapters.ts'
import {
  classesOfWays,
  countClasses,
  type FlowCount,
  type FlowFunnel,
  flowClassesOf,
  flowFunnel,
  flowOutcomes,
  waysInto,
} from '../../../shared/domain/funnel-flow.ts'
import type { FlowPart } from '../../../shared/views/funnel.ts'
import type { Session } from '../../session.ts'
import { type Asked, isInView, shownLayers } from './ask.ts'
import { fingerprintIn } from './cube/fingerprint.ts'
import { readKeptSlice } from './cube/read-kept.ts'

export type FlowFigures = {
  readonly flow: FlowFunnel
  /** Deals with any entry into a shown layer, each once; amounts in minor units. */
  readonly totals: { readonly deals: number; readonly amountMinor: number; readonly entries: number }
}

/** A figure of one layer. */
export type FlowPlace = { readonly layerId: number; readonly part: string }

/** Where the answer comes from; all three give the very same. */
export const flowRoutes = ['marks', 'traces', 'visits'] as const
export type FlowRoute = (typeof flowRoutes)[number]

/**
 * What happened in the period (product.md, section 3, "Flow"), by the quickest way that can answer it: marks by day, whose cost does not depend on the number
 * of deals, traces of the deals of the slice, or the visits themselves, which can always.
 */
export async function computeFlow(session: Session, asked: Asked): Promise<FlowFigures> {
  for (const route of flowRoutes) {
    const figures = await computeFlowBy(route, session, asked)
    if (figures) return figures
  }
  throw new Error('the visits always answer')
}

/** The same by one way alone; null when it cannot answer. */
export async function computeFlowBy(route: FlowRoute, session: Session, asked: Asked): Promise<FlowFigures | null> {
  const counted = route === 'visits' ? await countByVisits(session, asked) : await countByMarks(route, session, asked)
  if (!counted) return null
  const { layers } = flowFunnel(asked.funnelStatuses, counted.counts)
  const flow = { layers: layers.filter((layer) => isInView(asked, layer.status)) }
  const entries = flow.layers.reduce((sum, layer) => sum + layer.entries, 0)
  return { flow, totals: { ...totalOf(counted.each), entries } }
}

type Counted = {
  readonly counts: readonly FlowCount[]
  /** Adds up to the deals with any entry into a shown layer. */
  readonly each: readonly { readonly count: number; readonly amountMinor: number }[]
}

async function countByVisits(session: Session, asked: Asked): Promise<Counted> {
  const ways = await selectFlowWays(session.em, questionOf(session, asked))
  const { funnelStatuses } = asked
  return { counts: countClasses(funnelStatuses, classesOfWays(funnelStatuses, ways)), each: waysInto(ways, shownIds(asked)) }
}

async function countByMarks(route: 'marks' | 'traces', session: Session, asked: Asked): Promise<Counted | null> {
  const sums = await readMarkSums(route, session, asked)
  return sums && { counts: countMarks(sums), each: eachThatLeft(sums, totalMarks(asked)) }
}

async function readMarkSums(route: 'marks' | 'traces', session: Session, asked: Asked): Promise<MarkSum[] | null> {
  if (!canMarksAnswer(asked)) return null
  const question = marksQuestion(session, asked)
  if (route === 'traces') return selectTracedSums(session.em, tracedDeals(session, asked), question)
  const kept = await readKeptSlice(session, asked)
  return kept && selectMarkSums(session.em, kept, question)
}

/** Of these marks a deal has left one or none. */
function eachThatLeft(sums: readonly MarkSum[], marks: readonly number[]): Counted['each'] {
  return sums.filter(({ mark }) => marks.includes(mark)).map(({ deals, amountMinor }) => ({ count: deals, amountMinor }))
}

function totalOf(each: Counted['each']): { readonly deals: number; readonly amountMinor: number } {
  return each.reduce(
    (total, { count, amountMinor }) => ({ deals: total.deals + count, amountMinor: total.amountMinor + amountMinor }),
    { deals: 0, amountMinor: 0 },
  )
}

/** Whatever became of a deal by now is what became of it by the end of the period; and traces know nobody who ran it before. */
function canMarksAnswer({ query, span, slice }: Asked): boolean {
  const isByEvent = slice.attribution === 'event' && slice.departments.length + slice.employees.length > 0
  return query.asOf === undefined && span.to > span.asOf && !isByEvent
}

function marksQuestion({ organization }: Session, { statuses, period }: Asked): MarksQuestion {
  return { ...period, fingerprint: fingerprintIn(organization.timeZone, statuses) }
}

function tracedDeals({ actor: viewer }: Session, { slice, bits }: Asked): TracedDeals {
  return { viewer, slice: { ...slice, attribution: 'current' }, bits }
}

function totalMarks({ query }: Asked): readonly number[] {
  return marksOfPhases(query.phase?.length ? query.phase : phaseOrder)
}

/**
 * The deals behind one figure of one layer, or behind the whole: the figure's own query, the ways or marks that the figure's own function chooses.
 * @throws AppError not_found for a status that is no layer, input_invalid for a part of another basis
 */
export async function conditionOfFlow(session: Session, asked: Asked, place: FlowPlace | null): Promise<RawBuilder<unknown>> {
  const left = leftMarks(session, asked, place)
  if (canMarksAnswer(asked) && (await isFlowKept(session.em, marksQuestion(session, asked).fingerprint)))
    return dealsThatLeft(left)
  const question = questionOf(session, asked)
  const ways = await selectFlowWays(session.em, question)
  if (!place) return dealsThatWent(question, waysInto(ways, shownIds(asked)))
  const classes = flowClassesOf(asked.funnelStatuses, classesOfWays(asked.funnelStatuses, ways), place.layerId, flowPart(place))
  return dealsThatWent(
    question,
    classes.map(({ way }) => way),
  )
}

/** The same by their marks: with the figure, which says how many they are and what they come to. Null: the marks cannot answer. */
export async function readLeftMarks(
  session: Session,
  asked: Asked,
  place: FlowPlace | null,
): Promise<{ readonly left: LeftMarks; readonly deals: number; readonly amountMinor: number } | null> {
  const left = leftMarks(session, asked, place)
  const sums = (await readMarkSums('marks', session, asked)) ?? (await readMarkSums('traces', session, asked))
  return sums && { left, ...totalOf(eachThatLeft(sums, left.marks)) }
}

function leftMarks(session: Session, asked: Asked, place: FlowPlace | null): LeftMarks {
  const marks = place ? marksOfPart(asked.funnelStatuses, place.layerId, flowPart(place)) : totalMarks(asked)
  return { ...tracedDeals(session, asked), ...asked.period, marks }
}

function flowPart({ part }: FlowPlace): FlowPart {
  if (!isFlowPart(part)) throw new AppError('input_invalid', { problems: [{ path: 'part', message: part }] })
  return part
}

function isFlowPart(part: string): part is FlowPart {
  return part === 'entered' || (flowOutcomes as readonly string[]).includes(part)
}

function questionOf({ actor }: Session, { slice, span, bits }: Asked): FlowQuestion {
  return { viewer: actor, slice, span, bits }
}

function shownIds(asked: Asked): readonly number[] {
  return shownLayers(asked).map((status) => status.id)
}
