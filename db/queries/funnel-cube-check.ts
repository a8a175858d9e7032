import type { PackedClass } from '../../shared/domain/funnel-cells.ts'
import type { Em } from '../orm.ts'
import { selectRow, sql } from '../sql.ts'
import { above, multiplied, spread, unnested } from './funnel-cube-build.ts'

/** The kept sums of the funnel against what they must be. */

export type WrongCells = { readonly cells: number; readonly sample: readonly string[] }

/**
 * Cells that are not what the visits say, together with the queue: recomputed from the visits, deal by deal. Reads everything.
 * @param packs of every class, by the dictionary of the build
 */
export async function selectWrongCells(
  em: Em,
  build: number,
  packs: readonly (PackedClass & { readonly classId: number })[],
  sampleSize: number,
): Promise<WrongCells> {
  const row = await selectRow<WrongCells>(
    em,
    sql`with recursive ${above},
    pack as materialized (select * from ${unnested(packs)} as pack (class_id, deals, money)),
    alike as materialized (
      select class_id, anchor_on, type_id, department_id, owner_id, sum(n)::int as n, funnel_sum(amount_minor) as amount_minor from (
        select c.id as class_id, s.anchor_on, s.type_id, s.department_id, s.owner_id, 1 as n, s.amount_minor
        from funnel_summary s join funnel_class c on c.path_id = s.path_id and c.current_id = s.current_id and c.visited = s.visited where s.anchor_on is not null
        union all select class_id, anchor_on, type_id, department_id, owner_id, -n, -amount_minor from funnel_delta) as rows group by 1, 2, 3, 4, 5),
    leaf as materialized (
      select anchor_on, type_id, department_id, owner_id, ${multiplied} from alike join pack using (class_id) group by 1, 2, 3, 4),
    ${spread},
    wrong as materialized (
      select node, type_id, grain, bucket from (
        select node, type_id, grain, bucket, sums from spread
        union all select node, type_id, grain, bucket, -sums from funnel_cell where build = ${build}) as both_sides
      group by 1, 2, 3, 4 having funnel_pack_sum(sums) <> 0)
    select (select count(*)::int from wrong) as cells,
      array(select concat_ws(' ', 'node', node, 'type', type_id, 'grain', grain, bucket) from wrong order by grain, node, type_id, bucket limit ${sampleSize}) as sample`,
  )
  return row ?? { cells: 0, sample: [] }
}

/** Classes that add something else than the build has it: how many, and which for example. */
export async function selectWrongPacks(
  em: Em,
  build: number,
  packs: readonly (PackedClass & { readonly classId: number })[],
  sampleSize: number,
): Promise<WrongCells> {
  const row = await selectRow<WrongCells>(
    em,
    sql`with wrong as (
      select class_id from funnel_class_pack kept left join ${unnested(packs)} as pack (class_id, deals, money) using (class_id)
      where kept.build = ${build} and (kept.deals, kept.money) is distinct from (pack.deals, pack.money))
    select (select count(*)::int from wrong) as cells, array(select 'class ' || class_id from wrong limit ${sampleSize}) as sample`,
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
      where (s.path_id, s.visited, s.current_id, s.anchor_at, s.anchor_on, s.last_at, s.type_id, s.counterparty_id, s.department_id, s.owner_id, s.event_department_id, s.event_owner_id, s.amount_minor, s.won_at, s.lost_at)
        is distinct from
        (f.path_id, f.visited, f.current_id, f.anchor_at, f.anchor_on, f.last_at, f.type_id, f.counterparty_id, f.department_id, f.owner_id, f.event_department_id, f.event_owner_id, f.amount_minor, f.won_at, f.lost_at))
    select (select count(*)::int from wrong) as cells,
      array(select 'deal ' || deal.number from wrong join deal on deal.id = wrong.deal_id order by deal.number limit ${sampleSize}) as sample`,
  )
  return row ?? { cells: 0, sample: [] }
}

/** Days of which what came and went is not what the visits say: how many, and which for example. */
export async function selectWrongMoves(em: Em, sampleSize: number): Promise<WrongCells> {
  const row = await selectRow<WrongCells>(
    em,
    sql`with wrong as materialized (
      select department_id, type_id, day, status_id from (
        select move.department_id, move.type_id, move.day, move.status_id, arrivals, departures from funnel_move move, funnel_cube where move.day >= moves_from
        union all
        select d.department_id, d.type_id, m.day, v.status_id, -m.arrivals, -m.departures
        from funnel_cube cube cross join status_visit v join deal d on d.id = v.deal_id
          cross join lateral funnel_moves_of(v.entered_at, v.left_at, cube.moves_time_zone, cube.moves_from) as m
        where v.voided_at is null and d.withdrawn_at is null) as both_sides
      group by 1, 2, 3, 4 having sum(arrivals) <> 0 or sum(departures) <> 0)
    select (select count(*)::int from wrong) as cells,
      array(select concat_ws(' ', day, 'department', department_id, 'type', type_id, 'status', status_id) from wrong order by day, 1 limit ${sampleSize}) as sample`,
  )
  return row ?? { cells: 0, sample: [] }
}

/** Days of which what entered, was won and was lost is not what the visits say: how many, and which for example. */
export async function selectWrongMarks(em: Em, sampleSize: number): Promise<WrongCells> {
  const row = await selectRow<WrongCells>(
    em,
    sql`with leaf as (
      select s.department_id, s.type_id, m.day, m.kind, 1 as deals, s.amount_minor
      from funnel_cube cube cross join funnel_summary s cross join lateral funnel_marks_of(s.anchor_at, s.won_at, s.lost_at, cube.time_zone) as m
      union all select department_id, type_id, day, kind, -deals, -amount_minor from funnel_mark where not folded),
    wrong as materialized (
      select department_id, type_id, day, kind from (
        select spread.department as department_id, spread.type as type_id, day, kind, deals, amount_minor
        from leaf cross join lateral funnel_spread_mark(leaf.department_id, leaf.type_id) as spread
        union all select department_id, type_id, day, kind, -deals, -amount_minor from funnel_mark where folded) as both_sides
      group by 1, 2, 3, 4 having sum(deals) <> 0 or sum(amount_minor) <> 0)
    select (select count(*)::int from wrong) as cells,
      array(select concat_ws(' ', day, 'department', department_id, 'type', type_id, 'kind', kind) from wrong order by day, 1 limit ${sampleSize}) as sample`,
  )
  return row ?? { cells: 0, sample: [] }
}

/** Days of which where deals stand is not what the deals say: how many, and which for example. */
export async function selectWrongStands(em: Em, sampleSize: number): Promise<WrongCells> {
  const row = await selectRow<WrongCells>(
    em,
    sql`with leaf as (
      select department_id, type_id, status_id, funnel_stand_day(status_since) as day, 1 as deals, coalesce(base_amount_minor, 0) as amount_minor
      from deal where withdrawn_at is null
      union all select department_id, type_id, status_id, day, -deals, -amount_minor from funnel_stand where not folded),
    wrong as materialized (
      select department_id, type_id, status_id, day from (
        select spread.department as department_id, spread.type as type_id, status_id, day, deals, amount_minor
        from leaf cross join lateral funnel_spread_mark(leaf.department_id, leaf.type_id) as spread
        union all select department_id, type_id, status_id, day, -deals, -amount_minor from funnel_stand where folded) as both_sides
      group by 1, 2, 3, 4 having sum(deals) <> 0 or sum(amount_minor) <> 0)
    select (select count(*)::int from wrong) as cells,
      array(select concat_ws(' ', day, 'department', department_id, 'type', type_id, 'status', status_id) from wrong order by day, 1 limit ${sampleSize}) as sample`,
  )
  return row ?? { cells: 0, sample: [] }
}

/** Deals whose traces are not what their visits say, but for those that wait to be traced. Reads everything. */
export async function selectWrongTraces(em: Em, sampleSize: number): Promise<WrongCells> {
  const row = await selectRow<WrongCells>(
    em,
    sql`with wrong as materialized (
      select deal_id from funnel_tracing must full join funnel_trace kept using (deal_id)
      where (must.department_id, must.type_id, must.amount_minor, must.days, must.marks)
          is distinct from (kept.department_id, kept.type_id, kept.amount_minor, kept.days, kept.marks)
        and not exists (select 1 from funnel_touched waiting where waiting.deal_id = coalesce(must.deal_id, kept.deal_id)))
    select (select count(*)::int from wrong) as cells,
      array(select 'deal ' || deal.number from wrong join deal on deal.id = wrong.deal_id order by deal.number limit ${sampleSize}) as sample`,
  )
  return row ?? { cells: 0, sample: [] }
}

/** Days of which the flow is not what the traces add up to: how many, and which for example. */
export async function selectWrongFlows(em: Em, sampleSize: number): Promise<WrongCells> {
  const row = await selectRow<WrongCells>(
    em,
    sql`with leaf as (
      select department_id, type_id, day, mark, count(*) as deals, funnel_sum(amount_minor) as amount_minor
      from funnel_trace cross join lateral unnest(days, marks) as u (day, mark) group by 1, 2, 3, 4),
    wrong as materialized (
      select department_id, type_id, day, mark from (
        select spread.department as department_id, spread.type as type_id, day, mark, deals, amount_minor
        from leaf cross join lateral funnel_spread_mark(leaf.department_id, leaf.type_id) as spread
        union all select department_id, type_id, day, mark, -deals, -amount_minor from funnel_flow) as both_sides
      group by 1, 2, 3, 4 having sum(deals) <> 0 or sum(amount_minor) <> 0)
    select (select count(*)::int from wrong) as cells,
      array(select concat_ws(' ', day, 'department', department_id, 'type', type_id, 'mark', mark) from wrong order by day, 1 limit ${sampleSize}) as sample`,
  )
  return row ?? { cells: 0, sample: [] }
}
