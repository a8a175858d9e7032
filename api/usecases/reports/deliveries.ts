import type { Em } from '../../../db/orm.ts'
import { selectRows, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { isAble } from '../../../shared/domain/permissions.ts'
import type { ReportFormat } from '../../reports/render.ts'
import { type Session, transact } from '../../session.ts'

/** A line of the delivery log. */
export type DeliveryRow = {
  readonly id: number
  readonly scheduleId: number | null
  readonly title: string
  readonly format: ReportFormat
  readonly address: string | null
  readonly employeeName: string | null
  /** `waiting` also while it is on its way. */
  readonly state: 'waiting' | 'sent' | 'failed'
  readonly orderedAt: Date
  readonly dueAt: Date | null
  readonly sentAt: Date | null
  readonly attempts: number
  readonly nextTryAt: Date | null
  readonly error: string | null
}

type Which = {
  readonly orderId?: number
  readonly scheduleId?: number
  readonly deliveryId?: number
  /** Of this employee's orders alone. */
  readonly ownerId?: number
}

/** The newest deliveries. What was handed to the bot is as far as the bot's own outbox says; messages long sent are no longer there. */
export function selectDeliveries(em: Em, { orderId, scheduleId, deliveryId, ownerId }: Which): Promise<DeliveryRow[]> {
  const conditions = [
    sql`true`,
    ...(orderId === undefined ? [] : [sql`o.id = ${orderId}`]),
    ...(scheduleId === undefined ? [] : [sql`o.schedule_id = ${scheduleId}`]),
    ...(deliveryId === undefined ? [] : [sql`d.id = ${deliveryId}`]),
    ...(ownerId === undefined ? [] : [sql`o.employee_id = ${ownerId}`]),
  ]
  return selectRows<DeliveryRow>(
    em,
    sql`select d.id, o.schedule_id as "scheduleId", o.title, o.format, d.address, e.name as "employeeName",
      case when d.state in ('waiting', 'sending') or (d.state = 'handed' and m.id is not null and m.sent_at is null and m.failed_at is null) then 'waiting'
        when d.state = 'failed' or m.failed_at is not null then 'failed' else 'sent' end as state,
      o.created_at as "orderedAt", o.due_at as "dueAt", coalesce(d.sent_at, m.sent_at) as "sentAt", d.attempts,
      case when d.state = 'waiting' and d.attempts > 0 then d.available_at end as "nextTryAt", coalesce(d.last_error, m.last_error) as error
    from report_delivery d join report_order o on o.id = d.order_id left join employee e on e.id = d.employee_id
    left join outbox_message m on m.dedupe_key = 'report-delivery:' || d.id || ':' || d.attempts
    where ${sql.join(conditions, sql` and `)} order by d.id desc limit 200`,
  )
}

/** The actor's deliveries, those of one schedule where one is named; who administers sees everybody's. */
export function listDeliveries(
  { em, actor }: Session,
  { schedule }: { readonly schedule?: number | undefined },
): Promise<DeliveryRow[]> {
  return selectDeliveries(em, {
    ...(schedule === undefined ? {} : { scheduleId: schedule }),
    ...(isAble(actor, 'settings.edit') && schedule !== undefined ? {} : { ownerId: actor.id }),
  })
}

/** Has a delivery that failed tried again at once. @throws AppError not_found, delivery_not_failed */
export async function retryDelivery(session: Session, { id }: { readonly id: number }): Promise<DeliveryRow> {
  return transact(session, async ({ em, actor, now }) => {
    const which = isAble(actor, 'settings.edit') ? { deliveryId: id } : { deliveryId: id, ownerId: actor.id }
    const [found] = await selectDeliveries(em, which)
    if (!found) throw new AppError('not_found', { what: 'delivery' })
    if (found.state !== 'failed') throw new AppError('delivery_not_failed')
    await selectRows(
      em,
      sql`update report_delivery set state = 'waiting', available_at = ${now}, sent_at = null, last_error = null where id = ${id}`,
    )
    return (await selectDeliveries(em, which))[0]!
  })
}
