import type { StatusRefView } from '../../../../shared/views/common.ts'
import type { DealRowView } from '../../../../shared/views/deals.ts'

/** The day's work of one person, each deal in one list only. */
export type TodayLists = {
  readonly overdue: readonly DealRowView[]
  readonly closing: readonly DealRowView[]
  readonly waiting: readonly DealRowView[]
}

const shownWaiting = 5

/** The expected close means the sale: after the won milestone it says nothing more. */
export function isBeforeSale(status: StatusRefView): boolean {
  return !status.isWon && status.category !== 'lost' && (status.phase === 'presale' || status.phase === 'sale')
}

/**
 * @param deals the person's open deals, longest waiting first.
 * @param until first day outside of the week ahead; deals whose expected close has passed belong to it too.
 * @param hasNext false for deals whose process is through: they wait for nobody.
 */
export function sortToday(deals: readonly DealRowView[], until: string, hasNext: (deal: DealRowView) => boolean): TodayLists {
  const overdue = deals.filter((deal) => deal.overdue)
  const rest = deals.filter((deal) => !deal.overdue)
  const closing = rest
    .filter((deal) => isBeforeSale(deal.status) && deal.expectedCloseOn !== null && deal.expectedCloseOn < until)
    .sort((a, b) => (a.expectedCloseOn ?? '').localeCompare(b.expectedCloseOn ?? ''))
  const waiting = rest.filter((deal) => !closing.includes(deal) && hasNext(deal)).slice(0, shownWaiting)
  return { overdue, closing, waiting }
}
