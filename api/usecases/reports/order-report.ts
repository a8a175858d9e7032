import { Employee } from '../../../db/entities/organization.ts'
import {
  type QueryWords,
  ReportDelivery,
  type ReportFormatName,
  ReportOrder,
  ReportSchedule,
} from '../../../db/entities/report.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { isAble } from '../../../shared/domain/permissions.ts'
import type { EmailReportInput } from '../../../shared/schemas/reports.ts'
import type { Locale } from '../../../shared/views/common.ts'
import { reportText } from '../../reports/funnel-report.ts'
import { type Session, transact } from '../../session.ts'
import { ask } from '../funnel/ask.ts'
import { type DeliveryRow, selectDeliveries } from './deliveries.ts'
import { queryWords } from './query-words.ts'
import { assertNotTooMany, assertReaders, plainAddresses } from './readers.ts'

export type NewOrder = {
  readonly employeeId: number
  readonly schedule: { readonly id: number; readonly dueAt: Date | null } | null
  readonly title: string
  readonly query: QueryWords
  readonly format: ReportFormatName
  readonly locale: Locale
  readonly asOf: Date
  readonly message: string
  readonly addresses: readonly string[]
  readonly employeeIds: readonly number[]
}

/**
 * Has a report sent by mail: what is to be sent stands in the database with this transaction, a job makes and sends it.
 * @param mailIsSetUp whether there is an SMTP_URL
 * @throws AppError forbidden, mail_off, address_outside, rate_limited, not_found, input_invalid
 */
export function emailReport(session: Session, input: EmailReportInput, mailIsSetUp: boolean): Promise<readonly DeliveryRow[]> {
  return transact(session, async (inside) => {
    const { actor, now, locale } = inside
    if (!isAble(actor, 'report.make')) throw new AppError('forbidden')
    if (!mailIsSetUp) throw new AppError('mail_off')
    const addresses = plainAddresses(input.to)
    await assertReaders(inside, addresses, [])
    await assertNotTooMany(inside, addresses.length)
    await ask(inside, input.query)
    const orderId = await placeOrder(inside, {
      employeeId: actor.id,
      schedule: null,
      title: reportText[locale]('file.name'),
      query: queryWords(input.query),
      format: input.format,
      locale,
      asOf: input.query.asOf === undefined ? now : new Date(input.query.asOf),
      message: input.message,
      addresses,
      employeeIds: [],
    })
    return selectDeliveries(inside.em, { orderId })
  })
}

/** Writes down what is to be made and for whom; part of the caller's transaction. @returns id of the order */
export async function placeOrder({ em, now }: Pick<Session, 'em' | 'now'>, order: NewOrder): Promise<number> {
  const { employeeId, schedule, addresses, employeeIds, ...rest } = order
  const placed = em.create(ReportOrder, {
    ...rest,
    employee: em.getReference(Employee, employeeId),
    schedule: schedule && em.getReference(ReportSchedule, schedule.id),
    dueAt: schedule?.dueAt ?? null,
    createdAt: now,
  })
  em.persist(placed)
  for (const address of addresses) em.persist(em.create(ReportDelivery, { order: placed, address, availableAt: now }))
  for (const id of employeeIds)
    em.persist(em.create(ReportDelivery, { order: placed, employee: em.getReference(Employee, id), availableAt: now }))
  await em.flush()
  return placed.id
}
