import type { Em } from '../orm.ts'
import { selectRow, selectRows, sql } from '../sql.ts'
import type { Names } from './dictionaries.ts'

/** Who else writes to the dictionary waits until the transaction ends; deals and readers do not. */
export async function lockStatuses(em: Em): Promise<void> {
  await selectRows(em, sql`lock table status in share row exclusive mode`)
}

/** Deals (not withdrawn) that stand in one of the statuses. */
export async function countDealsStanding(em: Em, statusIds: readonly number[]): Promise<number> {
  const row = await selectRow<{ count: number }>(
    em,
    sql`select count(*)::int as count from deal where status_id = any(${[...statusIds]}::int[]) and withdrawn_at is null`,
  )
  return row?.count ?? 0
}

/**
 * Processes and rules that may still give one of the statuses: the newest published version of a template in use, versions that deals run on,
 * and rules in force. @param codes of the same statuses: rules name them so
 */
export function selectGivers(em: Em, statusIds: readonly number[], codes: readonly string[]): Promise<Names[]> {
  const ids = sql`any(${[...statusIds]}::int[])`
  return selectRows<{ names: Names }>(
    em,
    sql`select jsonb_build_object('ru', t.name_ru, 'en', t.name_en) as names from process_template t
      where exists (select 1 from process_template_version v where v.template_id = t.id and v.state <> 'draft'
        and (v.status_id = ${ids} or exists (select 1 from stage s where s.template_version_id = v.id and s.status_id = ${ids}))
        and ((t.archived_at is null and v.number = (select max(number) from process_template_version n where n.template_id = t.id and n.state = 'published'))
          or exists (select 1 from process_run run where run.template_version_id = v.id and run.state = 'running')))
    union all
    select jsonb_build_object('ru', r.name_ru, 'en', r.name_en) from status_rule r
      where r.is_active and r.archived_at is null and exists (select 1 from jsonb_array_elements(r.actions) as action
        where action ->> 'kind' = 'set_status' and action ->> 'status' = any(${[...codes]}::text[]))`,
  ).then((rows) => rows.map((row) => row.names))
}

/** Puts the statuses in this order: they share out the ranks that they have, so that no other status is touched. */
export async function writeStatusOrder(em: Em, ids: readonly number[]): Promise<void> {
  await selectRows(
    em,
    sql`update status set rank = given.rank from (
      select wanted.id, ranks.rank from unnest(${[...ids]}::int[]) with ordinality as wanted (id, place)
      join (select rank, row_number() over (order by rank, id) as place from status where id = any(${[...ids]}::int[])) as ranks on ranks.place = wanted.place
    ) as given where status.id = given.id and status.rank <> given.rank`,
  )
}
