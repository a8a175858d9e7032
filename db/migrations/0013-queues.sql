-- How many deals came to and left each status on each of the last days, so that queues cost the same at a thousand deals and at ten million. Statuses as
-- visits name them. Written with every change, a few rows; a job adds up what has gathered.
create table funnel_move (
  department_id int not null,
  type_id int not null,
  day date not null,
  status_id int not null,
  arrivals int not null,
  departures int not null,
  -- Added up; others are what changed since.
  folded boolean not null default false
) with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);
create unique index funnel_move_folded_uq on funnel_move (day, department_id, type_id, status_id) where folded;
create index funnel_move_day_idx on funnel_move (day) where not folded;

-- From which day on they are there, and the zone of their days; null: not counted yet.
alter table funnel_cube add moves_from date null, add moves_time_zone varchar(255) null;

-- A visit as what it adds: an arrival on the day when it began, a departure on the day when it ended; no day before the first.
create function funnel_moves_of(entered_at timestamptz, left_at timestamptz, zone text, first_day date)
returns table (day date, arrivals int, departures int) language sql immutable parallel safe as $$
  select (at at time zone zone)::date, arrivals, departures from (values (entered_at, 1, 0), (left_at, 0, 1)) as ends (at, arrivals, departures)
  where (at at time zone zone)::date >= first_day
$$;

-- All of the last days from nothing. Writers wait.
create function funnel_count_moves(first_day date, zone text) returns void language plpgsql as $$
begin
  lock table deal, status_visit in share row exclusive mode;
  delete from funnel_move;
  insert into funnel_move (department_id, type_id, day, status_id, arrivals, departures, folded)
    select d.department_id, d.type_id, m.day, v.status_id, sum(m.arrivals), sum(m.departures), true
    from status_visit v join deal d on d.id = v.deal_id cross join lateral funnel_moves_of(v.entered_at, v.left_at, zone, first_day) as m
    where v.voided_at is null and d.withdrawn_at is null
      and greatest(v.entered_at, v.left_at) >= (first_day::timestamp at time zone zone)
    group by 1, 2, 3, 4;
  update funnel_cube set moves_from = first_day, moves_time_zone = zone;
end $$;

-- Adds up what has gathered; rows of days that are not kept any more go. Returns the rows taken.
create function funnel_fold_moves() returns int language plpgsql as $$
declare
  taken_rows int;
begin
  with taken as (delete from funnel_move where not folded returning *),
  written as (
    insert into funnel_move as kept (department_id, type_id, day, status_id, arrivals, departures, folded)
    select department_id, type_id, day, status_id, sum(arrivals), sum(departures), true from taken
    group by 1, 2, 3, 4 having sum(arrivals) <> 0 or sum(departures) <> 0 order by 3, 1, 2, 4
    on conflict (day, department_id, type_id, status_id) where folded
      do update set arrivals = kept.arrivals + excluded.arrivals, departures = kept.departures + excluded.departures)
  select count(*) into taken_rows from taken;
  return taken_rows;
end $$;

-- The deals are locked first: of two who change one deal, the second sees what the first did, and adds it where it belongs.
create or replace function funnel_hear_visits_added() returns trigger language plpgsql as $$
declare
  ids bigint[] := array(select distinct deal_id from new_visits where voided_at is null);
begin
  perform 1 from deal where id = any(ids) order by id for no key update;
  insert into funnel_move (department_id, type_id, day, status_id, arrivals, departures)
    select d.department_id, d.type_id, m.day, v.status_id, sum(m.arrivals), sum(m.departures)
    from funnel_cube cube cross join new_visits v join deal d on d.id = v.deal_id
      cross join lateral funnel_moves_of(v.entered_at, v.left_at, cube.moves_time_zone, cube.moves_from) as m
    where v.voided_at is null and d.withdrawn_at is null group by 1, 2, 3, 4;
  perform funnel_refresh(ids);
  return null;
end $$;

-- Voiding moves figures, and the end of a stay the queues. What differs is found by sets, not by a join, as before.
create or replace function funnel_hear_visits_changed() returns trigger language plpgsql as $$
declare
  turned bigint[] := array(select distinct deal_id from (
    select id, deal_id, left_at, voided_at from new_visits except select id, deal_id, left_at, voided_at from old_visits) as changed);
  ids bigint[] := array(select distinct deal_id from (
    select id, deal_id, voided_at from new_visits except select id, deal_id, voided_at from old_visits) as changed);
begin
  if cardinality(turned) = 0 then return null; end if;
  perform 1 from deal where id = any(turned) order by id for no key update;
  insert into funnel_move (department_id, type_id, day, status_id, arrivals, departures)
    select d.department_id, d.type_id, m.day, v.status_id, sum(v.n * m.arrivals), sum(v.n * m.departures)
    from funnel_cube cube cross join (
      select deal_id, status_id, entered_at, left_at, 1 as n from new_visits where voided_at is null
      union all select deal_id, status_id, entered_at, left_at, -1 from old_visits where voided_at is null) as v
      join deal d on d.id = v.deal_id
      cross join lateral funnel_moves_of(v.entered_at, v.left_at, cube.moves_time_zone, cube.moves_from) as m
    where d.withdrawn_at is null
    group by 1, 2, 3, 4 having sum(v.n * m.arrivals) <> 0 or sum(v.n * m.departures) <> 0;
  if cardinality(ids) > 0 then perform funnel_refresh(ids); end if;
  return null;
end $$;

-- A deal that goes to another department or type takes its last days along.
create or replace function funnel_hear_deals_changed() returns trigger language plpgsql as $$
declare
  ids bigint[] := array(select id from (
    select id, type_id, department_id, owner_id, counterparty_id, base_amount_minor, withdrawn_at from new_deals
    except select id, type_id, department_id, owner_id, counterparty_id, base_amount_minor, withdrawn_at from old_deals) as changed);
begin
  if cardinality(ids) = 0 then return null; end if;
  insert into funnel_move (department_id, type_id, day, status_id, arrivals, departures)
    select d.department_id, d.type_id, m.day, v.status_id, sum(d.n * m.arrivals), sum(d.n * m.departures)
    from funnel_cube cube cross join (
      (select id, type_id, department_id, 1 as n from new_deals where withdrawn_at is null
        except select id, type_id, department_id, 1 from old_deals where withdrawn_at is null)
      union all
      (select id, type_id, department_id, -1 from old_deals where withdrawn_at is null
        except select id, type_id, department_id, -1 from new_deals where withdrawn_at is null)) as d
      join status_visit v on v.deal_id = d.id and v.voided_at is null
      cross join lateral funnel_moves_of(v.entered_at, v.left_at, cube.moves_time_zone, cube.moves_from) as m
    group by 1, 2, 3, 4;
  perform funnel_refresh(ids);
  return null;
end $$;
