-- The whole of Voronka's first schema. Times are timestamptz, money is integer minor units, days are date.

create extension if not exists pg_trgm;

create sequence deal_number_seq start 1001;
create sequence telegram_update_sequence;

create table organization (
  id int primary key check (id = 1),
  name varchar(255) not null,
  time_zone varchar(255) not null,
  base_currency varchar(3) not null,
  locale varchar(255) not null check (locale in ('ru', 'en')),
  is_demo boolean not null default false
);

create table department (
  id serial primary key,
  name varchar(255) not null,
  parent_id int null references department (id) on delete set null,
  external_id varchar(255) null constraint department_external_id_unique unique,
  archived_at timestamptz null,
  version int not null default 1,
  constraint department_not_own_parent check (parent_id <> id)
);
create index department_parent_id_index on department (parent_id);

create table employee (
  id serial primary key,
  login varchar(255) not null constraint employee_login_unique unique,
  name varchar(255) not null,
  position varchar(255) not null default '',
  email varchar(255) null,
  role varchar(255) not null check (role in ('admin', 'executive', 'head', 'manager', 'field')),
  department_id int not null references department (id),
  password_hash varchar(255) null,
  locale varchar(255) not null default 'ru' check (locale in ('ru', 'en')),
  external_id varchar(255) null constraint employee_external_id_unique unique,
  deactivated_at timestamptz null,
  is_demo_login boolean not null default false,
  created_at timestamptz not null default now(),
  version int not null default 1
);
create index employee_department_id_index on employee (department_id);
create unique index employee_login_lower_uq on employee (lower(login));

create table login_session (
  id bigserial primary key,
  token_hash varchar(64) not null constraint login_session_token_hash_unique unique,
  employee_id int not null references employee (id),
  user_agent varchar(300) not null default '',
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz null
);
create index login_session_employee_id_index on login_session (employee_id);

create table api_token (
  id serial primary key,
  token_hash varchar(64) not null constraint api_token_token_hash_unique unique,
  employee_id int not null references employee (id),
  name varchar(255) not null,
  created_at timestamptz not null,
  revoked_at timestamptz null
);
create index api_token_employee_id_index on api_token (employee_id);

create table idempotency_key (
  employee_id int not null,
  key varchar(255) not null,
  request_hash varchar(64) not null,
  status int null,
  body jsonb null,
  headers jsonb null,
  created_at timestamptz not null,
  primary key (employee_id, key)
);

create table audit_entry (
  id bigserial primary key,
  at timestamptz not null default now(),
  actor_id int null,
  door varchar(255) not null default 'system',
  entity varchar(255) not null,
  entity_id varchar(255) not null,
  action varchar(255) not null,
  before jsonb null,
  after jsonb null
);
create index audit_entry_entity_idx on audit_entry (entity, entity_id, id);

create table counterparty (
  id serial primary key,
  name varchar(255) not null,
  inn varchar(12) null,
  kpp varchar(9) null,
  ogrn varchar(15) null,
  address varchar(255) null,
  phone varchar(255) null,
  email varchar(255) null,
  external_id varchar(255) null constraint counterparty_external_id_unique unique,
  archived_at timestamptz null,
  created_at timestamptz not null default now(),
  version int not null default 1
);
create index counterparty_name_trgm on counterparty using gin (lower(name) gin_trgm_ops);

create table contact (
  id serial primary key,
  counterparty_id int not null references counterparty (id),
  name varchar(255) not null,
  position varchar(255) null,
  phone varchar(255) null,
  email varchar(255) null,
  archived_at timestamptz null,
  version int not null default 1
);
create index contact_counterparty_id_index on contact (counterparty_id);

create table status (
  id serial primary key,
  code varchar(60) not null constraint status_code_unique unique,
  name_ru varchar(255) not null,
  name_en varchar(255) not null,
  rank int not null,
  phase varchar(255) not null check (phase in ('presale', 'sale', 'delivery', 'support', 'renewal')),
  category varchar(255) not null check (category in ('open', 'paused', 'lost')),
  is_won boolean not null default false,
  shown_in_funnel boolean not null default true,
  probability_pct int not null default 0 check (probability_pct between 0 and 100),
  time_limit_hours int null check (time_limit_hours > 0),
  target_conversion_pct int null check (target_conversion_pct between 1 and 100),
  archived_at timestamptz null,
  merged_into_id int null references status (id) on delete set null,
  version int not null default 1,
  constraint status_lost_is_not_won check (not (category = 'lost' and is_won)),
  constraint status_not_merged_into_itself check (merged_into_id <> id)
);
create unique index status_rank_uq on status (rank) where category <> 'lost' and archived_at is null;

create table process_template (
  id serial primary key,
  code varchar(60) not null constraint process_template_code_unique unique,
  name_ru varchar(255) not null,
  name_en varchar(255) not null,
  archived_at timestamptz null,
  version int not null default 1
);

create table process_template_version (
  id serial primary key,
  template_id int not null references process_template (id),
  number int not null,
  state varchar(255) not null check (state in ('draft', 'published', 'retired')),
  status_id int null references status (id) on delete set null,
  published_at timestamptz null,
  constraint process_template_version_number_uq unique (template_id, number),
  constraint process_template_version_published check ((state = 'draft') = (published_at is null))
);
create index process_template_version_template_id_index on process_template_version (template_id);

create table stage (
  id serial primary key,
  template_version_id int not null references process_template_version (id),
  code varchar(60) not null,
  name_ru varchar(255) not null,
  name_en varchar(255) not null,
  position int not null,
  status_id int null references status (id) on delete set null,
  time_limit_hours int null check (time_limit_hours > 0),
  constraint stage_code_uq unique (template_version_id, code)
);
create index stage_template_version_id_index on stage (template_version_id);

create table stage_transition (
  id serial primary key,
  from_stage_id int not null references stage (id),
  to_stage_id int not null references stage (id),
  position int not null default 0,
  constraint stage_transition_way_uq unique (from_stage_id, to_stage_id)
);
create index stage_transition_from_stage_id_index on stage_transition (from_stage_id);

create table deal_type (
  id serial primary key,
  code varchar(60) not null constraint deal_type_code_unique unique,
  name_ru varchar(255) not null,
  name_en varchar(255) not null,
  icon varchar(255) not null default 'deal',
  position int not null default 0,
  process_template_id int null references process_template (id) on delete set null,
  archived_at timestamptz null,
  version int not null default 1
);

create table import_batch (
  id serial primary key,
  kind varchar(255) not null check (kind in ('deals', 'history')),
  file_name varchar(300) not null,
  mapping jsonb not null,
  state varchar(255) not null check (state in ('checked', 'running', 'done', 'failed', 'undone')),
  dry_run boolean not null,
  report jsonb not null,
  refused_file text null,
  started_by_id int null references employee (id) on delete set null,
  created_at timestamptz not null,
  finished_at timestamptz null
);

create table deal (
  id bigserial primary key,
  number bigint not null default nextval('deal_number_seq') constraint deal_number_unique unique,
  title varchar(300) not null,
  description text not null default '',
  type_id int not null references deal_type (id),
  counterparty_id int null references counterparty (id) on delete set null,
  contact_id int null references contact (id) on delete set null,
  owner_id int not null references employee (id),
  department_id int not null references department (id),
  amount_minor bigint not null check (amount_minor between 0 and 9007199254740991),
  currency varchar(3) not null check (currency ~ '^[A-Z]{3}$'),
  status_id int not null references status (id),
  status_since timestamptz not null,
  status_held boolean not null default false,
  probability_pct int null check (probability_pct between 0 and 100),
  expected_close_on date null,
  lost_reason varchar(1000) null,
  external_id varchar(255) null constraint deal_external_id_unique unique,
  import_batch_id int null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  withdrawn_at timestamptz null,
  version int not null default 1
);
create index deal_type_id_index on deal (type_id);
create index deal_counterparty_id_index on deal (counterparty_id);
create index deal_owner_id_index on deal (owner_id);
create index deal_department_id_index on deal (department_id);
create index deal_status_id_index on deal (status_id);
create index deal_import_batch_id_index on deal (import_batch_id);
create index deal_changed_at_index on deal (changed_at);
create index deal_title_trgm on deal using gin (lower(title) gin_trgm_ops);

create table deal_participant (
  deal_id bigint not null references deal (id) on update cascade on delete cascade,
  employee_id int not null references employee (id) on update cascade on delete cascade,
  primary key (deal_id, employee_id)
);
create index deal_participant_employee_id_index on deal_participant (employee_id);

create table process_run (
  id bigserial primary key,
  deal_id bigint not null references deal (id),
  template_version_id int not null references process_template_version (id),
  is_main boolean not null,
  stage_id int not null references stage (id),
  stage_since timestamptz not null,
  state varchar(255) not null check (state in ('running', 'finished', 'cancelled')),
  started_at timestamptz not null,
  ended_at timestamptz null,
  constraint process_run_ended check ((state = 'running') = (ended_at is null))
);
create index process_run_deal_id_index on process_run (deal_id);
create index process_run_template_version_id_index on process_run (template_version_id);
create unique index process_run_one_main_uq on process_run (deal_id) where is_main;

create table status_visit (
  id bigserial primary key,
  deal_id bigint not null references deal (id),
  status_id int not null references status (id),
  entered_at timestamptz not null,
  left_at timestamptz null,
  recorded_at timestamptz not null,
  owner_id int not null references employee (id),
  department_id int not null references department (id),
  amount_minor bigint not null,
  currency varchar(3) not null,
  cause jsonb not null,
  actor_id int null references employee (id) on delete set null,
  stage_id int null references stage (id) on delete set null,
  voided_at timestamptz null,
  voided_by_id int null references employee (id) on delete set null,
  constraint status_visit_leaves_after_entering check (left_at >= entered_at)
);
create index status_visit_deal_id_index on status_visit (deal_id);
create index status_visit_entered_at_index on status_visit (entered_at) where voided_at is null;
create unique index status_visit_one_open_uq on status_visit (deal_id) where left_at is null and voided_at is null;

create table deal_event (
  id bigserial primary key,
  deal_id bigint not null references deal (id),
  kind varchar(40) not null,
  body jsonb not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  actor_id int null references employee (id) on delete set null,
  door varchar(255) not null check (door in ('web', 'bot', 'api', 'import', 'system')),
  undo_state jsonb null,
  voided_at timestamptz null
);
create index deal_event_deal_idx on deal_event (deal_id, id);
create index deal_event_recorded_idx on deal_event (recorded_at);

create table telegram_link (
  id serial primary key,
  employee_id int not null references employee (id),
  telegram_user_id bigint not null,
  chat_id bigint not null,
  username varchar(255) null,
  linked_at timestamptz not null,
  ended_at timestamptz null
);
create index telegram_link_employee_id_index on telegram_link (employee_id);
create unique index telegram_link_live_user_uq on telegram_link (telegram_user_id) where ended_at is null;
create unique index telegram_link_live_employee_uq on telegram_link (employee_id) where ended_at is null;

create table telegram_link_code (
  code_hash varchar(64) primary key,
  employee_id int not null references employee (id),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz null
);
create index telegram_link_code_employee_id_index on telegram_link_code (employee_id);

create table telegram_update (
  update_id bigint primary key,
  sequence bigint not null default nextval('telegram_update_sequence'),
  chat_key varchar(40) not null,
  body jsonb not null,
  received_at timestamptz not null,
  handled_at timestamptz null,
  attempts int not null default 0,
  last_error varchar(500) null,
  retry_at timestamptz null
);
create index telegram_update_waiting on telegram_update (chat_key, sequence) where handled_at is null;
create index telegram_update_next on telegram_update (sequence) where handled_at is null;

create table bot_button (
  token varchar(24) primary key,
  employee_id int not null references employee (id),
  chat_id bigint not null,
  action varchar(40) not null,
  payload jsonb not null,
  deal_version int null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz null
);
create index bot_button_employee_id_index on bot_button (employee_id);
create index bot_button_expires_at on bot_button (expires_at);

create table bot_dialog (
  chat_id bigint not null,
  employee_id int not null references employee (id),
  kind varchar(40) not null,
  payload jsonb not null,
  prompt_message_id bigint null,
  expires_at timestamptz not null,
  primary key (chat_id, employee_id)
);

create table bot_card (
  chat_id bigint not null,
  message_id bigint not null,
  deal_id bigint not null references deal (id),
  created_at timestamptz not null,
  primary key (chat_id, message_id)
);
create index bot_card_deal_id_index on bot_card (deal_id);

create table outbox_message (
  id bigserial primary key,
  channel varchar(20) not null,
  order_key varchar(60) not null,
  dedupe_key varchar(120) null constraint outbox_message_dedupe_key_unique unique,
  payload jsonb not null,
  created_at timestamptz not null,
  available_at timestamptz not null,
  attempts int not null default 0,
  sent_at timestamptz null,
  failed_at timestamptz null,
  last_error varchar(500) null
);
create index outbox_message_waiting on outbox_message (order_key, id) where sent_at is null and failed_at is null;
create index outbox_message_next on outbox_message (id) where sent_at is null and failed_at is null;

-- A department and all below it.
create function department_subtree(root int) returns setof int language sql stable as $$
  with recursive below (id) as (
    select root
    union
    select department.id from department join below on department.parent_id = below.id
  )
  select id from below
$$;

-- Two people moving departments at once could close a ring that neither sees: the lock makes them take turns.
create function refuse_department_cycle() returns trigger language plpgsql as $$
begin
  if new.parent_id is null then return new; end if;
  perform pg_advisory_xact_lock(hashtext('department_tree'));
  if new.parent_id in (select department_subtree(new.id)) then
    raise exception 'department % cannot stand below itself', new.id using errcode = 'check_violation', constraint = 'department_no_cycle';
  end if;
  return new;
end $$;
create trigger department_no_cycle before insert or update of parent_id on department
  for each row execute function refuse_department_cycle();

create function keep_visits() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'status visits are never deleted: void them' using errcode = 'check_violation', constraint = 'status_visit_append_only';
  end if;
  if old.voided_at is not null
    or (new.id, new.deal_id, new.status_id, new.entered_at, new.recorded_at, new.owner_id, new.department_id, new.amount_minor, new.currency, new.cause, new.actor_id)
      is distinct from
      (old.id, old.deal_id, old.status_id, old.entered_at, old.recorded_at, old.owner_id, old.department_id, old.amount_minor, old.currency, old.cause, old.actor_id)
  then
    raise exception 'a status visit can only be left or voided' using errcode = 'check_violation', constraint = 'status_visit_append_only';
  end if;
  return new;
end $$;
create trigger status_visit_append_only before update or delete on status_visit
  for each row execute function keep_visits();

create function keep_published_versions() returns trigger language plpgsql as $$
begin
  -- An update may also come from elsewhere into a published version.
  if exists (select 1 from process_template_version where state <> 'draft'
    and (tg_op <> 'INSERT' and id = old.template_version_id or tg_op <> 'DELETE' and id = new.template_version_id)) then
    raise exception 'a published process version never changes' using errcode = 'check_violation', constraint = 'process_version_immutable';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger stage_immutable before insert or update or delete on stage
  for each row execute function keep_published_versions();

create function keep_published_ways() returns trigger language plpgsql as $$
begin
  if exists (select 1 from stage join process_template_version v on v.id = stage.template_version_id where v.state <> 'draft'
    and (tg_op <> 'INSERT' and stage.id = old.from_stage_id or tg_op <> 'DELETE' and stage.id = new.from_stage_id)) then
    raise exception 'a published process version never changes' using errcode = 'check_violation', constraint = 'process_version_immutable';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger stage_transition_immutable before insert or update or delete on stage_transition
  for each row execute function keep_published_ways();

-- The version itself: once published it can only be retired.
create function keep_published_version() returns trigger language plpgsql as $$
begin
  if old.state <> 'draft' and (tg_op = 'DELETE' or new.state = 'draft'
    or (new.id, new.template_id, new.number, new.status_id, new.published_at)
      is distinct from (old.id, old.template_id, old.number, old.status_id, old.published_at)) then
    raise exception 'a published process version never changes' using errcode = 'check_violation', constraint = 'process_version_immutable';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger process_template_version_immutable before update or delete on process_template_version
  for each row execute function keep_published_version();

-- Audit: only the columns that changed, never a secret. Actor and door come from the transaction's settings.
create function write_audit() returns trigger language plpgsql as $$
declare
  old_row jsonb := case when tg_op = 'INSERT' then '{}'::jsonb else to_jsonb(old) - array['password_hash', 'token_hash', 'refused_file'] end;
  new_row jsonb := case when tg_op = 'DELETE' then '{}'::jsonb else to_jsonb(new) - array['password_hash', 'token_hash', 'refused_file'] end;
  before_part jsonb;
  after_part jsonb;
  row_id text := coalesce(new_row ->> 'id', old_row ->> 'id', coalesce(new_row ->> 'deal_id', old_row ->> 'deal_id') || '/' || coalesce(new_row ->> 'employee_id', old_row ->> 'employee_id'));
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
  foreach audited in array array['organization', 'department', 'employee', 'counterparty', 'contact', 'status', 'process_template', 'process_template_version',
    'stage', 'stage_transition', 'deal_type', 'deal', 'deal_participant', 'process_run', 'api_token', 'telegram_link', 'import_batch'] loop
    execute format('create trigger %I after insert or update or delete on %I for each row execute function write_audit()', audited || '_audit', audited);
  end loop;
end $$;
