import type { InlineKeyboardButton, InlineKeyboardMarkup } from '@grammyjs/types'
import type { z } from 'zod'
import { keepButtons } from '../api/usecases/chat/buttons.ts'
import type { Em } from '../db/orm.ts'
import { cutText } from './html.ts'

const dayMs = 86_400_000

/** A kind of button: what its payload looks like and whether it works more than once. */
export type ButtonKind<Schema extends z.ZodType = z.ZodType> = {
  readonly name: string
  readonly schema: Schema
  /** Single use: it changes something. */
  readonly once: boolean
}

export type KeyStyle = 'primary' | 'success' | 'danger'
export type Key = { readonly label: string; readonly style?: KeyStyle } & (
  | { readonly press: { readonly action: string; readonly payload: Readonly<Record<string, unknown>>; readonly once: boolean } }
  | { readonly url: string }
)
export type Keys = readonly (readonly Key[])[]

/** A key that does something here. The payload is of the kind's schema. */
export function pressKey<Schema extends z.ZodType>(
  label: string,
  kind: ButtonKind<Schema>,
  payload: z.input<Schema>,
  style?: KeyStyle,
): Key {
  return {
    label,
    ...(style ? { style } : {}),
    press: { action: kind.name, payload: payload as Record<string, unknown>, once: kind.once },
  }
}

export function linkKey(label: string, url: string): Key {
  return { label, url }
}

/** What changes something lives a day, what only shows lives a week. */
const lifeMs = (once: boolean) => (once ? dayMs : 7 * dayMs)
const labelLimit = 64

/** The keyboard as Telegram takes it; behind each key stands an opaque token that means something only to its holder, in his chat. */
export async function issueKeyboard(
  em: Em,
  holder: { readonly employeeId: number; readonly chatId: number },
  keys: Keys,
  now: Date,
): Promise<InlineKeyboardMarkup> {
  const pressed = keys.flat().flatMap((key) => ('press' in key ? [key.press] : []))
  const tokens = await keepButtons(
    em,
    holder,
    pressed.map(({ action, payload, once }) => ({ action, payload, expiresAt: new Date(now.getTime() + lifeMs(once)) })),
    now,
  )
  const next = tokens.values()
  const button = (key: Key): InlineKeyboardButton => ({
    text: cutText(key.label, labelLimit),
    ...(key.style ? { style: key.style } : {}),
    ...('url' in key ? { url: key.url } : { callback_data: `b:${next.next().value ?? ''}` }),
  })
  return { inline_keyboard: keys.filter((row) => row.length > 0).map((row) => row.map(button)) }
}

/** Keys in rows of `width`. */
export function inRows(keys: readonly Key[], width: number): Key[][] {
  return Array.from({ length: Math.ceil(keys.length / width) }, (_, row) => keys.slice(row * width, (row + 1) * width))
}
