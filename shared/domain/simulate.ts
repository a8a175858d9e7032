import type { PastDeal, PastStep, Replayed, Setup } from './simulate-past.ts'
import { enter, type Heard, hear, mainRun, type Play, ruleFor, settle, statusOf } from './simulate-play.ts'
import { beginRun, takeStage, takeStart } from './simulate-runs.ts'
import { markTold, nextAlarm, type TimeRules, timeRulesOf, touch, waitingFrom } from './simulate-time.ts'
import type { RuleEvent } from './status-rules.ts'

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
