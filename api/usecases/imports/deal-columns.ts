const instant = 'timestamptz'

/** The columns that an import writes, with their types; ids and numbers of the rest come from the sequences. */
export const dealColumns = {
  id: 'bigint',
  title: 'text',
  description: 'text',
  type_id: 'int',
  counterparty_id: 'int',
  owner_id: 'int',
  department_id: 'int',
  amount_minor: 'bigint',
  currency: 'text',
  status_id: 'int',
  status_since: instant,
  expected_close_on: 'date',
  lost_reason: 'text',
  fields: 'jsonb',
  external_id: 'text',
  import_batch_id: 'int',
  created_at: instant,
  changed_at: instant,
}
export const runColumns = {
  deal_id: 'bigint',
  template_version_id: 'int',
  is_main: 'boolean',
  stage_id: 'int',
  stage_since: instant,
  state: 'text',
  started_at: instant,
  ended_at: instant,
}
export const visitColumns = {
  deal_id: 'bigint',
  status_id: 'int',
  entered_at: instant,
  left_at: instant,
  recorded_at: instant,
  owner_id: 'int',
  department_id: 'int',
  amount_minor: 'bigint',
  currency: 'text',
  cause: 'jsonb',
  actor_id: 'int',
  stage_id: 'int',
}
export const eventColumns = {
  deal_id: 'bigint',
  kind: 'text',
  body: 'jsonb',
  occurred_at: instant,
  recorded_at: instant,
  actor_id: 'int',
  door: 'text',
  undo_state: 'jsonb',
}
