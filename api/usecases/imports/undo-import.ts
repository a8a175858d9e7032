import { ImportBatch } from '../../../db/entities/import-batch.ts'
import { selectRow, selectRows, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { isAble } from '../../../shared/domain/permissions.ts'
import { type Session, transact } from '../../session.ts'
import type { ImportReport } from './report.ts'
import { takeTurn } from './run-import.ts'
import { sayImport } from './sentences.ts'

/**
 * Takes an import back as a whole: its deals are withdrawn and their visits voided, deals that it changed are as before, and what it made
 * in the dictionaries is put away where nothing else uses it. Nothing is deleted: the audit keeps all.
 * @throws AppError forbidden, not_found, import_running, import_not_undoable when people or another import changed its deals since
 */
export async function undoImport(session: Session, { id }: { readonly id: number }): Promise<ImportBatch> {
  if (!isAble(session.actor, 'import.run')) throw new AppError('forbidden')
  return transact({ ...session, door: 'import' }, async (inside) => {
    await takeTurn(inside)
    const batch = await inside.em.findOne(ImportBatch, id)
    if (!batch) throw new AppError('not_found')
    const t = sayImport[session.locale]
    if (batch.state !== 'done') throw new AppError('import_not_undoable', { why: t('undo_state') })
    const changed = await countChangedSince(inside, id)
    if (changed > 0) throw new AppError('import_not_undoable', { why: t('undo_changed', { count: String(changed) }) })
    await restoreUpdated(inside, id)
    await withdraw(inside, id)
    await putAway(inside, batch.report as unknown as ImportReport)
    batch.state = 'undone'
    await inside.em.flush()
    return batch
  })
}

/** Deals that came with the batch have version 1 until somebody changes them; those it changed carry the version it left them with. */
async function countChangedSince({ em }: Session, batchId: number): Promise<number> {
  const row = await selectRow<{ count: number }>(
    em,
    sql`select count(*)::int as count from deal where
      (import_batch_id = ${batchId} and (version <> 1
        or exists (select 1 from deal_event e where e.deal_id = deal.id and e.door <> 'import' and e.voided_at is null)))
      or exists (select 1 from deal_event e where e.deal_id = deal.id and (e.undo_state ->> 'batchId')::int = ${batchId}
        and e.voided_at is null and (e.undo_state ->> 'dealVersionAfter')::int <> deal.version)`,
  )
  return row!.count
}

async function restoreUpdated({ em, now, actor }: Session, batchId: number): Promise<void> {
  const actorId = actor.id > 0 ? actor.id : null
  const states = sql`select deal_id, undo_state from deal_event where (undo_state ->> 'batchId')::int = ${batchId} and voided_at is null`
  await selectRows(
    em,
    sql`update status_visit set voided_at = ${now}, voided_by_id = ${actorId} where voided_at is null and (cause ->> 'batchId')::int = ${batchId}
      and deal_id in (select deal_id from (${states}) s)`,
  )
  await selectRows(
    em,
    sql`update status_visit set left_at = null from (${states}) s where status_visit.id = (s.undo_state ->> 'closedVisitId')::bigint`,
  )
  await selectRows(
    em,
    sql`update deal set title = was.title, description = was.description, counterparty_id = was.counterparty_id, owner_id = was.owner_id,
      department_id = was.department_id, amount_minor = was.amount_minor, currency = coalesce(was.currency, deal.currency), expected_close_on = was.expected_close_on, lost_reason = was.lost_reason,
      fields = coalesce(was.fields, deal.fields),
      status_id = was.status_id, status_since = was.status_since, status_held = was.status_held, changed_at = was.changed_at, version = deal.version + 1
    from (${states}) s, jsonb_to_record(s.undo_state -> 'deal') as was (title text, description text, counterparty_id int, owner_id int, department_id int,
      amount_minor bigint, currency text, expected_close_on date, lost_reason text, fields jsonb, status_id int, status_since timestamptz, status_held boolean, changed_at timestamptz)
    where deal.id = s.deal_id`,
  )
  await selectRows(
    em,
    sql`update process_run set stage_id = was."stageId", stage_since = was."stageSince", state = was.state, ended_at = was."endedAt"
    from (${states}) s, jsonb_to_record(s.undo_state -> 'run') as was (id bigint, "stageId" int, "stageSince" timestamptz, state text, "endedAt" timestamptz)
    where s.undo_state -> 'run' <> 'null'::jsonb and process_run.id = was.id`,
  )
  await selectRows(
    em,
    sql`update deal_event set voided_at = ${now} from (select deal_id, min(recorded_at) as recorded_at from deal_event
        where (undo_state ->> 'batchId')::int = ${batchId} and voided_at is null group by 1) s
      where deal_event.deal_id = s.deal_id and deal_event.recorded_at = s.recorded_at and deal_event.door = 'import' and deal_event.voided_at is null`,
  )
}

/** The external id is given up, so that the file can be imported again. */
async function withdraw({ em, now, actor }: Session, batchId: number): Promise<void> {
  const actorId = actor.id > 0 ? actor.id : null
  const deals = sql`select id from deal where import_batch_id = ${batchId}`
  await selectRows(
    em,
    sql`update status_visit set voided_at = ${now}, voided_by_id = ${actorId} where voided_at is null and deal_id in (${deals})`,
  )
  await selectRows(
    em,
    sql`update process_run set state = 'cancelled', ended_at = greatest(${now}, started_at) where state = 'running' and deal_id in (${deals})`,
  )
  await selectRows(
    em,
    sql`update deal set withdrawn_at = ${now}, external_id = null, version = version + 1 where import_batch_id = ${batchId} and withdrawn_at is null`,
  )
}

/** Entries that no living deal, person or process needs are archived; an archived status is also taken off the funnel. */
async function putAway({ em, now }: Session, { createdIds }: ImportReport): Promise<void> {
  const ids = (kind: keyof typeof createdIds) => sql`any(${[...(createdIds[kind] ?? [])]}::int[])`
  const live = sql`deal.withdrawn_at is null`
  await selectRows(
    em,
    sql`update counterparty c set archived_at = ${now}, version = version + 1 where id = ${ids('counterparties')}
      and not exists (select 1 from deal where deal.counterparty_id = c.id and ${live}) and not exists (select 1 from contact where counterparty_id = c.id)`,
  )
  await selectRows(
    em,
    sql`update deal_type t set archived_at = ${now}, version = version + 1 where id = ${ids('dealTypes')} and not exists (select 1 from deal where deal.type_id = t.id and ${live})`,
  )
  await selectRows(
    em,
    sql`update process_template p set archived_at = ${now}, version = version + 1 where id in (select process_template_id from deal_type where id = ${ids('dealTypes')})
      and not exists (select 1 from deal_type t where t.process_template_id = p.id and t.archived_at is null)`,
  )
  await selectRows(
    em,
    sql`update status s set archived_at = ${now}, shown_in_funnel = false, version = version + 1 where id = ${ids('statuses')}
      and s.archived_at is null and not exists (select 1 from status m where m.merged_into_id = s.id)
      and not exists (select 1 from status_visit v where v.status_id = s.id and v.voided_at is null)
      and not exists (select 1 from stage join process_template_version v on v.id = stage.template_version_id join process_template p on p.id = v.template_id
        where stage.status_id = s.id and p.archived_at is null)`,
  )
  await selectRows(
    em,
    sql`update employee e set deactivated_at = ${now}, version = version + 1 where id = ${ids('employees')} and password_hash is null
      and not exists (select 1 from deal where deal.owner_id = e.id and ${live})
      and not exists (select 1 from status_visit v where (v.owner_id = e.id or v.actor_id = e.id) and v.voided_at is null)
      and not exists (select 1 from telegram_link where employee_id = e.id and ended_at is null)
      and not exists (select 1 from deal_participant where employee_id = e.id)`,
  )
  await selectRows(
    em,
    sql`update department d set archived_at = ${now}, version = version + 1 where id = ${ids('departments')}
      and not exists (select 1 from deal where deal.department_id = d.id and ${live})
      and not exists (select 1 from employee e where e.department_id = d.id and e.deactivated_at is null)
      and not exists (select 1 from department child where child.parent_id = d.id and child.archived_at is null)`,
  )
}
