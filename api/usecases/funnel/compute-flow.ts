import { dealsInFlow, dealsOfFlow, type FlowQuestion, selectFlow } from '../../../db/queries/funnel-flow.ts'
import type { RawBuilder } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { ladderOf } from '../../../shared/domain/funnel.ts'
import { type FlowFunnel, flowClassesOf, flowFunnel, flowOutcomes } from '../../../shared/domain/funnel-flow.ts'
import type { FlowPart } from '../../../shared/views/funnel.ts'
import type { Session } from '../../session.ts'
import { type Asked, isInView, shownLayers } from './ask.ts'

export type FlowFigures = {
  readonly flow: FlowFunnel
  /** Deals with any entry into a shown layer, each once; amounts in minor units. */
  readonly totals: { readonly deals: number; readonly amountMinor: number; readonly entries: number }
}

/** What happened in the period (product.md, section 3, "Flow"). */
export async function computeFlow(session: Session, asked: Asked): Promise<FlowFigures> {
  const { classes, deals, amountMinor } = await selectFlow(session.em, questionOf(session, asked))
  const { layers } = flowFunnel(asked.funnelStatuses, classes)
  const flow = { layers: layers.filter((layer) => isInView(asked, layer.status)) }
  return { flow, totals: { deals, amountMinor, entries: flow.layers.reduce((sum, layer) => sum + layer.entries, 0) } }
}

/**
 * The deals behind one figure of one layer: the figure's own query, the classes that the figure's own function chooses.
 * @throws AppError not_found for a status that is no layer, input_invalid for a part of another basis
 */
export async function conditionOfFlowPart(
  session: Session,
  asked: Asked,
  layerId: number,
  part: string,
): Promise<RawBuilder<unknown>> {
  if (!isFlowPart(part)) throw new AppError('input_invalid', { problems: [{ path: 'part', message: part }] })
  const question = { ...questionOf(session, asked), entered: [layerId] }
  const { classes } = await selectFlow(session.em, question)
  return dealsInFlow(question, flowClassesOf(asked.funnelStatuses, classes, layerId, part))
}

/** All deals of the figure. */
export function conditionOfFlow(session: Session, asked: Asked): RawBuilder<unknown> {
  return dealsOfFlow(questionOf(session, asked))
}

function isFlowPart(part: string): part is FlowPart {
  return part === 'entered' || (flowOutcomes as readonly string[]).includes(part)
}

function questionOf(session: Session, asked: Asked): FlowQuestion {
  const { slice, span, bits, funnelStatuses } = asked
  const { places } = ladderOf(funnelStatuses)
  return {
    viewer: session.actor,
    slice,
    span,
    bits,
    entered: shownLayers(asked).map((status) => status.id),
    climb: [...places.keys()].sort((a, b) => places.get(a)! - places.get(b)!),
  }
}
