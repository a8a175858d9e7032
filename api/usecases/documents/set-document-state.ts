import { selectPaidMinor } from '../../../db/queries/documents.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { canEverTakeTo, canTakeStep, mayFollow } from '../../../shared/domain/documents.ts'
import { nameDocumentState } from '../../../shared/messages/describe-condition.ts'
import type { SetDocumentStateInput } from '../../../shared/schemas/documents.ts'
import type { Session } from '../../session.ts'
import type { Right } from '../deals/change-deal.ts'
import type { DealCard } from '../deals/show-deal.ts'
import { changeDocument, documentRef, hearState } from './change-document.ts'

/**
 * Takes a document to another state: on approval, approved or rejected, signed, void.
 * @throws AppError not_found, forbidden, version_stale, document_step_wrong, document_paid (payments are taken back before it is voided)
 */
export function setDocumentState(session: Session, input: SetDocumentStateInput): Promise<DealCard> {
  // Whether the right reaches depends on the state the document is in: asked again below.
  const right: Right = (relation) => canEverTakeTo(session.actor, relation, input.state)
  return changeDocument(session, input, right, async (change, document) => {
    const { session: inside, relation } = change
    const { state: to } = input
    const name = (state: typeof to) => nameDocumentState(state, inside.locale)
    if (!mayFollow(document.state, to)) throw new AppError('document_step_wrong', { from: name(document.state), to: name(to) })
    if (!canTakeStep(inside.actor, relation, document.state, to)) throw new AppError('forbidden')
    if (to === 'void' && (await selectPaidMinor(inside.em, document.id)) > 0) throw new AppError('document_paid')
    document.state = to
    hearState(change, document)
    const comment = input.comment === undefined ? {} : { comment: input.comment }
    return { kind: 'document_changed', ...documentRef(document), state: to, ...comment }
  })
}
