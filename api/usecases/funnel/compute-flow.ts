import { dealsThatWent, type FlowQuestion, selectFlowWays } from '../../../db/queries/funnel-flow.ts'
import {
  dealsThatLeft,
  isFlowKept,
  type MarksQuestion,
  selectMarkSums,
  selectTracedSums,
  type TracedDeals,
} from '../../../db/queries/funnel-flows.ts'
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
import { readKeptSlice } from './cube/read-kept.ts'
import { fingerprintIn } from './cube/read-sums.ts'

export type FlowFigures = {
  readonly flow: FlowFunnel
  /** Deals with any entry into a shown layer, each once; amounts in minor units. */
  readonly totals: { readonly deals: number; readonly amountMinor: number; readonly entries: number }
}

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
  const sums = canMarksAnswer(asked) ? await readMarkSums(route, session, asked) : null
  if (!sums) return null
  const ofTotal = new Set(totalMarks(asked))
  const each = sums.filter(({ mark }) => ofTotal.has(mark)).map(({ deals, amountMinor }) => ({ count: deals, amountMinor }))
  return { counts: countMarks(sums), each }
}

async function readMarkSums(route: 'marks' | 'traces', session: Session, asked: Asked): Promise<MarkSum[] | null> {
  const question = marksQuestion(session, asked)
  if (route === 'traces') return selectTracedSums(session.em, tracedDeals(session, asked), question)
  const kept = await readKeptSlice(session, asked)
  return kept && selectMarkSums(session.em, kept, question)
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
 * The deals behind one figure of one layer: the figure's own query, the ways or marks that the figure's own function chooses.
 * @throws AppError not_found for a status that is no layer, input_invalid for a part of another basis
 */
export async function conditionOfFlowPart(
  session: Session,
  asked: Asked,
  layerId: number,
  part: string,
): Promise<RawBuilder<unknown>> {
  if (!isFlowPart(part)) throw new AppError('input_invalid', { problems: [{ path: 'part', message: part }] })
  const marked = await conditionOfMarks(session, asked, marksOfPart(asked.funnelStatuses, layerId, part))
  if (marked) return marked
  const question = questionOf(session, asked)
  const classes = classesOfWays(asked.funnelStatuses, await selectFlowWays(session.em, question))
  return dealsThatWent(
    question,
    flowClassesOf(asked.funnelStatuses, classes, layerId, part).map(({ way }) => way),
  )
}

/** All deals of the figure. */
export async function conditionOfFlow(session: Session, asked: Asked): Promise<RawBuilder<unknown>> {
  const marked = await conditionOfMarks(session, asked, totalMarks(asked))
  if (marked) return marked
  const question = questionOf(session, asked)
  return dealsThatWent(question, waysInto(await selectFlowWays(session.em, question), shownIds(asked)))
}

/** Null: the marks cannot answer. */
async function conditionOfMarks(session: Session, asked: Asked, marks: readonly number[]): Promise<RawBuilder<unknown> | null> {
  const question = marksQuestion(session, asked)
  if (!canMarksAnswer(asked) || !(await isFlowKept(session.em, question.fingerprint))) return null
  return dealsThatLeft(tracedDeals(session, asked), question, marks)
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
