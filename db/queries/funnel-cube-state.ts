import type { Em } from '../orm.ts'
import { selectRow, selectRows, sql } from '../sql.ts'
import type { SummaryKeys } from './funnel-cube.ts'

/** What the summaries and the kept sums are by, and how it changes. */

/** One writer at a time: a second gives up. Held until the transaction ends. */
export async function takeCube(em: Em): Promise<boolean> {
  const row = await selectRow<{ taken: boolean }>(em, sql`select pg_try_advisory_xact_lock(hashtext('funnel_cube')) as taken`)
  return row?.taken ?? false
}

/** As above, but waits for its turn: for whoever replaces all there is. */
export async function waitForCube(em: Em): Promise<void> {
  await selectRows(em, sql`select pg_advisory_xact_lock(hashtext('funnel_cube'))`)
}

/** Begins from nothing: every deal is summarised by these, at once. Whoever changes a deal waits meanwhile. */
export async function summariseAll(em: Em, { anchorIds, wonIds, lostIds, timeZone }: SummaryKeys): Promise<void> {
  await em.transactional(async (inside) => {
    await waitForCube(inside)
    await selectRows(
      inside,
      sql`insert into funnel_cube (id, anchor_ids, won_ids, lost_ids, time_zone)
        values (1, ${anchorIds}::int[], ${wonIds}::int[], ${lostIds}::int[], ${timeZone})
      on conflict (id) do update set anchor_ids = excluded.anchor_ids, won_ids = excluded.won_ids, lost_ids = excluded.lost_ids,
        time_zone = excluded.time_zone, moves_from = null, flow_fingerprint = null, flow_making = null`,
    )
    await selectRows(inside, sql`select funnel_summarise_all()`)
  })
}

/**
 * From its commit on changes of deals are summarised by other statuses or days. What was summarised before is not right any more, and nobody reads it;
 * while a former change is not worked off, every summary counts as touched.
 */
export async function switchKeys(em: Em, { anchorIds, wonIds, lostIds, timeZone }: SummaryKeys): Promise<void> {
  await selectRows(
    em,
    sql`update funnel_cube set was_anchor_ids = case when is_summarised then anchor_ids end, was_won_ids = case when is_summarised then won_ids end,
      was_lost_ids = case when is_summarised then lost_ids end, was_time_zone = case when is_summarised then time_zone end,
      anchor_ids = ${anchorIds}::int[], won_ids = ${wonIds}::int[], lost_ids = ${lostIds}::int[], time_zone = ${timeZone},
      is_summarised = false, fingerprint = null, switched_in = pg_current_xact_id()::text::bigint`,
  )
}

/** Deals, in order of id, whose summaries the switch may have touched. */
export async function selectTouchedDeals(em: Em, afterId: number, limit: number): Promise<number[]> {
  const differing = (now: string, was: string) =>
    sql`select coalesce(id, was_id) from unnest(cube.${sql.ref(now)}) as id full join unnest(cube.${sql.ref(was)}) as was_id on was_id = id where id is null or was_id is null`
  const rows = await selectRows<{ id: number }>(
    em,
    sql`with switched as materialized (
      select cube.was_anchor_ids is null or cube.was_time_zone <> cube.time_zone as "isWhole", array(
        ${differing('anchor_ids', 'was_anchor_ids')} union all ${differing('won_ids', 'was_won_ids')} union all ${differing('lost_ids', 'was_lost_ids')}) as ids
      from funnel_cube cube)
    select f.deal_id as id from switched cross join funnel_deal f join funnel_class c on c.id = f.class_id
    where f.deal_id > ${afterId} and (switched."isWhole" or c.visited && switched.ids) order by f.deal_id limit ${limit}`,
  )
  return rows.map(({ id }) => id)
}

/** Summarises these again, but for those that somebody is changing just now: their ids come back. A transaction of its own, which waits for nobody. */
export function refreshDeals(em: Em, ids: readonly number[]): Promise<number[]> {
  return em.transactional(async (inside) => {
    const locked = await selectRows<{ id: number }>(
      inside,
      sql`select id from deal where id = any(${ids}::bigint[]) order by id for update skip locked`,
    )
    const mine = locked.map(({ id }) => id)
    await selectRows(inside, sql`select funnel_refresh(${mine}::bigint[], false)`)
    const done = new Set(mine)
    return ids.filter((id) => !done.has(id))
  })
}

export async function finishSummaries(em: Em): Promise<void> {
  await selectRows(
    em,
    sql`update funnel_cube set is_summarised = true, was_anchor_ids = null, was_won_ids = null, was_lost_ids = null, was_time_zone = null, switched_in = null`,
  )
}

/** The new build is in force once the transaction commits. Fails when the departments move meanwhile. */
export async function switchBuild(em: Em, build: number, fingerprint: string, now: Date): Promise<void> {
  await selectRows(
    em,
    sql`update funnel_cube set build = ${build}, fingerprint = ${fingerprint}, built_tree_version = tree_version, built_at = ${now}, folded_at = ${now}`,
  )
}

/** Holds the state until the transaction ends, so that departments do not move meanwhile. Null: the cells are not by this dictionary. */
export async function lockBuild(em: Em, fingerprint: string): Promise<number | null> {
  const row = await selectRow<{ build: number }>(
    em,
    sql`select build from funnel_cube where fingerprint = ${fingerprint} and built_tree_version = tree_version for update`,
  )
  return row?.build ?? null
}

export async function noteFold(em: Em, now: Date): Promise<void> {
  await selectRows(em, sql`update funnel_cube set folded_at = ${now}`)
}

/** Rows of the queue that are not folded yet. */
export async function countPending(em: Em): Promise<number> {
  const row = await selectRow<{ rows: number }>(em, sql`select count(*)::int as rows from funnel_delta`)
  return row?.rows ?? 0
}
