-- All sums of a bucket stand in one row, packed into one decimal number in which each has digits of its own: adding two such numbers adds every sum of every
-- layer at once. A change of a deal touches a tenth of the rows, and a figure is read from as many fewer. The sums are made anew by the job.
drop function funnel_read;
drop table funnel_cell, funnel_class_layer;
update funnel_cube set fingerprint = null;

-- What a deal of the class adds to the packed sums, and what a minor unit of its amount adds.
create table funnel_class_pack (
  build int not null,
  class_id int not null,
  deals numeric not null,
  money numeric not null,
  primary key (build, class_id)
) with (toast_tuple_target = 8160);

-- Sums of the deals whose entry into the funnel lies in the bucket. Long as they are, they stay in their rows, uncompressed: each is read and written all the time.
create table funnel_cell (
  build int not null,
  -- 0: the company; a department with all below it; 1,000,000,000 + an employee.
  node int not null,
  -- 0: all.
  type_id int not null,
  -- 1 day, 2 month, 3 year; `bucket` is its first day.
  grain smallint not null,
  bucket date not null,
  sums numeric not null,
  primary key (build, node, type_id, grain, bucket)
) with (fillfactor = 85, toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);

-- As sum, but one number is all that it remembers: sum itself keeps several times as much for each group.
create aggregate funnel_pack_sum(numeric) (sfunc = numeric_add, stype = numeric, combinefunc = numeric_add, parallel = safe);

-- First day of the bucket of this grain that a day lies in.
create or replace function funnel_bucket(grain int, day date) returns date language sql immutable parallel safe as $$
  select case grain when 1 then day when 2 then date_trunc('month', day::timestamp)::date else date_trunc('year', day::timestamp)::date end
$$;

-- A figure: packed sums of the cells, and classes of deals that are not folded yet or lie in the rest that no bucket covers. Null when the cells are not by
-- this dictionary, or when a deal moved after the moment that is asked for. Parted by semicolons: the version of the tree; the sums of the question's own
-- period; those of the period before it; and rows of numbers by class, of the own period 3, of the one before 4: kind, deals, amount, path, status now, statuses
-- visited. Buckets of a kind below zero are taken away. A function, because PostgreSQL would plan the bare statement for every call.
create function funnel_read(
  dictionary text, as_of timestamptz, of_nodes int[], of_types int[],
  bucket_kinds smallint[], bucket_grains smallint[], bucket_firsts date[], bucket_ends date[],
  rest_kinds smallint[], rest_firsts date[], rest_ends date[],
  before_from date, from_day date, to_day date, of_departments int[], of_owners int[]
) returns text language plpgsql stable set plan_cache_mode = 'force_generic_plan' as $$
declare
  cube funnel_cube;
  cells text;
  unfolded text;
  rest_of text;
begin
  select * into cube from funnel_cube where fingerprint = dictionary and built_tree_version = tree_version
    and coalesce((select max(last_at) from funnel_deal) <= as_of, true);
  if not found then return null; end if;
  -- Of one node and one type the rows stand together: found in half the time.
  if cardinality(of_nodes) = 1 and cardinality(of_types) = 1 then
    select concat_ws(';', coalesce(funnel_pack_sum(c.sums) filter (where asked.kind = 1), 0) - coalesce(funnel_pack_sum(c.sums) filter (where asked.kind = -1), 0),
        coalesce(funnel_pack_sum(c.sums) filter (where asked.kind = 2), 0) - coalesce(funnel_pack_sum(c.sums) filter (where asked.kind = -2), 0)) into cells
    from unnest(bucket_kinds, bucket_grains, bucket_firsts, bucket_ends) as asked (kind, grain, first, ending)
    join funnel_cell c on c.build = cube.build and c.node = of_nodes[1] and c.type_id = of_types[1]
      and c.grain = asked.grain and c.bucket >= asked.first and c.bucket < asked.ending;
  else
    select concat_ws(';', coalesce(funnel_pack_sum(c.sums) filter (where asked.kind = 1), 0) - coalesce(funnel_pack_sum(c.sums) filter (where asked.kind = -1), 0),
        coalesce(funnel_pack_sum(c.sums) filter (where asked.kind = 2), 0) - coalesce(funnel_pack_sum(c.sums) filter (where asked.kind = -2), 0)) into cells
    from unnest(bucket_kinds, bucket_grains, bucket_firsts, bucket_ends) as asked (kind, grain, first, ending)
    join funnel_cell c on c.build = cube.build and c.node = any(of_nodes) and c.type_id = any(of_types)
      and c.grain = asked.grain and c.bucket >= asked.first and c.bucket < asked.ending;
  end if;
  if exists (select 1 from funnel_delta) then
    select string_agg((array[d.kind, d.n, d.amount_minor, c.path_id, c.current_id] || c.visited::bigint[])::text, ',') into unfolded
      from (select case when anchor_on >= from_day then 3 else 4 end as kind, class_id, sum(n) as n, funnel_sum(amount_minor) as amount_minor
        from funnel_delta
        where anchor_on >= before_from and anchor_on < to_day and (0 = any(of_types) or type_id = any(of_types))
          and (of_departments is null or department_id in (select below from unnest(of_departments) as root, department_subtree(root) as below))
          and (of_owners is null or owner_id = any(of_owners))
          and not exists (select 1 from unnest(rest_firsts, rest_ends) as rest (first, ending) where anchor_on >= rest.first and anchor_on < rest.ending)
        group by 1, 2 having sum(n) <> 0 or funnel_sum(amount_minor) <> 0) as d
      join funnel_class c on c.id = d.class_id;
  end if;
  if cardinality(rest_kinds) > 0 then
    select string_agg((array[f.kind, f.n, f.amount_minor, c.path_id, c.current_id] || c.visited::bigint[])::text, ',') into rest_of
      from (select rest.kind, deal.class_id, count(*) as n, funnel_sum(deal.amount_minor) as amount_minor
        from unnest(rest_kinds, rest_firsts, rest_ends) as rest (kind, first, ending)
        join funnel_deal deal on deal.owner_id = any(of_owners) and (0 = any(of_types) or deal.type_id = any(of_types))
          and deal.anchor_at >= (rest.first::timestamp at time zone cube.time_zone) - interval '1 day' and deal.anchor_at < (rest.ending::timestamp at time zone cube.time_zone) + interval '1 day'
          and deal.anchor_on >= rest.first and deal.anchor_on < rest.ending
        group by 1, 2) as f
      join funnel_class c on c.id = f.class_id;
  end if;
  return concat_ws(';', cube.tree_version, cells, concat_ws(',', unfolded, rest_of));
end $$;
