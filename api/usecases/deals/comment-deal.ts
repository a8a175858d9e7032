import type { CommentDealInput } from '../../../shared/schemas/deals.ts'
import { type Session, transact } from '../../session.ts'
import { lockDeal, tellOthers } from './change-deal.ts'
import { recordEvent } from './deal-record.ts'
import { type DealCard, showDeal } from './show-deal.ts'

/**
 * Adds a comment. Comments never conflict: the deal's version stays, and clocks are not reset.
 * @throws AppError not_found, forbidden
 */
export function commentDeal(session: Session, input: CommentDealInput): Promise<DealCard> {
  return transact(session, async (inside) => {
    const { deal } = await lockDeal(inside, input.number, 'comment')
    const event = recordEvent(inside, deal, { kind: 'comment_added', text: input.text })
    await inside.em.flush()
    await tellOthers(inside, deal, event)
    return showDeal(inside, input)
  })
}
