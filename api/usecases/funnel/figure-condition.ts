import { dealsWithIds, selectCohortMembers } from '../../../db/queries/funnel.ts'
import { canSummariesAnswer, dealsOfClasses } from '../../../db/queries/funnel-deals.ts'
import { dealsStanding } from '../../../db/queries/funnel-standing.ts'
import { selectLimitInstants } from '../../../db/queries/overdue.ts'
import type { RawBuilder } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import type { LayerPart } from '../../../shared/domain/funnel.ts'
import { type ChapterPart, findChapter } from '../../../shared/domain/funnel-chapters.ts'
import { classesOf } from '../../../shared/domain/funnel-cohort.ts'
import type { ListFunnelDealsInput } from '../../../shared/schemas/funnel.ts'
import type { Session } from '../../session.ts'
import { type Asked, readPaths, standingQuestion, standingStatuses, toDealClass } from './ask.ts'
import { conditionOfFlow, type FlowPlace } from './compute-flow.ts'
import { latestOf } from './cube/read-sums.ts'
import { conditionOfStillThere } from './read-times.ts'

/** A layer or a chapter: `id` of the layer's status, or of the chapter. */
export type FigurePlace = { readonly kind: 'layer' | 'chapter'; readonly id: number }
type Part = ListFunnelDealsInput['part']

const chapterParts: readonly ChapterPart[] = ['reached', 'passed', 'lost', 'open', 'finished', 'skipped']
const layerParts: readonly LayerPart[] = [...chapterParts, 'through', 'joined']

/** What the question names; null: the whole figure. @throws AppError not_found, input_invalid for a chapter of another basis than the cohort */
export function placeOf(asked: Asked, { layer, chapter, basis }: ListFunnelDealsInput): FigurePlace | null {
  if (layer !== undefined) return { kind: 'layer', id: asked.statuses.resolve(asked.statuses.find(layer).id).id }
  if (chapter === undefined) return null
  if (basis !== 'cohort') throw new AppError('input_invalid', { problems: [{ path: 'chapter', message: basis }] })
  return { kind: 'chapter', id: findChapter(asked.funnelStatuses, chapter).id }
}

/** Of a layer of a cohort: those that are in its status now, wherever else they have been. */
export function isStillThere({ kind }: FigurePlace, part: Part): boolean {
  return kind === 'layer' && part === 'stillThere'
}

/** The whole layer or chapter unless told. @throws AppError input_invalid for a part that it does not have */
export function cohortPart({ kind }: FigurePlace, part: Part): LayerPart {
  const found = (kind === 'chapter' ? chapterParts : layerParts).find((one) => one === (part ?? 'reached'))
  if (!found) throw new AppError('input_invalid', { problems: [{ path: 'part', message: String(part) }] })
  return found
}

/** Of a layer of a flow: all that entered unless told. */
export function flowPlaceOf({ id }: FigurePlace, part: Part): FlowPlace {
  return { layerId: id, part: part ?? 'entered' }
}

/** A condition over the alias `deal`: the deals of the whole figure, the cohort or all that stand somewhere. */
export async function conditionOfFigure(session: Session, asked: Asked): Promise<RawBuilder<unknown>> {
  const { slice, span, bits, query } = asked
  if (query.basis === 'flow') return conditionOfFlow(session, asked, null)
  if (query.basis === 'cohort' && (await canSummariesAnswer(session.em, latestOf(asked), bits)))
    return dealsOfClasses({ viewer: session.actor, slice, bits, span, classIds: null })
  return query.basis === 'snapshot'
    ? dealsStanding(
        standingQuestion(session, asked),
        standingStatuses(asked).map((status) => status.id),
      )
    : dealsWithIds(session.actor, idsOf(await selectCohortMembers(session.em, session.actor, slice, span, bits)))
}

/** A condition over the alias `deal`: the deals of one part of a layer or of a chapter, from the visits. @throws AppError input_invalid */
export async function conditionOfPart(
  session: Session,
  asked: Asked,
  place: FigurePlace,
  part: Part,
): Promise<RawBuilder<unknown>> {
  const { slice, span, bits, query } = asked
  if (query.basis === 'snapshot') {
    const question = standingQuestion(session, asked)
    const limits =
      part === 'overdue' ? await selectLimitInstants(session.em, question.asOf, session.organization.workCalendar) : null
    return dealsStanding(question, [place.id], limits)
  }
  if (query.basis === 'flow') return conditionOfFlow(session, asked, flowPlaceOf(place, part))
  if (isStillThere(place, part)) return conditionOfStillThere(session, asked, place.id)
  const chosen = cohortPart(place, part)
  const [members, paths] = await Promise.all([
    selectCohortMembers(session.em, session.actor, slice, span, bits),
    readPaths(session, asked),
  ])
  const classes = members.map((row) => toDealClass(row, bits))
  const found = classesOf({ statuses: asked.funnelStatuses, paths, strict: query.strict, classes }, place.id, chosen)
  return dealsWithIds(session.actor, idsOf(found.map((dealClass) => dealClass.row)))
}

function idsOf(members: readonly { readonly dealIds: readonly number[] }[]): number[] {
  return members.flatMap((row) => row.dealIds)
}
