import { ProcessRun } from '../../../db/entities/deal.ts'
import { Stage } from '../../../db/entities/process.ts'
import { selectProcessVersions } from '../../../db/queries/dictionaries.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { isLastStage, unmetRequirements } from '../../../shared/domain/process.ts'
import { statusForStage } from '../../../shared/domain/rules.ts'
import type { MoveDealInput } from '../../../shared/schemas/deals.ts'
import type { Session } from '../../session.ts'
import { readStatuses, refOf } from '../dictionary.ts'
import { changeDeal, enterStatus, recordEvent, rememberRun } from './change-deal.ts'
import type { DealCard } from './show-deal.ts'

/**
 * Moves one of a deal's process runs (the main one unless named) to another stage. The stage's status follows by the built-in rule.
 * @throws AppError not_found, forbidden, version_stale, deal_lost, stage_blocked with every unmet requirement
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

    const requirements = unmetRequirements(version, from.id, to.id)
    if (requirements.length > 0) throw new AppError('stage_blocked', { stage: to.names[inside.locale], requirements })

    rememberRun(change, run)
    const finished = isLastStage(version, to.id)
    const stage = inside.em.getReference(Stage, to.id)
    run.stage = stage
    run.stageSince = inside.now
    run.state = finished ? 'finished' : 'running'
    run.endedAt = finished ? inside.now : null

    const statusId = statusForStage(version, to, { statusId: deal.status.id, statusHeld: deal.statusHeld })
    if (statusId !== null) {
      const previous = refOf(statuses.byId(deal.status.id))
      const cause = { kind: 'stage', stage: refOf(to) } as const
      await enterStatus(change, statusId, cause, stage)
      recordEvent(inside, deal, { kind: 'status_changed', from: previous, to: refOf(statuses.byId(statusId)), cause })
    }
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
