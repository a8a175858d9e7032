import { isLastOf, playMove, stageOf, type TriedProcess } from './simulate-moves.ts'
import type { PastStep, StageStep } from './simulate-past.ts'
import { enterBy, factsAt, type Heard, openTasks, type Play, type Run, settle, statusOf } from './simulate-play.ts'

/** Runs of processes while a deal's past is played: how they begin and move, as they did or as a tried process lets them. */

/** @returns the stage that the run begins at: under a tried process its first one */
export function beginRun(play: Play, id: number, template: string, real: string, at: string): string {
  const { tried } = play.setup
  const stage = (tried?.template === template && tried.version.stages[0]?.code) || real
  const held = new Map<string, ReadonlyMap<string, boolean>>(stage === real ? [] : [[real, new Map()]])
  play.runs.set(id, { template, stage, since: at, real: { stage: real, since: at }, held, approvals: new Map(), isEnded: false })
  return stage
}

export function takeStart(play: Play, { run, template, stage: real, at, isLast }: Extract<PastStep, { kind: 'began' }>): void {
  const { tried } = play.setup
  const stage = beginRun(play, run, template, real, at)
  const ends = tried?.template === template ? isLastOf(tried.version, stage) : isLast
  play.queue.push({ event: { kind: 'process_started', template }, run }, enteringOf(play, run, template, stage))
  if (ends) finish(play, run, template)
  settle(play, at)
}

export function takeStage(play: Play, step: StageStep): void {
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
