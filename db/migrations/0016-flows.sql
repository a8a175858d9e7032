-- What a flow up to now is made of, kept by day, so that it costs the same at a thousand deals and at ten million. What became of a deal in a status is judged
-- from its last entry, and up to now the last entry does not depend on when the period begins: so these add up by the day of the entry.
-- Whoever changes a deal leaves no more than its number; a job works it off, and readers count the waiting ones themselves.

-- The statuses as the kept flows read them.
create table funnel_rung (
  status_id int primary key,
  -- What a merged status counts as; others themselves.
  counts_as int not null,
  -- In funnel order; null: lost, or out of use.
  place int null,
  is_lost boolean not null,
  -- Of its layer, a bit per phase; 0: it has no layer.
  phase_bit int not null
);

-- What one deal adds, as it is in the sums.
create table funnel_trace (
  deal_id bigint primary key,
  department_id int not null,
  type_id int not null,
  amount_minor bigint not null,
  -- Side by side: on which day it adds what. See `funnel_tracing`.
  days date[] not null,
  marks int[] not null
) with (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05);

create table funnel_flow (
  -- 0: all.
  department_id int not null,
  type_id int not null,
  day date not null,
  mark int not null,
  deals int not null,
  amount_minor bigint not null,
  primary key (department_id, type_id, day, mark)
) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);

-- Deals that something has happened to since; as often as it did.
create table funnel_touched (deal_id bigint not null) with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);

alter table funnel_cube
  -- Of the dictionary that the flows are kept by; null: they are not, or not yet.
  add flow_fingerprint text null,
  -- Of the dictionary that they are being made by, and up to which deal they are.
  add flow_making text null, add flow_upto bigint null;

-- What every trace must be. An entry into a layer marks its day with
-- 8 * status + what became of it: 0 nothing, the deal came back later; 1 advanced, 2 lost, 3 moved back, 4 handed off, 5 still there;
-- and the last entry into each phase with -(phase + 32 * phases entered later), so that deals are counted once whichever phases are asked for.
create view funnel_tracing as
  select d.id as deal_id, d.department_id, d.type_id, coalesce(d.base_amount_minor, 0) as amount_minor, traced.days, traced.marks
  from funnel_cube cube cross join deal d
  cross join lateral (
    select max(at) as at from audit_entry where entity = 'deal' and action = 'update' and before -> 'type_id' is not null and entity_id = d.id::text) as changed
  cross join lateral (
    select array_agg((entry.entered_at at time zone cube.time_zone)::date order by entry.entered_at, entry.id, mark.value) as days,
      array_agg(mark.value order by entry.entered_at, entry.id, mark.value) as marks
    from (
      select v.id, v.entered_at, r.counts_as, r.place, r.phase_bit, coalesce(r.counts_as = any(array_agg(r.counts_as) over later), false) as comes_back,
        max(r.place) over later as furthest, coalesce(bit_or(r.phase_bit) over later, 0) as later_phases,
        coalesce(max(r.place) filter (where v.left_at is null) over later, case when v.left_at is null then r.place end) as place_now,
        coalesce(bool_or(r.is_lost) filter (where v.left_at is null) over later, false) as is_lost
      from status_visit v join funnel_rung r on r.status_id = v.status_id where v.deal_id = d.id and v.voided_at is null
      window later as (order by v.entered_at, v.id rows between 1 following and unbounded following)) as entry
    cross join lateral (
      select 8 * entry.counts_as + case
        when entry.comes_back then 0
        when entry.furthest > entry.place then 1
        when entry.is_lost then 2
        when entry.place_now < entry.place then 3
        when entry.entered_at < changed.at then 4
        else 5 end as value
      union all select -(entry.phase_bit + 32 * entry.later_phases) where entry.later_phases & entry.phase_bit = 0) as mark
    where entry.phase_bit <> 0 having count(*) > 0) as traced
  where d.withdrawn_at is null;

-- Brings the traces of these deals up to what they must be, and the sums, unless they are still to be counted. What was and what must be lie side by side, not
-- joined: how many they are is beyond guessing, and a wrong guess would compare each with each.
create function funnel_retrace(ids bigint[], with_sums boolean) returns void language plpgsql set plan_cache_mode = 'force_custom_plan' as $$
begin
  with both_sides as materialized (
    select t as trace, -1 as n from funnel_trace t where deal_id = any(ids)
    union all select row(deal_id, department_id, type_id, amount_minor, days, marks)::funnel_trace, 1 from funnel_tracing where deal_id = any(ids)),
  moved as materialized (
    select (trace).*, n, last_n from (
      select trace, n, max(n) over of_deal as last_n, trace is not distinct from coalesce(lag(trace) over in_order, lead(trace) over in_order) as is_same
      from both_sides window of_deal as (partition by (trace).deal_id), in_order as (partition by (trace).deal_id order by n)) as judged
    where not is_same),
  gone as (delete from funnel_trace where deal_id = any(array(select deal_id from moved where last_n = -1))),
  written as (
    insert into funnel_trace (deal_id, department_id, type_id, amount_minor, days, marks)
    select deal_id, department_id, type_id, amount_minor, days, marks from moved where n = 1 order by deal_id
    on conflict (deal_id) do update set department_id = excluded.department_id, type_id = excluded.type_id, amount_minor = excluded.amount_minor,
      days = excluded.days, marks = excluded.marks),
  leaf as materialized (
    select department_id, type_id, day, mark, sum(n) as deals, sum(n * amount_minor) as amount_minor
    from moved cross join lateral unnest(days, marks) as u (day, mark)
    where with_sums group by 1, 2, 3, 4 having sum(n) <> 0 or sum(n * amount_minor) <> 0)
  insert into funnel_flow as kept (department_id, type_id, day, mark, deals, amount_minor)
    select s.department, s.type, day, mark, sum(deals), sum(amount_minor) from leaf cross join lateral funnel_spread_mark(leaf.department_id, leaf.type_id) as s
    group by 1, 2, 3, 4 having sum(deals) <> 0 or sum(amount_minor) <> 0 order by 1, 2, 3, 4
    on conflict (department_id, type_id, day, mark) do update set deals = kept.deals + excluded.deals, amount_minor = kept.amount_minor + excluded.amount_minor;
end $$;

-- Works off at most so many of the waiting. Returns how many it took.
create function funnel_fold_touched(most int, with_sums boolean) returns int language plpgsql as $$
declare
  taken bigint[];
begin
  with gone as (delete from funnel_touched where ctid = any(array(select ctid from funnel_touched limit most)) returning deal_id)
    select array_agg(deal_id) into taken from gone;
  if taken is null then return 0; end if;
  perform funnel_retrace(array(select distinct id from unnest(taken) as id), with_sums);
  return cardinality(taken);
end $$;

-- Makes the traces of all deals there are, where there are none yet: by the query itself, not inserted, so that the server may share the work among its processes.
create function funnel_trace_all() returns void language plpgsql as $$
declare
  upto bigint := (select max(id) from deal);
begin
  create temp table funnel_traced on commit drop as select * from funnel_tracing;
  insert into funnel_trace (deal_id, department_id, type_id, amount_minor, days, marks)
    select deal_id, department_id, type_id, amount_minor, days, marks from funnel_traced;
  drop table funnel_traced;
  update funnel_cube set flow_upto = coalesce(upto, 0);
end $$;

-- Makes the traces of the next so many deals, in order of number. Returns how many there were.
create function funnel_trace_next(most int) returns int language plpgsql as $$
declare
  ids bigint[] := array(select id from deal where id > (select flow_upto from funnel_cube) order by id limit most);
begin
  if cardinality(ids) = 0 then return 0; end if;
  perform funnel_retrace(ids, false);
  update funnel_cube set flow_upto = ids[cardinality(ids)];
  return cardinality(ids);
end $$;

-- All sums from the traces, as one moment has them.
create function funnel_count_flows() returns void language plpgsql as $$
begin
  delete from funnel_flow;
  insert into funnel_flow (department_id, type_id, day, mark, deals, amount_minor)
    select s.department, s.type, leaf.day, leaf.mark, sum(leaf.deals), sum(leaf.amount_minor) from (
      select department_id, type_id, day, mark, count(*) as deals, funnel_sum(amount_minor) as amount_minor
      from funnel_trace cross join lateral unnest(days, marks) as u (day, mark) group by 1, 2, 3, 4) as leaf
    cross join lateral funnel_spread_mark(leaf.department_id, leaf.type_id) as s
    group by 1, 2, 3, 4 order by 1, 2, 3, 4;
end $$;

create or replace function funnel_refresh(ids bigint[], with_deltas boolean default true) returns void language plpgsql as $$
begin
  if cardinality(ids) = 1 then
    insert into funnel_touched values (ids[1]);
    perform funnel_refresh_one(ids[1], with_deltas);
  elsif cardinality(ids) > 1 then
    insert into funnel_touched select unnest(ids);
    perform funnel_refresh_many(ids, with_deltas);
  end if;
end $$;
