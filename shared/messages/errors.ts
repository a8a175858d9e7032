/**
 * Every refusal the product knows, with its HTTP status: the list IS the map (house.md, "Errors").
 * Each code has a sentence in `messages/ru/errors.ts` and `messages/en/errors.ts`; the compiler insists.
 */
export const errorStatus = {
  input_invalid: 400,
  json_invalid: 400,
  not_logged_in: 401,
  login_failed: 401,
  demo_login_off: 403,
  cross_site: 403,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  already_exists: 409,
  import_running: 409,
  too_large: 413,
  unsupported_media: 415,
  version_stale: 412,
  stage_blocked: 422,
  status_archived: 422,
  status_unchanged: 422,
  deal_lost: 422,
  deal_not_lost: 422,
  not_a_lost_status: 422,
  nothing_to_undo: 422,
  undo_too_late: 422,
  undo_changed_since: 422,
  hold_not_set: 422,
  currency_unsupported: 422,
  department_cycle: 422,
  employee_inactive: 422,
  reassign_outside: 422,
  link_code_wrong: 422,
  import_not_undoable: 422,
  import_mapping_invalid: 422,
  idempotency_reused: 422,
  version_missing: 428,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const

export type ErrorCode = keyof typeof errorStatus
