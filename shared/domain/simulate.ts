import type { Facts, FactValue } from './conditions.ts'
import type { Requirement } from './process.ts'
import { isLastOf, type PlayedRun, playMove, stageOf, type TriedProcess, type Unknown } from './simulate-moves.ts'
import {
  beginStay,
  markTold,
  nextAlarm,
  type PlayClock,
  type TimeRules,
  timeRulesOf,
  touch,
  type Waiting,
  waitingFrom,
} from './simulate-time.ts'
import { findRule, maxChain, type RuleEvent, type StatusRule, statusOf as statusSetBy } from './status-rules.ts'

/**
 * What rules, the mapping of stages to statuses and a changed process would have made of a deal's past (product.md, 2.7): what people and the
 * outside really did is played again, its consequences are worked out anew. The same function gives "before" and "after", so that what was
 * not changed makes no difference.
 *
 * - Real steps come in the order of time; what rules brought about besides a status (tasks, owners, further processes) is taken as it was.
 * - Between them, rules that wait for time hear it at the very instant (`simulate-time.ts`); of two things at one instant the real one is first.
 * - Under a tried process a real move is played only where the process allows it (`simulate-moves.ts`); else the deal stays where it stands
 *   in the play until a later real move that is allowed. Moves into stages that the tried process does not have are not played and are named.
 * - A run that was moved to another version by an administrator goes where it was put.
 * Pure.
 */

type Step = {
  readonly at: string
  /** Brought about by a rule that time woke: the deal's quiet spell goes on. */
  readonly isEcho?: boolean
}
type StageStep = Step & {
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

const hourMs = 3_600_000
const dayMs = 86_400_000
/** Time may wake rules so often on one deal: a pair that sends it back and forth is played no further. */
const maxAlarms = 1000

/** Plays one deal's past by a setup. */
export function replayDeal(past: PastDeal, setup: Setup): Replayed {
  const play = beginPlay(past, setup)
  for (const step of past.steps) {
    passTime(play, Date.parse(step.at))
    take(play, step)
    if (!step.isEcho && play.waiting) touch(play.waiting, Date.parse(step.at))
  }
  if (setup.clock) passTime(play, Date.parse(setup.clock.until))
  const { visits, refused, gone, unknown } = play
  return { status: statusOf(play), stage: mainRun(play)?.stage ?? null, visits, refused, gone, unknown: [...unknown.values()] }
}

type Run = PlayedRun & { readonly template: string; isEnded: boolean }
type Heard = { readonly event: RuleEvent; readonly run: number | null; readonly builtIn?: BuiltIn }
type BuiltIn = { readonly status: string; readonly template: string; readonly stage: string }
type Play = {
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

const timeRules = new WeakMap<Setup, TimeRules>()

function timeOf(setup: Setup): TimeRules | null {
  if (!setup.clock) return null
  const found = timeRules.get(setup) ?? timeRulesOf(setup.rules, setup.clock)
  if (found) timeRules.set(setup, found)
  return found
}

function beginPlay(past: PastDeal, setup: Setup): Play {
  const { start, createdAt: at } = past
  const created = Date.parse(at)
  const time = timeOf(setup)
  const play: Play = {
    past,
    setup,
    time,
    waiting: time && setup.clock ? waitingFrom(created, time, setup.clock) : null,
    facts: { ...past.facts },
    runs: new Map(),
    main: start?.run ?? null,
    held: false,
    cursor: created,
    alarms: 0,
    visits: [],
    queue: [],
    refused: [],
    gone: [],
    unknown: new Map(),
  }
  const events: Heard[] = [{ event: { kind: 'deal_created' }, run: null }]
  if (past.isLead) events.push({ event: { kind: 'lead_received' }, run: null })
  const stage = start && beginRun(play, start.run, start.template, start.stage, at)
  const given = start && stage ? setup.statusOfStage(start.template, stage) : null
  enter(play, given ?? past.firstStatus, at, null, start && stage ? { template: start.template, stage } : null)
  // Nobody hears of a status that a deal is made with.
  play.queue.length = 0
  if (start && stage)
    events.push(
      { event: { kind: 'process_started', template: start.template }, run: start.run },
      { event: { kind: 'stage_entered', template: start.template, stage }, run: start.run },
    )
  play.queue.push(...events)
  settle(play, at)
  return play
}

/** @returns the stage that the run begins at: under a tried process its first one */
function beginRun(play: Play, id: number, template: string, real: string, at: string): string {
  const { tried } = play.setup
  const stage = (tried?.template === template && tried.version.stages[0]?.code) || real
  const held = new Map<string, ReadonlyMap<string, boolean>>(stage === real ? [] : [[real, new Map()]])
  play.runs.set(id, { template, stage, since: at, real: { stage: real, since: at }, held, approvals: new Map(), isEnded: false })
  return stage
}

function take(play: Play, step: PastStep): void {
  const { at } = step
  switch (step.kind) {
    case 'stage':
      takeStage(play, step)
      return
    case 'began':
      takeStart(play, step)
      return
    case 'cancelled': {
      const run = play.runs.get(step.run)
      if (run) run.isEnded = true
      hear(play, at, step.run, { kind: 'process_cancelled', template: step.template })
      return
    }
    case 'approval':
      play.runs.get(step.run)?.approvals.set(step.role, step.approved)
      return
    case 'status': {
      const main = mainRun(play)
      const [wasLost, isLost] = [play.setup.isLost(statusOf(play)), play.setup.isLost(step.status)]
      if (main && wasLost !== isLost) main.isEnded = isLost
      play.held = step.held
      if (step.status === statusOf(play)) return
      enter(play, step.status, at, null, null)
      settle(play, at)
      return
    }
    case 'hold':
      play.held = step.held
      return
    case 'facts':
      Object.assign(play.facts, step.became)
      hear(play, at, null, ...step.heard.map((fact) => ({ kind: 'field_changed', fact }) as const))
      return
    case 'heard':
      Object.assign(play.facts, step.became)
      hear(play, at, null, step.event)
  }
}

function takeStart(play: Play, { run, template, stage: real, at, isLast }: Extract<PastStep, { kind: 'began' }>): void {
  const { tried } = play.setup
  const stage = beginRun(play, run, template, real, at)
  const ends = tried?.template === template ? isLastOf(tried.version, stage) : isLast
  play.queue.push({ event: { kind: 'process_started', template }, run }, enteringOf(play, run, template, stage))
  if (ends) finish(play, run, template)
  settle(play, at)
}

function takeStage(play: Play, step: StageStep): void {
  const { template, to, at } = step
  const { tried } = play.setup
  if (step.isMain) play.main = step.run
  const run = runOf(play, step)
  if (tried?.template !== template) {
    enterStage(play, step, run, to, step.from, step.isLast)
  } else if (!stageOf(tried.version, to)) play.gone.push(to)
  else if (step.isMapped) enterStage(play, step, run, to, run.stage, isLastOf(tried.version, to))
  else takeTriedMove(play, step, run, tried)
  if (run.stage === to) run.held.clear()
  if (step.isMapped) run.real = { stage: to, since: run.real.since }
  else {
    run.real = { stage: to, since: at }
    run.approvals = new Map()
  }
}

/** A run of which nothing is known yet stands where its first move began, as far as the tried process has that stage. */
function runOf(play: Play, { run: id, template, from, at }: StageStep): Run {
  const known = play.runs.get(id)
  if (known) return known
  const { tried } = play.setup
  const isThere = from === null || tried?.template !== template || stageOf(tried.version, from) !== undefined
  const stage = isThere ? from : (tried?.version.stages[0]?.code ?? null)
  const made: Run = {
    template,
    stage,
    since: at,
    real: { stage: from, since: at },
    held: new Map(),
    approvals: new Map(),
    isEnded: false,
  }
  play.runs.set(id, made)
  return made
}

function takeTriedMove(play: Play, step: StageStep, run: Run, tried: TriedProcess): void {
  const facts = {
    ...factsAt(play, Date.parse(step.at), step.run),
    openTasks: openTasks(play.past, step.run, Date.parse(step.at), true),
  }
  const { entered, refused, unknown } = playMove(tried, run, step, facts, play.past.unsure)
  for (const one of unknown) play.unknown.set(`${one.kind} ${one.what}`, one)
  for (const stage of entered) enterStage(play, step, run, stage, run.stage, isLastOf(tried.version, stage))
  if (!refused) return
  run.held.set(step.to, run.approvals)
  play.refused.push({ at: step.at, ...refused })
}

function enterStage(play: Play, step: StageStep, run: Run, stage: string, from: string | null, ends: boolean): void {
  const { template, at, isMapped } = step
  run.stage = stage
  // Who is moved to another version has stood there all along.
  if (!isMapped) run.since = at
  run.isEnded = false
  const entering = enteringOf(play, step.run, template, stage)
  if (isMapped) {
    run.isEnded = ends
    if (entering.builtIn) enterBy(play, entering.builtIn.status, at, null, entering.builtIn)
    // Rules do not hear of it: no work was done.
    play.queue.length = 0
    return
  }
  if (from !== null) play.queue.push({ event: { kind: 'stage_completed', template, stage: from }, run: step.run })
  play.queue.push(entering)
  if (ends) finish(play, step.run, template)
  settle(play, at)
}

function finish(play: Play, id: number, template: string): void {
  const run = play.runs.get(id)
  if (run) run.isEnded = true
  play.queue.push({ event: { kind: 'process_finished', template }, run: id })
}

/** The entering of a stage, with the status that it gives where no rule sets one. */
function enteringOf(play: Play, run: number, template: string, stage: string): Heard {
  const { setup, held } = play
  const event = { kind: 'stage_entered', template, stage } as const
  const given = setup.statusOfStage(template, stage)
  const [target, now] = [given === null ? null : setup.rankOf(given), setup.rankOf(statusOf(play))]
  // A process beside the main one only takes the deal forward.
  const isBehind = run !== play.main && (target === null || now === null || target <= now)
  if (given === null || held || given === statusOf(play) || isBehind) return { event, run }
  return { event, run, builtIn: { status: given, template, stage } }
}

/** Lets time go by: what rules wait for comes before what really happened at `until`. */
function passTime(play: Play, until: number): void {
  const { time, waiting, setup } = play
  if (!time || !waiting || !setup.clock) return
  while (play.alarms < maxAlarms) {
    const isLost = setup.isLost(statusOf(play))
    const isEnded = mainRun(play)?.isEnded === true
    const alarm = nextAlarm(
      time,
      waiting,
      { type: play.past.type, status: statusOf(play), isLost, isEnded, facts: play.facts },
      play.cursor,
    )
    if (!alarm || alarm.at >= until) break
    play.cursor = alarm.at
    // A period passes over deals that are lost or at their end; it does not come again for them.
    const isHeard = alarm.event.kind !== 'period_began' || (!isLost && !isEnded)
    const answered = isHeard && wake(play, alarm.at, alarm.event)
    if (answered) play.alarms++
    markTold(waiting, alarm, answered, time, setup.clock)
  }
  play.cursor = Math.max(play.cursor, until)
}

/** @returns whether some rule answered */
function wake(play: Play, at: number, event: RuleEvent): boolean {
  if (ruleFor(play, { event, run: null }, at) === null) return false
  hear(play, new Date(at).toISOString(), null, event)
  return true
}

/** Events that happen together, and all that they set off. */
function hear(play: Play, at: string, run: number | null, ...events: readonly RuleEvent[]): void {
  play.queue.push(...events.map((event) => ({ event, run })))
  settle(play, at)
}

function settle(play: Play, at: string): void {
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

function ruleFor(play: Play, { event, run }: Heard, at: number): StatusRule | null {
  const { past, setup } = play
  const rules = setup.rules.filter(({ trigger }) => trigger.kind === event.kind)
  if (rules.length === 0) return null
  const status = statusOf(play)
  const deal = { type: past.type, rank: setup.isLost(status) ? null : setup.rankOf(status) }
  return findRule(rules, event, factsAt(play, at, run), deal, setup.rankOf)?.rule ?? null
}

/** @param run the run meant by stage, time, tasks and approvals; null: the main one */
function factsAt(play: Play, at: number, run: number | null): Facts {
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
function openTasks({ tasks }: PastDeal, run: number | null, at: number, isBefore: boolean): number {
  return tasks.filter((task) => {
    if (task.run !== null && task.run !== run) return false
    if (isBefore ? task.from >= at : task.from > at) return false
    return task.until === null || task.until > at || (isBefore && task.isCancelled && task.until === at)
  }).length
}

/** By rule or stage: not while the status is held, nor out of a loss. */
function enterBy(play: Play, status: string, at: string, ruleId: number | null, stage: BuiltIn | null): void {
  const now = statusOf(play)
  if (!play.held && !play.setup.isLost(now) && status !== now) enter(play, status, at, ruleId, stage)
}

function enter(
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

function mainRun({ runs, main }: Play): Run | undefined {
  return main === null ? undefined : runs.get(main)
}

function statusOf({ visits }: Play): string {
  return visits.at(-1)!.status
}
