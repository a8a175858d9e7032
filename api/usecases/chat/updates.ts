import type { Em } from '../../../db/orm.ts'
import { selectRow, selectRows, sql } from '../../../db/sql.ts'

/** What a chat sent, as it waits to be handled. */
export type StoredUpdate = {
  readonly updateId: number
  readonly chatKey: string
  readonly body: Readonly<Record<string, unknown>>
  readonly attempts: number
}

/**
 * Stores what came in; the same id a second time changes nothing.
 * @param update `chatKey`: updates of one key are handled in the order of their arrival.
 * @returns false when it was known already.
 */
export async function storeUpdate(
  em: Em,
  update: { readonly updateId: number; readonly chatKey: string; readonly body: object },
  now: Date,
): Promise<boolean> {
  const stored = await selectRows(
    em,
    sql`insert into telegram_update (update_id, chat_key, body, received_at)
    values (${update.updateId}, ${update.chatKey}, ${storable(update.body)}::jsonb, ${now}) on conflict do nothing returning 1`,
  )
  return stored.length > 0
}

/** PostgreSQL takes neither NUL nor halves of surrogate pairs into jsonb. */
function storable(body: object): string {
  return JSON.stringify(body, (_key, value) => (typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value))
}

/**
 * Takes the next update that is due and first in its chat, locked until the transaction ends: no other worker gets it or one behind it.
 * @param updateId takes this one only, also while it is held. @returns null when nothing is due.
 */
export function claimUpdate(em: Em, now: Date, updateId?: number): Promise<StoredUpdate | null> {
  const which = updateId === undefined ? sql`(u.retry_at is null or u.retry_at <= ${now})` : sql`u.update_id = ${updateId}`
  return selectRow<StoredUpdate>(
    em,
    sql`select u.update_id::float8 as "updateId", u.chat_key as "chatKey", u.body, u.attempts from telegram_update u
    where u.handled_at is null and ${which}
      and not exists (select 1 from telegram_update e where e.handled_at is null and e.chat_key = u.chat_key and e.sequence < u.sequence)
    order by u.sequence limit 1 for update of u skip locked`,
  )
}

/** Keeps others from an update, and from those behind it, for a time: something has to be fetched for it first. */
export async function holdUpdate(em: Em, updateId: number, until: Date): Promise<void> {
  await selectRows(em, sql`update telegram_update set retry_at = ${until} where update_id = ${updateId} and handled_at is null`)
}

/** Marks an update as handled; `error` when it was set aside. */
export async function finishUpdate(em: Em, updateId: number, now: Date, error: string | null = null): Promise<void> {
  await selectRows(
    em,
    sql`update telegram_update set handled_at = ${now}, attempts = attempts + 1, last_error = ${error?.slice(0, 500) ?? null} where update_id = ${updateId}`,
  )
}

/** Counts a failure of ours and lets the chat wait. */
export async function postponeUpdate(
  em: Em,
  updateId: number,
  failure: { readonly error: string; readonly retryAt: Date },
): Promise<void> {
  await selectRows(
    em,
    sql`update telegram_update set attempts = attempts + 1, last_error = ${failure.error.slice(0, 500)}, retry_at = ${failure.retryAt}
    where update_id = ${updateId} and handled_at is null`,
  )
}

/** Updates handled long ago are forgotten: Telegram repeats none after a day. Pressed-out buttons and sent messages go with them. */
export async function forgetOld(em: Em, before: Date): Promise<void> {
  await selectRows(em, sql`delete from telegram_update where handled_at < ${before}`)
  await selectRows(em, sql`delete from outbox_message where coalesce(sent_at, failed_at) < ${before}`)
  await selectRows(em, sql`delete from bot_button where expires_at < ${before}`)
  await selectRows(em, sql`delete from bot_dialog where expires_at < ${before}`)
  await selectRows(em, sql`delete from telegram_link_code where expires_at < ${before}`)
}
