import { selectRow, selectRows, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import type { Role } from '../../../shared/views/common.ts'
import type { Session } from '../../session.ts'

/** Who answers for others sends reports to whom he wants; the others to colleagues. */
const sendsAnywhere: ReadonlySet<Role> = new Set(['admin', 'executive', 'head'])
/** Readers that one employee may have served in an hour. */
const mostInAnHour = 200

/** Addresses once each, as they are compared. */
export function plainAddresses(addresses: readonly string[]): readonly string[] {
  return [...new Set(addresses.map((address) => address.trim().toLowerCase()))]
}

/**
 * May the actor have reports sent to these? Addresses outside of the company are for admin, executive and head; in Telegram all others get theirs alone.
 * @throws AppError address_outside, forbidden, not_found for an employee who is not active
 */
export async function assertReaders(
  session: Session,
  addresses: readonly string[],
  employeeIds: readonly number[],
): Promise<void> {
  const { em, actor } = session
  const free = sendsAnywhere.has(actor.role)
  if (!free && employeeIds.some((id) => id !== actor.id)) throw new AppError('forbidden')
  const known = await selectRows<{ id: number }>(
    em,
    sql`select id from employee where id = any(${[...employeeIds]}::int[]) and deactivated_at is null`,
  )
  if (known.length < new Set(employeeIds).size) throw new AppError('not_found', { what: 'employee' })
  if (free) return
  const ours = await selectRows<{ email: string }>(
    em,
    sql`select lower(email) as email from employee where lower(email) = any(${[...addresses]}::text[]) and deactivated_at is null`,
  )
  const outside = addresses.find((address) => !ours.some(({ email }) => email === address))
  if (outside !== undefined) throw new AppError('address_outside', { address: outside })
}

/** Keeps one person from filling mailboxes. @throws AppError rate_limited */
export async function assertNotTooMany({ em, actor, now }: Session, more: number): Promise<void> {
  const hourAgo = new Date(now.getTime() - 3_600_000)
  const found = await selectRow<{ count: number; first: Date | null }>(
    em,
    sql`select count(*)::int as count, min(o.created_at) as first from report_delivery d join report_order o on o.id = d.order_id
    where o.employee_id = ${actor.id} and o.created_at > ${hourAgo}`,
  )
  if ((found?.count ?? 0) + more <= mostInAnHour) return
  const freeAt = (found?.first ?? now).getTime() + 3_600_000
  throw new AppError('rate_limited', { seconds: Math.max(1, Math.ceil((freeAt - now.getTime()) / 1000)) })
}
