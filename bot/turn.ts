import type { CallbackQuery, ForceReply, InlineKeyboardMarkup, Message, Update, User } from '@grammyjs/types'
import { Context } from 'telegraf'
import type { Session } from '../api/session.ts'
import type { StoredButton } from '../api/usecases/chat/buttons.ts'
import { enqueueOutgoing } from '../api/usecases/chat/outgoing.ts'
import type { Em } from '../db/orm.ts'
import type { BotKey } from '../shared/messages/ru/bot.ts'
import type { Translate } from '../shared/messages/translate.ts'
import type { Locale } from '../shared/views/common.ts'
import type { FetchedFiles } from './fetched-files.ts'
import { answerLimit, cutText } from './html.ts'
import { issueKeyboard, type Keys } from './keyboards.ts'
import type { Outgoing } from './outgoing.ts'

/** What a chat shows: HTML, keys, and the deal it is a card of. */
export type Screen = {
  readonly text: string
  readonly keys?: Keys
  readonly dealNumber?: number
  /** Opens the reader's keyboard with this placeholder; such a message has no keys. */
  readonly asksReply?: string
  /** Whose the keys are, where nobody is linked yet. */
  readonly holderId?: number
}

/** The answer to a press: one, at once, best effort. */
export type Answer = { readonly queryId: string; readonly text: string; readonly alert: boolean }

/** Everything about the update being handled. `em` is the transaction in which its effects, its messages and its end are written. */
export type Turn = {
  readonly update: Update
  readonly em: Em
  readonly now: Date
  readonly chatId: number
  readonly isPrivate: boolean
  readonly from: User
  readonly message: Message | null
  readonly query: CallbackQuery | null
  /** Null for a stranger, and for an employee who may not act any more. */
  readonly session: Session | null
  readonly locale: Locale
  readonly t: Translate<BotKey>
  /** Address of the app for links on keys; null where Telegram would refuse it. */
  readonly appUrl: string | null
  /** Whether letters can go from here; some schedules send them. */
  readonly mailIsSetUp: boolean
  /** Set once the pressed button is known to be the presser's own. */
  button: StoredButton | null
  answer: Answer | null
  /** Files that were sent, as far as they have been fetched. */
  readonly files: FetchedFiles
}

export type LinkedTurn = Turn & { readonly session: Session }

/** Telegraf's context with the turn of its update. */
export class BotContext extends Context {
  turn!: Turn
}

/** Answers the press. The first answer stands: Telegram takes only one. */
export function answerPress(turn: Turn, text: string, alert = false): void {
  if (turn.query && !turn.answer) turn.answer = { queryId: turn.query.id, text: cutText(text, answerLimit), alert }
}

/** Sends a new message. */
export async function say(turn: Turn, screen: Screen): Promise<void> {
  const markup = await markupOf(turn, screen)
  await send(turn, {
    kind: 'call',
    method: 'sendMessage',
    args: { chat_id: turn.chatId, text: screen.text, parse_mode: 'HTML', link_preview_options: { is_disabled: true }, ...markup },
    ...(screen.dealNumber === undefined ? {} : { card: screen.dealNumber }),
  })
}

/** Shows the screen in place of the message whose button was pressed; as a new message where there is none, or where it is a file. */
export async function show(turn: Turn, screen: Screen): Promise<void> {
  const pressed = turn.query?.message
  if (!pressed || (pressed.date !== 0 && !('text' in pressed && pressed.text !== undefined))) return say(turn, screen)
  await showIn(turn, pressed.message_id, screen)
}

/** Shows the screen in a message that was sent before. */
export async function showIn(turn: Turn, messageId: number, screen: Screen): Promise<void> {
  const markup = await keyboardOf(turn, screen)
  await send(turn, {
    kind: 'call',
    method: 'editMessageText',
    args: {
      chat_id: turn.chatId,
      message_id: messageId,
      text: screen.text,
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
      ...markup,
    },
    ...(screen.dealNumber === undefined ? {} : { card: screen.dealNumber }),
  })
}

/** Says "taken" without a message. */
export async function react(turn: Turn, messageId: number, emoji: '👍'): Promise<void> {
  const args = { chat_id: turn.chatId, message_id: messageId, reaction: [{ type: 'emoji' as const, emoji }] }
  await send(turn, { kind: 'call', method: 'setMessageReaction', args })
}

export function send(turn: Turn, payload: Outgoing, lane: 'messages' | 'files' = 'messages'): Promise<void> {
  return enqueueOutgoing(turn.em, { orderKey: orderKeyOf(turn.chatId, lane), payload }, turn.now)
}

/** Files take long to make: they wait in a line of their own. */
export function orderKeyOf(chatId: number, lane: 'messages' | 'files'): string {
  return lane === 'messages' ? `telegram:${chatId}` : `telegram:${chatId}:files`
}

async function markupOf(turn: Turn, screen: Screen): Promise<{ reply_markup?: InlineKeyboardMarkup | ForceReply }> {
  if (screen.asksReply === undefined) return keyboardOf(turn, screen)
  return { reply_markup: { force_reply: true, input_field_placeholder: cutText(screen.asksReply, 64) } }
}

async function keyboardOf(turn: Turn, screen: Screen): Promise<{ reply_markup?: InlineKeyboardMarkup }> {
  const employeeId = screen.holderId ?? turn.session?.actor.id
  if (!screen.keys?.length || employeeId === undefined) return {}
  const holder = { employeeId, chatId: turn.chatId }
  return { reply_markup: await issueKeyboard(turn.em, holder, screen.keys, turn.now) }
}
