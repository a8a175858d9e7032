import { Employee } from '../../../db/entities/organization.ts'
import { ReportSchedule } from '../../../db/entities/report.ts'
import { selectRow, selectRows, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { dayOf } from '../../../shared/domain/periods.ts'
import { isAble } from '../../../shared/domain/permissions.ts'
import { nextDue, schedulePeriod } from '../../../shared/domain/schedule.ts'
import { ShowFunnel } from '../../../shared/schemas/funnel.ts'
import type { CreateScheduleInput, EditScheduleInput } from '../../../shared/schemas/reports.ts'
import { type Session, transact } from '../../session.ts'
import { ask } from '../funnel/ask.ts'
import { type DeliveryRow, selectDeliveries } from './deliveries.ts'
import { placeOrder } from './order-report.ts'
import { queryWords } from './query-words.ts'
import { assertNotTooMany, assertReaders, plainAddresses } from './readers.ts'

/** A schedule with the names that it speaks of and how its newest delivery went. */
export type ScheduleCard = {
  readonly schedule: ReportSchedule
  readonly ownerName: string
  readonly readers: readonly { readonly id: number; readonly name: string; readonly linked: boolean }[]
  readonly last: { readonly at: Date; readonly deliveries: readonly DeliveryRow[] } | null
}

/** The actor's schedules, the newest first; who administers sees everybody's. */
export async function listSchedules(session: Session): Promise<readonly ScheduleCard[]> {
  const { em, actor } = session
  const whose = isAble(actor, 'settings.edit') ? {} : { employee: { id: actor.id } }
  const schedules = await em.find(
    ReportSchedule,
    { ...whose, archivedAt: null },
    { orderBy: { id: 'desc' }, populate: ['employee'], limit: 500, refresh: true },
  )
  return Promise.all(schedules.map((schedule) => cardOf(session, schedule)))
}

/** @throws AppError not_found, the same for another's and for none */
export async function showSchedule(session: Session, { id }: { readonly id: number }): Promise<ScheduleCard> {
  return cardOf(session, await findSchedule(session, id))
}

/**
 * Has a report made and sent again and again, from the next due moment on, with the figures that the actor may see then.
 * @param mailIsSetUp whether there is an SMTP_URL
 * @throws AppError forbidden, mail_off, address_outside, not_found, input_invalid when nobody gets it
 */
export function createSchedule(session: Session, input: CreateScheduleInput, mailIsSetUp: boolean): Promise<ScheduleCard> {
  return transact(session, async (inside) => {
    const { em, actor, now } = inside
    if (!isAble(actor, 'report.make')) throw new AppError('forbidden')
    const { time, query, ...plain } = input
    const emails = plainAddresses(input.emails)
    await assertFits(inside, { ...input, emails }, mailIsSetUp)
    const schedule = em.create(ReportSchedule, {
      ...plain,
      emails,
      employeeIds: [...new Set(input.employeeIds)],
      query: queryWords(query),
      atTime: time,
      employee: em.getReference(Employee, actor.id),
      nextDueAt: nextDue(input.rhythm, time, input.timeZone, now),
      createdAt: now,
    })
    em.persist(schedule)
    await em.flush()
    return showSchedule(inside, schedule)
  })
}

/**
 * Changes a schedule, pauses it or lets it go on: missed moments are not made up for.
 * @throws AppError not_found, version_stale, mail_off, address_outside, forbidden, input_invalid
 */
export function editSchedule(session: Session, input: EditScheduleInput, mailIsSetUp: boolean): Promise<ScheduleCard> {
  return transact(session, async (inside) => {
    const schedule = await findSchedule(inside, input.id)
    if (schedule.version !== input.version) throw new AppError('version_stale', { current: { version: schedule.version } })
    const { id: _id, version: _version, time, query, active, emails, ...plain } = input
    const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined))
    Object.assign(schedule, given)
    if (time !== undefined) schedule.atTime = time
    if (query !== undefined) schedule.query = queryWords(query)
    if (emails !== undefined) schedule.emails = plainAddresses(emails)
    if (active !== undefined) schedule.isActive = active
    if (input.emails || input.employeeIds || query)
      await assertFits(inside, { ...schedule, query: ShowFunnel.parse(schedule.query) }, mailIsSetUp)
    const { rhythm, atTime, timeZone, isActive } = schedule
    if (!isActive) schedule.nextDueAt = null
    else if (active || time || input.rhythm || input.timeZone) schedule.nextDueAt = nextDue(rhythm, atTime, timeZone, inside.now)
    await inside.em.flush()
    return showSchedule(inside, schedule)
  })
}

/** Ends a schedule; what it has sent stays in the log. @throws AppError not_found, version_stale */
export async function removeSchedule(session: Session, input: { readonly id: number; readonly version: number }): Promise<void> {
  await transact(session, async (inside) => {
    const schedule = await findSchedule(inside, input.id)
    if (schedule.version !== input.version) throw new AppError('version_stale', { current: { version: schedule.version } })
    Object.assign(schedule, { archivedAt: inside.now, isActive: false, nextDueAt: null })
    await inside.em.flush()
  })
}

/** Has a schedule's report made and sent now, besides its moments. @throws AppError not_found, mail_off, rate_limited */
export function runSchedule(
  session: Session,
  { id }: { readonly id: number },
  mailIsSetUp: boolean,
): Promise<readonly DeliveryRow[]> {
  return transact(session, async (inside) => {
    const schedule = await findSchedule(inside, id)
    if (schedule.emails.length > 0 && !mailIsSetUp) throw new AppError('mail_off')
    await assertNotTooMany(inside, schedule.emails.length + schedule.employeeIds.length)
    const orderId = await placeOrder(inside, orderOf(schedule, null, inside.now))
    return selectDeliveries(inside.em, { orderId })
  })
}

/** The order of a schedule for one of its moments; null: one besides. */
export function orderOf(schedule: ReportSchedule, dueAt: Date | null, asOf: Date): Parameters<typeof placeOrder>[1] {
  const { name, query, format, locale, emails, employeeIds, period, timeZone } = schedule
  return {
    employeeId: schedule.employee.id,
    schedule: { id: schedule.id, dueAt },
    title: name,
    query: { ...query, ...schedulePeriod(period, dayOf(asOf, timeZone)) },
    format,
    locale,
    asOf,
    message: '',
    addresses: emails,
    employeeIds,
  }
}

async function findSchedule({ em, actor }: Session, id: number): Promise<ReportSchedule> {
  const schedule = await em.findOne(ReportSchedule, { id, archivedAt: null }, { populate: ['employee'] })
  if (!schedule || (schedule.employee.id !== actor.id && !isAble(actor, 'settings.edit')))
    throw new AppError('not_found', { what: 'schedule' })
  return schedule
}

type Fitting = Pick<CreateScheduleInput, 'query'> & {
  readonly emails: readonly string[]
  readonly employeeIds: readonly number[]
}

async function assertFits(session: Session, { query, emails, employeeIds }: Fitting, mailIsSetUp: boolean): Promise<void> {
  if (emails.length + employeeIds.length === 0)
    throw new AppError('input_invalid', { problems: [{ path: 'emails', message: 'nobody' }] })
  if (emails.length > 0 && !mailIsSetUp) throw new AppError('mail_off')
  await assertReaders(session, emails, employeeIds)
  await ask(session, ShowFunnel.parse(queryWords(query)))
}

async function cardOf({ em }: Session, schedule: ReportSchedule): Promise<ScheduleCard> {
  const readers = await selectRows<ScheduleCard['readers'][number]>(
    em,
    sql`select e.id, e.name, l.id is not null as linked from employee e
      left join telegram_link l on l.employee_id = e.id and l.ended_at is null where e.id = any(${[...schedule.employeeIds]}::int[]) order by e.name`,
  )
  const order = await selectRow<{ id: number; at: Date }>(
    em,
    sql`select id, created_at as at from report_order where schedule_id = ${schedule.id} order by id desc limit 1`,
  )
  const last = order && { at: order.at, deliveries: await selectDeliveries(em, { orderId: order.id }) }
  await em.populate(schedule, ['employee'])
  return { schedule, ownerName: schedule.employee.name, readers, last }
}
