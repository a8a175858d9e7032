import type { Facts, FactValue } from './conditions.ts'
import type { PlayedRun, Unknown } from './simulate-moves.ts'
import type { PastDeal, RefusedMove, Setup } from './simulate-past.ts'
import { beginStay, type TimeRules, type Waiting } from './simulate-time.ts'
import { findRule, maxChain, type RuleEvent, type StatusRule, statusOf as statusSetBy } from './status-rules.ts'

/** A deal while its past is played: what it has come to, and how the rules hear of it. */
export type Run = PlayedRun & { readonly template: string; isEnded: boolean }
export type Heard = { readonly event: RuleEvent; readonly run: number | null; readonly builtIn?: BuiltIn }
export type BuiltIn = { readonly status: string; readonly template: string; readonly stage: string }
export type Play = {
  readonly past: PastDeal
  readonly setup: Setup
  readonly time: TimeRules | null
  readonly waiting: Waiting | null
  readonly facts: Record<string, FactValue>
  readonly runs: Map<number, Run>
  main: number | null
  held: boolean
  /** How far time has been played, in milliseconds. */
  cursor: number
  alarms: number
  readonly visits: { status: string; at: string; ruleId: number | null }[]
  readonly queue: Heard[]
  readonly refused: RefusedMove[]
  readonly gone: string[]
  readonly unknown: Map<string, Unknown>
}

const hourMs = 3_600_000
const dayMs = 86_400_000

/** Events that happen together, and all that they set off. */
export function hear(play: Play, at: string, run: number | null, ...events: readonly RuleEvent[]): void {
  play.queue.push(...events.map((event) => ({ event, run })))
  settle(play, at)
}

export function settle(play: Play, at: string): void {
  const { setup, queue } = play
  let fired = 0
  for (let heard = queue.shift(); heard; heard = queue.shift()) {
    const rule = ruleFor(play, heard, Date.parse(at))
    if (rule && fired++ === maxChain) {
      queue.length = 0
      return
    }
    const target = rule && statusSetBy(rule)
    const isKnown = target != null && (setup.isLost(target) || setup.rankOf(target) !== null)
    if (isKnown) {
      enterBy(play, target, at, rule!.id, null)
      const main = mainRun(play)
      if (main && setup.isLost(statusOf(play))) main.isEnded = true
    } else if (heard.builtIn) enterBy(play, heard.builtIn.status, at, null, heard.builtIn)
  }
}

export function ruleFor(play: Play, { event, run }: Heard, at: number): StatusRule | null {
  const { past, setup } = play
  const rules = setup.rules.filter(({ trigger }) => trigger.kind === event.kind)
  if (rules.length === 0) return null
  const status = statusOf(play)
  const deal = { type: past.type, rank: setup.isLost(status) ? null : setup.rankOf(status) }
  return findRule(rules, event, factsAt(play, at, run), deal, setup.rankOf)?.rule ?? null
}

/** @param run the run meant by stage, time, tasks and approvals; null: the main one */
export function factsAt(play: Play, at: number, run: number | null): Facts {
  const { past, facts, visits, main } = play
  const id = run ?? main
  const meant = id === null ? undefined : play.runs.get(id)
  const running = [...play.runs.values()].filter(({ isEnded }) => !isEnded).map(({ template }) => template)
  return {
    ...facts,
    ...Object.fromEntries([...(meant?.approvals ?? [])].map(([role, approved]) => [`approval.${role}`, approved])),
    type: past.type,
    status: statusOf(play),
    daysInStatus: Math.floor((at - Date.parse(visits.at(-1)!.at)) / dayMs),
    stage: meant?.stage ?? null,
    hoursInStage: meant ? Math.max(0, Math.floor((at - Date.parse(meant.since)) / hourMs)) : null,
    openTasks: openTasks(past, id, at, false),
    runningProcesses: [...new Set(running)].sort(),
  }
}

/** @param isBefore as it was just before the instant, whose own tasks a move gives and takes away */
export function openTasks({ tasks }: PastDeal, run: number | null, at: number, isBefore: boolean): number {
  return tasks.filter((task) => {
    if (task.run !== null && task.run !== run) return false
    if (isBefore ? task.from >= at : task.from > at) return false
    return task.until === null || task.until > at || (isBefore && task.isCancelled && task.until === at)
  }).length
}

/** By rule or stage: not while the status is held, nor out of a loss. */
export function enterBy(play: Play, status: string, at: string, ruleId: number | null, stage: BuiltIn | null): void {
  const now = statusOf(play)
  if (!play.held && !play.setup.isLost(now) && status !== now) enter(play, status, at, ruleId, stage)
}

export function enter(
  play: Play,
  status: string,
  at: string,
  ruleId: number | null,
  stage: { readonly template: string; readonly stage: string } | null,
): void {
  play.visits.push({ status, at, ruleId })
  play.queue.push({ event: { kind: 'status_changed', status }, run: null })
  const { clock } = play.setup
  if (clock && play.waiting) beginStay(play.waiting, Date.parse(at), clock.limitOf(stage, status), clock)
}

export function mainRun({ runs, main }: Play): Run | undefined {
  return main === null ? undefined : runs.get(main)
}

export function statusOf({ visits }: Play): string {
  return visits.at(-1)!.status
}
