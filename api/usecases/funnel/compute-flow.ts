import { dealsThatWent, type FlowQuestion, selectFlowWays } from '../../../db/queries/funnel-flow.ts'
import type { RawBuilder } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import {
  classesOfWays,
  type FlowFunnel,
  flowClassesOf,
  flowFunnel,
  flowOutcomes,
  waysInto,
} from '../../../shared/domain/funnel-flow.ts'
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
  const ways = await selectFlowWays(session.em, questionOf(session, asked))
  const { layers } = flowFunnel(asked.funnelStatuses, classesOfWays(asked.funnelStatuses, ways))
  const flow = { layers: layers.filter((layer) => isInView(asked, layer.status)) }
  const counted = waysInto(ways, shownIds(asked))
  const total = (figure: 'count' | 'amountMinor') => counted.reduce((sum, way) => sum + way[figure], 0)
  const entries = flow.layers.reduce((sum, layer) => sum + layer.entries, 0)
  return { flow, totals: { deals: total('count'), amountMinor: total('amountMinor'), entries } }
}

/**
 * The deals behind one figure of one layer: the figure's own query, the ways that the figure's own function chooses.
 * @throws AppError not_found for a status that is no layer, input_invalid for a part of another basis
 */
export async function conditionOfFlowPart(
  session: Session,
  asked: Asked,
  layerId: number,
  part: string,
): Promise<RawBuilder<unknown>> {
  if (!isFlowPart(part)) throw new AppError('input_invalid', { problems: [{ path: 'part', message: part }] })
  const question = questionOf(session, asked)
  const classes = classesOfWays(asked.funnelStatuses, await selectFlowWays(session.em, question))
  return dealsThatWent(
    question,
    flowClassesOf(asked.funnelStatuses, classes, layerId, part).map(({ way }) => way),
  )
}

/** All deals of the figure. */
export async function conditionOfFlow(session: Session, asked: Asked): Promise<RawBuilder<unknown>> {
  const question = questionOf(session, asked)
  return dealsThatWent(question, waysInto(await selectFlowWays(session.em, question), shownIds(asked)))
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
