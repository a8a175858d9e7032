import type { Message } from '@grammyjs/types'
import { z } from 'zod'
import { closeDialog, findDialog, openDialog } from '../api/usecases/chat/dialogs.ts'
import { defineButton, linkedTurn, onPress } from './buttons.ts'
import { type Key, pressKey } from './keyboards.ts'
import { answerPress, type BotContext, type LinkedTurn, say, show } from './turn.ts'

const usualMinutes = 15

/** Name of the dialog that asks for fields, and of its buttons: it is not dropped but rests while something else is done. */
export const fillingName = 'fill'

/** A kind of question to which the answer is written by hand. */
export type DialogKind<Schema extends z.ZodType = z.ZodType> = {
  readonly name: string
  readonly schema: Schema
  readonly onText: (turn: LinkedTurn, payload: z.output<Schema>, text: string, message: Message) => Promise<void>
  /** For answers that are no text: a file, a photo, anything else. Without it they are no answers. */
  readonly onOther?: (turn: LinkedTurn, payload: z.output<Schema>, message: Message) => Promise<void>
  /** How long it waits. */
  readonly minutes: number
}

export function defineDialog<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  onText: DialogKind<Schema>['onText'],
  more: Partial<Pick<DialogKind<Schema>, 'onOther' | 'minutes'>> = {},
): DialogKind<Schema> {
  return { name, schema, onText, minutes: usualMinutes, ...more }
}

/** Waits for an answer of this kind, for its minutes. Whatever was asked before is forgotten. */
export function ask<Schema extends z.ZodType>(
  turn: LinkedTurn,
  kind: DialogKind<Schema>,
  payload: z.input<Schema>,
): Promise<void> {
  const expiresAt = new Date(turn.now.getTime() + kind.minutes * 60_000)
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

/**
 * A command or a press means that the open question is dropped: what is written later is no answer to it. Fields that are being asked for
 * rest instead: a button of theirs goes on.
 */
export async function dropDialog(ctx: BotContext, next: () => Promise<void>): Promise<void> {
  const { turn } = ctx
  const isOther = turn.query ? turn.button?.action !== fillingName : turn.message?.text?.startsWith('/')
  if (isOther) {
    const linked = linkedTurn(ctx)
    const dialog = await findDialog(turn.em, placeOf(linked))
    if (dialog?.kind === fillingName)
      await openDialog(turn.em, placeOf(linked), { ...dialog, payload: { ...dialog.payload, paused: true } })
    else if (dialog) await endDialog(linked)
  }
  await next()
}

/** True when the question that is open was asked in this very message. */
export async function isAskedIn(turn: LinkedTurn, messageId: number): Promise<boolean> {
  const dialog = await findDialog(turn.em, placeOf(turn))
  return dialog?.payload['cardMessageId'] === messageId && dialog.payload['paused'] !== true
}

/** Takes a message as the answer to the open question, if there is one. */
export function answerDialog(kinds: readonly DialogKind[]) {
  return async (ctx: BotContext, next: () => Promise<void>): Promise<void> => {
    const turn = linkedTurn(ctx)
    const { message } = turn
    if (!message) return next()
    const dialog = await findDialog(turn.em, placeOf(turn))
    const kind = kinds.find((candidate) => candidate.name === dialog?.kind)
    if (!dialog || !kind || dialog.payload['paused'] === true) return next()
    if (message.text === undefined && !kind.onOther) return next()
    if (dialog.expiresAt <= turn.now) {
      await endDialog(turn)
      return say(turn, { text: turn.t('dialog.expired', { minutes: kind.minutes }) })
    }
    const payload = kind.schema.parse(dialog.payload)
    if (message.text === undefined) return kind.onOther?.(turn, payload, message)
    if (message.text.trim().toLowerCase() === turn.t('key.cancel').toLowerCase()) {
      await endDialog(turn)
      return say(turn, { text: turn.t('dialog.cancelled') })
    }
    await kind.onText(turn, payload, message.text.trim(), message)
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

export function placeOf(turn: LinkedTurn): { chatId: number; employeeId: number } {
  return { chatId: turn.chatId, employeeId: turn.session.actor.id }
}
