import { z } from 'zod'
import { findCardDeal } from '../../api/usecases/chat/cards.ts'
import { commentDeal } from '../../api/usecases/deals/comment-deal.ts'
import { showDeal } from '../../api/usecases/deals/show-deal.ts'
import type { Bot } from '../bot.ts'
import { linkedTurn, onPress } from '../buttons.ts'
import { ask, defineDialog, endDialog, fits, isAskedIn } from '../dialogs.ts'
import { line } from '../html.ts'
import { type BotContext, type LinkedTurn, react, say } from '../turn.ts'
import { askCommentButton } from './deal-card.ts'

const textLimit = 4000

/** The text is written as it is, and answered with a mark instead of a message. */
async function comment(turn: LinkedTurn, number: number, text: string, messageId: number): Promise<void> {
  if (!(await fits(turn, text, textLimit))) return
  await commentDeal(turn.session, { number, text })
  await react(turn, messageId, '👍')
}

export const commentDialog = defineDialog(
  'comment',
  z.strictObject({ number: z.number() }),
  async (turn, { number }, text, message) => {
    await comment(turn, number, text, message.message_id)
    if (text.length <= textLimit) await endDialog(turn)
  },
)

async function askForComment(turn: LinkedTurn, { number }: { readonly number: number }): Promise<void> {
  const { deal } = await showDeal(turn.session, { number })
  await ask(turn, commentDialog, { number })
  const text = turn.t('comment.ask', { number: String(number), title: line(deal.title, 200) })
  await say(turn, { text, dealNumber: number, asksReply: turn.t('comment.placeholder') })
}

/** An answer to any message that shows a deal comments the deal. */
async function commentByReply(ctx: BotContext, next: () => Promise<void>): Promise<void> {
  const turn = linkedTurn(ctx)
  const { message } = turn
  const repliedTo = message?.reply_to_message
  if (!message || !repliedTo || message.text?.startsWith('/') || (await isAskedIn(turn, repliedTo.message_id))) return next()
  const number = await findCardDeal(turn.em, { chatId: turn.chatId, messageId: repliedTo.message_id })
  if (number === null) return next()
  const text = (message.text ?? message.caption ?? '').trim()
  if (message.text === undefined) return say(turn, { text: turn.t('comment.textOnly') })
  await endDialog(turn)
  await comment(turn, number, text, message.message_id)
}

export function registerComment(bot: Bot): void {
  bot.action(askCommentButton.filter, onPress(askCommentButton, askForComment))
  bot.on('message', commentByReply)
}
