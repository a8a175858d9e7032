import { ProcessRun } from '../../../db/entities/deal.ts'
import { ProcessTemplateVersion, Stage } from '../../../db/entities/process.ts'
import type { ProcessVersionRow } from '../../../db/queries/dictionaries.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { isLastStage } from '../../../shared/domain/process.ts'
import { statusForStage } from '../../../shared/domain/rules.ts'
import { readStatuses, refOf } from '../dictionary.ts'
import { giveStageTasks } from '../tasks/give-task.ts'
import { type Change, recordCompanion } from './deal-record.ts'

/**
 * Starts a run of a version on a deal at the version's first stage, as part of something else. The main run is started while the deal is
 * made, with the status already given; a further one writes its fact beside the verb's own.
 * @returns the run, with its id and its stage.
 * @throws AppError not_found for a version without stages, process_running when the template already runs on the deal
 */
export async function startRun(change: Change, version: ProcessVersionRow, isMain: boolean): Promise<ProcessRun> {
  const run = await beginRun(change, version, isMain)
  if (!isMain) recordCompanion(change, startedFact(version, run))
  return run
}

/** What history keeps of the start of a further process. */
export function startedFact({ templateCode, templateNames }: ProcessVersionRow, run: ProcessRun) {
  return { kind: 'process_started', runId: run.id, template: { code: templateCode, name: templateNames } } as const
}

/** The run itself, without its fact: the stage's tasks are given, the rules hear of it, an undo cancels it. */
export async function beginRun(change: Change, version: ProcessVersionRow, isMain: boolean): Promise<ProcessRun> {
  const { session, deal } = change
  const first = version.stages[0]
  if (!first) throw new AppError('not_found', { what: 'stage' })
  if (!isMain) await assertNotRunning(change, version)
  const finished = isLastStage(version, first.id)
  const run = session.em.create(ProcessRun, {
    deal,
    templateVersion: session.em.getReference(ProcessTemplateVersion, version.id),
    isMain,
    stage: session.em.getReference(Stage, first.id),
    stageSince: session.now,
    state: finished ? 'finished' : 'running',
    startedAt: session.now,
    endedAt: finished ? session.now : null,
  })
  session.em.persist(run)
  await session.em.flush()
  if (!isMain) change.effects.runs.push(run)
  await giveStageTasks(change, run, first)
  const template = version.templateCode
  const statusId = isMain ? null : await statusOfFurther(change, version, first)
  change.heard.push(
    { event: { kind: 'process_started', template }, runId: run.id },
    {
      event: { kind: 'stage_entered', template, stage: first.code },
      runId: run.id,
      ...(statusId === null ? {} : { builtIn: { statusId, stage: run.stage, ref: refOf(first) } }),
    },
  )
  if (finished) change.heard.push({ event: { kind: 'process_finished', template }, runId: run.id })
  return run
}

async function statusOfFurther(
  { session, deal }: Change,
  version: ProcessVersionRow,
  first: ProcessVersionRow['stages'][number],
) {
  const { rankOf, resolve } = await readStatuses(session)
  return statusForStage(version, first, { statusId: resolve(deal.status.id).id, statusHeld: deal.statusHeld }, rankOf)
}

/** A template runs once at a time on a deal. */
async function assertNotRunning({ session, deal }: Change, version: ProcessVersionRow): Promise<void> {
  const same = { deal, state: 'running' as const, templateVersion: { template: version.templateId } }
  if ((await session.em.count(ProcessRun, same)) > 0)
    throw new AppError('process_running', { template: version.templateNames[session.locale] })
}
