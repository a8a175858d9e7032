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

/** Statuses in which a deal is being worked on; support and renewal hold the deals that are through and would fill every list. */
export function isBeingWorkedOn(status: StatusRefView): boolean {
  return status.category !== 'lost' && status.phase !== 'support' && status.phase !== 'renewal'
}

/**
 * @param work the person's deals being worked on, longest waiting first.
 * @param late his overdue ones, longest waiting first.
 * @param until first day outside of the week ahead; deals whose expected close has passed belong to it too.
 * @param hasNext false for deals whose process is through: they wait for nobody.
 */
export function sortToday(
  work: readonly DealRowView[],
  late: readonly DealRowView[],
  until: string,
  hasNext: (deal: DealRowView) => boolean,
): TodayLists {
  const rest = work.filter((deal) => !deal.overdue)
  const closing = rest
    .filter((deal) => isBeforeSale(deal.status) && deal.expectedCloseOn !== null && deal.expectedCloseOn < until)
    .sort((a, b) => (a.expectedCloseOn ?? '').localeCompare(b.expectedCloseOn ?? ''))
  const waiting = rest.filter((deal) => !closing.includes(deal) && hasNext(deal)).slice(0, shownWaiting)
  return { overdue: late, closing, waiting }
}
