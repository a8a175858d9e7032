import { type ProcessVersionRow, selectCurrentVersion, selectProcessVersions } from '../../../db/queries/dictionaries.ts'
import { type MovedRun, type RunningRow, selectRunning, writeMovedRuns } from '../../../db/queries/process-runs.ts'
import { selectKnownRow, selectRow, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { isLastStage } from '../../../shared/domain/process.ts'
import { statusForStage } from '../../../shared/domain/rules.ts'
import type { MigrateRunsInput } from '../../../shared/schemas/process.ts'
import { type Session, transact } from '../../session.ts'
import { readStatuses, refOf, type StatusDictionary } from '../dictionary.ts'
import { assertSettings } from '../people.ts'

type StageRow = ProcessVersionRow['stages'][number]
/** What becomes of the running deals of one version, by the stages they stand in. */
export type Migration = {
  readonly moved: number
  readonly dryRun: boolean
  readonly stages: readonly {
    readonly from: StageRow
    readonly to: StageRow | null
    readonly runs: number
    readonly statusChanges: number
  }[]
}

/**
 * Moves what runs on one version to the newest published one, stage by stage as told; what stands in a stage that is not mapped stays. Time in the
 * stage goes on. The status follows by the built-in rule, where it differs and is not held; the company's rules do not hear of it, because no work
 * was done, and the new stage's tasks are not given. Two at once take turns: the second finds nothing left to move.
 * @throws AppError forbidden, not_found (template, version), process_not_published, input_invalid for stages that are not there
 */
export function migrateRuns(session: Session, input: MigrateRunsInput): Promise<Migration> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    const { old, next } = await findVersions(inside, input)
    const targets = readMapping(input, old, next)
    const rows = await selectRunning(inside.em, old.id, { lock: !input.dryRun })
    const statuses = await readStatuses(inside)
    const planned = rows.flatMap((row) => {
      const to = targets.get(row.stageId)
      return to ? [planRun(row, to, { inside, old, next, statuses })] : []
    })
    if (!input.dryRun)
      await writeMovedRuns(inside.em, { runs: planned, now: inside.now, actorId: inside.actor.id, door: inside.door })
    const stages = old.stages.map((from) => {
      const standing = rows.filter((row) => row.stageId === from.id)
      const moving = planned.filter((run) => standing.some((row) => row.runId === run.runId))
      const statusChanges = moving.filter((run) => run.statusId !== null).length
      return { from, to: targets.get(from.id) ?? null, runs: standing.length, statusChanges }
    })
    return { moved: planned.length, dryRun: input.dryRun, stages }
  })
}

/** The version to move from and the newest one. The template is locked, so that nothing is published meanwhile. */
async function findVersions(
  session: Session,
  input: MigrateRunsInput,
): Promise<{ readonly old: ProcessVersionRow; readonly next: ProcessVersionRow }> {
  const template = await selectRow<{ id: number }>(
    session.em,
    sql`select id from process_template where code = ${input.code} for update`,
  )
  if (!template) throw new AppError('not_found', { what: input.code })
  const from = await selectKnownRow<{ id: number }>(
    session.em,
    sql`select id from process_template_version where template_id = ${template.id} and number = ${input.fromVersion} and state <> 'draft'`,
  )
  const [old] = from ? await selectProcessVersions(session.em, [from.id]) : []
  if (!old) throw new AppError('not_found', { what: `version ${input.fromVersion}` })
  const next = await selectCurrentVersion(session.em, template.id)
  if (!next || next.number <= old.number) throw new AppError('process_not_published')
  return { old, next }
}

/** Ids of old stages -> new stages. @throws AppError input_invalid naming every code that is not there */
function readMapping(input: MigrateRunsInput, old: ProcessVersionRow, next: ProcessVersionRow): ReadonlyMap<number, StageRow> {
  const problems: { path: string; message: string }[] = []
  const targets = new Map<number, StageRow>()
  for (const [fromCode, toCode] of Object.entries(input.stages)) {
    const from = old.stages.find((stage) => stage.code === fromCode)
    const to = next.stages.find((stage) => stage.code === toCode)
    if (!from) problems.push({ path: `stages.${fromCode}`, message: fromCode })
    if (!to) problems.push({ path: `stages.${fromCode}`, message: toCode })
    if (from && to) targets.set(from.id, to)
  }
  if (problems.length > 0) throw new AppError('input_invalid', { problems })
  return targets
}

type Plan = {
  readonly inside: Session
  readonly old: ProcessVersionRow
  readonly next: ProcessVersionRow
  readonly statuses: StatusDictionary
}

function planRun(row: RunningRow, to: StageRow, { old, next, statuses }: Plan): MovedRun {
  const from = old.stages.find((stage) => stage.id === row.stageId)
  const standing = statuses.resolve(row.statusId)
  const deal = { statusId: standing.id, statusHeld: row.statusHeld }
  const statusId =
    standing.category === 'lost' ? null : statusForStage(next, to, deal, row.isMain ? undefined : (id) => statuses.rankOf(id))
  return {
    runId: row.runId,
    dealId: row.dealId,
    versionId: next.id,
    stageId: to.id,
    finished: isLastStage(next, to.id),
    statusId,
    entered: {
      kind: 'stage_entered',
      runId: row.runId,
      from: from ? refOf(from) : null,
      to: refOf(to),
      versions: { from: old.number, to: next.number },
    },
    changed:
      statusId === null
        ? null
        : {
            kind: 'status_changed',
            from: refOf(standing),
            to: refOf(statuses.byId(statusId)),
            cause: { kind: 'stage', stage: refOf(to) },
          },
  }
}
