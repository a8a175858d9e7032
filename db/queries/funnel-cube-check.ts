import { type CellMeasure, type ClassLayer, cellMeasures } from '../../shared/domain/funnel-cells.ts'
import type { Em } from '../orm.ts'
import { selectRow, sql } from '../sql.ts'
import { above, added, columns, isSomething, multiplied, spread } from './funnel-cube-build.ts'

/** The kept sums of the funnel against what they must be. */

export type WrongCells = { readonly cells: number; readonly sample: readonly string[] }

/**
 * Cells that are not what the visits say, together with the queue: recomputed from the visits, deal by deal. Reads everything.
 * @param layers of every class, by the dictionary of the build
 */
export async function selectWrongCells(
  em: Em,
  build: number,
  layers: readonly (ClassLayer & { readonly classId: number })[],
  sampleSize: number,
): Promise<WrongCells> {
  const columnOf = (name: 'classId' | 'layerId' | CellMeasure) => sql`${layers.map((row) => row[name])}::int[]`
  const differences = sql.raw(columns.join(', '))
  const row = await selectRow<WrongCells>(
    em,
    sql`with recursive ${above},
    l as materialized (select * from unnest(${sql.join((['classId', 'layerId', ...cellMeasures] as const).map(columnOf))}) as l (class_id, layer_id, ${sql.raw(cellMeasures.join(', '))})),
    netted as materialized (
      select class_id, anchor_on, type_id, department_id, owner_id, sum(n)::int as n, funnel_sum(amount_minor) as amount_minor from (
        select c.id as class_id, s.anchor_on, s.type_id, s.department_id, s.owner_id, 1 as n, s.amount_minor
        from funnel_summary s join funnel_class c on c.path_id = s.path_id and c.current_id = s.current_id and c.visited = s.visited where s.anchor_on is not null
        union all select class_id, anchor_on, type_id, department_id, owner_id, -n, -amount_minor from funnel_delta) as rows group by 1, 2, 3, 4, 5),
    leaf as materialized (
      select anchor_on, type_id, department_id, owner_id, layer_id, ${multiplied} from netted join l using (class_id) group by 1, 2, 3, 4, 5),
    ${spread},
    wrong as materialized (
      select node, type_id, grain, bucket, layer_id, ${added} from (
        select node, type_id, grain, bucket, layer_id, ${differences} from spread
        union all select node, type_id, grain, bucket, layer_id, ${sql.raw(columns.map((name) => `-${name}`).join(', '))} from funnel_cell where build = ${build}) as both_sides
      group by 1, 2, 3, 4, 5)
    select (select count(*)::int from wrong where ${isSomething}) as cells,
      array(select concat_ws(' ', 'node', node, 'type', type_id, 'grain', grain, bucket, 'layer', layer_id) from wrong where ${isSomething}
        order by grain, node, type_id, bucket, layer_id limit ${sampleSize}) as sample`,
  )
  return row ?? { cells: 0, sample: [] }
}

/** Layers of classes that are not those of the build: how many, and of which classes for example. */
export async function selectWrongLayers(
  em: Em,
  build: number,
  layers: readonly (ClassLayer & { readonly classId: number })[],
  sampleSize: number,
): Promise<WrongCells> {
  const list = sql.raw(cellMeasures.join(', '))
  const unnested = sql`unnest(${sql.join((['classId', 'layerId', ...cellMeasures] as const).map((name) => sql`${layers.map((one) => one[name])}::int[]`))})`
  const row = await selectRow<WrongCells>(
    em,
    sql`with right_ones as (select * from ${unnested} as l (class_id, layer_id, ${list})),
    kept as (select class_id, layer_id, ${sql.raw(cellMeasures.map((name) => `${name}::int`).join(', '))} from funnel_class_layer where build = ${build}),
    wrong as ((select * from kept except select * from right_ones)
      union all (select * from right_ones where class_id in (select class_id from kept) except select * from kept))
    select (select count(*)::int from wrong) as cells, array(select distinct 'class ' || class_id from wrong limit ${sampleSize}) as sample`,
  )
  return row ?? { cells: 0, sample: [] }
}

/** Summaries that are not what the deals and visits say. Reads everything. */
export async function selectWrongSummaries(em: Em, sampleSize: number): Promise<WrongCells> {
  const row = await selectRow<WrongCells>(
    em,
    sql`with wrong as materialized (
      select coalesce(s.deal_id, f.deal_id) as deal_id from funnel_summary s
      full join (select f.*, c.path_id, c.visited, c.current_id from funnel_deal f left join funnel_class c on c.id = f.class_id) as f on f.deal_id = s.deal_id
      where (s.path_id, s.visited, s.current_id, s.anchor_at, s.anchor_on, s.last_at, s.type_id, s.counterparty_id, s.department_id, s.owner_id, s.event_department_id, s.event_owner_id, s.amount_minor)
        is distinct from
        (f.path_id, f.visited, f.current_id, f.anchor_at, f.anchor_on, f.last_at, f.type_id, f.counterparty_id, f.department_id, f.owner_id, f.event_department_id, f.event_owner_id, f.amount_minor))
    select (select count(*)::int from wrong) as cells,
      array(select 'deal ' || deal.number from wrong join deal on deal.id = wrong.deal_id order by deal.number limit ${sampleSize}) as sample`,
  )
  return row ?? { cells: 0, sample: [] }
}
