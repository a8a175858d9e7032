import type { DealClass } from '../../shared/domain/funnel.ts'
import type { PackedClass } from '../../shared/domain/funnel-cells.ts'
import type { Em } from '../orm.ts'
import { type RawBuilder, selectRow, selectRows, sql } from '../sql.ts'

/** Making the kept sums of the funnel: from the summaries all at once, and from the queue bit by bit. */

/** So many deals `n` and so much `amount_minor` of classes, as sums; `pack` has what the classes add. */
export const multiplied = sql.raw('funnel_pack_sum(n * pack.deals + alike.amount_minor * pack.money) as sums')
const ownersFrom = sql.lit(1_000_000_000)

/** Classes of which the build does not know yet what they add. */
export function selectBareClasses(em: Em, build: number): Promise<(DealClass & { readonly classId: number })[]> {
  return selectRows(
    em,
    sql`select id as "classId", path_id as path, current_id as current, to_jsonb(visited) as visited, 0 as count, 0 as "amountMinor" from funnel_class c
    where not exists (select 1 from funnel_class_pack pack where pack.build = ${build} and pack.class_id = c.id)`,
  )
}

export async function insertClassPacks(
  em: Em,
  build: number,
  packs: readonly (PackedClass & { readonly classId: number })[],
): Promise<void> {
  if (packs.length === 0) return
  await selectRows(
    em,
    sql`insert into funnel_class_pack (build, class_id, deals, money) select ${build}, * from ${unnested(packs)} on conflict do nothing`,
  )
}

/** As rows of the database: class_id, deals, money. */
export function unnested(packs: readonly (PackedClass & { readonly classId: number })[]): RawBuilder<unknown> {
  return sql`unnest(${packs.map(({ classId }) => classId)}::int[], ${packs.map(({ deals }) => deals)}::numeric[], ${packs.map(({ money }) => money)}::numeric[])`
}

/** Every department beside each node that it counts in: itself, all above it, and the company. */
export const above = sql`above (department_id, node) as (
    select id, id from department
    union all
    select above.department_id, d.parent_id from above join department d on d.id = above.node where d.parent_id is not null),
  node_of as (select department_id, node from above union all select id, 0 from department)`

/**
 * Sums of everything that the transaction sees, under the number of a new build. The transaction must see one moment, and hold the cube. The finest
 * grain comes from the deals, every other from the one below it; each is put together aside and written once, in the order of its key.
 * @param build a number that no cell has
 */
export async function insertAllCells(em: Em, build: number): Promise<void> {
  await selectRows(em, sql`set local work_mem = '256MB'`)
  await selectRows(em, sql`delete from funnel_delta`)
  await makeAside(
    em,
    'funnel_leaf',
    sql`select department_id, type_id, anchor_on as bucket, ${multiplied}
    from (select department_id, type_id, anchor_on, class_id, count(*)::int as n, funnel_sum(amount_minor) as amount_minor
      from funnel_deal where anchor_on is not null group by 1, 2, 3, 4) as alike
    join funnel_class_pack pack on pack.build = ${sql.lit(build)} and pack.class_id = alike.class_id group by 1, 2, 3`,
  )
  await makeAside(
    em,
    'funnel_fine',
    sql`with recursive ${above} select node, type_id, bucket, funnel_pack_sum(sums) as sums from funnel_leaf join node_of using (department_id) group by 1, 2, 3`,
  )
  await selectRows(em, sql`drop table funnel_leaf`)
  await writeGrains(em, build, [1, 2, 3])
  await makeAside(
    em,
    'funnel_fine',
    sql`select ${ownersFrom} + owner_id as node, type_id, bucket, ${multiplied}
    from (select owner_id, type_id, funnel_bucket(2, anchor_on) as bucket, class_id, count(*)::int as n, funnel_sum(amount_minor) as amount_minor
      from funnel_deal where anchor_on is not null group by 1, 2, 3, 4) as alike
    join funnel_class_pack pack on pack.build = ${sql.lit(build)} and pack.class_id = alike.class_id group by 1, 2, 3`,
  )
  await writeGrains(em, build, [2, 3])
}

async function makeAside(em: Em, name: string, rows: RawBuilder<unknown>): Promise<void> {
  await selectRows(em, sql`create temp table ${sql.table(name)} on commit drop as ${rows}`)
  await selectRows(em, sql`analyze ${sql.table(name)}`)
}

/** Takes the sums of each type in `funnel_fine`, of the first of the grains, as cells, and those of the coarser ones. */
async function writeGrains(em: Em, build: number, wanted: readonly number[]): Promise<void> {
  for (const grain of wanted) {
    if (grain !== wanted[0]) {
      await makeAside(
        em,
        'funnel_coarse',
        sql`select node, type_id, funnel_bucket(${sql.lit(grain)}, bucket) as bucket, funnel_pack_sum(sums) as sums from funnel_fine group by 1, 2, 3`,
      )
      await selectRows(em, sql`drop table funnel_fine`)
      await selectRows(em, sql`alter table funnel_coarse rename to funnel_fine`)
    }
    await selectRows(
      em,
      sql`insert into funnel_cell (build, node, type_id, grain, bucket, sums)
      select ${build}, node, type_id, ${grain}::smallint, bucket, sums from (
        select node, type_id, bucket, sums from funnel_fine
        union all select node, 0, bucket, funnel_pack_sum(sums) from funnel_fine group by node, bucket) as cells
      order by node, type_id, bucket`,
    )
  }
  await selectRows(em, sql`drop table funnel_fine`)
}

/** Leaves the remains of other builds behind for the vacuum. */
export async function deleteFormerCells(em: Em): Promise<void> {
  await selectRows(em, sql`delete from funnel_class_pack where build <> (select build from funnel_cube)`)
  await selectRows(em, sql`delete from funnel_cell where build <> (select build from funnel_cube)`)
}

/** Sums of `rows` by the next longer bucket. */
const longer = (grain: 2 | 3, rows: RawBuilder<unknown>) =>
  sql`select node, type_id, funnel_bucket(${sql.lit(grain)}, bucket) as bucket, funnel_pack_sum(sums) as sums from ${rows} group by 1, 2, 3`

/**
 * `spread`: the cells that the rows of `leaf` (day, type, department, owner, sums) count in. Each grain is added up from the one below it, all types from each:
 * adding is what it costs.
 */
export const spread = sql`days as materialized (
      select node, type_id, anchor_on as bucket, funnel_pack_sum(sums) as sums from leaf join node_of using (department_id) group by 1, 2, 3),
    months as materialized (${longer(2, sql`days`)}),
    own_months as materialized (
      select ${ownersFrom} + owner_id as node, type_id, funnel_bucket(2, anchor_on) as bucket, funnel_pack_sum(sums) as sums from leaf group by 1, 2, 3),
    every_month as materialized (select * from months union all select * from own_months),
    years as materialized (${longer(3, sql`every_month`)}),
    of_type as (
      select node, type_id, 1 as grain, bucket, sums from days union all select node, type_id, 2, bucket, sums from every_month
      union all select node, type_id, 3, bucket, sums from years),
    spread as (
      select * from of_type union all select node, 0, grain, bucket, funnel_pack_sum(sums) from of_type group by node, grain, bucket)`

/**
 * Takes at most so many rows of the queue into the cells. The transaction must hold the cube, and the row of `funnel_cube`.
 * Rows whose class is not known to the build yet stay. @returns rows taken
 */
export async function foldRows(em: Em, build: number, limit: number): Promise<number> {
  // How many rows a step gives is beyond guessing, and a wrong guess would compare each with each.
  await selectRows(em, sql`select set_config('enable_nestloop', 'off', true), set_config('work_mem', '256MB', true)`)
  const row = await selectRow<{ taken: number }>(
    em,
    sql`with recursive ${above},
    taken as (
      delete from funnel_delta where ctid = any(array(
        select d.ctid from funnel_delta d where exists (
          select 1 from funnel_class_pack pack where pack.build = ${build} and pack.class_id = d.class_id) limit ${limit}))
      returning class_id, anchor_on, type_id, department_id, owner_id, n, amount_minor),
    alike as materialized (
      select class_id, anchor_on, type_id, department_id, owner_id, sum(n)::int as n, funnel_sum(amount_minor) as amount_minor
      from taken group by 1, 2, 3, 4, 5 having sum(n) <> 0 or funnel_sum(amount_minor) <> 0),
    leaf as materialized (select * from (
      select anchor_on, type_id, department_id, owner_id, ${multiplied}
      from alike join funnel_class_pack pack on pack.build = ${build} and pack.class_id = alike.class_id group by 1, 2, 3, 4) as changed where sums <> 0),
    ${spread},
    written as (
      insert into funnel_cell as cell (build, node, type_id, grain, bucket, sums)
      select ${build}, node, type_id, grain, bucket, sums from spread where sums <> 0 order by node, type_id, grain, bucket
      on conflict (build, node, type_id, grain, bucket) do update set sums = cell.sums + excluded.sums)
    select count(*)::int as taken from taken`,
  )
  return row?.taken ?? 0
}
