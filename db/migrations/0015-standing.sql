-- How many deals stand in each status and since which day, so that where deals stand costs the same at a thousand deals and at ten million. Statuses as deals
-- name them: no dictionary changes anything here. Written with every change, a few rows; a job adds up what has gathered.
create table funnel_stand (
  -- 0: all. What is not folded names both.
  department_id int not null,
  type_id int not null,
  status_id int not null,
  -- Of UTC: a step on the way to the deal in the middle.
  day date not null,
  deals int not null,
  amount_minor bigint not null,
  -- Added up; others are what changed since.
  folded boolean not null default false
) with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);
create unique index funnel_stand_folded_uq on funnel_stand (department_id, type_id, status_id, day) where folded;
create index funnel_stand_status_idx on funnel_stand (status_id) where not folded;

-- What somebody gave a chance of its own, as few are: the others weigh what their status says.
create index deal_own_chance_idx on deal (status_id) include (base_amount_minor, probability_pct, type_id, department_id) where withdrawn_at is null and probability_pct is not null;

-- The day since when a deal stands where it does.
create function funnel_stand_day(since timestamptz) returns date language sql immutable parallel safe as $$ select (since at time zone 'UTC')::date $$;

create function funnel_hear_deals_added() returns trigger language plpgsql as $$
begin
  insert into funnel_stand (department_id, type_id, status_id, day, deals, amount_minor)
    select department_id, type_id, status_id, funnel_stand_day(status_since), count(*), sum(coalesce(base_amount_minor, 0))
    from new_deals where withdrawn_at is null group by 1, 2, 3, 4;
  return null;
end $$;

-- What stands elsewhere, or comes to something else.
create function funnel_hear_deals_stand() returns trigger language plpgsql as $$
begin
  insert into funnel_stand (department_id, type_id, status_id, day, deals, amount_minor)
    select department_id, type_id, status_id, funnel_stand_day(status_since), sum(n), sum(n * coalesce(base_amount_minor, 0)) from (
      select department_id, type_id, status_id, status_since, base_amount_minor, 1 as n from new_deals where withdrawn_at is null
      union all select department_id, type_id, status_id, status_since, base_amount_minor, -1 from old_deals where withdrawn_at is null) as stands
    group by 1, 2, 3, 4 having sum(n) <> 0 or sum(n * coalesce(base_amount_minor, 0)) <> 0;
  return null;
end $$;

create trigger deal_funnel_added after insert on deal referencing new table as new_deals
  for each statement execute function funnel_hear_deals_added();
create trigger deal_funnel_stands after update on deal referencing new table as new_deals old table as old_deals
  for each statement execute function funnel_hear_deals_stand();

-- Every deal's stand from the deals, as one moment has them: what is being written meanwhile comes on top.
create function funnel_count_stands() returns void language plpgsql as $$
begin
  delete from funnel_stand;
  insert into funnel_stand (department_id, type_id, status_id, day, deals, amount_minor, folded)
    select s.department, s.type, leaf.status_id, leaf.day, sum(leaf.deals), sum(leaf.amount_minor), true from (
      select department_id, type_id, status_id, funnel_stand_day(status_since) as day, count(*) as deals, funnel_sum(coalesce(base_amount_minor, 0)) as amount_minor
      from deal where withdrawn_at is null group by 1, 2, 3, 4) as leaf
    cross join lateral funnel_spread_mark(leaf.department_id, leaf.type_id) as s
    group by 1, 2, 3, 4;
end $$;

-- Adds up what has gathered. Returns the rows taken.
create function funnel_fold_stands() returns int language plpgsql as $$
declare
  taken_rows int;
begin
  with taken as (delete from funnel_stand where not folded returning *),
  written as (
    insert into funnel_stand as kept (department_id, type_id, status_id, day, deals, amount_minor, folded)
    select s.department, s.type, taken.status_id, taken.day, sum(taken.deals), sum(taken.amount_minor), true
    from taken cross join lateral funnel_spread_mark(taken.department_id, taken.type_id) as s
    group by 1, 2, 3, 4 having sum(taken.deals) <> 0 or sum(taken.amount_minor) <> 0 order by 1, 2, 3, 4
    on conflict (department_id, type_id, status_id, day) where folded
      do update set deals = kept.deals + excluded.deals, amount_minor = kept.amount_minor + excluded.amount_minor)
  select count(*) into taken_rows from taken;
  return taken_rows;
end $$;

lock table deal in share row exclusive mode;
select funnel_count_stands();
