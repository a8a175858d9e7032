import { type Deal, type DealEvent, DealParticipant, type ProcessRun } from '../../../db/entities/deal.ts'
import { Employee } from '../../../db/entities/organization.ts'
import { Stage } from '../../../db/entities/process.ts'
import { DealTask } from '../../../db/entities/work.ts'
import type { StageRow } from '../../../db/queries/dictionaries.ts'
import { visibleDeals } from '../../../db/queries/visibility.ts'
import { selectRow, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import type { Assignee } from '../../../shared/domain/status-rules.ts'
import type { Locale } from '../../../shared/views/common.ts'
import type { Session } from '../../session.ts'
import { type Change, recordEvent } from '../deals/deal-record.ts'
import { findAssignee } from '../rules/find-assignee.ts'

export type NewTask = {
  readonly title: string
  readonly assignee: Employee
  readonly dueAt: Date | null
  readonly origin: DealTask['origin']
  readonly run: ProcessRun | null
  readonly stage: Stage | null
}

/**
 * Writes a task and its fact. Who is given one and does not see the deal takes part in it from now on: else he could not do it.
 * @returns the task, with its id, and the fact.
 */
export async function giveTask(session: Session, deal: Deal, given: NewTask): Promise<{ task: DealTask; event: DealEvent }> {
  const { em } = session
  const task = em.create(DealTask, { ...given, deal, state: 'open', createdAt: session.now, closedAt: null, closedBy: null })
  em.persist(task)
  await em.flush()
  if (!(await seesDeal(session, given.assignee, deal.id))) await letTakePart(session, deal, given.assignee)
  const { id, name } = given.assignee
  const event = recordEvent(session, deal, { kind: 'task_created', taskId: task.id, title: task.title, assignee: { id, name } })
  return { task, event }
}

/** May the employee see the deal? */
export async function seesDeal(session: Session, employee: Employee, dealId: number): Promise<boolean> {
  const viewer = { id: employee.id, role: employee.role, departmentId: employee.department.id }
  return (await selectRow(session.em, sql`select 1 from deal where deal.id = ${dealId} and ${visibleDeals(viewer)}`)) !== null
}

async function letTakePart(session: Session, deal: Deal, employee: Employee): Promise<void> {
  session.em.persist(session.em.create(DealParticipant, { deal, employee }))
  const added = [{ id: employee.id, name: employee.name }]
  recordEvent(session, deal, { kind: 'participants_changed', added, removed: [] })
  await session.em.flush()
}

/**
 * Gives the tasks of a stage that a run has just entered, in the organisation's language. One that is still open from an earlier stay is
 * not given twice. Where nobody answers to the assignee, the deal's owner gets it: a vacancy does not hold a deal up.
 */
export async function giveStageTasks(change: Change, run: ProcessRun, stage: StageRow): Promise<void> {
  if (stage.tasks.length === 0) return
  const { session, deal, effects } = change
  const locale = await readCompanyLocale(session)
  const open = await session.em.find(DealTask, { run, stage: stage.id, state: 'open' })
  for (const { title, assignee, dueInHours } of stage.tasks) {
    if (open.some((task) => task.title === title[locale])) continue
    const { task, event } = await giveTask(session, deal, {
      title: title[locale],
      assignee: await assigneeOrOwner(session, assignee, deal),
      dueAt: dueInHours === null ? null : new Date(session.now.getTime() + dueInHours * 3_600_000),
      origin: 'stage',
      run,
      stage: session.em.getReference(Stage, stage.id),
    })
    effects.tasks.push(task)
    effects.companions.push(event)
  }
}

async function assigneeOrOwner(session: Session, assignee: Assignee, deal: Deal): Promise<Employee> {
  const place = { ownerId: deal.owner.id, departmentId: deal.department.id }
  try {
    return await findAssignee(session, assignee, place)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return session.em.findOneOrFail(Employee, deal.owner.id)
  }
}

/** The language in which the company writes what is not for one reader. */
export async function readCompanyLocale(session: Session): Promise<Locale> {
  const row = await selectRow<{ locale: Locale }>(session.em, sql`select locale from organization`)
  return row?.locale ?? 'ru'
}

/** A process that ends leaves no work behind: its open tasks are cancelled; those given by hand stay. */
export async function cancelRunTasks({ session, effects }: Change, run: ProcessRun): Promise<void> {
  for (const task of await session.em.find(DealTask, { run, state: 'open' })) {
    task.state = 'cancelled'
    task.closedAt = session.now
    effects.cancelledTasks.push(task)
  }
}
