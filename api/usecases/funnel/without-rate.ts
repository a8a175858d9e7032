import { selectDealTotals } from '../../../db/queries/deals.ts'
import { leftOutOf } from '../../../db/queries/funnel-money.ts'
import type { FunnelSlice } from '../../../db/queries/funnel-slice.ts'
import type { Session } from '../../session.ts'
import type { Asked } from './ask.ts'
import { conditionOfFigure } from './figure-condition.ts'

/** The same question about only those of its deals that its sums leave out. @param only not true: as it is */
export function leftOut<Question extends { readonly slice: FunnelSlice }>(
  question: Question,
  only: boolean | undefined,
): Question {
  return only ? { ...question, slice: leftOutOf(question.slice) } : question
}

/** Deals of the whole figure that its sums leave out, as its list has them; most companies have none anywhere, and need not be asked. */
export async function readWithoutRate(session: Session, asked: Asked): Promise<number> {
  if (session.organization.hasDealsWithoutRate === false) return 0
  return (await selectDealTotals(session.em, await conditionOfFigure(session, leftOut(asked, true)))).total
}
