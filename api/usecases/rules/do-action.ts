import { type DealEvent, ProcessRun } from '../../../db/entities/deal.ts'
import type { ActionOutcome } from '../../../db/entities/rules.ts'
import { selectCurrentVersion } from '../../../db/queries/dictionaries.ts'
import { selectRow, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import type { RuleAction, StatusRule } from '../../../shared/domain/status-rules.ts'
import { enqueueNotice } from '../chat/notice-settings.ts'
import { type Change, enterStatus, type Heard, recordCompanion } from '../deals/deal-record.ts'
import { startRun } from '../deals/start-run.ts'
import { readStatuses, refOf } from '../dictionary.ts'
import { cancelRunTasks, giveTask, readCompanyLocale } from '../tasks/give-task.ts'
import { findLinkedChat } from '../telegram.ts'
import { createLinkedDeal } from './create-linked-deal.ts'
import { findAssignee } from './find-assignee.ts'

/** What an action knows: the deal being changed, the fact that started it, what the rule heard. */
export type ActionContext = {
  readonly change: Change
  readonly event: DealEvent
  readonly heard: Heard
  readonly rule: Pick<StatusRule, 'id' | 'names'>
}
export type Outcome = ActionOutcome['outcome']
export type ActionOf<Kind extends RuleAction['kind']> = Extract<RuleAction, { kind: Kind }>

/**
 * Does one action of a rule on the deal; the caller takes it back when it throws.
 * @throws AppError status_archived, not_found, employee_inactive, assignee_missing, process_running
 */
export async function doAction(context: ActionContext, action: RuleAction): Promise<Omit<ActionOutcome, 'action'>> {
  switch (action.kind) {
    case 'set_status':
      return { outcome: await setStatus(context, action) }
    case 'create_task':
      return { outcome: await createTask(context, action) }
    case 'notify':
      return { outcome: await notify(context, action) }
    case 'assign':
      return { outcome: await assign(context, action) }
    case 'start_process':
      return { outcome: await startProcess(context, action) }
    case 'create_deal':
      return createLinkedDeal(context, action)
    case 'call_webhook':
      // Nothing is sent from inside a transaction: the job that retries does it.
      return { outcome: 'waiting' }
  }
}

async function setStatus({ change, event, rule }: ActionContext, { status }: ActionOf<'set_status'>): Promise<Outcome> {
  const { session, deal } = change
  const statuses = await readStatuses(session)
  const from = statuses.resolve(deal.status.id)
  const to = statuses.resolve(statuses.find(status).id)
  if (to.archived) throw new AppError('status_archived', { status: to.names[session.locale] })
  if (deal.statusHeld) return 'held'
  if (from.id === to.id || from.category === 'lost') return 'skipped'
  const cause = { kind: 'rule', rule: { id: rule.id, name: rule.names }, eventId: event.id } as const
  if (to.category === 'lost') {
    deal.lostReason = rule.names[session.locale]
    for (const run of await session.em.find(ProcessRun, { deal, isMain: true, state: 'running' })) {
      change.run ??= {
        id: run.id,
        stageId: run.stage.id,
        stageSince: run.stageSince.toISOString(),
        state: run.state,
        endedAt: null,
      }
      run.state = 'cancelled'
      run.endedAt = session.now
      await cancelRunTasks(change, run)
    }
  }
  await enterStatus(change, to, cause, null)
  recordCompanion(change, { kind: 'status_changed', from: refOf(from), to: refOf(to), cause })
  return 'done'
}

async function createTask({ change, heard }: ActionContext, action: ActionOf<'create_task'>): Promise<Outcome> {
  const { session, deal } = change
  const assignee = await assigneeOf(change, action.assignee)
  const locale = await readCompanyLocale(session)
  const { task, event } = await giveTask(session, deal, {
    title: action.title[locale].slice(0, 300),
    assignee,
    dueAt: action.dueInHours === null ? null : new Date(session.now.getTime() + action.dueInHours * 3_600_000),
    origin: 'rule',
    run: heard.runId === null ? null : session.em.getReference(ProcessRun, heard.runId),
    stage: null,
  })
  change.effects.tasks.push(task)
  change.effects.companions.push(event)
  return 'done'
}

/** By Telegram, where the person has linked it and wants to be told. */
async function notify({ change, event, rule }: ActionContext, action: ActionOf<'notify'>): Promise<Outcome> {
  const { session, deal } = change
  const reader = await assigneeOf(change, action.to)
  const chatId = await findLinkedChat(session.em, reader.id)
  if (chatId === null) return 'skipped'
  const body = { kind: 'rule_fired', rule: { id: rule.id, name: rule.names }, actions: ['notify'], notice: action.text } as const
  const told = await enqueueNotice(
    session.em,
    {
      topic: 'rule',
      reader: { employeeId: reader.id, chatId },
      dedupeKey: `rule:${rule.id}:${event.id}:${reader.id}`,
      payload: { kind: 'notice', chatId, employeeId: reader.id, dealNumber: deal.number, actorName: session.actor.name, body },
    },
    session.now,
  )
  return told ? 'done' : 'skipped'
}

async function assign({ change }: ActionContext, action: ActionOf<'assign'>): Promise<Outcome> {
  const { deal, session } = change
  const to = await assigneeOf(change, action.to)
  if (to.id === deal.owner.id) return 'skipped'
  await session.em.populate(deal, ['owner'])
  await session.em.populate(to, ['department'])
  const from = { id: deal.owner.id, name: deal.owner.name }
  deal.owner = to
  deal.department = to.department
  recordCompanion(change, {
    kind: 'deal_reassigned',
    from,
    to: { id: to.id, name: to.name },
    department: { id: to.department.id, name: to.department.name },
  })
  return 'done'
}

async function startProcess({ change }: ActionContext, { template }: ActionOf<'start_process'>): Promise<Outcome> {
  const { session, deal } = change
  const found = await selectRow<{ id: number }>(
    session.em,
    sql`select id from process_template where code = ${template} and archived_at is null`,
  )
  const version = found && (await selectCurrentVersion(session.em, found.id))
  if (!version) throw new AppError('not_found', { what: template })
  const same = await session.em.count(ProcessRun, { deal, state: 'running', templateVersion: { template: found.id } })
  if (same > 0) return 'skipped'
  await startRun(change, version, false)
  return 'done'
}

function assigneeOf({ session, deal }: Change, assignee: ActionOf<'assign'>['to']) {
  return findAssignee(session, assignee, { ownerId: deal.owner.id, departmentId: deal.department.id })
}
