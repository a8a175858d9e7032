import { ProcessRun } from '../../../db/entities/deal.ts'
import { ProcessTemplateVersion, Stage } from '../../../db/entities/process.ts'
import type { ProcessVersionRow } from '../../../db/queries/dictionaries.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { isLastStage } from '../../../shared/domain/process.ts'
import { statusForStage } from '../../../shared/domain/rules.ts'
import { readStatuses, refOf } from '../dictionary.ts'
import { type Change, recordCompanion } from './deal-record.ts'

/**
 * Starts a run of a version on a deal at the version's first stage; the rules hear of it. The main run is started while the deal is made,
 * with the status already given; a further one writes its fact `process_started` beside the verb's own, and an undo cancels it.
 * @returns the run, with its id and its stage.
 * @throws AppError not_found for a version without stages, process_running when the template already runs on the deal
 */
export async function startRun(change: Change, version: ProcessVersionRow, isMain: boolean): Promise<ProcessRun> {
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
  if (!isMain) {
    change.effects.runs.push(run)
    const template = { code: version.templateCode, name: version.templateNames }
    recordCompanion(change, { kind: 'process_started', runId: run.id, template })
  }
  await letRulesHear(change, version, run)
  return run
}

/** The start, the first stage with the status it gives (a main run's is given already), and the end where nothing lies ahead. */
async function letRulesHear(change: Change, version: ProcessVersionRow, run: ProcessRun): Promise<void> {
  const first = version.stages.find((stage) => stage.id === run.stage.id)
  if (!first) return
  const template = version.templateCode
  const statusId = run.isMain ? null : await statusOfFurther(change, version, first)
  change.heard.push(
    { event: { kind: 'process_started', template }, runId: run.id },
    {
      event: { kind: 'stage_entered', template, stage: first.code },
      runId: run.id,
      ...(statusId === null ? {} : { builtIn: { statusId, stage: run.stage, ref: refOf(first) } }),
    },
  )
  if (run.state === 'finished') change.heard.push({ event: { kind: 'process_finished', template }, runId: run.id })
}

async function statusOfFurther(
  { session, deal }: Change,
  version: ProcessVersionRow,
  stage: ProcessVersionRow['stages'][number],
) {
  const { rankOf } = await readStatuses(session)
  return statusForStage(version, stage, { statusId: deal.status.id, statusHeld: deal.statusHeld }, rankOf)
}

async function assertNotRunning({ session, deal }: Change, version: ProcessVersionRow): Promise<void> {
  const running = await session.em.count(ProcessRun, {
    deal,
    state: 'running',
    templateVersion: { template: version.templateId },
  })
  if (running > 0) throw new AppError('process_running', { template: version.templateNames[session.locale] })
}
