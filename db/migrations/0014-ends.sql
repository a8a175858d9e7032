-- When each deal was first won and when it was lost for good, kept in its summary; and how many entered the funnel, were won and were lost by day, so that
-- a trend costs the same at a thousand deals and at ten million. What is won follows from the dictionary, as the entry into the funnel does.
alter table funnel_cube
  -- Statuses, as visits name them: the milestone and all behind it; the lost ones. In order of id; what they were before, as with the entries.
  add won_ids int[] not null default '{}', add lost_ids int[] not null default '{}', add was_won_ids int[] null, add was_lost_ids int[] null;

alter table funnel_deal
  -- First entry into the milestone or behind it.
  add won_at timestamptz null,
  -- Since when it stands in a lost status.
  add lost_at timestamptz null;

-- Few deals are neither: by the columns alone the planner would expect ten times as many.
create statistics funnel_deal_ends (mcv) on won_at, lost_at from funnel_deal;

create table funnel_mark (
  -- 0: all. What is not folded names both.
  department_id int not null,
  type_id int not null,
  day date not null,
  -- 1 entered the funnel, 2 won, 3 lost.
  kind smallint not null,
  deals int not null,
  amount_minor bigint not null,
  -- Added up; others are what changed since.
  folded boolean not null default false
) with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);
create unique index funnel_mark_folded_uq on funnel_mark (department_id, type_id, day, kind) where folded;
create index funnel_mark_day_idx on funnel_mark (day) where not folded;

create or replace function funnel_index_deals() returns void language sql as $$
  create index if not exists funnel_deal_counterparty_idx on funnel_deal (counterparty_id, anchor_at) include (class_id, type_id, department_id, owner_id, amount_minor);
  create index if not exists funnel_deal_owner_idx on funnel_deal (owner_id, anchor_at) include (class_id, type_id, department_id, anchor_on, amount_minor);
  create index if not exists funnel_deal_department_idx on funnel_deal (department_id, anchor_at) include (class_id, type_id, owner_id, amount_minor);
  create index if not exists funnel_deal_event_owner_idx on funnel_deal (event_owner_id, anchor_at);
  create index if not exists funnel_deal_event_department_idx on funnel_deal (event_department_id, anchor_at);
  create index if not exists funnel_deal_amount_idx on funnel_deal (amount_minor desc, deal_id desc) include (class_id, anchor_at, type_id, department_id, owner_id);
  create index if not exists funnel_deal_last_idx on funnel_deal (last_at);
  create index if not exists funnel_deal_open_idx on funnel_deal (deal_id) include (type_id, department_id, owner_id, amount_minor) where won_at is null and lost_at is null;
  create index if not exists funnel_deal_won_idx on funnel_deal (won_at) include (type_id, department_id, owner_id, amount_minor, anchor_at, lost_at, deal_id) where won_at is not null;
  create index if not exists funnel_deal_lost_idx on funnel_deal (lost_at) include (type_id, department_id, owner_id, amount_minor, deal_id) where lost_at is not null;
$$;
create or replace view funnel_summary as
  select d.id as deal_id, coalesce(run.template_version_id, 0) as path_id, seen.visited, seen.current_id, seen.anchor_at,
    (seen.anchor_at at time zone cube.time_zone)::date as anchor_on, seen.last_at, d.type_id, d.counterparty_id, d.department_id, d.owner_id,
    seen.event_department_id, seen.event_owner_id, coalesce(d.base_amount_minor, 0) as amount_minor, seen.won_at, seen.lost_at
  from funnel_cube cube cross join deal d
  cross join lateral (
    select array_agg(distinct v.status_id order by v.status_id) as visited,
      (array_agg(v.status_id order by v.left_at desc nulls first, v.entered_at desc, v.id desc))[1] as current_id,
      min(v.entered_at) filter (where v.status_id = any(cube.anchor_ids)) as anchor_at,
      (array_agg(v.department_id order by v.entered_at, v.id) filter (where v.status_id = any(cube.anchor_ids)))[1] as event_department_id,
      (array_agg(v.owner_id order by v.entered_at, v.id) filter (where v.status_id = any(cube.anchor_ids)))[1] as event_owner_id,
      max(v.entered_at) as last_at,
      min(v.entered_at) filter (where v.status_id = any(cube.won_ids)) as won_at,
      max(v.entered_at) filter (where v.status_id = any(cube.lost_ids) and v.left_at is null) as lost_at
    from status_visit v where v.deal_id = d.id and v.voided_at is null having count(*) > 0) as seen
  left join process_run run on run.deal_id = d.id and run.is_main
  where d.withdrawn_at is null;

-- What a deal adds to the days.
create function funnel_marks_of(anchor_at timestamptz, won_at timestamptz, lost_at timestamptz, zone text)
returns table (day date, kind smallint) language sql immutable parallel safe as $$
  select (at at time zone zone)::date, kind from (values (1::smallint, anchor_at), (2::smallint, won_at), (3::smallint, lost_at)) as marks (kind, at) where at is not null
$$;

-- Every question here is by key: one plan does for all deals, and it stays right when it was made while there were few.
create or replace function funnel_refresh_one(of_deal bigint, with_deltas boolean) returns void language plpgsql
set plan_cache_mode = 'force_generic_plan' set enable_seqscan = 'off' as $$
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
      summary.event_owner_id, summary.amount_minor, summary.won_at, summary.lost_at);
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
      event_department_id = fresh.event_department_id, event_owner_id = fresh.event_owner_id, amount_minor = fresh.amount_minor,
      won_at = fresh.won_at, lost_at = fresh.lost_at
      where deal_id = of_deal;
  end if;
  if not with_deltas then return; end if;
  if (was.class_id, was.anchor_on, was.type_id, was.department_id, was.owner_id, was.amount_minor)
    is distinct from (fresh.class_id, fresh.anchor_on, fresh.type_id, fresh.department_id, fresh.owner_id, fresh.amount_minor) then
    insert into funnel_delta (class_id, anchor_on, type_id, department_id, owner_id, n, amount_minor)
      select * from (values
        (was.class_id, was.anchor_on, was.type_id, was.department_id, was.owner_id, -1, -was.amount_minor),
        (fresh.class_id, fresh.anchor_on, fresh.type_id, fresh.department_id, fresh.owner_id, 1, fresh.amount_minor)) as moved (class_id, anchor_on)
      where moved.anchor_on is not null;
  end if;
  if (was.anchor_at, was.won_at, was.lost_at, was.type_id, was.department_id, was.amount_minor)
    is distinct from (fresh.anchor_at, fresh.won_at, fresh.lost_at, fresh.type_id, fresh.department_id, fresh.amount_minor) then
    insert into funnel_mark (department_id, type_id, day, kind, deals, amount_minor)
      select d.department_id, d.type_id, m.day, m.kind, sum(d.n), sum(d.n * d.amount_minor)
      from funnel_cube cube cross join (values
          (was.department_id, was.type_id, was.anchor_at, was.won_at, was.lost_at, -1, was.amount_minor),
          (fresh.department_id, fresh.type_id, fresh.anchor_at, fresh.won_at, fresh.lost_at, 1, fresh.amount_minor))
          as d (department_id, type_id, anchor_at, won_at, lost_at, n, amount_minor)
        cross join lateral funnel_marks_of(d.anchor_at, d.won_at, d.lost_at, cube.time_zone) as m
      group by 1, 2, 3, 4 having sum(d.n) <> 0 or sum(d.n * d.amount_minor) <> 0;
  end if;
end $$;

create or replace function funnel_refresh(ids bigint[], with_deltas boolean default true) returns void language plpgsql as $$
begin
  if cardinality(ids) = 1 then
    perform funnel_refresh_one(ids[1], with_deltas);
  elsif cardinality(ids) > 1 then
    perform funnel_refresh_many(ids, with_deltas);
  end if;
end $$;

-- As many as there are is what a plan depends on.
create function funnel_refresh_many(ids bigint[], with_deltas boolean) returns void language plpgsql set plan_cache_mode = 'force_custom_plan' as $$
begin
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
    where (was.class_id, was.anchor_at, was.anchor_on, was.last_at, was.type_id, was.counterparty_id, was.department_id, was.owner_id, was.event_department_id, was.event_owner_id, was.amount_minor, was.won_at, was.lost_at)
      is distinct from
      (fresh.class_id, fresh.anchor_at, fresh.anchor_on, fresh.last_at, fresh.type_id, fresh.counterparty_id, fresh.department_id, fresh.owner_id, fresh.event_department_id, fresh.event_owner_id, fresh.amount_minor, fresh.won_at, fresh.lost_at)),
  gone as (
    delete from funnel_deal f using changed where f.deal_id = changed.deal_id and not exists (select 1 from fresh where fresh.deal_id = f.deal_id)),
  written as (
    insert into funnel_deal (deal_id, class_id, anchor_at, anchor_on, last_at, type_id, counterparty_id, department_id, owner_id, event_department_id, event_owner_id, amount_minor, won_at, lost_at)
    select deal_id, class_id, anchor_at, anchor_on, last_at, type_id, counterparty_id, department_id, owner_id, event_department_id, event_owner_id, amount_minor, won_at, lost_at
    from fresh join changed using (deal_id) order by deal_id
    on conflict (deal_id) do update set class_id = excluded.class_id, anchor_at = excluded.anchor_at, anchor_on = excluded.anchor_on, last_at = excluded.last_at,
      type_id = excluded.type_id, counterparty_id = excluded.counterparty_id, department_id = excluded.department_id, owner_id = excluded.owner_id,
      event_department_id = excluded.event_department_id, event_owner_id = excluded.event_owner_id, amount_minor = excluded.amount_minor,
      won_at = excluded.won_at, lost_at = excluded.lost_at),
  moved as materialized (
    select class_id, anchor_at, anchor_on, won_at, lost_at, type_id, department_id, owner_id, -1 as n, -amount_minor as amount_minor from was join changed using (deal_id) where with_deltas
    union all
    select class_id, anchor_at, anchor_on, won_at, lost_at, type_id, department_id, owner_id, 1, amount_minor from fresh join changed using (deal_id) where with_deltas),
  marked as (
    insert into funnel_mark (department_id, type_id, day, kind, deals, amount_minor)
    select department_id, type_id, m.day, m.kind, sum(n), sum(amount_minor)
    from funnel_cube cube cross join moved cross join lateral funnel_marks_of(moved.anchor_at, moved.won_at, moved.lost_at, cube.time_zone) as m
    group by 1, 2, 3, 4 having sum(n) <> 0 or sum(amount_minor) <> 0)
  insert into funnel_delta (class_id, anchor_on, type_id, department_id, owner_id, n, amount_minor)
    select class_id, anchor_on, type_id, department_id, owner_id, sum(n), sum(amount_minor) from moved where anchor_on is not null
    group by 1, 2, 3, 4, 5 having sum(n) <> 0 or sum(amount_minor) <> 0;
end $$;

create or replace function funnel_summarise_all() returns void language plpgsql as $$
begin
  lock table deal, status_visit, process_run in share row exclusive mode;
  insert into funnel_cube (id) values (1) on conflict do nothing;
  update funnel_cube set fingerprint = null, is_summarised = true, was_anchor_ids = null, was_won_ids = null, was_lost_ids = null, was_time_zone = null, switched_in = null;
  truncate funnel_deal, funnel_delta, funnel_mark;
  drop index if exists funnel_deal_counterparty_idx, funnel_deal_owner_idx, funnel_deal_department_idx, funnel_deal_event_owner_idx,
    funnel_deal_event_department_idx, funnel_deal_amount_idx, funnel_deal_last_idx, funnel_deal_open_idx, funnel_deal_won_idx, funnel_deal_lost_idx;
  -- Made by the query itself, not inserted: so the server may share the work among its processes.
  create temp table funnel_fresh on commit drop as select * from funnel_summary;
  analyze funnel_fresh;
  insert into funnel_class (path_id, visited, current_id)
    select distinct path_id, visited, current_id from funnel_fresh order by 1, 2, 3 on conflict do nothing;
  analyze funnel_class;
  insert into funnel_deal (deal_id, class_id, anchor_at, anchor_on, last_at, type_id, counterparty_id, department_id, owner_id, event_department_id, event_owner_id, amount_minor, won_at, lost_at)
    select s.deal_id, c.id, s.anchor_at, s.anchor_on, s.last_at, s.type_id, s.counterparty_id, s.department_id, s.owner_id, s.event_department_id, s.event_owner_id, s.amount_minor, s.won_at, s.lost_at
    from funnel_fresh s join funnel_class c on c.path_id = s.path_id and c.current_id = s.current_id and c.visited = s.visited;
  drop table funnel_fresh;
  perform funnel_index_deals();
  analyze funnel_deal;
end $$;

-- Days and their totals by department and type, as they are folded.
create function funnel_spread_mark(department_id int, type_id int) returns table (department int, type int) language sql immutable parallel safe as $$
  select department, type from (values (department_id), (0)) as departments (department), (values (type_id), (0)) as types (type)
$$;

-- All days from the summaries, as one moment has them: what is being written meanwhile comes on top.
create function funnel_count_marks() returns void language plpgsql as $$
begin
  delete from funnel_mark;
  insert into funnel_mark (department_id, type_id, day, kind, deals, amount_minor, folded)
    select s.department, s.type, leaf.day, leaf.kind, sum(leaf.deals), sum(leaf.amount_minor), true from (
      select d.department_id, d.type_id, m.day, m.kind, count(*) as deals, funnel_sum(d.amount_minor) as amount_minor
      from funnel_cube cube cross join funnel_deal d cross join lateral funnel_marks_of(d.anchor_at, d.won_at, d.lost_at, cube.time_zone) as m group by 1, 2, 3, 4) as leaf
    cross join lateral funnel_spread_mark(leaf.department_id, leaf.type_id) as s
    group by 1, 2, 3, 4;
end $$;

-- Adds up what has gathered. Returns the rows taken.
create function funnel_fold_marks() returns int language plpgsql as $$
declare
  taken_rows int;
begin
  with taken as (delete from funnel_mark where not folded returning *),
  written as (
    insert into funnel_mark as kept (department_id, type_id, day, kind, deals, amount_minor, folded)
    select s.department, s.type, taken.day, taken.kind, sum(taken.deals), sum(taken.amount_minor), true
    from taken cross join lateral funnel_spread_mark(taken.department_id, taken.type_id) as s
    group by 1, 2, 3, 4 having sum(taken.deals) <> 0 or sum(taken.amount_minor) <> 0 order by 1, 2, 3, 4
    on conflict (department_id, type_id, day, kind) where folded
      do update set deals = kept.deals + excluded.deals, amount_minor = kept.amount_minor + excluded.amount_minor)
  select count(*) into taken_rows from taken;
  return taken_rows;
end $$;

-- Where deals stand now and since when, in order.
create index deal_standing_idx on deal (status_id, status_since) include (base_amount_minor, probability_pct, type_id, department_id, owner_id, id) where withdrawn_at is null;

-- Summaries of what is there, by the statuses as the application reads them; a job counts the days.
with counting as (
  select own.id, s.rank, s.category = 'lost' as is_lost, s.is_won from status own join status s on s.id = coalesce(own.merged_into_id, own.id)),
milestone as (select min(rank) as rank from counting where is_won and not is_lost)
update funnel_cube set
  won_ids = array(select id from counting, milestone where not is_lost and counting.rank >= milestone.rank order by id),
  lost_ids = array(select id from counting where is_lost order by id);
do $$ begin
  if exists (select 1 from funnel_cube) then perform funnel_summarise_all(); else perform funnel_index_deals(); end if;
end $$;
