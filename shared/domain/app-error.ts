import type { ErrorCode } from '../messages/errors.ts'

/** Values that a sentence may name; anything else that helps to mend goes under `problems` or `current`. */
export type ErrorDetails = Readonly<Record<string, unknown>>

/**
 * A refusal that the caller can understand and mend. Doors turn it into their own answer; the message is looked up by
 * `code` in the caller's language with `details` as its values.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    super(code)
    this.name = 'AppError'
    this.code = code
    this.details = details
  }
}
