import type { Em } from '../../../db/orm.ts'
import { selectRow, selectRows, sql } from '../../../db/sql.ts'

export type NewOutgoing = {
  /** Messages of one key leave in the order they were written. */
  readonly orderKey: string
  /** The same key is written once, whoever writes it. */
  readonly dedupeKey?: string
  readonly payload: object
  /** Not before; at once where it is absent. */
  readonly availableAt?: Date
}

export type ClaimedOutgoing = {
  readonly id: number
  readonly orderKey: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly attempts: number
  readonly createdAt: Date
  /** True when whoever took it before has vanished in the middle of sending. */
  readonly interrupted: boolean
}

/** Stands in `last_error` while a message is on its way. */
const onItsWay = 'sending'

/** Writes a message to be sent once the transaction has committed. */
export async function enqueueOutgoing(em: Em, message: NewOutgoing, now: Date): Promise<void> {
  await selectRows(
    em,
    sql`insert into outbox_message (channel, order_key, dedupe_key, payload, created_at, available_at)
    values ('telegram', ${message.orderKey}, ${message.dedupeKey ?? null}, ${JSON.stringify(message.payload)}::jsonb, ${now}, ${message.availableAt ?? now})
    on conflict (dedupe_key) do nothing`,
  )
}

/**
 * Takes the next message that is due and first of its order key, for a time; after that it counts as interrupted.
 * @param leasesMs for ready calls, and for what has to be made first (any other `kind` of payload).
 * One statement, so that it is either taken or not.
 */
export function claimOutgoing(
  em: Em,
  now: Date,
  leasesMs: { readonly call: number; readonly made: number },
): Promise<ClaimedOutgoing | null> {
  return selectRow<ClaimedOutgoing>(
    em,
    sql`with head as (
      select m.id, m.last_error is not distinct from ${onItsWay} as interrupted from outbox_message m
      where m.channel = 'telegram' and m.sent_at is null and m.failed_at is null and m.available_at <= ${now}
        and not exists (select 1 from outbox_message e where e.order_key = m.order_key and e.id < m.id and e.sent_at is null and e.failed_at is null)
      order by m.id limit 1 for update of m skip locked
    )
    update outbox_message m set attempts = m.attempts + 1, last_error = ${onItsWay}, available_at = ${now}::timestamptz
        + make_interval(secs => case m.payload ->> 'kind' when 'call' then ${leasesMs.call / 1000}::float8 else ${leasesMs.made / 1000}::float8 end)
    from head where m.id = head.id
    returning m.id::float8 as id, m.order_key as "orderKey", m.payload, m.attempts, m.created_at as "createdAt", head.interrupted`,
  )
}

export async function markSent(em: Em, id: number, now: Date): Promise<void> {
  await selectRows(em, sql`update outbox_message set sent_at = ${now}, last_error = null where id = ${id}`)
}

/** It will not be sent any more. */
export async function markFailed(em: Em, id: number, now: Date, error: string): Promise<void> {
  await selectRows(em, sql`update outbox_message set failed_at = ${now}, last_error = ${error.slice(0, 500)} where id = ${id}`)
}

export async function postponeOutgoing(em: Em, id: number, until: Date, error: string): Promise<void> {
  await selectRows(
    em,
    sql`update outbox_message set available_at = ${until}, last_error = ${error.slice(0, 500)} where id = ${id}`,
  )
}

/** Puts all that still waits under an order key to another moment. */
export async function retimeOutgoing(em: Em, orderKey: string, until: Date): Promise<void> {
  await selectRows(
    em,
    sql`update outbox_message set available_at = ${until}
    where order_key = ${orderKey} and sent_at is null and failed_at is null and attempts = 0`,
  )
}

/** Gives up all that still waits under the order keys: the chat can no longer be reached. */
export async function dropWaiting(em: Em, orderKeys: readonly string[], now: Date, error: string): Promise<void> {
  await selectRows(
    em,
    sql`update outbox_message set failed_at = ${now}, last_error = ${error.slice(0, 500)}
    where order_key = any(${[...orderKeys]}::text[]) and sent_at is null and failed_at is null`,
  )
}
