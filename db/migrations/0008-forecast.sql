-- Forecasts: what the past teaches of probabilities, and weekly frozen copies, so that a forecast can be held against what came.

-- Of the company's deals of a type that have been in a status: how many are won, how many won or lost. Made anew each night.
create table forecast_learned (
  type_id int not null references deal_type (id) on delete cascade,
  status_id int not null references status (id) on delete cascade,
  wins int not null,
  resolved int not null,
  learned_on date not null,
  primary key (type_id, status_id)
);

-- The forecast as it was in a week: for the company, a deal type, or a department with all below it; for one month, quarter or year.
create table forecast_snapshot (
  -- Monday of the week, in the organisation's time zone.
  week date not null,
  slice varchar(20) not null check (slice in ('company', 'type', 'department')),
  -- The type or department; 0: the company.
  slice_id int not null,
  period varchar(20) not null check (period in ('month', 'quarter', 'year')),
  period_from date not null,
  -- The first day outside.
  period_to date not null,
  taken_at timestamptz not null,
  won_deals int not null,
  won_minor bigint not null,
  expected_deals int not null,
  expected_minor bigint not null,
  weighted_minor bigint not null,
  overdue_deals int not null,
  overdue_minor bigint not null,
  undated_deals int not null,
  undated_minor bigint not null,
  without_rate int not null,
  primary key (week, slice, slice_id, period, period_from)
);
create index forecast_snapshot_period on forecast_snapshot (slice, slice_id, period, period_from);

-- Deals by the day they are expected on.
create index if not exists deal_expected_close_on_index on deal (expected_close_on) where withdrawn_at is null;
