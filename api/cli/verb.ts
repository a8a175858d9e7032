import type { ParseArgsOptionsConfig } from 'node:util'
import type { Em, Orm } from '../../db/orm.ts'
import type { Config } from '../config.ts'
import type { createProgressBar } from './terminal.ts'

/** A database that a verb works on: joined when Voronka is running, started for the time of the verb otherwise. */
export type CliDatabase = { readonly orm: Orm; readonly em: Em; readonly url: string; readonly embedded: boolean }

export type VerbContext = {
  readonly config: Config
  readonly now: Date
  readonly signal: AbortSignal
  readonly bar: ReturnType<typeof createProgressBar>
  readonly positionals: readonly string[]
  readonly options: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>
  /** Opens the database with an up-to-date schema. */
  open(): Promise<CliDatabase>
}

/** What a verb leaves: for `--json` the value, for a person the lines; `failed` makes the exit code 1. */
export type VerbResult = { readonly json: unknown; readonly lines: readonly string[]; readonly failed?: boolean }

export type Verb = {
  /** The words that call it: "user add". */
  readonly name: string
  readonly summary: string
  /** Printed by --help. */
  readonly help: string
  readonly options: ParseArgsOptionsConfig
  /** How many words may follow the name. */
  readonly words: { readonly min: number; readonly max: number }
  readonly run: (context: VerbContext) => Promise<VerbResult>
}
