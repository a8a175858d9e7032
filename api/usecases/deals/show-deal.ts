import {
  type DealCardRow,
  type DealEventRow,
  type RunRow,
  selectDealCard,
  selectDealEvents,
  selectRuns,
  selectVisits,
  type VisitRow,
} from '../../../db/queries/deals.ts'
import { type ProcessVersionRow, selectProcessVersions } from '../../../db/queries/dictionaries.ts'
import { type DealTypeDocumentRow, selectDealDocuments, selectDocumentTypesFor } from '../../../db/queries/documents.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { canWithDocuments } from '../../../shared/domain/documents.ts'
import type { DealEventBody } from '../../../shared/domain/events.ts'
import { actionBehind, actionsFor, type DealAction, relationTo } from '../../../shared/domain/permissions.ts'
import type { ShowDealInput } from '../../../shared/schemas/deals.ts'
import type { Session } from '../../session.ts'
import { type FieldBook, readFieldBook } from '../deal-types/field-book.ts'
import { readStatuses, type StatusDictionary } from '../dictionary.ts'
import { type DealDocumentCard, withRights } from '../documents/document-rights.ts'
import { type RunWay, readWays } from './read-ways.ts'

/** A deal with all that a card needs, before it is put in words for a surface. */
export type DealCard = {
  readonly deal: DealCardRow
  readonly runs: readonly RunRow[]
  readonly versions: readonly ProcessVersionRow[]
  /** The ways on from the stage of each run, by its id; what is missing is said in the session's language. */
  readonly ways: ReadonlyMap<number, readonly RunWay[]>
  readonly visits: readonly VisitRow[]
  readonly statuses: StatusDictionary
  readonly book: FieldBook
  readonly actions: readonly DealAction[]
  readonly undo: { readonly eventId: number; readonly until: Date; readonly body: DealEventBody } | null
  readonly documents: readonly DealDocumentCard[]
  /** What documents the actor may add; none where he may not. */
  readonly documentTypes: readonly DealTypeDocumentRow[]
}

export const undoWindowMs = 10 * 60_000

/** One deal's card. @throws AppError not_found, the same for absent and invisible deals. */
export async function showDeal(session: Session, input: ShowDealInput): Promise<DealCard> {
  const deal = await selectDealCard(session.em, session.actor, input.number)
  if (!deal) throw new AppError('not_found')
  const runs = await selectRuns(session.em, deal.id)
  const versions = await selectProcessVersions(
    session.em,
    runs.map((run) => run.templateVersionId),
  )
  const ways = await readWays(session, deal, runs, versions)
  const visits = await selectVisits(session.em, deal.id)
  const events = await selectDealEvents(session.em, deal.id)
  const statuses = await readStatuses(session)
  const relation = relationTo(session.actor, deal)
  const permitted = actionsFor(session.actor, relation)
  const documents = await selectDealDocuments(session.em, session.actor, deal.id)
  const documentTypes = canWithDocuments(session.actor, 'write', relation)
    ? await selectDocumentTypesFor(session.em, deal.typeId)
    : []
  const last = undoableChange(session, deal, events)
  const undone = last && actionBehind(last.body.kind)
  const undo = undone && permitted.includes('undo') && permitted.includes(undone) ? last : null
  const actions = permitted.filter((action) =>
    isPossible(action, { lost: statuses.byId(deal.statusId).category === 'lost', undo: undo !== null }),
  )
  return {
    deal,
    runs,
    versions,
    ways,
    visits,
    statuses,
    book: await readFieldBook(session, [deal]),
    actions,
    undo,
    documents: documents.map((row) => withRights(session, row)),
    documentTypes,
  }
}

/** A deal's stays and events, newest first. @throws AppError not_found */
export async function showHistory(
  session: Session,
  input: ShowDealInput,
): Promise<{ visits: readonly VisitRow[]; events: readonly DealEventRow[]; statuses: StatusDictionary }> {
  const deal = await selectDealCard(session.em, session.actor, input.number)
  if (!deal) throw new AppError('not_found')
  return {
    visits: await selectVisits(session.em, deal.id),
    events: await selectDealEvents(session.em, deal.id),
    statuses: await readStatuses(session),
  }
}

function isPossible(action: DealAction, state: { readonly lost: boolean; readonly undo: boolean }): boolean {
  switch (action) {
    case 'move':
    case 'setStatus':
    case 'lose':
      return !state.lost
    case 'reopen':
      return state.lost
    case 'undo':
      return state.undo
    case 'edit':
    case 'reassign':
    case 'invite':
    case 'comment':
      return true
  }
}

/** The newest change, while nothing has followed it and its ten minutes have not passed. */
function undoableChange(session: Session, deal: DealCardRow, events: readonly DealEventRow[]): DealCard['undo'] {
  const last = events.find((event) => event.undoVersion === deal.version && !event.voided)
  if (!last) return null
  const until = new Date(last.recordedAt.getTime() + undoWindowMs)
  return until > session.now ? { eventId: last.id, until, body: last.body } : null
}
