-- Reports that leave the house: by link, by mail, by schedule.

-- A report as it was made; links and deliveries hand out the same bytes.
create table report_file (
  id bigserial primary key,
  name varchar(300) not null,
  media_type varchar(120) not null,
  content bytea not null,
  created_at timestamptz not null
);

create table report_share (
  id serial primary key,
  -- SHA-256 of the token that stands in the address.
  token_hash varchar(64) not null unique,
  employee_id int not null references employee (id),
  title varchar(300) not null,
  sentence varchar(2000) not null,
  format varchar(10) not null,
  locale varchar(2) not null,
  as_of timestamptz not null,
  -- Gone when the link has ended for a while.
  file_id bigint null references report_file (id),
  picture_id bigint null references report_file (id),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz null,
  opened int not null default 0,
  opened_at timestamptz null
);
create index report_share_employee_id_index on report_share (employee_id);
create index report_share_file_id_index on report_share (file_id);
create index report_share_picture_id_index on report_share (picture_id);

create table report_schedule (
  id serial primary key,
  employee_id int not null references employee (id),
  name varchar(200) not null,
  -- The question as its address has it, without the days.
  query jsonb not null,
  period varchar(20) not null,
  format varchar(10) not null,
  locale varchar(2) not null,
  rhythm jsonb not null,
  at_time varchar(5) not null,
  time_zone varchar(60) not null,
  emails jsonb not null default '[]',
  employee_ids jsonb not null default '[]',
  is_active boolean not null default true,
  next_due_at timestamptz null,
  created_at timestamptz not null,
  archived_at timestamptz null,
  version int not null default 1
);
create index report_schedule_employee_id_index on report_schedule (employee_id);
create index report_schedule_due_idx on report_schedule (next_due_at) where is_active and archived_at is null;

-- One report to be made and brought to its readers.
create table report_order (
  id bigserial primary key,
  employee_id int not null references employee (id),
  schedule_id int null references report_schedule (id),
  -- The moment of the schedule: one order for each, whoever noticed it.
  due_at timestamptz null,
  title varchar(300) not null,
  sentence varchar(2000) not null default '',
  query jsonb not null,
  format varchar(10) not null,
  locale varchar(2) not null,
  as_of timestamptz not null,
  message varchar(2000) not null default '',
  file_id bigint null references report_file (id),
  created_at timestamptz not null,
  unique (schedule_id, due_at)
);
create index report_order_employee_id_index on report_order (employee_id);
create index report_order_file_id_index on report_order (file_id);

-- To one reader: an address, or an employee in Telegram.
create table report_delivery (
  id bigserial primary key,
  order_id bigint not null references report_order (id),
  address varchar(320) null,
  employee_id int null references employee (id),
  state varchar(20) not null default 'waiting',
  attempts int not null default 0,
  available_at timestamptz not null,
  sent_at timestamptz null,
  last_error varchar(500) null,
  constraint report_delivery_to_one check ((address is null) <> (employee_id is null))
);
create index report_delivery_order_id_index on report_delivery (order_id);
create index report_delivery_employee_id_index on report_delivery (employee_id);
create index report_delivery_waiting_idx on report_delivery (available_at) where state in ('waiting', 'sending');

-- That a link was opened is counted, not audited.
create trigger report_share_audit after insert or delete or update of revoked_at on report_share for each row execute function write_audit();
-- A schedule moves on by itself; what people change is audited.
create trigger report_schedule_audit after insert or delete or update of name, query, period, format, rhythm, at_time, time_zone, emails, employee_ids, is_active, archived_at
  on report_schedule for each row execute function write_audit();
create trigger report_order_audit after insert on report_order for each row execute function write_audit();
create trigger report_delivery_audit after insert on report_delivery for each row execute function write_audit();
