-- A stamp that is another one after every change of what figures are read by: the same stamp always means the same dictionaries, so that a process
-- may keep what it has read. It changes at commit, so that whoever reads it finds the rows that belong to it, and no lock is held before.
create table dictionary_stamp (
  id int primary key check (id = 1),
  stamp uuid not null
);
insert into dictionary_stamp values (1, gen_random_uuid());

create function change_dictionary_stamp() returns trigger language plpgsql as $$
begin
  insert into dictionary_stamp values (1, gen_random_uuid()) on conflict (id) do update set stamp = excluded.stamp;
  return null;
end $$;

do $$
declare dictionary text;
begin
  foreach dictionary in array array['status', 'process_template', 'process_template_version', 'stage', 'stage_transition', 'deal_type', 'department'] loop
    execute format('create constraint trigger %I after insert or update or delete on %I deferrable initially deferred for each row execute function change_dictionary_stamp()',
      dictionary || '_stamp', dictionary);
  end loop;
end $$;
