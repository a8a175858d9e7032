import type { Message } from '@grammyjs/types'
import { z } from 'zod'
import { closeDialog, findDialog, openDialog } from '../api/usecases/chat/dialogs.ts'
import { defineButton, linkedTurn, onPress } from './buttons.ts'
import { type Key, pressKey } from './keyboards.ts'
import { answerPress, type BotContext, type LinkedTurn, say, show } from './turn.ts'

const lifeMs = 15 * 60_000

/** A kind of question to which the answer is written by hand. */
export type DialogKind<Schema extends z.ZodType = z.ZodType> = {
  readonly name: string
  readonly schema: Schema
  readonly onText: (turn: LinkedTurn, payload: z.output<Schema>, text: string, message: Message) => Promise<void>
}

export function defineDialog<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  onText: DialogKind<Schema>['onText'],
): DialogKind<Schema> {
  return { name, schema, onText }
}

/** Waits for an answer of this kind for a quarter of an hour. Whatever was asked before is forgotten. */
export function ask<Schema extends z.ZodType>(
  turn: LinkedTurn,
  kind: DialogKind<Schema>,
  payload: z.input<Schema>,
): Promise<void> {
  const expiresAt = new Date(turn.now.getTime() + lifeMs)
  return openDialog(turn.em, placeOf(turn), { kind: kind.name, payload: payload as Record<string, unknown>, expiresAt })
}

export async function endDialog(turn: LinkedTurn): Promise<boolean> {
  return closeDialog(turn.em, placeOf(turn))
}

export const cancelButton = defineButton('cancel', z.strictObject({}))

export function cancelKey(turn: LinkedTurn): Key {
  return pressKey(turn.t('key.cancel'), cancelButton, {})
}

export const cancelDialog = onPress(cancelButton, async (turn) => {
  await show(turn, { text: turn.t('dialog.cancelled') })
})

/** A command or a press means that the open question is dropped: what is written later is no answer to it. */
export async function dropDialog(ctx: BotContext, next: () => Promise<void>): Promise<void> {
  const { turn } = ctx
  if (turn.query || turn.message?.text?.startsWith('/')) await endDialog(linkedTurn(ctx))
  await next()
}

/** True when the question that is open was asked in this very message. */
export async function isAskedIn(turn: LinkedTurn, messageId: number): Promise<boolean> {
  const dialog = await findDialog(turn.em, placeOf(turn))
  return dialog?.payload['cardMessageId'] === messageId
}

/** Takes a text as the answer to the open question, if there is one. */
export function answerDialog(kinds: readonly DialogKind[]) {
  return async (ctx: BotContext, next: () => Promise<void>): Promise<void> => {
    const turn = linkedTurn(ctx)
    const { message } = turn
    if (message?.text === undefined) return next()
    const dialog = await findDialog(turn.em, placeOf(turn))
    const kind = kinds.find((candidate) => candidate.name === dialog?.kind)
    if (!dialog || !kind) return next()
    if (dialog.expiresAt <= turn.now) {
      await endDialog(turn)
      return say(turn, { text: turn.t('dialog.expired') })
    }
    if (message.text.trim().toLowerCase() === turn.t('key.cancel').toLowerCase()) {
      await endDialog(turn)
      return say(turn, { text: turn.t('dialog.cancelled') })
    }
    await kind.onText(turn, kind.schema.parse(dialog.payload), message.text.trim(), message)
  }
}

/** @returns false, having said so, when the text is longer than the field takes. */
export async function fits(turn: LinkedTurn, text: string, limit: number): Promise<boolean> {
  if (text.length > 0 && text.length <= limit) return true
  await say(turn, { text: turn.t('dialog.tooLong', { limit, length: text.length }), keys: [[cancelKey(turn)]] })
  return false
}

/** Says in the press's answer that the chat now waits for a text. */
export function noticeAsked(turn: LinkedTurn): void {
  answerPress(turn, turn.t('dialog.asked'))
}

function placeOf(turn: LinkedTurn): { chatId: number; employeeId: number } {
  return { chatId: turn.chatId, employeeId: turn.session.actor.id }
}
