-- Deals whose type changed: the flow through the funnel tells them apart, and the audit is long.
create index audit_entry_type_changes_idx on audit_entry (entity_id, at)
  where entity = 'deal' and action = 'update' and before -> 'type_id' is not null;
