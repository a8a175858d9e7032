import type { Em } from '../../../db/orm.ts'
import { selectKnownRows, selectRows, sql } from '../../../db/sql.ts'
import type { Role } from '../../../shared/views/common.ts'
import type { Session } from '../../session.ts'
import { mayDecide } from './deciders.ts'
import { enqueueNotice } from './notice-settings.ts'

/** Work that somebody is asked for. */
export type AskedWork =
  | { readonly kind: 'task' | 'overdue'; readonly taskId: number }
  | { readonly kind: 'approval'; readonly runId: number; readonly stageId: number; readonly role: Role }

/** Tells somebody of his work. It is put in words, and looked at whether it is still to be done, when it is sent. */
export type WorkNotice = {
  readonly kind: 'work'
  readonly chatId: number
  readonly employeeId: number
  readonly dealNumber: number
  /** Who asked for it; empty where nobody did. */
  readonly actorName: string
  readonly work: AskedWork
}

type Reader = { readonly chatId: number; readonly employeeId: number }
type NewTask = Reader & { readonly taskId: number }
type NewApproval = Reader & { readonly runId: number; readonly stageId: number; readonly role: Role }

/** Overdue tasks are told of within so many days: what has lain longer is no news. Sent notices are remembered for longer than that. */
const newsDays = 3
const mostAtOnce = 500

/**
 * Tells people, in the transaction itself, of the tasks that a change of the deal gave them, and of the decisions that it asks of their role;
 * whoever made the change needs no telling. Nothing is written for who has no Telegram linked. The same is told once, however often it is called.
 */
export async function notifyNewWork(session: Session, deal: { readonly id: number; readonly number: number }): Promise<void> {
  const tell = (reader: Reader, work: AskedWork, dedupeKey: string) =>
    enqueueWork(session.em, { reader, dealNumber: deal.number, actorName: actorNameOf(session), work, dedupeKey }, session.now)
  for (const { taskId, ...reader } of await selectNewTasks(session, deal.id))
    await tell(reader, { kind: 'task', taskId }, `task:${taskId}:${reader.employeeId}`)
  for (const { runId, stageId, role, ...reader } of await selectNewApprovals(session, deal.id))
    await tell(
      reader,
      { kind: 'approval', runId, stageId, role },
      `approval:${runId}:${session.now.getTime()}:${stageId}:${reader.employeeId}`,
    )
}

/** Voronka itself is nobody. */
function actorNameOf({ actor, door }: Session): string {
  return door === 'system' ? '' : actor.name
}

function selectNewTasks({ em, actor, now }: Session, dealId: number): Promise<NewTask[]> {
  return selectKnownRows<NewTask>(
    em,
    sql`select task.id as "taskId", link.employee_id as "employeeId", link.chat_id::float8 as "chatId"
    from deal_task task join telegram_link link on link.employee_id = task.assignee_id and link.ended_at is null
    where task.deal_id = ${dealId} and task.state = 'open' and task.created_at = ${now} and task.assignee_id <> ${actor.id}`,
  )
}

/** Those of the role whom the ways on from the stage that was entered just now ask. */
function selectNewApprovals({ em, actor, now }: Session, dealId: number): Promise<NewApproval[]> {
  return selectKnownRows<NewApproval>(
    em,
    sql`select distinct run.id as "runId", target.id as "stageId", person.role, link.employee_id as "employeeId", link.chat_id::float8 as "chatId"
    from process_run run join deal on deal.id = run.deal_id
      join stage present on present.id = run.stage_id
      join stage_transition way on way.from_stage_id = present.id
      join stage target on target.id = way.to_stage_id and target.position > present.position
      cross join lateral jsonb_array_elements(target.gates) gate
      join employee person on person.role = gate ->> 'role' and person.deactivated_at is null and person.id <> ${actor.id}
      join telegram_link link on link.employee_id = person.id and link.ended_at is null
    where run.deal_id = ${dealId} and run.state = 'running' and run.stage_since = ${now} and gate ->> 'kind' = 'approval'
      and ${mayDecide}`,
  )
}

/**
 * Tells people who want to know of their tasks whose time has run out, each once.
 * @returns how many were told
 */
export async function notifyOverdueTasks(em: Em, now: Date): Promise<number> {
  const since = new Date(now.getTime() - newsDays * 86_400_000)
  const rows = await selectRows<NewTask & { dealNumber: number; dedupeKey: string }>(
    em,
    sql`with late as (
      select task.id, task.deal_id, task.assignee_id, 'overdue:' || task.id || ':' || extract(epoch from task.due_at)::bigint as key from deal_task task
      where task.state = 'open' and task.due_at <= ${now} and task.due_at > ${since}
    )
    select late.id as "taskId", deal.number::float8 as "dealNumber", late.key as "dedupeKey", link.employee_id as "employeeId",
      link.chat_id::float8 as "chatId"
    from late join deal on deal.id = late.deal_id and deal.withdrawn_at is null
      join telegram_link link on link.employee_id = late.assignee_id and link.ended_at is null
      left join notice_settings wish on wish.id = late.assignee_id
    where coalesce((wish.topics ->> 'overdue')::boolean, true)
      and not exists (select 1 from outbox_message sent where sent.dedupe_key = late.key)
    order by late.id limit ${mostAtOnce}`,
  )
  for (const { taskId, dealNumber, dedupeKey, ...reader } of rows)
    await enqueueWork(em, { reader, dealNumber, actorName: '', work: { kind: 'overdue', taskId }, dedupeKey }, now)
  return rows.length
}

type Told = Pick<WorkNotice, 'dealNumber' | 'actorName' | 'work'> & { readonly reader: Reader; readonly dedupeKey: string }

async function enqueueWork(em: Em, { reader, dedupeKey, ...told }: Told, now: Date): Promise<void> {
  const { chatId, employeeId } = reader
  const payload: WorkNotice = { kind: 'work', chatId, employeeId, ...told }
  await enqueueNotice(em, { topic: told.work.kind, reader, dedupeKey, payload }, now)
}
