import { CalendarDay, Organization } from '../../db/entities/organization.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import type { SaveCalendarInput } from '../../shared/schemas/calendar.ts'
import type { WorkCalendarView } from '../../shared/views/processes.ts'
import { type Session, transact } from '../session.ts'
import { assertSettings } from './people.ts'

/** The company's working time. @throws AppError forbidden */
export async function showCalendar(session: Session): Promise<WorkCalendarView> {
  assertSettings(session)
  const organization = await session.em.findOneOrFail(Organization, 1, { refresh: true })
  const days = await session.em.find(CalendarDay, {}, { orderBy: { day: 'asc' } })
  const { limitsInWorkingTime, workDays, workFrom, workTo, version } = organization
  return {
    limitsInWorkingTime,
    workDays: [...workDays],
    from: workFrom,
    to: workTo,
    days: days.map(({ day, isWorking, name }) => ({ day, isWorking, name })),
    version,
  }
}

/**
 * Saves the working time as a whole; overdue deals follow at once.
 * @throws AppError forbidden, version_stale, input_invalid when the day ends before it begins or a day stands twice
 */
export function saveCalendar(session: Session, input: SaveCalendarInput): Promise<WorkCalendarView> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    const organization = await inside.em.findOneOrFail(Organization, 1, { refresh: true })
    if (organization.version !== input.version) throw new AppError('version_stale', { current: await showCalendar(inside) })
    const problems = problemsOf(input)
    if (problems.length > 0) throw new AppError('input_invalid', { problems })
    organization.limitsInWorkingTime = input.limitsInWorkingTime
    organization.workDays = [...new Set(input.workDays)].sort((a, b) => a - b)
    organization.workFrom = input.from
    organization.workTo = input.to
    await saveDays(inside, input.days)
    await inside.em.flush()
    return showCalendar(inside)
  })
}

async function saveDays({ em }: Session, wanted: SaveCalendarInput['days']): Promise<void> {
  const known = new Map((await em.find(CalendarDay, {})).map((day) => [day.day, day]))
  for (const { day, isWorking, name } of wanted) {
    const row = known.get(day)
    if (row) Object.assign(row, { isWorking, name })
    else em.persist(em.create(CalendarDay, { day, isWorking, name }))
    known.delete(day)
  }
  for (const gone of known.values()) em.remove(gone)
}

function problemsOf({ from, to, days }: SaveCalendarInput): { path: string; message: string }[] {
  const twice = days.filter(({ day }, index) => days.findIndex((other) => other.day === day) !== index)
  return [
    ...(from < to ? [] : [{ path: 'to', message: `${from} < ${to}` }]),
    ...twice.map(({ day }) => ({ path: 'days', message: `${day} × 2` })),
  ]
}
