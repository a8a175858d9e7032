import { randomBytes } from 'node:crypto'
import type { Em } from '../../../db/orm.ts'
import { selectRow, selectRows, sql } from '../../../db/sql.ts'

export type NewButton = {
  readonly action: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly expiresAt: Date
}

export type StoredButton = {
  readonly token: string
  readonly employeeId: number
  readonly chatId: number
  readonly action: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly expiresAt: Date
  readonly usedAt: Date | null
}

/** Whose button it is and where it hangs. */
export type ButtonHolder = { readonly employeeId: number; readonly chatId: number }

/**
 * Keeps what each button means and gives the tokens that stand on them, in order: 128 random bits, so that nobody makes one up.
 * A `version` in the payload is the deal's as the person saw it.
 */
export async function keepButtons(em: Em, holder: ButtonHolder, buttons: readonly NewButton[], now: Date): Promise<string[]> {
  const rows = buttons.map((button) => ({
    token: randomBytes(16).toString('base64url'),
    action: button.action,
    payload: button.payload,
    deal_version: typeof button.payload['version'] === 'number' ? button.payload['version'] : null,
    expires_at: button.expiresAt.toISOString(),
  }))
  if (rows.length > 0) {
    await selectRows(
      em,
      sql`insert into bot_button (token, employee_id, chat_id, action, payload, deal_version, created_at, expires_at)
      select token, ${holder.employeeId}, ${holder.chatId}, action, payload, deal_version, ${now}, expires_at
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (token text, action text, payload jsonb, deal_version int, expires_at timestamptz)`,
    )
  }
  return rows.map((row) => row.token)
}

export function findButton(em: Em, token: string): Promise<StoredButton | null> {
  return selectRow<StoredButton>(
    em,
    sql`select token, employee_id as "employeeId", chat_id::float8 as "chatId", action, payload, expires_at as "expiresAt", used_at as "usedAt"
    from bot_button where token = ${token}`,
  )
}

/** Uses up a button that works once. @returns false when it was used already. */
export async function spendButton(em: Em, token: string, now: Date): Promise<boolean> {
  const spent = await selectRows(
    em,
    sql`update bot_button set used_at = ${now} where token = ${token} and used_at is null returning 1`,
  )
  return spent.length > 0
}

/** Payload of the button of this action that the employee pressed last, or null. */
export async function findLastSpent(
  em: Em,
  employeeId: number,
  action: string,
): Promise<Readonly<Record<string, unknown>> | null> {
  const found = await selectRow<{ payload: Readonly<Record<string, unknown>> }>(
    em,
    sql`select payload from bot_button where employee_id = ${employeeId} and action = ${action} and used_at is not null
    order by used_at desc limit 1`,
  )
  return found?.payload ?? null
}
