import type { Update } from '@grammyjs/types'
import { storeUpdate } from '../api/usecases/chat/updates.ts'
import type { Em } from '../db/orm.ts'

/** What the bot asks Telegram for. Reactions and membership come only when named. */
export const allowedUpdates = ['message', 'edited_message', 'callback_query', 'my_chat_member'] as const

/**
 * Stores an update; the same one again changes nothing. Nothing is handled yet: Telegram gets its answer first.
 * Updates that later versions of the Bot API bring are stored as they are.
 * @returns false for a duplicate, and for what is no update at all.
 */
export async function receiveUpdate(em: Em, update: unknown, now: Date): Promise<boolean> {
  if (!isUpdate(update)) return false
  return storeUpdate(em, { updateId: update.update_id, chatKey: chatKeyOf(update), body: update }, now)
}

function isUpdate(value: unknown): value is Update {
  return typeof value === 'object' && value !== null && Number.isSafeInteger((value as Partial<Update>).update_id)
}

/** Updates of one chat are handled in order; those of no chat by their person. */
export function chatKeyOf(update: Update): string {
  const message = update.message ?? update.edited_message ?? update.callback_query?.message
  const chat = message?.chat ?? update.my_chat_member?.chat
  if (chat) return `chat:${chat.id}`
  const person = update.callback_query?.from ?? update.inline_query?.from
  return person ? `person:${person.id}` : 'other'
}
