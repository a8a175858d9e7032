import { ProcessRun } from '../../../db/entities/deal.ts'
import { Stage } from '../../../db/entities/process.ts'
import { selectProcessVersions } from '../../../db/queries/dictionaries.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { isLastStage, unmetRequirements } from '../../../shared/domain/process.ts'
import { statusForStage } from '../../../shared/domain/rules.ts'
import { describeRequirement } from '../../../shared/messages/describe-gate.ts'
import type { MoveDealInput } from '../../../shared/schemas/deals.ts'
import type { Session } from '../../session.ts'
import { readStatuses, refOf } from '../dictionary.ts'
import { readFacts } from '../rules/read-facts.ts'
import { readGateWords } from '../rules/words.ts'
import { cancelRunTasks, giveStageTasks } from '../tasks/give-task.ts'
import { changeDeal } from './change-deal.ts'
import { rememberRun } from './deal-record.ts'
import type { DealCard } from './show-deal.ts'

/**
 * Moves one of a deal's process runs (the main one unless named) to another stage, when its gates are passed. The status follows by the
 * company's rules, else by the built-in one.
 * @throws AppError not_found, forbidden, version_stale, deal_lost, process_not_running, stage_blocked with every unmet requirement
 */
export function moveDeal(session: Session, input: MoveDealInput): Promise<DealCard> {
  return changeDeal(session, input, 'move', async (change) => {
    const { session: inside, deal } = change
    const statuses = await readStatuses(inside)
    if (statuses.byId(deal.status.id).category === 'lost') throw new AppError('deal_lost')
    const run = await inside.em.findOne(ProcessRun, input.run === undefined ? { deal, isMain: true } : { deal, id: input.run })
    const version = run ? (await selectProcessVersions(inside.em, [run.templateVersion.id]))[0] : undefined
    const from = version?.stages.find((stage) => stage.id === run?.stage.id)
    const to = version?.stages.find((stage) => stage.code === input.stage)
    if (!run || !version || !from || !to) throw new AppError('not_found', { what: 'stage' })

    if (run.state === 'cancelled') throw new AppError('process_not_running')

    const needsFacts = to.gates.length > 0 || from.ways.some((way) => way.to === to.id && way.condition !== null)
    const facts = needsFacts ? await readFacts(inside, deal.id, run.id) : {}
    const requirements = unmetRequirements(version, from.id, to.id, facts)
    if (requirements.length > 0) {
      const words = await readGateWords(inside)
      const said = requirements.map((requirement) => ({
        ...requirement,
        text: describeRequirement(requirement, inside.locale, words),
      }))
      throw new AppError('stage_blocked', { stage: to.names[inside.locale], requirements: said })
    }

    rememberRun(change, run)
    const finished = isLastStage(version, to.id)
    const stage = inside.em.getReference(Stage, to.id)
    run.stage = stage
    run.stageSince = inside.now
    run.state = finished ? 'finished' : 'running'
    run.endedAt = finished ? inside.now : null

    if (finished) await cancelRunTasks(change, run)
    await giveStageTasks(change, run, to)
    const statusId = statusForStage(
      version,
      to,
      { statusId: statuses.resolve(deal.status.id).id, statusHeld: deal.statusHeld },
      run.isMain ? undefined : statuses.rankOf,
    )
    const template = version.templateCode
    change.heard.push(
      { event: { kind: 'stage_completed', template, stage: from.code }, runId: run.id },
      {
        event: { kind: 'stage_entered', template, stage: to.code },
        runId: run.id,
        ...(statusId === null ? {} : { builtIn: { statusId, stage, ref: refOf(to) } }),
      },
    )
    if (finished) change.heard.push({ event: { kind: 'process_finished', template }, runId: run.id })
    return {
      event: {
        kind: 'stage_entered',
        runId: run.id,
        from: refOf(from),
        to: refOf(to),
        ...(input.comment ? { comment: input.comment } : {}),
      },
      undoable: true,
    }
  })
}
