import type { Facts, FactValue } from './conditions.ts'
import { findRule, maxChain, type RuleEvent, type StatusRule, statusOf as statusSetBy } from './status-rules.ts'

/**
 * What rules and the mapping of stages to statuses would have made of a deal's past (product.md, 2.7): the facts that really happened are
 * played again, their consequences are worked out anew. The same function gives "before" and "after", so that what was not changed
 * makes no difference. Pure.
 */

/** One thing that people or the outside did to a deal, in the order of time. Consequences (statuses by stage or rule) are not among them. */
export type PastStep =
  | {
      readonly kind: 'stage'
      readonly at: string
      readonly template: string
      readonly from: string | null
      readonly to: string
      readonly isMain: boolean
      readonly isLast: boolean
    }
  /** A status by hand, a loss, a return, a status from an import. */
  | { readonly kind: 'status'; readonly at: string; readonly status: string; readonly held: boolean }
  | { readonly kind: 'hold'; readonly at: string; readonly held: boolean }
  /** Facts that changed, with what they became, and those of them that rules hear of. */
  | { readonly kind: 'facts'; readonly at: string; readonly became: Facts; readonly heard: readonly string[] }
  | { readonly kind: 'heard'; readonly at: string; readonly event: RuleEvent; readonly became: Facts }

export type PastDeal = {
  readonly id: number
  readonly type: string
  /** Status it was created with, where no stage gives one. */
  readonly firstStatus: string
  readonly createdAt: string
  /** As they were at the creation. */
  readonly facts: Facts
  /** The first stage of the main process; null without one. */
  readonly start: { readonly template: string; readonly stage: string } | null
  readonly steps: readonly PastStep[]
}

/** The rules of the game to be played: the company's rules, and which status a stage gives. */
export type Setup = {
  readonly rules: readonly StatusRule[]
  /** Code of the status that a stage gives; null for none. */
  readonly statusOfStage: (template: string, stage: string) => string | null
  /** Rank of a status by code; null for a lost, archived or unknown one. */
  readonly rankOf: (status: string) => number | null
  readonly isLost: (status: string) => boolean
}

export type Replayed = {
  /** Code of the status at the end. */
  readonly status: string
  /** Statuses in the order they were entered, the first one included. */
  readonly visits: readonly { readonly status: string; readonly at: string; readonly ruleId: number | null }[]
}

const dayMs = 86_400_000

/** Plays one deal's past by a setup. */
export function replayDeal(past: PastDeal, setup: Setup): Replayed {
  const { start, createdAt: at } = past
  const first = (start && setup.statusOfStage(start.template, start.stage)) ?? past.firstStatus
  const play: Play = { past, setup, facts: { ...past.facts, stage: start?.stage ?? null }, held: false, visits: [], queue: [] }
  play.visits.push({ status: first, at, ruleId: null })
  hear(play, at, { kind: 'deal_created' }, ...(start ? startOf(start) : []))
  for (const step of past.steps) take(play, step)
  return { status: statusOf(play), visits: play.visits }
}

type Play = {
  readonly past: PastDeal
  readonly setup: Setup
  facts: Record<string, FactValue>
  held: boolean
  readonly visits: { status: string; at: string; ruleId: number | null }[]
  readonly queue: RuleEvent[]
}

function startOf({ template, stage }: NonNullable<PastDeal['start']>): RuleEvent[] {
  return [
    { kind: 'process_started', template },
    { kind: 'stage_entered', template, stage },
  ]
}

function take(play: Play, step: PastStep): void {
  switch (step.kind) {
    case 'stage':
      takeStage(play, step)
      return
    case 'status':
      play.held = step.held
      if (step.status === statusOf(play)) return
      enter(play, step.status, step.at, null)
      hear(play, step.at)
      return
    case 'hold':
      play.held = step.held
      return
    case 'facts':
      Object.assign(play.facts, step.became)
      hear(play, step.at, ...step.heard.map((fact) => ({ kind: 'field_changed', fact }) as const))
      return
    case 'heard':
      Object.assign(play.facts, step.became)
      hear(play, step.at, step.event)
  }
}

function takeStage(play: Play, { template, from, to, at, isMain, isLast }: Extract<PastStep, { kind: 'stage' }>): void {
  const { setup } = play
  if (isMain) play.facts['stage'] = to
  if (from !== null) play.queue.push({ kind: 'stage_completed', template, stage: from })
  const given = setup.statusOfStage(template, to)
  // A process beside the main one never moves the status backwards.
  const isBack = given !== null && !isMain && (setup.rankOf(given) ?? 0) < (setup.rankOf(statusOf(play)) ?? 0)
  play.queue.push({ kind: 'stage_entered', template, stage: to })
  if (isLast) play.queue.push({ kind: 'process_finished', template })
  settle(play, at, isBack ? null : given)
}

/** Events that happen together, and all that they set off. */
function hear(play: Play, at: string, ...events: readonly RuleEvent[]): void {
  play.queue.push(...events)
  settle(play, at, null)
}

/** @param builtIn status of the stage entered: given where no rule sets one. */
function settle(play: Play, at: string, builtIn: string | null): void {
  const { setup, queue } = play
  let fired = 0
  for (let event = queue.shift(); event; event = queue.shift()) {
    const rule = ruleFor(play, event, at)
    if (rule && fired++ === maxChain) {
      queue.length = 0
      return
    }
    const target = rule && statusSetBy(rule)
    const isKnown = target != null && (setup.isLost(target) || setup.rankOf(target) !== null)
    if (isKnown) enterBy(play, target, at, rule!.id)
    else if (event.kind === 'stage_entered' && builtIn !== null) enterBy(play, builtIn, at, null)
  }
}

function ruleFor({ past, setup, facts, visits }: Play, event: RuleEvent, at: string): StatusRule | null {
  const now = visits.at(-1)!
  const inStatus = Math.floor((Date.parse(at) - Date.parse(now.at)) / dayMs)
  const seen = { ...facts, type: past.type, status: now.status, daysInStatus: inStatus }
  const deal = { type: past.type, rank: setup.isLost(now.status) ? null : setup.rankOf(now.status) }
  return findRule(setup.rules, event, seen, deal, setup.rankOf)?.rule ?? null
}

/** By rule or stage: not while the status is held, nor out of a loss. */
function enterBy(play: Play, status: string, at: string, ruleId: number | null): void {
  const now = statusOf(play)
  if (!play.held && !play.setup.isLost(now) && status !== now) enter(play, status, at, ruleId)
}

function enter(play: Play, status: string, at: string, ruleId: number | null): void {
  play.visits.push({ status, at, ruleId })
  play.queue.push({ kind: 'status_changed', status })
}

function statusOf({ visits }: Play): string {
  return visits.at(-1)!.status
}
