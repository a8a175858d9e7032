import type { Facts } from './conditions.ts'
import type { Requirement } from './process.ts'
import type { TriedProcess, Unknown } from './simulate-moves.ts'
import type { PlayClock } from './simulate-time.ts'
import type { RuleEvent, StatusRule } from './status-rules.ts'

/** What a play of a deal's past (`simulate.ts`) takes in, and what it gives. */
type Step = {
  readonly at: string
  /** Brought about by a rule that time woke: the deal's quiet spell goes on. */
  readonly isEcho?: boolean
}
export type StageStep = Step & {
  readonly kind: 'stage'
  readonly run: number
  readonly template: string
  readonly from: string | null
  readonly to: string
  readonly isMain: boolean
  readonly isLast: boolean
  /** The version that the run followed. */
  readonly versionId: number
  /** Put there by an administrator who moved the run to another version: rules do not hear of it. */
  readonly isMapped: boolean
}

/** One thing that people or the outside did to a deal, in the order of time. Consequences (statuses by stage or rule) are not among them. */
export type PastStep =
  | StageStep
  /** A further process began at its first stage, or was cancelled. */
  | (Step & {
      readonly kind: 'began'
      readonly run: number
      readonly template: string
      readonly stage: string
      readonly isLast: boolean
    })
  | (Step & { readonly kind: 'cancelled'; readonly run: number; readonly template: string })
  | (Step & { readonly kind: 'approval'; readonly run: number; readonly role: string; readonly approved: boolean })
  /** A status by hand, a loss, a return, a status from an import. */
  | (Step & { readonly kind: 'status'; readonly status: string; readonly held: boolean })
  | (Step & { readonly kind: 'hold'; readonly held: boolean })
  /** Facts that changed, with what they became, and those of them that rules hear of; none: a change that leaves the facts alone. */
  | (Step & { readonly kind: 'facts'; readonly became: Facts; readonly heard: readonly string[] })
  | (Step & { readonly kind: 'heard'; readonly event: RuleEvent; readonly became: Facts })

export type PastDeal = {
  readonly id: number
  readonly type: string
  /** Status it was created with, where no stage gives one. */
  readonly firstStatus: string
  readonly createdAt: string
  /** As they were at the creation. */
  readonly facts: Facts
  /** Facts whose history is not kept: they stand as they are today. */
  readonly unsure: ReadonlySet<string>
  /** It came by the API. */
  readonly isLead: boolean
  /** The first stage of the main process; null without one. */
  readonly start: { readonly run: number; readonly template: string; readonly stage: string } | null
  readonly steps: readonly PastStep[]
  readonly tasks: readonly PastTask[]
}
/** Open from and until, in milliseconds since 1970; `run` null for every run. */
export type PastTask = {
  readonly run: number | null
  readonly from: number
  readonly until: number | null
  readonly isCancelled: boolean
}

/** The rules of the game to be played: the company's rules, which status a stage gives, and a process that is tried. */
export type Setup = {
  readonly rules: readonly StatusRule[]
  /** Code of the status that a stage gives; null for none. */
  readonly statusOfStage: (template: string, stage: string) => string | null
  /** Rank of a status by code; null for a lost, archived or unknown one. */
  readonly rankOf: (status: string) => number | null
  readonly isLost: (status: string) => boolean
  /** Without it no time is played. */
  readonly clock?: PlayClock
  readonly tried?: TriedProcess
}

/** A real move that the tried process would not have let through. */
export type RefusedMove = {
  readonly at: string
  readonly from: string
  readonly to: string
  readonly requirements: readonly Requirement[]
}

export type Replayed = {
  /** Code of the status at the end. */
  readonly status: string
  /** Code of the main run's stage at the end; null without one. */
  readonly stage: string | null
  /** Statuses in the order they were entered, the first one included. */
  readonly visits: readonly { readonly status: string; readonly at: string; readonly ruleId: number | null }[]
  readonly refused: readonly RefusedMove[]
  /** Stages of real moves that the tried process does not have, one entry a move. */
  readonly gone: readonly string[]
  readonly unknown: readonly Unknown[]
}
