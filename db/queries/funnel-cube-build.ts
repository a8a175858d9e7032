import type { DealClass } from '../../shared/domain/funnel.ts'
import { type CellMeasure, type ClassLayer, cellMeasures } from '../../shared/domain/funnel-cells.ts'
import type { Em } from '../orm.ts'
import { type RawBuilder, selectRow, selectRows, sql } from '../sql.ts'

/** Making the kept sums of the funnel: from the summaries all at once, and from the queue bit by bit. */

export const columns = cellMeasures.flatMap((name) => [name, `${name}_minor`])
const names = (prefix = '') => sql.raw(columns.map((column) => `${prefix}${column}`).join(', '))
/** The columns added up, over rows that have them. */
export const added = sql.raw(
  columns.map((name) => (name.endsWith('_minor') ? `funnel_sum(${name}) as ${name}` : `sum(${name})::int as ${name}`)).join(', '),
)
/** The columns of classes: so many deals `n` and so much `amount_minor` of a class, times its layers `l`. */
export const multiplied = sql.raw(
  cellMeasures
    .flatMap((name) => [`sum(n * l.${name})::int as ${name}`, `funnel_sum(amount_minor * l.${name}) as ${name}_minor`])
    .join(', '),
)
export const ownersFrom = sql.lit(1_000_000_000)
export const isSomething = sql.raw(`(${columns.map((name) => `${name} <> 0`).join(' or ')})`)

/** Classes that have no layers in the build yet. */
export function selectBareClasses(em: Em, build: number): Promise<(DealClass & { readonly classId: number })[]> {
  return selectRows(
    em,
    sql`select id as "classId", path_id as path, current_id as current, to_jsonb(visited) as visited, 0 as count, 0 as "amountMinor" from funnel_class c
    where not exists (select 1 from funnel_class_layer l where l.build = ${build} and l.class_id = c.id)`,
  )
}

export async function insertClassLayers(
  em: Em,
  build: number,
  rows: readonly (ClassLayer & { readonly classId: number })[],
): Promise<void> {
  if (rows.length === 0) return
  const columnOf = (name: 'classId' | 'layerId' | CellMeasure) => rows.map((row) => row[name])
  const flags = cellMeasures.map((name) => sql`${columnOf(name)}::smallint[]`)
  await selectRows(
    em,
    sql`insert into funnel_class_layer (build, class_id, layer_id, ${sql.raw(cellMeasures.join(', '))})
    select ${build}, * from unnest(${columnOf('classId')}::int[], ${columnOf('layerId')}::int[], ${sql.join(flags)}) on conflict do nothing`,
  )
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
    sql`select department_id, type_id, anchor_on as bucket, layer_id, ${multiplied}
    from (select department_id, type_id, anchor_on, class_id, count(*)::int as n, funnel_sum(amount_minor) as amount_minor
      from funnel_deal where anchor_on is not null group by 1, 2, 3, 4) as alike
    join funnel_class_layer l on l.build = ${sql.lit(build)} and l.class_id = alike.class_id group by 1, 2, 3, 4`,
  )
  await makeAside(
    em,
    'funnel_fine',
    sql`with recursive ${above} select node, type_id, bucket, layer_id, ${added} from funnel_leaf join node_of using (department_id) group by 1, 2, 3, 4`,
  )
  await selectRows(em, sql`drop table funnel_leaf`)
  await writeGrains(em, build, [1, 2, 3, 4, 5])
  await makeAside(
    em,
    'funnel_fine',
    sql`select ${ownersFrom} + owner_id as node, type_id, bucket, layer_id, ${multiplied}
    from (select owner_id, type_id, funnel_bucket(3, anchor_on) as bucket, class_id, count(*)::int as n, funnel_sum(amount_minor) as amount_minor
      from funnel_deal where anchor_on is not null group by 1, 2, 3, 4) as alike
    join funnel_class_layer l on l.build = ${sql.lit(build)} and l.class_id = alike.class_id group by 1, 2, 3, 4`,
  )
  await writeGrains(em, build, [3, 4, 5])
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
        sql`select node, type_id, funnel_bucket(${sql.lit(grain)}, bucket) as bucket, layer_id, ${added} from funnel_fine group by 1, 2, 3, 4`,
      )
      await selectRows(em, sql`drop table funnel_fine`)
      await selectRows(em, sql`alter table funnel_coarse rename to funnel_fine`)
    }
    await selectRows(
      em,
      sql`insert into funnel_cell (build, node, type_id, grain, bucket, layer_id, ${names()})
      select ${build}, node, type_id, ${grain}::smallint, bucket, layer_id, ${names()} from (
        select node, type_id, bucket, layer_id, ${names()} from funnel_fine
        union all select node, 0, bucket, layer_id, ${added} from funnel_fine group by node, bucket, layer_id) as sums
      order by node, type_id, bucket, layer_id`,
    )
  }
  await selectRows(em, sql`drop table funnel_fine`)
}

/** Leaves the remains of other builds behind for the vacuum. */
export async function deleteFormerCells(em: Em): Promise<void> {
  await selectRows(em, sql`delete from funnel_class_layer where build <> (select build from funnel_cube)`)
  await selectRows(em, sql`delete from funnel_cell where build <> (select build from funnel_cube)`)
}

/** `spread`: the cells that the rows of `leaf` (day, type, department, owner, layer, sums) count in. */
export const spread = sql`bucket_of as materialized (
      select day, grain, funnel_bucket(grain, day) as bucket from (select distinct anchor_on as day from leaf) as days, generate_series(1, 5) as grain),
    spread as (
      select node, kept.type_id, grain, bucket, layer_id, ${added}
      from leaf join node_of using (department_id) join bucket_of on bucket_of.day = anchor_on cross join lateral (values (0), (leaf.type_id)) as kept (type_id)
      group by node, kept.type_id, grain, bucket, layer_id
      union all
      select ${ownersFrom} + owner_id, kept.type_id, grain, bucket, layer_id, ${added}
      from leaf join bucket_of on bucket_of.day = anchor_on and grain >= 3 cross join lateral (values (0), (leaf.type_id)) as kept (type_id)
      group by owner_id, kept.type_id, grain, bucket, layer_id)`

/**
 * Takes at most so many rows of the queue into the cells. The transaction must hold the cube, and the row of `funnel_cube`.
 * Rows whose class has no layers yet stay. @returns rows taken
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
          select 1 from funnel_class_layer l where l.build = ${build} and l.class_id = d.class_id and l.layer_id = 0) limit ${limit}))
      returning class_id, anchor_on, type_id, department_id, owner_id, n, amount_minor),
    netted as materialized (
      select class_id, anchor_on, type_id, department_id, owner_id, sum(n)::int as n, funnel_sum(amount_minor) as amount_minor
      from taken group by 1, 2, 3, 4, 5 having sum(n) <> 0 or funnel_sum(amount_minor) <> 0),
    leaf as materialized (select * from (
      select anchor_on, type_id, department_id, owner_id, layer_id, ${multiplied}
      from netted join funnel_class_layer l on l.build = ${build} and l.class_id = netted.class_id group by 1, 2, 3, 4, 5) as layered where ${isSomething}),
    ${spread},
    written as (
      insert into funnel_cell as cell (build, node, type_id, grain, bucket, layer_id, ${names()})
      select ${build}, node, type_id, grain, bucket, layer_id, ${names()} from spread where ${isSomething} order by node, type_id, grain, bucket, layer_id
      on conflict (build, node, type_id, grain, bucket, layer_id) do update set ${sql.raw(columns.map((name) => `${name} = cell.${name} + excluded.${name}`).join(', '))})
    select count(*)::int as taken from taken`,
  )
  return row?.taken ?? 0
}
