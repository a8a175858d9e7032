import type { Middleware } from 'telegraf'
import type { z } from 'zod'
import type { Session } from '../api/session.ts'
import { findButton, type StoredButton, spendButton } from '../api/usecases/chat/buttons.ts'
import { AppError } from '../shared/domain/app-error.ts'
import type { ButtonKind } from './keyboards.ts'
import { answerPress, type BotContext, type LinkedTurn, type Screen, show, type Turn } from './turn.ts'

export type Button<Schema extends z.ZodType = z.ZodType> = ButtonKind<Schema> & {
  /** For `bot.action`: true for presses of this kind that have been found to be the presser's own. */
  readonly filter: (data: string, ctx: BotContext) => RegExpExecArray | null
}

/** Buttons named so belong to whoever is about to be linked, not to whom the account is linked now. */
export const linkingPrefix = 'link.'

/**
 * Declares a kind of button. The name is kept in the database: it does not change.
 * @param once it changes something, and so works a single time.
 */
export function defineButton<Schema extends z.ZodType>(name: string, schema: Schema, { once = false } = {}): Button<Schema> {
  return { name, schema, once, filter: (data, ctx) => (ctx.turn.button?.action === name ? /^/.exec(data) : null) }
}

/**
 * The adapter of the chat door: payload of the right shape, spent if it works once, the use-case in the presser's session, the result
 * shown in place. Rights, visibility and the version seen are the use-case's to check, at every press.
 */
export function perform<Schema extends z.ZodType, Result>(
  button: Button<Schema>,
  usecase: (session: Session, input: z.output<Schema>) => Promise<Result>,
  render: (turn: LinkedTurn, result: Result, input: z.output<Schema>) => Screen | Promise<Screen>,
): Middleware<BotContext> {
  return onPress(button, async (turn, input) => {
    const result = await usecase(turn.session, input)
    await show(turn, await render(turn, result, input))
  })
}

/** The same for presses that are more than one use-case. */
export function onPress<Schema extends z.ZodType>(
  button: Button<Schema>,
  handle: (turn: LinkedTurn, payload: z.output<Schema>) => Promise<void>,
): Middleware<BotContext> {
  return async ({ turn }) => {
    const { button: pressed } = turn
    if (!pressed || !isLinked(turn)) return
    const payload = button.schema.parse(pressed.payload)
    if (button.once && !(await spendButton(turn.em, pressed.token, turn.now)))
      return answerPress(turn, turn.t('button.used'), true)
    await handle(turn, payload)
  }
}

export function isLinked(turn: Turn): turn is LinkedTurn {
  return turn.session !== null
}

/** The turn of somebody who is linked. Strangers have been stopped before. @throws AppError not_logged_in */
export function linkedTurn(ctx: BotContext): LinkedTurn {
  const { turn } = ctx
  if (!isLinked(turn)) throw new AppError('not_logged_in')
  return turn
}

/**
 * Lets a press through only when its button exists, is the presser's own, hangs in this chat, has not expired and, if it works once,
 * has not been used. What a client sends as data is not trusted; anything else is explained and has no effect.
 */
export async function readButton(ctx: BotContext, next: () => Promise<void>): Promise<void> {
  const { turn } = ctx
  if (!turn.query) return next()
  const token = /^b:([\w-]{22})$/.exec(turn.query.data ?? '')?.[1]
  const found = token === undefined ? null : await findButton(turn.em, token)
  const problem = found ? problemWith(found, turn) : 'button.unknown'
  if (problem !== null) return answerPress(turn, turn.t(problem), true)
  turn.button = found
  await next()
}

function problemWith(button: StoredButton, turn: Turn): 'button.foreign' | 'button.expired' | 'button.used' | null {
  const another = turn.session !== null && button.employeeId !== turn.session.actor.id && !button.action.startsWith(linkingPrefix)
  if (button.chatId !== turn.chatId || another) return 'button.foreign'
  if (button.expiresAt <= turn.now) return 'button.expired'
  return button.usedAt === null ? null : 'button.used'
}
