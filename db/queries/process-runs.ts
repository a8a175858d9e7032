import type { DealEventBody } from '../../shared/domain/events.ts'
import type { Em } from '../orm.ts'
import { selectRows, sql } from '../sql.ts'

export type RunningRow = {
  readonly runId: number
  readonly isMain: boolean
  readonly stageId: number
  readonly dealId: number
  readonly statusId: number
  readonly statusHeld: boolean
}

/**
 * What runs on a version. With `lock`, the deals first, in order of id, and until the transaction ends: whoever changes one meanwhile is waited for,
 * and his change is seen.
 */
export async function selectRunning(em: Em, versionId: number, { lock }: { readonly lock: boolean }): Promise<RunningRow[]> {
  const wanted = sql`exists (select 1 from process_run r where r.deal_id = deal.id and r.template_version_id = ${versionId} and r.state = 'running')`
  if (lock) await selectRows(em, sql`select id from deal where ${wanted} order by id for update`)
  return selectRows<RunningRow>(
    em,
    sql`select r.id::int as "runId", r.is_main as "isMain", r.stage_id as "stageId", deal.id::int as "dealId", deal.status_id as "statusId",
      deal.status_held as "statusHeld"
    from process_run r join deal on deal.id = r.deal_id where r.template_version_id = ${versionId} and r.state = 'running' order by deal.id, r.id`,
  )
}

/** A run on its new version, and what its deal's history keeps. */
export type MovedRun = {
  readonly runId: number
  readonly dealId: number
  readonly versionId: number
  readonly stageId: number
  /** The new stage is an end. */
  readonly finished: boolean
  /** The deal's new status, null when it keeps its own. */
  readonly statusId: number | null
  readonly entered: Extract<DealEventBody, { kind: 'stage_entered' }>
  readonly changed: Extract<DealEventBody, { kind: 'status_changed' }> | null
}

/** Moves runs to their new stages, statuses with them, and writes the facts; a few statements for any number of deals. The deals must be locked. */
export async function writeMovedRuns(
  em: Em,
  given: { readonly runs: readonly MovedRun[]; readonly now: Date; readonly actorId: number; readonly door: string },
): Promise<void> {
  const { runs, now, door } = given
  if (runs.length === 0) return
  const actorId = given.actorId > 0 ? given.actorId : null
  const moves = sql`jsonb_to_recordset(${JSON.stringify(runs)}::jsonb) as m ("runId" bigint, "dealId" bigint, "versionId" int, "stageId" int,
    finished boolean, "statusId" int, entered jsonb, changed jsonb)`
  await selectRows(
    em,
    sql`update process_run r set template_version_id = m."versionId", stage_id = m."stageId",
      state = case when m.finished then 'finished' else 'running' end, ended_at = case when m.finished then ${now}::timestamptz end
    from ${moves} where r.id = m."runId"`,
  )
  await selectRows(
    em,
    sql`update deal_task t set state = 'cancelled', closed_at = ${now}, version = t.version + 1 from ${moves}
    where m.finished and t.run_id = m."runId" and t.state = 'open'`,
  )
  // Of several runs of one deal the last one's status holds, as if they had been moved one after another.
  const statuses = sql`(select distinct on ("dealId") * from ${moves} where "statusId" is not null order by "dealId", "runId" desc)`
  await selectRows(
    em,
    sql`update status_visit v set left_at = greatest(${now}::timestamptz, v.entered_at) from ${statuses} m
    where v.deal_id = m."dealId" and v.left_at is null and v.voided_at is null`,
  )
  await selectRows(
    em,
    sql`update deal set status_id = m."statusId", status_since = greatest(${now}::timestamptz, deal.status_since) from ${statuses} m
    where deal.id = m."dealId"`,
  )
  await selectRows(
    em,
    sql`insert into status_visit (deal_id, status_id, entered_at, recorded_at, owner_id, department_id, amount_minor, currency, cause, actor_id, stage_id)
    select deal.id, deal.status_id, deal.status_since, ${now}, deal.owner_id, deal.department_id, deal.amount_minor, deal.currency,
      m.changed -> 'cause', ${actorId}::int, m."stageId"
    from ${statuses} m join deal on deal.id = m."dealId"`,
  )
  await selectRows(
    em,
    sql`insert into deal_event (deal_id, kind, body, occurred_at, recorded_at, actor_id, door)
    select "dealId", body ->> 'kind', body, ${now}, ${now}, ${actorId}::int, ${door} from (
      select "dealId", "runId", 1 as place, entered as body from ${moves}
      union all select "dealId", "runId", 2, changed from ${statuses} m) facts order by "dealId", "runId", place`,
  )
  await selectRows(
    em,
    sql`with changed as (
      update deal set version = version + 1, changed_at = greatest(${now}::timestamptz, changed_at + interval '1 millisecond')
      where id in (select "dealId" from ${moves}) returning id, number, version
    ) select pg_notify('deal_changed', json_build_object('id', id, 'number', number, 'version', version)::text) from changed`,
  )
}
