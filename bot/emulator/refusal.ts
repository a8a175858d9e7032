/**
 * Why a request was refused. `schema`, `limit`, `entities`, `callback` and `unsupported` are mistakes of the caller; `state` (an
 * unchanged text, a message that is gone), `blocked` and `fault` happen to a correct bot too.
 */
export type RefusalKind =
  | 'schema'
  | 'limit'
  | 'entities'
  | 'callback'
  | 'unsupported'
  | 'state'
  | 'blocked'
  | 'auth'
  | 'internal'
  | 'fault'

export type RefusalParameters = { retry_after?: number; migrate_to_chat_id?: number }

/** An answer `{ ok: false }`: HTTP status and error_code are the same number, the text is Telegram's. */
export class Refusal extends Error {
  readonly kind: RefusalKind
  readonly code: number
  readonly parameters: RefusalParameters | undefined

  constructor(kind: RefusalKind, code: number, description: string, parameters?: RefusalParameters) {
    super(description)
    this.kind = kind
    this.code = code
    this.parameters = parameters
  }
}

/** @returns a refusal 400 in Telegram's wording: `Bad Request: ...`. */
export function badRequest(kind: RefusalKind, reason: string): Refusal {
  return new Refusal(kind, 400, `Bad Request: ${reason}`)
}

/** @returns a refusal 403 in Telegram's wording: `Forbidden: ...`. */
export function forbidden(reason: string): Refusal {
  return new Refusal('blocked', 403, `Forbidden: ${reason}`)
}
