import type { Em } from '../../db/orm.ts'
import { selectRows, sql } from '../../db/sql.ts'

/**
 * Removes what has served its time: ended logins, old idempotency keys, buttons and dialogues long expired, delivered messages.
 * @returns rows removed
 */
export async function forgetExpired(em: Em, now: Date): Promise<number> {
  const before = (days: number) => new Date(now.getTime() - days * 86_400_000)
  const counts = await selectRows<{ removed: number }>(
    em,
    sql`with
      logins as (delete from login_session where expires_at < ${before(30)} or revoked_at < ${before(30)} returning 1),
      keys as (delete from idempotency_key where created_at < ${before(2)} returning 1),
      buttons as (delete from bot_button where expires_at < ${before(7)} returning 1),
      dialogs as (delete from bot_dialog where expires_at < ${before(1)} returning 1),
      codes as (delete from telegram_link_code where expires_at < ${before(1)} returning 1),
      limits as (delete from rate_limit where expire < ${now.getTime()} returning 1)
    select ((select count(*) from logins) + (select count(*) from keys) + (select count(*) from buttons) + (select count(*) from dialogs)
      + (select count(*) from codes) + (select count(*) from limits))::int as removed`,
  )
  return counts[0]?.removed ?? 0
}
