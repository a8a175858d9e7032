-- The funnel's sums, kept by node, type and day, so that a figure costs the same at a thousand deals and at ten million.
-- All of it follows from deals, visits and main runs: triggers keep the summary of each deal and write what changed into a queue, a job
-- folds the queue into the cells, a figure is the cells and what is not folded yet. Reads that the cells cannot answer go to the summaries or the visits.

-- What the summaries and cells were made for. One row, or none: then nothing is made yet.
create table funnel_cube (
  id int primary key check (id = 1),
  -- Statuses, as visits name them, whose first visit is the entry into the funnel, in order of id; and the zone of its days.
  anchor_ids int[] not null default '{}',
  time_zone varchar(255) not null default 'UTC',
  -- Whether every deal's summary is by these. Else: what they were by before, and the transaction that changed it; summaries written by older ones do not know.
  is_summarised boolean not null default false,
  was_anchor_ids int[] null,
  was_time_zone varchar(255) null,
  switched_in bigint null,
  -- The dictionary that the cells are for; null: there are no cells to read. Cells and layers of other builds are remains.
  fingerprint varchar(64) null,
  build int not null default 0,
  -- Moves of departments so far, and as of the build: a read that sees two numbers knows that the cells' departments stand elsewhere.
  tree_version int not null default 0,
  built_tree_version int not null default 0,
  built_at timestamptz null,
  folded_at timestamptz null
);

-- Deals that stand alike: all that a figure needs to know of them. Statuses as visits name them, whatever they count as by now.
create table funnel_class (
  id serial primary key,
  -- The main run's template version; 0: none.
  path_id int not null,
  -- Distinct statuses of the visits that are not voided, in order of id.
  visited int[] not null,
  current_id int not null,
  constraint funnel_class_uq unique (path_id, current_id, visited)
);

-- What a deal of the class counts as in a layer, 0 or 1; layer 0: the whole, where applicable is every deal, passed the won and lost the lost.
-- Strictly, passed and passable are less by skipped.
create table funnel_class_layer (
  build int not null,
  class_id int not null,
  layer_id int not null,
  passed smallint not null,
  lost smallint not null,
  finished smallint not null,
  open smallint not null,
  skipped smallint not null,
  through smallint not null,
  strict_through smallint not null,
  applicable smallint not null,
  passable smallint not null,
  primary key (build, class_id, layer_id)
);

-- A deal as the funnel counts it; deals that are withdrawn, or have no visit, have none.
create table funnel_deal (
  deal_id bigint primary key references deal (id) on delete cascade,
  class_id int not null,
  -- Null: it never entered the funnel.
  anchor_at timestamptz null,
  anchor_on date null,
  -- When it last entered a status.
  last_at timestamptz not null,
  type_id int not null,
  counterparty_id int null,
  department_id int not null,
  owner_id int not null,
  -- Whose it was at its entry into the funnel.
  event_department_id int null,
  event_owner_id int null,
  -- In the organisation's currency; 0 where no rate is known.
  amount_minor bigint not null
) with (fillfactor = 90);

-- What changed since the last fold: -1 for what a deal was, +1 for what it is. No index: it is short, and written with every change.
create table funnel_delta (
  class_id int not null,
  anchor_on date not null,
  type_id int not null,
  department_id int not null,
  owner_id int not null,
  n int not null,
  amount_minor bigint not null
) with (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_threshold = 100000);

-- Sums of the deals whose entry into the funnel lies in the bucket; only rows that are not all zero.
create table funnel_cell (
  build int not null,
  -- 0: the company; a department with all below it; 1,000,000,000 + an employee.
  node int not null,
  -- 0: all.
  type_id int not null,
  -- 1 day, 2 third of a month (from the 1st, 11th, 21st), 3 month, 4 quarter, 5 year; `bucket` is its first day.
  grain smallint not null,
  bucket date not null,
  layer_id int not null,
  passed int not null,
  lost int not null,
  finished int not null,
  open int not null,
  skipped int not null,
  through int not null,
  strict_through int not null,
  applicable int not null,
  passable int not null,
  passed_minor bigint not null,
  lost_minor bigint not null,
  finished_minor bigint not null,
  open_minor bigint not null,
  skipped_minor bigint not null,
  through_minor bigint not null,
  strict_through_minor bigint not null,
  applicable_minor bigint not null,
  passable_minor bigint not null,
  primary key (build, node, type_id, grain, bucket, layer_id)
) with (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);

create function funnel_index_deals() returns void language sql as $$
  create index if not exists funnel_deal_counterparty_idx on funnel_deal (counterparty_id, anchor_at) include (class_id, type_id, department_id, owner_id, amount_minor);
  create index if not exists funnel_deal_owner_idx on funnel_deal (owner_id, anchor_at) include (class_id, type_id, department_id, anchor_on, amount_minor);
  create index if not exists funnel_deal_department_idx on funnel_deal (department_id, anchor_at) include (class_id, type_id, owner_id, amount_minor);
  create index if not exists funnel_deal_event_owner_idx on funnel_deal (event_owner_id, anchor_at);
  create index if not exists funnel_deal_event_department_idx on funnel_deal (event_department_id, anchor_at);
  create index if not exists funnel_deal_amount_idx on funnel_deal (amount_minor desc, deal_id desc) include (class_id, anchor_at, type_id, department_id, owner_id);
  create index if not exists funnel_deal_last_idx on funnel_deal (last_at);
$$;

-- Lists in these orders, however many deals there are.
create index if not exists deal_created_at_index on deal (created_at, id);
create index if not exists deal_status_since_index on deal (status_since, id);

-- What every summary must be. Whoever stands nowhere, between two visits within one transaction, is taken to be where he was last.
create view funnel_summary as
  select d.id as deal_id, coalesce(run.template_version_id, 0) as path_id, seen.visited, seen.current_id, seen.anchor_at,
    (seen.anchor_at at time zone cube.time_zone)::date as anchor_on, seen.last_at, d.type_id, d.counterparty_id, d.department_id, d.owner_id,
    seen.event_department_id, seen.event_owner_id, coalesce(d.base_amount_minor, 0) as amount_minor
  from funnel_cube cube cross join deal d
  cross join lateral (
    select array_agg(distinct v.status_id order by v.status_id) as visited,
      (array_agg(v.status_id order by v.left_at desc nulls first, v.entered_at desc, v.id desc))[1] as current_id,
      min(v.entered_at) filter (where v.status_id = any(cube.anchor_ids)) as anchor_at,
      (array_agg(v.department_id order by v.entered_at, v.id) filter (where v.status_id = any(cube.anchor_ids)))[1] as event_department_id,
      (array_agg(v.owner_id order by v.entered_at, v.id) filter (where v.status_id = any(cube.anchor_ids)))[1] as event_owner_id,
      max(v.entered_at) as last_at
    from status_visit v where v.deal_id = d.id and v.voided_at is null having count(*) > 0) as seen
  left join process_run run on run.deal_id = d.id and run.is_main
  where d.withdrawn_at is null;

-- The class of deals that stand so; makes it when there is none.
create function funnel_class_of(of_path int, of_visited int[], of_current int) returns int language plpgsql as $$
declare
  found_id int;
begin
  loop
    select id into found_id from funnel_class where path_id = of_path and current_id = of_current and visited = of_visited;
    if found_id is not null then return found_id; end if;
    insert into funnel_class (path_id, visited, current_id) values (of_path, of_visited, of_current)
      on conflict do nothing returning id into found_id;
    if found_id is not null then return found_id; end if;
  end loop;
end $$;

-- One deal again. The row is locked before the visits are read: of two who change one deal, the second sees what the first did.
create function funnel_refresh_one(of_deal bigint, with_deltas boolean) returns void language plpgsql as $$
declare
  was funnel_deal;
  fresh funnel_deal;
  summary funnel_summary;
begin
  select * into was from funnel_deal where deal_id = of_deal for update;
  select * into summary from funnel_summary where deal_id = of_deal;
  if summary.deal_id is not null then
    fresh := row(summary.deal_id, funnel_class_of(summary.path_id, summary.visited, summary.current_id), summary.anchor_at, summary.anchor_on,
      summary.last_at, summary.type_id, summary.counterparty_id, summary.department_id, summary.owner_id, summary.event_department_id,
      summary.event_owner_id, summary.amount_minor);
  end if;
  if was is not distinct from fresh then return; end if;
  if fresh.deal_id is null then
    delete from funnel_deal where deal_id = of_deal;
  elsif was.deal_id is null then
    insert into funnel_deal values (fresh.*) on conflict do nothing;
    -- Another transaction was quicker: begin again from its row.
    if not found then
      perform funnel_refresh_one(of_deal, with_deltas);
      return;
    end if;
  else
    update funnel_deal set class_id = fresh.class_id, anchor_at = fresh.anchor_at, anchor_on = fresh.anchor_on, last_at = fresh.last_at,
      type_id = fresh.type_id, counterparty_id = fresh.counterparty_id, department_id = fresh.department_id, owner_id = fresh.owner_id,
      event_department_id = fresh.event_department_id, event_owner_id = fresh.event_owner_id, amount_minor = fresh.amount_minor
      where deal_id = of_deal;
  end if;
  if not with_deltas or (was.class_id, was.anchor_on, was.type_id, was.department_id, was.owner_id, was.amount_minor)
    is not distinct from (fresh.class_id, fresh.anchor_on, fresh.type_id, fresh.department_id, fresh.owner_id, fresh.amount_minor) then return; end if;
  insert into funnel_delta (class_id, anchor_on, type_id, department_id, owner_id, n, amount_minor)
    select * from (values
      (was.class_id, was.anchor_on, was.type_id, was.department_id, was.owner_id, -1, -was.amount_minor),
      (fresh.class_id, fresh.anchor_on, fresh.type_id, fresh.department_id, fresh.owner_id, 1, fresh.amount_minor)) as moved (class_id, anchor_on)
    where moved.anchor_on is not null;
end $$;

-- Many deals again, in a few statements; as above. Planned for as many as there are.
create function funnel_refresh(ids bigint[], with_deltas boolean default true) returns void language plpgsql set plan_cache_mode = 'force_custom_plan' as $$
begin
  if cardinality(ids) = 0 then return; end if;
  if cardinality(ids) = 1 then
    perform funnel_refresh_one(ids[1], with_deltas);
    return;
  end if;
  perform 1 from funnel_deal where deal_id = any(ids) order by deal_id for update;
  insert into funnel_class (path_id, visited, current_id)
    select distinct s.path_id, s.visited, s.current_id from funnel_summary s
    where s.deal_id = any(ids)
      and not exists (select 1 from funnel_class c where c.path_id = s.path_id and c.current_id = s.current_id and c.visited = s.visited)
    order by 1, 2, 3 on conflict do nothing;
  with fresh as materialized (
    select s.*, c.id as class_id from funnel_summary s
    join funnel_class c on c.path_id = s.path_id and c.current_id = s.current_id and c.visited = s.visited
    where s.deal_id = any(ids)),
  was as materialized (select * from funnel_deal where deal_id = any(ids)),
  changed as materialized (
    select coalesce(was.deal_id, fresh.deal_id) as deal_id from was full join fresh on fresh.deal_id = was.deal_id
    where (was.class_id, was.anchor_at, was.anchor_on, was.last_at, was.type_id, was.counterparty_id, was.department_id, was.owner_id, was.event_department_id, was.event_owner_id, was.amount_minor)
      is distinct from
      (fresh.class_id, fresh.anchor_at, fresh.anchor_on, fresh.last_at, fresh.type_id, fresh.counterparty_id, fresh.department_id, fresh.owner_id, fresh.event_department_id, fresh.event_owner_id, fresh.amount_minor)),
  gone as (
    delete from funnel_deal f using changed where f.deal_id = changed.deal_id and not exists (select 1 from fresh where fresh.deal_id = f.deal_id)),
  written as (
    insert into funnel_deal (deal_id, class_id, anchor_at, anchor_on, last_at, type_id, counterparty_id, department_id, owner_id, event_department_id, event_owner_id, amount_minor)
    select deal_id, class_id, anchor_at, anchor_on, last_at, type_id, counterparty_id, department_id, owner_id, event_department_id, event_owner_id, amount_minor
    from fresh join changed using (deal_id) order by deal_id
    on conflict (deal_id) do update set class_id = excluded.class_id, anchor_at = excluded.anchor_at, anchor_on = excluded.anchor_on, last_at = excluded.last_at,
      type_id = excluded.type_id, counterparty_id = excluded.counterparty_id, department_id = excluded.department_id, owner_id = excluded.owner_id,
      event_department_id = excluded.event_department_id, event_owner_id = excluded.event_owner_id, amount_minor = excluded.amount_minor)
  insert into funnel_delta (class_id, anchor_on, type_id, department_id, owner_id, n, amount_minor)
    select class_id, anchor_on, type_id, department_id, owner_id, sum(n), sum(amount_minor) from (
      select class_id, anchor_on, type_id, department_id, owner_id, -1 as n, -amount_minor as amount_minor from was join changed using (deal_id)
      union all
      select class_id, anchor_on, type_id, department_id, owner_id, 1, amount_minor from fresh join changed using (deal_id)) as moved
    where with_deltas and anchor_on is not null
    group by 1, 2, 3, 4, 5 having sum(n) <> 0 or sum(amount_minor) <> 0;
end $$;

-- All deals at once, from nothing, for a database whose deals came otherwise than by statements. Writers wait; the cells must be built anew.
create function funnel_summarise_all() returns void language plpgsql as $$
begin
  lock table deal, status_visit, process_run in share row exclusive mode;
  insert into funnel_cube (id) values (1) on conflict do nothing;
  update funnel_cube set fingerprint = null, is_summarised = true, was_anchor_ids = null, was_time_zone = null, switched_in = null;
  truncate funnel_deal, funnel_delta;
  drop index if exists funnel_deal_counterparty_idx, funnel_deal_owner_idx, funnel_deal_department_idx, funnel_deal_event_owner_idx,
    funnel_deal_event_department_idx, funnel_deal_amount_idx, funnel_deal_last_idx;
  -- Made by the query itself, not inserted: so the server may share the work among its processes.
  create temp table funnel_fresh on commit drop as select * from funnel_summary;
  analyze funnel_fresh;
  insert into funnel_class (path_id, visited, current_id)
    select distinct path_id, visited, current_id from funnel_fresh order by 1, 2, 3 on conflict do nothing;
  analyze funnel_class;
  insert into funnel_deal (deal_id, class_id, anchor_at, anchor_on, last_at, type_id, counterparty_id, department_id, owner_id, event_department_id, event_owner_id, amount_minor)
    select s.deal_id, c.id, s.anchor_at, s.anchor_on, s.last_at, s.type_id, s.counterparty_id, s.department_id, s.owner_id, s.event_department_id, s.event_owner_id, s.amount_minor
    from funnel_fresh s join funnel_class c on c.path_id = s.path_id and c.current_id = s.current_id and c.visited = s.visited;
  drop table funnel_fresh;
  perform funnel_index_deals();
  analyze funnel_deal;
end $$;

-- A visit is entered. One that is voided from the start counts nowhere.
create function funnel_hear_visits_added() returns trigger language plpgsql as $$
begin
  perform funnel_refresh(array(select distinct deal_id from new_visits where voided_at is null));
  return null;
end $$;

-- Of what a visit may become, only voiding moves a figure: where a deal stands follows from the order of its visits. What differs is found by a
-- difference of sets, not by a join: a plan kept from a change of one row would compare each of very many with each.
create function funnel_hear_visits_changed() returns trigger language plpgsql as $$
declare
  ids bigint[] := array(select distinct deal_id from (
    select id, deal_id, voided_at from new_visits except select id, deal_id, voided_at from old_visits) as changed);
begin
  if cardinality(ids) > 0 then perform funnel_refresh(ids); end if;
  return null;
end $$;

create function funnel_hear_deals_changed() returns trigger language plpgsql as $$
declare
  ids bigint[] := array(select id from (
    select id, type_id, department_id, owner_id, counterparty_id, base_amount_minor, withdrawn_at from new_deals
    except select id, type_id, department_id, owner_id, counterparty_id, base_amount_minor, withdrawn_at from old_deals) as changed);
begin
  if cardinality(ids) > 0 then perform funnel_refresh(ids); end if;
  return null;
end $$;

-- The main run alone says what statuses a deal can be given.
create function funnel_hear_runs_added() returns trigger language plpgsql as $$
begin
  perform funnel_refresh(array(select distinct r.deal_id from new_runs r where r.is_main
    and exists (select 1 from funnel_deal f where f.deal_id = r.deal_id)));
  return null;
end $$;

create function funnel_hear_runs_changed() returns trigger language plpgsql as $$
declare
  ids bigint[] := array(select distinct deal_id from (
    (select id, deal_id, template_version_id from new_runs where is_main except select id, deal_id, template_version_id from old_runs where is_main)
    union all
    (select id, deal_id, template_version_id from old_runs where is_main except select id, deal_id, template_version_id from new_runs where is_main)) as changed);
begin
  if cardinality(ids) > 0 then perform funnel_refresh(ids); end if;
  return null;
end $$;

create function funnel_hear_runs_removed() returns trigger language plpgsql as $$
begin
  perform funnel_refresh(array(select distinct deal_id from old_runs where is_main));
  return null;
end $$;

create trigger status_visit_funnel_added after insert on status_visit referencing new table as new_visits
  for each statement execute function funnel_hear_visits_added();
create trigger status_visit_funnel_changed after update on status_visit referencing new table as new_visits old table as old_visits
  for each statement execute function funnel_hear_visits_changed();
create trigger deal_funnel_changed after update on deal referencing new table as new_deals old table as old_deals
  for each statement execute function funnel_hear_deals_changed();
create trigger process_run_funnel_added after insert on process_run referencing new table as new_runs
  for each statement execute function funnel_hear_runs_added();
create trigger process_run_funnel_changed after update on process_run referencing new table as new_runs old table as old_runs
  for each statement execute function funnel_hear_runs_changed();
create trigger process_run_funnel_removed after delete on process_run referencing old table as old_runs
  for each statement execute function funnel_hear_runs_removed();

-- A department that moves takes its deals to others above it: the cells must be built anew. One without any deals does not know yet.
create function funnel_hear_departments_moved() returns trigger language plpgsql as $$
begin
  update funnel_cube set tree_version = tree_version + 1;
  return null;
end $$;
create trigger department_funnel_moved after update of parent_id on department
  for each row when (old.parent_id is distinct from new.parent_id) execute function funnel_hear_departments_moved();

-- As sum, without the detour by numeric: amounts of a company fit, and what does not is an error.
create aggregate funnel_sum(bigint) (sfunc = int8pl, stype = bigint, combinefunc = int8pl, parallel = safe);

-- First day of the bucket of this grain that a day lies in.
create function funnel_bucket(grain int, day date) returns date language sql immutable parallel safe as $$
  select case grain
    when 1 then day
    when 2 then day - (date_part('day', day)::int - 1) + least((date_part('day', day)::int - 1) / 10, 2) * 10
    when 3 then date_trunc('month', day::timestamp)::date
    when 4 then date_trunc('quarter', day::timestamp)::date
    else date_trunc('year', day::timestamp)::date end
$$;

-- A figure: sums of the cells, and classes of deals that are not folded yet or lie in the rest that no bucket covers. Null when the cells are not by
-- this dictionary, or when a deal moved after the moment that is asked for. Rows of numbers, parted by commas: first the version of the tree; then by
-- layer 1 (the question's own period) or 2 (the one before it), the layer, passed, lost, finished, open, skipped, through, applicable, passable, and their amounts;
-- and by class 3 or 4 likewise, deals, amount, path, status now, statuses visited. A function, because PostgreSQL would plan the bare statement for every call.
create function funnel_read(
  dictionary text, as_of timestamptz, is_strict boolean, of_nodes int[], of_types int[],
  bucket_kinds smallint[], bucket_grains smallint[], bucket_firsts date[], bucket_ends date[],
  rest_kinds smallint[], rest_firsts date[], rest_ends date[],
  before_from date, from_day date, to_day date, of_departments int[], of_owners int[]
) returns text language plpgsql stable set plan_cache_mode = 'force_generic_plan' as $$
declare
  cube funnel_cube;
  answer text;
  more text;
begin
  select * into cube from funnel_cube where fingerprint = dictionary and built_tree_version = tree_version
    and coalesce((select max(last_at) from funnel_deal) <= as_of, true);
  if not found then return null; end if;
  -- Of one node and one type the rows stand together: found in half the time.
  if cardinality(of_nodes) = 1 and cardinality(of_types) = 1 then
    select concat_ws(',', array[0, cube.tree_version]::text, string_agg(cells::text, ',')) into answer from (
      select
        asked.kind, c.layer_id,
        sum(c.passed), sum(c.lost), sum(c.finished), sum(c.open), sum(c.skipped), sum(case when is_strict then c.strict_through else c.through end), sum(c.applicable), sum(c.passable),
        funnel_sum(c.passed_minor), funnel_sum(c.lost_minor), funnel_sum(c.finished_minor), funnel_sum(c.open_minor), funnel_sum(c.skipped_minor),
        funnel_sum(case when is_strict then c.strict_through_minor else c.through_minor end), funnel_sum(c.applicable_minor), funnel_sum(c.passable_minor)
      from unnest(bucket_kinds, bucket_grains, bucket_firsts, bucket_ends) as asked (kind, grain, first, ending)
      join funnel_cell c on c.build = cube.build and c.node = of_nodes[1] and c.type_id = of_types[1]
        and c.grain = asked.grain and c.bucket >= asked.first and c.bucket < asked.ending
      group by asked.kind, c.layer_id) as cells;
  else
    select concat_ws(',', array[0, cube.tree_version]::text, string_agg(cells::text, ',')) into answer from (
      select
        asked.kind, c.layer_id,
        sum(c.passed), sum(c.lost), sum(c.finished), sum(c.open), sum(c.skipped), sum(case when is_strict then c.strict_through else c.through end), sum(c.applicable), sum(c.passable),
        funnel_sum(c.passed_minor), funnel_sum(c.lost_minor), funnel_sum(c.finished_minor), funnel_sum(c.open_minor), funnel_sum(c.skipped_minor),
        funnel_sum(case when is_strict then c.strict_through_minor else c.through_minor end), funnel_sum(c.applicable_minor), funnel_sum(c.passable_minor)
      from unnest(bucket_kinds, bucket_grains, bucket_firsts, bucket_ends) as asked (kind, grain, first, ending)
      join funnel_cell c on c.build = cube.build and c.node = any(of_nodes) and c.type_id = any(of_types)
        and c.grain = asked.grain and c.bucket >= asked.first and c.bucket < asked.ending
      group by asked.kind, c.layer_id) as cells;
  end if;
  if exists (select 1 from funnel_delta) then
    select string_agg((array[d.kind, d.n, d.amount_minor, c.path_id, c.current_id] || c.visited::bigint[])::text, ',') into more
      from (select case when anchor_on >= from_day then 3 else 4 end as kind, class_id, sum(n) as n, funnel_sum(amount_minor) as amount_minor
        from funnel_delta
        where anchor_on >= before_from and anchor_on < to_day and (0 = any(of_types) or type_id = any(of_types))
          and (of_departments is null or department_id in (select below from unnest(of_departments) as root, department_subtree(root) as below))
          and (of_owners is null or owner_id = any(of_owners))
          and not exists (select 1 from unnest(rest_firsts, rest_ends) as rest (first, ending) where anchor_on >= rest.first and anchor_on < rest.ending)
        group by 1, 2 having sum(n) <> 0 or funnel_sum(amount_minor) <> 0) as d
      join funnel_class c on c.id = d.class_id;
    answer := concat_ws(',', answer, more);
  end if;
  if cardinality(rest_kinds) > 0 then
    select string_agg((array[f.kind, f.n, f.amount_minor, c.path_id, c.current_id] || c.visited::bigint[])::text, ',') into more
      from (select rest.kind, deal.class_id, count(*) as n, funnel_sum(deal.amount_minor) as amount_minor
        from unnest(rest_kinds, rest_firsts, rest_ends) as rest (kind, first, ending)
        join funnel_deal deal on deal.owner_id = any(of_owners) and (0 = any(of_types) or deal.type_id = any(of_types))
          and deal.anchor_at >= (rest.first::timestamp at time zone cube.time_zone) - interval '1 day' and deal.anchor_at < (rest.ending::timestamp at time zone cube.time_zone) + interval '1 day'
          and deal.anchor_on >= rest.first and deal.anchor_on < rest.ending
        group by 1, 2) as f
      join funnel_class c on c.id = f.class_id;
    answer := concat_ws(',', answer, more);
  end if;
  return answer;
end $$;

-- Summaries of what is there; a job builds the cells. The entries into the funnel are as shared with the application.
insert into funnel_cube (id, anchor_ids, time_zone)
  select 1, coalesce((select array_agg(own.id order by own.id) from status own join status s on s.id = coalesce(own.merged_into_id, own.id)
      where s.category <> 'lost' and s.shown_in_funnel), '{}'), o.time_zone
  from organization o where o.id = 1;
select funnel_index_deals();
do $$ begin
  if exists (select 1 from funnel_cube) then perform funnel_summarise_all(); end if;
end $$;
