import { LockMode } from '@mikro-orm/core'
import { ReportSchedule } from '../../../db/entities/report.ts'
import type { Em } from '../../../db/orm.ts'
import { selectRow, selectRows, sql } from '../../../db/sql.ts'
import { nextDue } from '../../../shared/domain/schedule.ts'
import { placeOrder } from './order-report.ts'
import { orderOf } from './schedules.ts'

/**
 * Orders the reports whose moment has come. Each schedule is a transaction of its own under its lock, and a moment has one order, so that any number of
 * processes may do this at once. After a pause of the server only the last of the missed moments is made up for.
 * @returns orders placed
 */
export async function fireSchedules(em: Em, now: Date): Promise<number> {
  let placed = 0
  for (;;) {
    const found = await em.fork().transactional(async (inside) => {
      const due = await selectRow<{ id: number }>(
        inside,
        sql`select id from report_schedule where is_active and archived_at is null and next_due_at <= ${now} order by next_due_at limit 1 for update skip locked`,
      )
      if (!due) return null
      await selectRows(inside, sql`select set_config('voronka.door', 'system', true)`)
      return fireOne(inside, due.id, now)
    })
    if (found === null) return placed
    if (found) placed++
  }
}

/** @returns false when its owner has left: then it rests */
async function fireOne(em: Em, id: number, now: Date): Promise<boolean> {
  const schedule = await em.findOneOrFail(ReportSchedule, id, { populate: ['employee'], lockMode: LockMode.PESSIMISTIC_WRITE })
  if (schedule.employee.deactivatedAt !== null) {
    schedule.isActive = false
    schedule.nextDueAt = null
    await em.flush()
    return false
  }
  const { rhythm, atTime, timeZone } = schedule
  let dueAt = schedule.nextDueAt!
  let next = nextDue(rhythm, atTime, timeZone, dueAt)
  while (next <= now) {
    dueAt = next
    next = nextDue(rhythm, atTime, timeZone, dueAt)
  }
  schedule.nextDueAt = next
  await placeOrder({ em, now }, orderOf(schedule, dueAt, dueAt))
  return true
}
