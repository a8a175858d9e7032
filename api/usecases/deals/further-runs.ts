import { ProcessRun } from '../../../db/entities/deal.ts'
import { type ProcessVersionRow, selectCurrentVersion, selectProcessVersions } from '../../../db/queries/dictionaries.ts'
import { selectRow, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import type { CancelProcessInput, StartProcessInput } from '../../../shared/schemas/work.ts'
import type { Session } from '../../session.ts'
import { readStatuses } from '../dictionary.ts'
import { cancelRunTasks } from '../tasks/give-task.ts'
import { changeDeal } from './change-deal.ts'
import { type Change, rememberRun } from './deal-record.ts'
import type { DealCard } from './show-deal.ts'
import { beginRun, startedFact } from './start-run.ts'

/**
 * Starts one of the deal type's further processes on a deal, in its newest published version.
 * @throws AppError not_found, forbidden, version_stale, deal_lost, process_running
 */
export function startProcess(session: Session, input: StartProcessInput): Promise<DealCard> {
  return changeDeal(session, input, 'move', async (change) => {
    await assertNotLost(change)
    const version = await furtherVersion(change, input.template)
    return { event: startedFact(version, await beginRun(change, version, false)), undoable: true }
  })
}

/**
 * Cancels a further process that runs on a deal; its open tasks go with it. The main one ends with the deal.
 * @throws AppError not_found, forbidden, version_stale, process_not_running
 */
export function cancelProcess(session: Session, input: CancelProcessInput): Promise<DealCard> {
  return changeDeal(session, input, 'move', async (change) => {
    const { session: inside, deal } = change
    const run = await inside.em.findOne(ProcessRun, { deal, id: input.run, isMain: false })
    const version = run && (await selectProcessVersions(inside.em, [run.templateVersion.id]))[0]
    if (!run || !version) throw new AppError('not_found', { what: 'process' })
    if (run.state !== 'running') throw new AppError('process_not_running')
    rememberRun(change, run)
    run.state = 'cancelled'
    run.endedAt = inside.now
    await cancelRunTasks(change, run)
    const template = { code: version.templateCode, name: version.templateNames }
    change.heard.push({ event: { kind: 'process_cancelled', template: template.code }, runId: run.id })
    return { event: { kind: 'process_cancelled', runId: run.id, template, reason: input.reason }, undoable: true }
  })
}

async function assertNotLost({ session, deal }: Change): Promise<void> {
  if ((await readStatuses(session)).byId(deal.status.id).category === 'lost') throw new AppError('deal_lost')
}

/** @throws AppError not_found when the type does not name the template, or nothing of it is published */
async function furtherVersion({ session, deal }: Change, template: string): Promise<ProcessVersionRow> {
  const found = await selectRow<{ id: number }>(
    session.em,
    sql`select template.id from deal_type_process further join process_template template on template.id = further.process_template_id
      where further.deal_type_id = ${deal.type.id} and template.code = ${template} and template.archived_at is null`,
  )
  const version = found && (await selectCurrentVersion(session.em, found.id))
  if (!version) throw new AppError('not_found', { what: template })
  return version
}
