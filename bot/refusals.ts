import { z } from 'zod'
import { findButton } from '../api/usecases/chat/buttons.ts'
import { showDeal, showHistory } from '../api/usecases/deals/show-deal.ts'
import type { AppError } from '../shared/domain/app-error.ts'
import { describeEvent } from '../shared/messages/describe.ts'
import { describeError } from '../shared/messages/describe-error.ts'
import type { ErrorCode } from '../shared/messages/errors.ts'
import { isLinked } from './buttons.ts'
import { formatTime } from './deal-words.ts'
import { endDialog } from './dialogs.ts'
import { dealCard } from './features/deal-card.ts'
import { escapeHtml } from './html.ts'
import { answerPress, type LinkedTurn, say, show, type Turn } from './turn.ts'

/** Refusals that mean: the deal is not as the reader saw it. */
const stale: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'version_stale',
  'conflict',
  'deal_lost',
  'deal_not_lost',
  'stage_blocked',
  'status_archived',
  'status_unchanged',
  'nothing_to_undo',
  'undo_too_late',
  'undo_changed_since',
  'hold_not_set',
])
const DealPayload = z.looseObject({ number: z.number() })

/** Says why something was refused: on a press as an alert, with the card refreshed; on a message as an answer. Nothing has been changed. */
export async function explainRefusal(turn: Turn, error: AppError): Promise<void> {
  const text = describeError(error, turn.locale)
  if (!turn.query) {
    if (isLinked(turn) && error.code !== 'input_invalid') await endDialog(turn)
    return say(turn, { text: escapeHtml(text) })
  }
  const number = await pressedDeal(turn)
  if (number === null || !isLinked(turn) || !stale.has(error.code)) return answerPress(turn, text, true)
  const what = error.code === 'version_stale' ? await sayWhoChanged(turn, number) : null
  answerPress(turn, what ?? text, true)
  await show(turn, dealCard(turn, await showDeal(turn.session, { number })))
}

/** Who changed the deal, what and when: `Мария Ким изменила сделку в 12:41: Этап: КП → Договор. Карточка обновлена.` */
async function sayWhoChanged(turn: LinkedTurn, number: number): Promise<string | null> {
  const { events } = await showHistory(turn.session, { number })
  const newest = events.find((event) => event.body.kind !== 'comment_added')
  // What went with it, such as a status, stands beside it: the change itself is the one that can be undone.
  const main = events.find((event) => event.undoVersion !== null && event.recordedAt.getTime() === newest?.recordedAt.getTime())
  const last = main ?? newest
  if (!last?.actorName) return null
  const { timeZone, baseCurrency } = turn.session.organization
  const what = describeEvent(last.body, turn.locale, { timeZone, currency: baseCurrency }).title
  return turn.t('card.changedBy', { person: last.actorName, at: formatTime(last.recordedAt, turn), what })
}

async function pressedDeal(turn: Turn): Promise<number | null> {
  const token = /^b:([\w-]{22})$/.exec(turn.query?.data ?? '')?.[1]
  const button = token === undefined ? null : await findButton(turn.em, token)
  return DealPayload.safeParse(button?.payload).data?.number ?? null
}

/** After the last try: it did not work, nothing was changed. */
export async function apologise(turn: Turn): Promise<void> {
  const text = turn.t('failed', { id: String(turn.update.update_id) })
  answerPress(turn, text, true)
  if (!turn.query) await say(turn, { text: escapeHtml(text) })
}
