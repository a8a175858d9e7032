-- Dashboards: questions that a person has pinned, and the one he begins with.

create table dashboard (
  -- Cannot be guessed: it is the link too.
  id varchar(16) primary key,
  employee_id int not null references employee (id),
  name varchar(120) not null,
  -- Questions only; the figures are asked for by whoever looks, with his own rights.
  cards jsonb not null default '[]',
  is_shared boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz null,
  version int not null default 1
);
create index dashboard_employee_id_index on dashboard (employee_id);

-- Where an employee begins, when not where everybody of his role does.
create table start_page (
  -- The employee.
  id int primary key references employee (id),
  dashboard_id varchar(16) not null references dashboard (id)
);
create index start_page_dashboard_id_index on start_page (dashboard_id);

create trigger dashboard_audit after insert or update or delete on dashboard for each row execute function write_audit();
create trigger start_page_audit after insert or update or delete on start_page for each row execute function write_audit();
