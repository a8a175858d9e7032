import { showHistory } from '../api/usecases/deals/show-deal.ts'
import { describeEvent } from '../shared/messages/describe.ts'
import { formatTime } from './deal-words.ts'
import type { LinkedTurn } from './turn.ts'

export type LastChange = { readonly person: string; readonly at: string; readonly what: string }

/** Who changed the deal last, when and what; plain text. Null where no person did. */
export async function findLastChange(turn: LinkedTurn, number: number): Promise<LastChange | null> {
  const { events } = await showHistory(turn.session, { number })
  const newest = events.find((event) => event.body.kind !== 'comment_added')
  // What went with it, such as a status, stands beside it: the change itself is the one that can be undone.
  const main = events.find((event) => event.undoVersion !== null && event.recordedAt.getTime() === newest?.recordedAt.getTime())
  const last = main ?? newest
  if (!last?.actorName) return null
  const { timeZone, baseCurrency } = turn.session.organization
  const what = describeEvent(last.body, turn.locale, { timeZone, currency: baseCurrency }).title
  return { person: last.actorName, at: formatTime(last.recordedAt, turn), what }
}
