-- Rules by the calendar: how far the beginnings of periods and the dates of deals have been told to them.

-- One row for each thing that rules in force wait for: "month", "month working", "field.valid_until 60". A row that is new has told nothing yet.
create table calendar_round (
  topic varchar(120) primary key,
  -- First day of the newest period; for dates, the day that is being looked through.
  began_on date not null,
  -- The day before it that was looked through whole.
  told_up_to date not null,
  -- How far the deals have been gone through, by id.
  after_deal_id bigint not null default 0,
  -- When they all had been; for dates, up to when their changes have been.
  finished_at timestamptz null
);

-- What a deal has heard: the first day of the newest period, or the date that drew near. One row holds one deal to one telling.
create table calendar_told (
  deal_id bigint not null references deal (id),
  topic varchar(120) not null,
  told_on date not null,
  primary key (deal_id, topic)
);
