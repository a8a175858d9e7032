import type { Em } from '../../../db/orm.ts'
import { selectRow, selectRows, sql } from '../../../db/sql.ts'

/** A question that waits for an answer in a chat; one per person and chat. */
export type Dialog = {
  readonly kind: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly promptMessageId: number | null
  readonly expiresAt: Date
}
export type DialogPlace = { readonly chatId: number; readonly employeeId: number }

export function findDialog(em: Em, place: DialogPlace): Promise<Dialog | null> {
  return selectRow<Dialog>(
    em,
    sql`select kind, payload, prompt_message_id::float8 as "promptMessageId", expires_at as "expiresAt" from bot_dialog
    where chat_id = ${place.chatId} and employee_id = ${place.employeeId}`,
  )
}

/** Opens a dialog; one that was open there is forgotten. */
export async function openDialog(em: Em, place: DialogPlace, dialog: Omit<Dialog, 'promptMessageId'>): Promise<void> {
  await selectRows(
    em,
    sql`insert into bot_dialog (chat_id, employee_id, kind, payload, expires_at)
    values (${place.chatId}, ${place.employeeId}, ${dialog.kind}, ${JSON.stringify(dialog.payload)}::jsonb, ${dialog.expiresAt})
    on conflict (chat_id, employee_id) do update
      set kind = excluded.kind, payload = excluded.payload, prompt_message_id = null, expires_at = excluded.expires_at`,
  )
}

/** @returns false when none was open. */
export async function closeDialog(em: Em, place: DialogPlace): Promise<boolean> {
  const closed = await selectRows(
    em,
    sql`delete from bot_dialog where chat_id = ${place.chatId} and employee_id = ${place.employeeId} returning 1`,
  )
  return closed.length > 0
}
