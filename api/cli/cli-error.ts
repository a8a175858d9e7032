/** An expected end with a sentence for the operator. `code` 2: the command itself was wrong. */
export class CliError extends Error {
  readonly code: 1 | 2
  constructor(message: string, code: 1 | 2 = 1) {
    super(message)
    this.name = 'CliError'
    this.code = code
  }
}
