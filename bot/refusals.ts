import { z } from 'zod'
import { findButton, type StoredButton } from '../api/usecases/chat/buttons.ts'
import { showDeal } from '../api/usecases/deals/show-deal.ts'
import { AppError } from '../shared/domain/app-error.ts'
import { describeError } from '../shared/messages/describe-error.ts'
import type { ErrorCode } from '../shared/messages/errors.ts'
import { MoveDeal } from '../shared/schemas/deals.ts'
import { isLinked } from './buttons.ts'
import { endDialog } from './dialogs.ts'
import { dealCard } from './features/deal-card.ts'
import { scheduleAsItIs } from './features/schedule.ts'
import { blockedScreen } from './filling/blocked-screen.ts'
import { findFilling, goOn } from './filling/flow.ts'
import { type Filling, placed } from './filling/state.ts'
import { escapeHtml } from './html.ts'
import { seenSchedule } from './schedule-choice.ts'
import { answerPress, type LinkedTurn, type Screen, say, show, type Turn } from './turn.ts'
import { findLastChange } from './who-changed.ts'

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
  if (!turn.query) return explainAnswer(turn, error, text)
  const button = await findPressed(turn)
  const pressed = button?.payload
  const schedule = button && error.code === 'version_stale' ? seenSchedule(button) : null
  if (isLinked(turn) && schedule !== null) {
    answerPress(turn, text, true)
    return show(turn, await scheduleAsItIs(turn, schedule))
  }
  const number = DealPayload.safeParse(pressed).data?.number
  if (number === undefined || !isLinked(turn) || !stale.has(error.code)) return answerPress(turn, text, true)
  const card = await showDeal(turn.session, { number })
  const blocked = error.code === 'stage_blocked' ? await blockedScreen(turn, card, MoveDeal.parse(pressed)) : null
  if (blocked) {
    answerPress(turn, text)
    return show(turn, blocked)
  }
  const change = error.code === 'version_stale' ? await findLastChange(turn, number) : null
  answerPress(turn, change ? turn.t('card.changedBy', change) : text, true)
  await show(turn, dealCard(turn, card))
}

/** What was written is not taken. Fields that are being asked for are asked for again: the answers before it are kept. */
async function explainAnswer(turn: Turn, error: AppError, text: string): Promise<void> {
  const filling = isLinked(turn) ? await findFilling(turn) : null
  if (!isLinked(turn) || (error.code === 'input_invalid' && !filling)) return say(turn, { text: escapeHtml(text) })
  const again = filling && error.code !== 'forbidden' ? await askAgain(turn, filling, text) : null
  if (again) return say(turn, again)
  await endDialog(turn)
  await say(turn, { text: escapeHtml(text) })
}

/** The question that was answered last, with why its answer was not taken; null when the deal can no longer be asked about. */
async function askAgain(turn: LinkedTurn, filling: Filling, why: string): Promise<Screen | null> {
  try {
    return await goOn(turn, placed(filling, Math.min(filling.at, filling.asks.length - 1)), `⚠️ ${escapeHtml(why)}`)
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

async function findPressed(turn: Turn): Promise<StoredButton | null> {
  const token = /^b:([\w-]{22})$/.exec(turn.query?.data ?? '')?.[1]
  return token === undefined ? null : findButton(turn.em, token)
}

/** After the last try: it did not work, nothing was changed. */
export async function apologise(turn: Turn): Promise<void> {
  const text = turn.t('failed', { id: String(turn.update.update_id) })
  answerPress(turn, text, true)
  if (!turn.query) await say(turn, { text: escapeHtml(text) })
}
