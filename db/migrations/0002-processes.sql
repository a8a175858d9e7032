-- Any deal type, any process: fields, gates, rules, tasks, documents, approvals, the working calendar.

-- The dictionary of statuses: a colour of one's own choice (place 1..8 on the ramp); null follows the order.
alter table status add column colour int null check (colour between 1 and 8);
-- Looked at when a statement ends, not row by row: a new order is written in one statement.
drop index status_rank_uq;
alter table status add constraint status_rank_uq exclude using btree (rank with =) where (category <> 'lost' and archived_at is null) deferrable initially immediate;

create table document_type (
  id serial primary key,
  code varchar(60) not null constraint document_type_code_unique unique,
  name_ru varchar(255) not null,
  name_en varchar(255) not null,
  -- Payments may be booked on it.
  is_payable boolean not null default false,
  position int not null default 0,
  archived_at timestamptz null,
  version int not null default 1
);

-- Who gets a new deal of the type: {"kind": "creator"} or an assignee of the rules.
alter table deal_type add column owner_rule jsonb not null default '{"kind": "creator"}';

create table deal_type_process (
  deal_type_id int not null references deal_type (id) on update cascade on delete cascade,
  process_template_id int not null references process_template (id) on update cascade on delete cascade,
  primary key (deal_type_id, process_template_id)
);
create index deal_type_process_process_template_id_index on deal_type_process (process_template_id);

create table deal_type_document (
  deal_type_id int not null references deal_type (id) on update cascade on delete cascade,
  document_type_id int not null references document_type (id) on update cascade on delete cascade,
  primary key (deal_type_id, document_type_id)
);
create index deal_type_document_document_type_id_index on deal_type_document (document_type_id);

create table custom_field (
  id serial primary key,
  deal_type_id int not null references deal_type (id),
  code varchar(60) not null,
  name_ru varchar(255) not null,
  name_en varchar(255) not null,
  kind varchar(20) not null check (kind in ('text', 'number', 'money', 'day', 'choice', 'several', 'flag', 'file', 'counterparty', 'employee')),
  -- Of choice and several: [{"code", "ru", "en"}].
  options jsonb not null default '[]',
  is_required boolean not null default false,
  in_list boolean not null default false,
  in_filter boolean not null default false,
  position int not null default 0,
  archived_at timestamptz null,
  version int not null default 1,
  constraint custom_field_code_uq unique (deal_type_id, code)
);
create index custom_field_deal_type_id_index on custom_field (deal_type_id);

-- Custom fields by code: texts, numbers, days, booleans, lists of codes; money in minor units, people and clients by id, files by id.
alter table deal add column fields jsonb not null default '{}';
alter table deal add column tags text[] not null default '{}';
-- The deal that a rule made this one from, such as a support contract from a sale.
alter table deal add column parent_id bigint null references deal (id) on delete set null;
create index deal_parent_id_index on deal (parent_id);
-- By what a custom field holds: filters, and the deals that carry a file.
create index deal_fields_idx on deal using gin (fields jsonb_path_ops);

-- Of a stage: gates to enter it, tasks it gives. Of a way: what it is called, and when it is offered.
alter table stage add column gates jsonb not null default '[]';
alter table stage add column tasks jsonb not null default '[]';
alter table stage_transition add column name_ru varchar(255) null;
alter table stage_transition add column name_en varchar(255) null;
alter table stage_transition add column condition jsonb null;

create table status_rule (
  id serial primary key,
  code varchar(60) not null constraint status_rule_code_unique unique,
  name_ru varchar(255) not null,
  name_en varchar(255) not null,
  position int not null,
  deal_types jsonb not null default '[]',
  trigger_kind varchar(40) not null,
  trigger jsonb not null,
  condition jsonb not null,
  forward_only boolean not null default false,
  actions jsonb not null,
  is_active boolean not null default true,
  archived_at timestamptz null,
  version int not null default 1
);
create index status_rule_trigger_idx on status_rule (trigger_kind, position) where is_active and archived_at is null;

-- One firing of a rule, with what it saw; never changed but for the fate of its actions.
create table rule_firing (
  id bigserial primary key,
  rule_id int not null references status_rule (id),
  rule_name jsonb not null,
  deal_id bigint not null references deal (id),
  deal_event_id bigint null references deal_event (id) on delete set null,
  event jsonb not null,
  seen jsonb not null,
  -- [{"action", "outcome": "done" | "held" | "failed", "problem"}], in the rule's order.
  outcomes jsonb not null,
  has_failed boolean not null default false,
  attempts int not null default 1,
  retry_at timestamptz null,
  fired_at timestamptz not null
);
create index rule_firing_deal_id_index on rule_firing (deal_id);
create index rule_firing_rule_id_index on rule_firing (rule_id, fired_at);
create index rule_firing_failed_idx on rule_firing (id) where has_failed;
create index rule_firing_retry_idx on rule_firing (retry_at) where retry_at is not null;

create table deal_task (
  id bigserial primary key,
  deal_id bigint not null references deal (id),
  run_id bigint null references process_run (id) on delete set null,
  stage_id int null references stage (id) on delete set null,
  title varchar(300) not null,
  assignee_id int not null references employee (id),
  due_at timestamptz null,
  state varchar(20) not null default 'open' check (state in ('open', 'done', 'cancelled')),
  -- 'stage', 'rule' or 'user'.
  origin varchar(20) not null check (origin in ('stage', 'rule', 'user')),
  created_at timestamptz not null,
  closed_at timestamptz null,
  closed_by_id int null references employee (id) on delete set null,
  version int not null default 1,
  constraint deal_task_closed check ((state = 'open') = (closed_at is null))
);
create index deal_task_deal_id_index on deal_task (deal_id);
create index deal_task_assignee_id_index on deal_task (assignee_id) where state = 'open';

-- A decision that a gate of the stage asks for; the newest of a role counts, until the run leaves the stage.
create table stage_approval (
  id bigserial primary key,
  run_id bigint not null references process_run (id),
  stage_id int not null references stage (id),
  role varchar(20) not null check (role in ('admin', 'executive', 'head', 'manager', 'field')),
  approved boolean not null,
  comment varchar(1000) not null default '',
  employee_id int not null references employee (id),
  decided_at timestamptz not null,
  -- When the run last entered the stage: a decision of an earlier stay no longer counts.
  stage_since timestamptz not null
);
create index stage_approval_run_id_index on stage_approval (run_id);

create table stored_file (
  id bigserial primary key,
  name varchar(300) not null,
  media_type varchar(120) not null,
  size_bytes int not null check (size_bytes >= 0),
  sha256 varchar(64) not null,
  content bytea not null,
  uploaded_at timestamptz not null,
  uploaded_by_id int null references employee (id) on delete set null
);

create table deal_document (
  id bigserial primary key,
  deal_id bigint not null references deal (id),
  document_type_id int not null references document_type (id),
  number varchar(100) not null,
  dated_on date not null,
  amount_minor bigint null check (amount_minor >= 0),
  state varchar(20) not null default 'draft' check (state in ('draft', 'on_approval', 'approved', 'rejected', 'signed', 'void')),
  file_id bigint null references stored_file (id) on delete set null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  version int not null default 1
);
create index deal_document_deal_id_index on deal_document (deal_id);
create index deal_document_document_type_id_index on deal_document (document_type_id);

create table payment (
  id bigserial primary key,
  document_id bigint not null references deal_document (id),
  amount_minor bigint not null check (amount_minor > 0),
  paid_on date not null,
  comment varchar(1000) not null default '',
  recorded_at timestamptz not null,
  recorded_by_id int null references employee (id) on delete set null,
  voided_at timestamptz null
);
create index payment_document_id_index on payment (document_id);

-- Working time: hours of a week day, and days that differ from it.
alter table organization add column work_days jsonb not null default '[1, 2, 3, 4, 5]';
alter table organization add column work_from varchar(5) not null default '09:00';
alter table organization add column work_to varchar(5) not null default '18:00';
-- Whether limits of stages and statuses count working hours; else calendar hours.
alter table organization add column limits_in_working_time boolean not null default false;
alter table organization add column version int not null default 1;
create table calendar_day (
  day date primary key,
  is_working boolean not null,
  name varchar(255) not null default ''
);

-- The same sum as shared/domain/working-time.ts. Days worked since Monday, 1 January 1900, before this one.
create function working_days_before(until date) returns float8 language sql stable as $$
  select (select coalesce(sum(floor(((until - date '1900-01-01') - weekday::int) / 7.0) + 1), 0) from jsonb_array_elements(o.work_days) weekday)
    + (select coalesce(sum(case when is_working then 1 else -1 end), 0) from calendar_day c
        where c.day < until and c.is_working <> (o.work_days @> to_jsonb(extract(isodow from c.day)::int)))
  from organization o where o.id = 1
$$;

-- Working hours of a day that have gone by at an instant of it.
create function working_hours_on(local_day date, at timestamptz) returns float8 language sql stable as $$
  select case when coalesce((select is_working from calendar_day where day = local_day), o.work_days @> to_jsonb(extract(isodow from local_day)::int))
    then least(greatest(extract(epoch from at - (local_day::timestamp at time zone o.time_zone)), extract(epoch from o.work_from::time)),
      extract(epoch from o.work_to::time)) / 3600 - extract(epoch from o.work_from::time) / 3600
    else 0 end
  from organization o where o.id = 1
$$;

-- Working hours from one instant to another; 0 when the second is not later.
create function working_hours(since timestamptz, until timestamptz) returns float8 language sql stable as $$
  select case when until <= since then 0 else
    (working_days_before((until at time zone o.time_zone)::date) - working_days_before((since at time zone o.time_zone)::date))
      * extract(epoch from o.work_to::time - o.work_from::time) / 3600
    + working_hours_on((until at time zone o.time_zone)::date, until) - working_hours_on((since at time zone o.time_zone)::date, since) end
  from organization o where o.id = 1
$$;

-- As before, but rows without an id are named too.
create or replace function write_audit() returns trigger language plpgsql as $$
declare
  old_row jsonb := case when tg_op = 'INSERT' then '{}'::jsonb else to_jsonb(old) - array['password_hash', 'token_hash', 'refused_file'] end;
  new_row jsonb := case when tg_op = 'DELETE' then '{}'::jsonb else to_jsonb(new) - array['password_hash', 'token_hash', 'refused_file'] end;
  before_part jsonb;
  after_part jsonb;
  whole jsonb := old_row || new_row;
  -- Rows without an id are named by what links them.
  row_id text := coalesce(whole ->> 'id', concat_ws('/', whole ->> 'deal_id', whole ->> 'employee_id', whole ->> 'deal_type_id', whole ->> 'process_template_id', whole ->> 'document_type_id', whole ->> 'day'));
begin
  if tg_op = 'UPDATE' then
    select coalesce(jsonb_object_agg(o.key, o.value), '{}'), coalesce(jsonb_object_agg(o.key, n.value), '{}') into before_part, after_part
      from jsonb_each(old_row) o join jsonb_each(new_row) n using (key) where o.value is distinct from n.value;
    if to_jsonb(old) ->> 'password_hash' is distinct from to_jsonb(new) ->> 'password_hash' then
      after_part := after_part || '{"password": "changed"}';
    end if;
    if before_part = '{}' and after_part = '{}' then return null; end if;
  else
    before_part := nullif(old_row, '{}');
    after_part := nullif(new_row, '{}');
  end if;
  insert into audit_entry (actor_id, door, entity, entity_id, action, before, after)
  values (nullif(current_setting('voronka.actor', true), '')::int, coalesce(nullif(current_setting('voronka.door', true), ''), 'system'),
    tg_table_name, row_id, lower(tg_op), before_part, after_part);
  return null;
end $$;

do $$
declare audited text;
begin
  foreach audited in array array['document_type', 'deal_type_process', 'deal_type_document', 'custom_field', 'status_rule', 'deal_task', 'stage_approval', 'deal_document',
    'payment', 'calendar_day'] loop
    execute format('create trigger %I after insert or update or delete on %I for each row execute function write_audit()', audited || '_audit', audited);
  end loop;
end $$;
