-- Which notices a person wants in Telegram, and when he wants to be left alone.

create table notice_settings (
  -- The employee.
  id int primary key references employee (id),
  -- Topics that he has decided on, each true or false; the others are as everybody's.
  topics jsonb not null default '{}',
  -- `HH:MM` by the company's clocks, both or none; over midnight where the first is the later.
  quiet_from varchar(5) null,
  quiet_to varchar(5) null,
  constraint notice_settings_quiet_check check ((quiet_from is null) = (quiet_to is null) and quiet_from <> quiet_to)
);

create trigger notice_settings_audit after insert or update or delete on notice_settings for each row execute function write_audit();
